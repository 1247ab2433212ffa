"""The ideogram beside a class in the karyogram; hovering over a band names it and shows where it should be found."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneHoverEvent, QStyleOptionGraphicsItem, QWidget

from karyogui.editor import painting
from karyogui.editor.painting import PaintOptions
from karyogui.ideogram_view import band_at, band_rect, paint_ideogram
from karyogui.model.ideogram import Band, Ideogram, ideogram
from karyogui.model.layout import KaryogramLayout, Rect, Slot

_HOVER_Z, _REST_Z = 6.0, 0.5
_NAME = QRectF(-60.0, -7.0, 57.0, 14.0)  # of the band's name, from the ideogram's left edge


class IdeogramItem(QGraphicsItem):
    """One ideogram, in the layout's points."""

    def __init__(self, slot: Slot, rect: Rect, drawn: Ideogram, options: PaintOptions) -> None:
        super().__init__()
        self._rect, self._slot, self._drawn, self._options = painting.to_qrect(rect), slot, drawn, options
        self._hovered: Band | None = None
        self.setZValue(_REST_Z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setAcceptHoverEvents(True)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def hovered(self) -> Band | None:
        """Return the band that is named."""
        return self._hovered

    def boundingRect(self) -> QRectF:
        whole = self._rect.adjusted(-2, -2, 2, 2)
        if self._hovered is None:
            return whole
        reach = QRectF(self._rect.left(), whole.top(), self._slot.rect.width, whole.height())
        return whole.united(reach).adjusted(_NAME.left(), -8, 2, 8)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        paint_ideogram(painter, self._rect, self._drawn, inverted=self._options.inverted)
        if self._hovered is None:
            return
        place = band_rect(self._rect, self._hovered)
        accent = QColor(self._options.paper.accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(painting.label_font(self._options, 9.0))
        name = _NAME.translated(self._rect.left(), place.center().y())
        painter.fillRect(
            painter.boundingRect(name, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._hovered.name),
            QColor(self._options.paper.ground),
        )
        pen = QPen(accent, 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawText(name, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._hovered.name)
        right = self._rect.left() + self._slot.rect.width
        for y in (place.top(), place.bottom()):
            painter.drawLine(QPointF(self._rect.left() - 1, y), QPointF(right, y))

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._set_hovered(band_at(self._rect, self._drawn, event.pos().y()))

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._set_hovered(None)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self._rect.adjusted(-2, 0, 2, 0))
        return path

    def _set_hovered(self, band: Band | None) -> None:
        if band is not self._hovered:
            self.prepareGeometryChange()
            self._hovered = band
            self.setZValue(_REST_Z if band is None else _HOVER_Z)
            self.update()


def ideogram_items(layout: KaryogramLayout, options: PaintOptions) -> list[IdeogramItem]:
    """Return the ideograms of a layout that has room for them."""
    level = options.ideograms
    return [
        IdeogramItem(slot, slot.ideogram, ideogram(slot.label, level), options)
        for slot in layout.slots
        if slot.ideogram is not None and slot.label is not None and level is not None
    ]
