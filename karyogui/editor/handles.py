"""Handles on the one selected chromosome: a knob to turn it, a pointer to its centromere.

They keep their size on the screen at every zoom; `pos` is the point of the chromosome they belong to.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from karyogui.editor.painting import PaintOptions
from karyogui.model.layout import PlacedChromosome

_HANDLE_Z = 8.0
_STEM = 15.0  # from the end of the chromosome to the middle of the knob, in screen pixels
_KNOB = 4.5
_REACH = 8.0  # this near counts as hit
_ARROW = 7.0


class _Handle(QGraphicsItem):
    """What both have in common."""

    def __init__(self, cursor: Qt.CursorShape, tip: str) -> None:
        super().__init__()
        self._options = PaintOptions()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(_HANDLE_Z)
        self.setCursor(cursor)
        self.setToolTip(tip)
        self.hide()


class TurnHandle(_Handle):
    """A knob on a stem above the chromosome; follows the turn, and shows its angle."""

    def __init__(self, tip: str) -> None:
        super().__init__(Qt.CursorShape.SizeAllCursor, tip)
        self._text = ""

    def show_at(self, placed: PlacedChromosome, options: PaintOptions) -> None:
        """Stand above a chromosome."""
        self._options, self._text = options, ""
        self.setRotation(0.0)
        self.setPos(placed.rect.centre_x, placed.rect.y)
        self.show()
        self.update()

    def show_turn(self, point: QPointF, degrees: float, text: str) -> None:
        """Stand at another end of the chromosome, turned by `degrees` counter-clockwise, with a text beside."""
        self.prepareGeometryChange()
        self._text = text
        self.setPos(point)
        self.setRotation(-degrees)
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-_REACH, -_STEM - _REACH, 2 * _REACH, _STEM + _REACH).united(
            QRectF(0, -_STEM - 40, 80, 80) if self._text else QRectF()
        )

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addEllipse(QPointF(0, -_STEM), _REACH, _REACH)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        paper = self._options.paper
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(paper.accent), 1.2))
        painter.drawLine(QPointF(0, -4), QPointF(0, -_STEM + _KNOB))
        painter.setBrush(QColor(paper.ground))
        painter.drawEllipse(QPointF(0, -_STEM), _KNOB, _KNOB)
        if self._text:
            painter.translate(0, -_STEM)
            painter.rotate(-self.rotation())  # the text stays level
            painter.drawText(QPointF(_REACH + 4, painter.fontMetrics().capHeight() / 2), self._text)


class CentromereHandle(_Handle):
    """An arrow beside the chromosome, pointing at its centromere; a line across it while it is dragged."""

    def __init__(self, tip: str) -> None:
        super().__init__(Qt.CursorShape.SizeVerCursor, tip)
        self._on_left, self._across = True, 0.0

    def show_at(self, placed: PlacedChromosome, options: PaintOptions) -> None:
        """Stand beside a chromosome, on the side away from its homolog."""
        self.prepareGeometryChange()
        self._options, self._on_left, self._across = options, placed.order == 0, 0.0
        self.setPos(placed.rect.x if self._on_left else placed.rect.right, placed.centromere_y)
        self.show()
        self.update()

    def show_line(self, y: float, across: float) -> None:
        """Point at another height and draw a line over the chromosome, `across` screen pixels wide."""
        self.prepareGeometryChange()
        self._across = across
        self.setY(y)
        self.update()

    def boundingRect(self) -> QRectF:
        side = 1.0 if self._on_left else -1.0
        line = QRectF(QPointF(0, -1), QPointF(side * self._across, 1)).normalized()
        return self.shape().boundingRect().united(line).adjusted(-1, -1, 1, 1)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(QRectF(-4.0 - 2 * _REACH if self._on_left else 4.0, -_REACH, 2 * _REACH, 2 * _REACH))
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        accent = QColor(self._options.paper.accent)
        side = -1.0 if self._on_left else 1.0
        tip = side * 4.5
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        foot = tip + side * _ARROW
        painter.drawPolygon(QPolygonF([QPointF(tip, 0), QPointF(foot, -_ARROW / 2), QPointF(foot, _ARROW / 2)]))
        if self._across:
            painter.setPen(QPen(accent, 1.2))
            painter.drawLine(QPointF(0, 0), QPointF(-side * self._across, 0))
