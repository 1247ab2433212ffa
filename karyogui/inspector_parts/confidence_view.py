"""How sure the model is of a placement: a shape, a word, a number and a bar, all saying the same."""

from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from karyogui.model.review import REVIEW_BELOW

_SURE = ("#3d8b5a", "#6fbf8b")  # on a light ground, on a dark one
_UNSURE = ("#c77700", "#ffb84d")


class Certainty(Enum):
    """What is known of a placement."""

    SURE = auto()
    LOOK_AGAIN = auto()
    ACCEPTED = auto()  # the model's label, confirmed by a person
    BY_HAND = auto()  # a label the model did not propose
    UNKNOWN = auto()  # nobody classified the cell


class ConfidenceView(QWidget):
    """One line of shape, word and number over a calm bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._certainty, self._confidence = Certainty.UNKNOWN, 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_confidence(Certainty.UNKNOWN, 0.0)

    def show_confidence(self, certainty: Certainty, confidence: float) -> None:
        """Show a confidence of 0..1; a label set by hand has none."""
        self._certainty, self._confidence = certainty, confidence
        self.setAccessibleName(" ".join(part for part in (self.words(), self.number()) if part))
        self.setToolTip(
            _tr("How sure the model is of this label in this cell. The notch marks %s.") % _percent_of_limit()
        )
        self.update()

    def words(self) -> str:
        """Return what stands beside the shape."""
        match self._certainty:
            case Certainty.SURE:
                return _tr("Sure")
            case Certainty.LOOK_AGAIN:
                return _tr("Look again")
            case Certainty.ACCEPTED:
                return _tr("Accepted")
            case Certainty.BY_HAND:
                return _tr("Set by hand")
            case Certainty.UNKNOWN:
                return _tr("Not classified")

    def number(self) -> str:
        """Return the confidence as text; empty where there is none."""
        return percent(self._confidence) if self._has_number() else ""

    def _has_number(self) -> bool:
        return self._certainty in (Certainty.SURE, Certainty.LOOK_AGAIN, Certainty.ACCEPTED)

    def _colour(self) -> QColor:
        dark = self.palette().color(QPalette.ColorRole.Window).lightness() < 128
        match self._certainty:
            case Certainty.SURE | Certainty.ACCEPTED:
                return QColor(_SURE[dark])
            case Certainty.LOOK_AGAIN:
                return QColor(_UNSURE[dark])
            case _:
                return self.palette().color(QPalette.ColorRole.PlaceholderText)

    def sizeHint(self) -> QSize:
        """A line of text and the bar."""
        return QSize(160, self.fontMetrics().height() + 14)

    def minimumSizeHint(self) -> QSize:
        """As the hint: nothing of it can be left out."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw shape, words, number, bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRectF(0, 0, self.width(), self.fontMetrics().height())
        self._paint_shape(painter, QPointF(6.5, line.center().y()))
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(line.adjusted(20, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.words())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self.number())
        if self._has_number():
            self._paint_bar(painter, QRectF(0, line.bottom() + 5, self.width(), 4))

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        ground = self.palette().color(QPalette.ColorRole.WindowText)
        ground.setAlphaF(0.14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(self._colour())
        painter.drawRoundedRect(QRectF(bar.x(), bar.y(), bar.width() * self._confidence, bar.height()), 2, 2)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1))
        limit = round(bar.x() + bar.width() * REVIEW_BELOW) + 0.5
        painter.drawLine(QPointF(limit, bar.y() - 2), QPointF(limit, bar.bottom() + 2))

    def _paint_shape(self, painter: QPainter, middle: QPointF) -> None:
        """A tick in a disc, the triangle that also marks it in the karyogram, or a ring."""
        colour = self._colour()
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        match self._certainty:
            case Certainty.LOOK_AGAIN:
                painter.setBrush(colour)
                painter.drawPolygon(QPolygonF([middle + QPointF(*c) for c in ((-5.5, 4.5), (5.5, 4.5), (0.0, -5.5))]))
            case Certainty.SURE | Certainty.ACCEPTED:
                painter.setBrush(colour)
                painter.drawEllipse(middle, 5.5, 5.5)
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Window), 1.6))
                painter.drawPolyline(QPolygonF([middle + QPointF(*c) for c in ((-2.8, 0.2), (-0.8, 2.3), (2.8, -2.2))]))
            case _:
                painter.drawEllipse(middle, 5.0, 5.0)


def percent(share: float) -> str:
    """Return a share of 0..1 for the user; never 0 % or 100 %, which no model can mean."""
    if share < 0.01:
        return _tr("< 1 %")
    if share > 0.99:
        return _tr("> 99 %")
    return f"{100 * share:.0f} %"


def _percent_of_limit() -> str:
    return f"{100 * REVIEW_BELOW:.0f} %"


def _tr(text: str) -> str:
    return QCoreApplication.translate("ConfidenceView", text)
