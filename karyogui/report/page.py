"""What every page of a report has, whatever its template says: measures, a foot with its number, and DRAFT on a draft.

Units are px, 96 to the inch, as in the template.
"""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPageSize, QPainter, QPen

from karyogui.editor.painting import WHITE_PAPER
from karyogui.export.fonts import export_font

PX_PER_INCH = 96.0
PaperName = Literal["A4", "Letter"]
PAPER_SIZES = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}
_SIDE, _TOP, _BOTTOM = 60.0, 56.0, 72.0  # margins
_FOOT = 26.0  # from the lower edge of the text to the line of the foot
_FOOT_TEXT = 10.0
_DRAFT_TEXT = 150.0
_DRAFT_OPACITY = 0.13


@dataclass(frozen=True, slots=True)
class Page:
    """The paper, and what stands at the foot of each page."""

    paper: PaperName = "A4"
    foot: str = ""  # on the left
    draft: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper."""
        points = QPageSize(PAPER_SIZES[self.paper]).size(QPageSize.Unit.Inch)
        return points.width() * PX_PER_INCH, points.height() * PX_PER_INCH

    @property
    def text(self) -> QRectF:
        """Where the text lies."""
        width, height = self.size
        return QRectF(_SIDE, _TOP, width - 2 * _SIDE, height - _TOP - _BOTTOM)

    def paint(self, painter: QPainter, number: int, count: int) -> None:
        """Paint what stands on page `number` (1, 2, ...) of `count`, over its text."""
        text = self.text
        y = text.bottom() + _FOOT
        painter.setPen(QPen(QColor(WHITE_PAPER.quiet), 0.7))
        painter.drawLine(QLineF(text.left(), y, text.right(), y))
        painter.setFont(export_font(_FOOT_TEXT))
        painter.setPen(QColor(WHITE_PAPER.ink))
        line = QRectF(text.left(), y + 5.0, text.width(), _FOOT_TEXT * 1.5)
        right = f"{purpose()}  ·  {_tr('Page %d of %d') % (number, count)}"
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine), right)
        metrics = QFontMetricsF(painter.font())
        room = line.width() - metrics.horizontalAdvance(right) - 2 * _FOOT_TEXT
        left = metrics.elidedText(self.foot, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine), left)
        if self.draft:
            self._paint_draft(painter)

    def _paint_draft(self, painter: QPainter) -> None:
        width, height = self.size
        font = export_font(_DRAFT_TEXT, bold=True)
        word = draft_word()
        painter.save()
        painter.translate(width / 2, height / 2)
        painter.rotate(-55.0)
        painter.setOpacity(_DRAFT_OPACITY)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        painter.drawText(QPointF(-metrics.horizontalAdvance(word) / 2, metrics.capHeight() / 2), word)
        painter.restore()


def purpose() -> str:
    """Return what the program is for, as it must be said on every page."""
    return _tr("Research use only")


def draft_word() -> str:
    """Return the word across the pages of a draft."""
    return _tr("DRAFT")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)
