"""Small pictures of chromosomes, dark on paper as they are read, p arm up where that is known."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPalette, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QWidget

from karyogui.inspector_parts.widgets import clear_layout
from karyogui.model.teaching import TeachingCell
from karyogui.theme import GRID

PAPER = "#ffffff"
_HEIGHT = 10 * GRID


def chromosome_picture(cell: TeachingCell, chromosome: int, *, height: int = 96, ratio: float = 1.0) -> QPixmap:
    """Draw one chromosome of a cell, `height` device-independent pixels high, at the scale of its cell."""
    image = cell.images[chromosome]
    tallest = max(max(other.pixels.shape) for other in cell.images)
    grey = np.clip(255.0 * (1.0 - image.pixels * image.mask), 0, 255).astype(np.uint8)
    rows, columns = grey.shape
    drawn = QImage(np.ascontiguousarray(grey).tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8)
    turn = cell.upright_deg[chromosome] or 0.0
    scale = height * ratio / tallest
    side = round(height * ratio)
    made = QPixmap(side, side)
    made.fill(QColor(PAPER))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = QTransform().translate(side / 2, side / 2).rotate(-turn).scale(scale, scale)
    painter.setTransform(place.translate(-columns / 2, -rows / 2))
    painter.drawImage(0, 0, drawn)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


class PictureLabel(QLabel):
    """One chromosome with words below; the marked one has a frame and bold words."""

    def __init__(
        self,
        cell: TeachingCell,
        chromosome: int,
        words: str,
        parent: QWidget | None = None,
        *,
        height: int = _HEIGHT,
        marked: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{cell.name}: {words}")
        self.setToolTip(f"{cell.name}, {cell.images[chromosome].source}\n{words}")
        ratio = self.devicePixelRatioF()
        picture = chromosome_picture(cell, chromosome, height=height, ratio=ratio)
        font = self.font()
        font.setBold(marked)
        self.setFont(font)
        line = self.fontMetrics().height() + 4
        width = max(height, self.fontMetrics().horizontalAdvance(words) + GRID)
        whole = QPixmap(round(width * ratio), round((height + line) * ratio))
        whole.setDevicePixelRatio(ratio)
        whole.fill(Qt.GlobalColor.transparent)
        painter = QPainter(whole)
        painter.setFont(font)
        painter.fillRect(0, 0, width, height, QColor(PAPER))
        painter.drawPixmap(round((width - height) / 2), 0, picture)
        if marked:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(1, 1, width - 2, height - 2)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(0, height, width, line, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.end()
        self.setPixmap(whole)
        self.setFixedSize(width, height + line)


class PictureStrip(QScrollArea):
    """Chromosomes side by side; a click chooses one."""

    chosen = Signal(int)  # place in the strip

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._row = QHBoxLayout(self._inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID)
        self._row.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._inside)
        self._fit(_HEIGHT + 3 * GRID)

    def show_pictures(self, pictures: Sequence[PictureLabel]) -> None:
        """Show other pictures."""
        clear_layout(self._row)
        for picture in pictures:
            self._row.addWidget(picture)
        if pictures:
            self._fit(max(picture.height() for picture in pictures))

    def pictures(self) -> list[PictureLabel]:
        """Return what is shown."""
        found = [item.widget() for i in range(self._row.count()) if (item := self._row.itemAt(i)) is not None]
        return [widget for widget in found if isinstance(widget, PictureLabel)]

    def _fit(self, height: int) -> None:
        self.setFixedHeight(height + self.horizontalScrollBar().sizeHint().height() + 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the picture under the mouse."""
        at = self._inside.mapFrom(self.viewport(), event.position().toPoint())
        for index, picture in enumerate(self.pictures()):
            if picture.geometry().contains(at):
                self.chosen.emit(index)
                return
        super().mousePressEvent(event)
