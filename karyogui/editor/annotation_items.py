"""How annotations are drawn, on the screen and in every export, and the items that show them in the scene."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import atan2, cos, hypot, pi, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneMouseEvent, QStyle, QStyleOptionGraphicsItem, QWidget

from karyogui.editor.painting import PaintOptions, label_font
from karyogui.model.annotation import Annotation, anchor_point
from karyogui.model.layout import PlacedChromosome

TEXT_SIZE = 9.0  # height of the letters, in points of the layout

_PADDING = 1.5
_HEAD = 5.0  # length of an arrow's head
_REACH = 4.0  # this near to the tip counts as hit
_ANNOTATION_Z = 7.0


def paint_annotations(
    painter: QPainter,
    annotations: Sequence[Annotation],
    placed: Mapping[int, PlacedChromosome],
    options: PaintOptions,
) -> None:
    """Paint all annotations over a karyogram; the painter's coordinates are the layout's points."""
    for annotation in annotations:
        at = placed.get(annotation.chromosome_id)
        if at is not None:
            paint_annotation(painter, annotation, QPointF(*anchor_point(annotation, at)), options)


def paint_annotation(painter: QPainter, annotation: Annotation, anchor: QPointF, options: PaintOptions) -> None:
    """Paint one annotation whose point is drawn at `anchor`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = text_box(annotation, anchor, options)
    ink = QColor(options.paper.ink)
    if annotation.kind == "arrow":
        _paint_arrow(painter, _shaft(annotation, anchor, box), ink)
    if annotation.text:
        ground = QColor(options.paper.ground)
        ground.setAlphaF(0.8)  # readable over a chromosome, which is still to be seen
        painter.fillRect(box, ground)
        painter.setFont(label_font(options, TEXT_SIZE))
        painter.setPen(ink)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), annotation.text)
    painter.restore()


def text_box(annotation: Annotation, anchor: QPointF, options: PaintOptions) -> QRectF:
    """Return the rectangle of the text, its middle at the annotation's distance from the point; empty without text."""
    middle = anchor + QPointF(annotation.dx, annotation.dy)
    if not annotation.text:
        return QRectF(middle, middle)
    metrics = QFontMetricsF(label_font(options, TEXT_SIZE))
    box = QRectF(0, 0, metrics.horizontalAdvance(annotation.text) + 2 * _PADDING + 1, metrics.height() + _PADDING)
    box.moveCenter(middle)
    return box


def _shaft(annotation: Annotation, anchor: QPointF, box: QRectF) -> QLineF:
    """From the edge of the text to the tip."""
    line = QLineF(box.center(), anchor)
    if not annotation.text:
        return line
    room = box.adjusted(-1, -1, 1, 1)
    edges = (
        QLineF(room.topLeft(), room.topRight()),
        QLineF(room.topRight(), room.bottomRight()),
        QLineF(room.bottomRight(), room.bottomLeft()),
        QLineF(room.bottomLeft(), room.topLeft()),
    )
    for edge in edges:
        kind, point = line.intersects(edge)
        if kind == QLineF.IntersectionType.BoundedIntersection:
            return QLineF(point, anchor)
    return QLineF(anchor, anchor)  # the text lies over its own point


def _paint_arrow(painter: QPainter, shaft: QLineF, ink: QColor) -> None:
    if shaft.length() < 1.0:
        return
    painter.setPen(QPen(ink, 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    way = atan2(shaft.dy(), shaft.dx())
    tip = shaft.p2()
    # The shaft ends within the head, else its square end would show beside the tip.
    painter.drawLine(QLineF(shaft.p1(), tip - QPointF(cos(way), sin(way)) * min(_HEAD - 1, shaft.length())))
    wings = [tip - QPointF(cos(way + turn), sin(way + turn)) * _HEAD for turn in (-pi / 8, pi / 8)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([tip, *wings]))


class AnnotationItem(QGraphicsItem):
    """One annotation: click to select, drag to shift its text, drag an arrow's tip to point elsewhere."""

    def __init__(
        self,
        annotation: Annotation,
        anchor: QPointF,
        options: PaintOptions,
        dropped: Callable[["AnnotationItem"], None],
        edited: Callable[[int], None],
    ) -> None:
        """`dropped` is called after a drag, with the item as it is then; `edited` on a double click, with the id."""
        super().__init__()
        self._annotation, self._anchor, self._options = annotation, anchor, options
        self._dropped, self._edited = dropped, edited
        # Where it was taken hold of, what it was then, its point, and whether it was the tip.
        self._held: tuple[QPointF, Annotation, QPointF, bool] | None = None
        self.setZValue(_ANNOTATION_Z)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def annotation(self) -> Annotation:
        """What is drawn; during a drag how it would be."""
        return self._annotation

    @property
    def anchor(self) -> QPointF:
        """Where the point is drawn; while the tip is dragged, where it would be."""
        return self._anchor

    def moves_tip(self) -> bool:
        """Say whether the drag is one of the tip."""
        return self._held is not None and self._held[3]

    def is_held(self) -> bool:
        """Say whether a drag is under way."""
        return self._held is not None

    def show_annotation(self, annotation: Annotation, anchor: QPointF, options: PaintOptions) -> None:
        """Draw this from now on; a drag ends."""
        self.prepareGeometryChange()
        self._annotation, self._anchor, self._options = annotation, anchor, options
        self._held = None
        self.update()

    def show_at(self, anchor: QPointF) -> None:
        """Follow the chromosome."""
        if anchor != self._anchor and self._held is None:
            self.prepareGeometryChange()
            self._anchor = anchor

    def cancel_drag(self) -> None:
        """End a drag as if it had never begun."""
        if self._held is not None:
            self.prepareGeometryChange()
            _, self._annotation, self._anchor, _ = self._held
            self._held = None

    def boundingRect(self) -> QRectF:
        box = text_box(self._annotation, self._anchor, self._options)
        point = QRectF(self._anchor, self._anchor)
        room = _HEAD + 1
        return box.united(point.adjusted(-0.1, -0.1, 0.1, 0.1)).adjusted(-room, -room, room, room)

    def shape(self) -> QPainterPath:
        """Where it takes the mouse: the tip only once it is selected, for the chromosome below has the older right."""
        box = text_box(self._annotation, self._anchor, self._options)
        path = QPainterPath()
        path.addRect(box.adjusted(-2, -2, 2, 2))
        if self._annotation.kind == "arrow":
            if not self._annotation.text:
                tail = QPainterPath(box.center())
                tail.lineTo(box.center() + (self._anchor - box.center()) * 0.6)
                path = path.united(_widened(tail))
            if self.isSelected():
                path.addEllipse(self._anchor, _REACH, _REACH)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        paint_annotation(painter, self._annotation, self._anchor, self._options)
        if option.state & QStyle.StateFlag.State_Selected:
            pen = QPen(QColor(self._options.paper.accent), 1.0)
            pen.setCosmetic(True)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                text_box(self._annotation, self._anchor, self._options).adjusted(-2, -2, 2, 2), 2, 2
            )
            if self._annotation.kind == "arrow":
                painter.drawEllipse(self._anchor, _REACH, _REACH)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        was_selected = self.isSelected()
        super().mousePressEvent(event)  # selects
        if event.button() == Qt.MouseButton.LeftButton:
            way = event.scenePos() - self._anchor
            on_tip = was_selected and self._annotation.kind == "arrow" and hypot(way.x(), way.y()) <= _REACH
            self._held = (event.scenePos(), self._annotation, self._anchor, on_tip)
            event.accept()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._held is None:
            return
        start, before, anchor, on_tip = self._held
        way = event.scenePos() - start
        self.prepareGeometryChange()
        if on_tip:  # the text stays where it is
            self._anchor = anchor + way
            self._annotation = replace(before, dx=before.dx - way.x(), dy=before.dy - way.y())
        else:
            self._annotation = replace(before, dx=before.dx + way.x(), dy=before.dy + way.y())

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        held = self._held
        if held is None:
            super().mouseReleaseEvent(event)
            return
        if event.scenePos() != held[0]:
            self._dropped(self)
        self.cancel_drag()  # unless the drop has shown the new state

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self._held = None
        self._edited(self._annotation.id)


def _widened(line: QPainterPath) -> QPainterPath:
    """The area within two points of a line."""
    stroker = QPainterPathStroker()
    stroker.setWidth(4.0)
    return stroker.createStroke(line)
