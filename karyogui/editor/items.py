"""What the scene is made of. Items are drawn from values handed to them and hold no state of their own.

All items use the layout's points as their own coordinates; an item's `pos` is its displacement while it is dragged.
"""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneHoverEvent, QStyle, QStyleOptionGraphicsItem, QWidget

from karyogui.editor import painting
from karyogui.editor.painting import PaintOptions
from karyogui.model.cell import Chromosome
from karyogui.model.enlarged import Enlarged
from karyogui.model.layout import KaryogramLayout, PlacedChromosome, Slot
from karyogui.model.review import Light

_OUTLINE = 2.5  # points between a chromosome and the outline around it
_REST_Z, _LANDING_Z, _LIFTED_Z = 1.0, 5.0, 7.0  # handles lie above


class FormItem(QGraphicsItem):
    """Baselines, labels, marker area, tray and review marks: all that does not move."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = KaryogramLayout(0.0, 0.0, 1.0, ())
        self._options = PaintOptions()
        self._lights: Mapping[int, Light] = {}
        self._enlarged: Collection[int] = ()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)  # a press on the paper starts a rubber band

    def show_layout(
        self,
        layout: KaryogramLayout,
        options: PaintOptions,
        lights: Mapping[int, Light],
        enlarged: Collection[int] = (),
    ) -> None:
        """Draw this layout from now on, with the lights under their chromosomes, and which are super-resolved."""
        self.prepareGeometryChange()
        self._layout, self._options, self._lights, self._enlarged = layout, options, lights, enlarged
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._layout.width, self._layout.height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painting.paint_form(painter, self._layout, self._options)
        for chromosome_id, light in self._lights.items():
            placed = self._layout.chromosomes[chromosome_id]
            painting.paint_mark(painter, painting.mark_point(self._layout, placed), light, self._options)
        for chromosome_id in self._enlarged:
            point = painting.mark_point(self._layout, self._layout.chromosomes[chromosome_id])
            beside = chromosome_id in self._lights
            painting.paint_superresolved(painter, point, self._options, beside=beside)


class ChromosomeItem(QGraphicsItem):
    """One chromosome; selectable, dragged by the scene."""

    def __init__(
        self,
        chromosome: Chromosome,
        image: QImage,
        placed: PlacedChromosome,
        options: PaintOptions,
        enlarged: Enlarged | None = None,
    ) -> None:
        """`image` is made of `enlarged` where there is one, else of the chromosome's own pixels."""
        super().__init__()
        self.chromosome, self.enlarged = chromosome, enlarged
        self._image, self._placed, self._options = image, placed, options
        self._hovered = self._lifted = False
        self.setZValue(_REST_Z)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setAcceptHoverEvents(True)
        # A dragged chromosome is copied, not transformed again, on each mouse move.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    @property
    def chromosome_id(self) -> int:
        """The id of the chromosome in its cell."""
        return self.chromosome.id

    @property
    def placed(self) -> PlacedChromosome:
        """Where it is drawn, without the displacement of a drag."""
        return self._placed

    @property
    def image(self) -> QImage:
        """What is drawn."""
        return self._image

    def shows(self, chromosome: Chromosome, options: PaintOptions, enlarged: Enlarged | None) -> bool:
        """Say whether `image` would be the same for this chromosome with these options."""
        same_pixels = self.chromosome.pixels is chromosome.pixels and self.chromosome.mask is chromosome.mask
        same_pixels = same_pixels and self.enlarged is enlarged
        return same_pixels and (self._options.inverted, self._options.tone) == (options.inverted, options.tone)

    def show_image(self, image: QImage, options: PaintOptions, enlarged: Enlarged | None) -> None:
        """Draw these pixels from now on: the same chromosome in another tone, or super-resolved."""
        self._image, self._options, self.enlarged = image, options, enlarged
        self.update()

    def show_placed(self, placed: PlacedChromosome) -> None:
        """Draw it here from now on."""
        if placed != self._placed:
            self.prepareGeometryChange()
            self._placed = placed
            self.update()

    def set_lifted(self, lifted: bool) -> None:
        """Lift it from the paper for a drag, or put it back where it is placed."""
        self._lifted = lifted
        self.setZValue(_LIFTED_Z if lifted else _REST_Z)
        self.setOpacity(0.75 if lifted else 1.0)  # what lies below stays to be seen
        if not lifted:
            self.setPos(0, 0)
        self.update()

    def set_raised(self, raised: bool) -> None:
        """Draw it over its neighbours while it is turned, or among them again."""
        self.setZValue(_LIFTED_Z if raised else _REST_Z)

    def boundingRect(self) -> QRectF:
        room = _OUTLINE + 1.0
        return painting.to_qrect(self._placed.rect).adjusted(-room, -room, room, room)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painting.paint_chromosome(painter, self._image, self._placed)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if (selected or self._hovered) and not self._lifted:
            paper = self._options.paper
            pen = QPen(QColor(paper.accent if selected else paper.quiet), 2.0 if selected else 1.0)
            pen.setCosmetic(True)  # as thin at every zoom
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            outline = painting.to_qrect(self._placed.rect).adjusted(-_OUTLINE, -_OUTLINE, _OUTLINE, _OUTLINE)
            painter.drawRoundedRect(outline, 3, 3)

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hovered = True
        self.update()

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hovered = False
        self.update()


class LandingItem(QGraphicsItem):
    """Where a drop will land: the place highlighted, an insertion mark, and ghosts once there is room for them."""

    def __init__(self) -> None:
        super().__init__()
        self._options = PaintOptions()
        self._slot: Slot | None = None
        self._mark: QLineF | None = None
        self._ghosts: tuple[tuple[QImage, PlacedChromosome], ...] = ()
        self._paper = QRectF()
        self.setZValue(_LANDING_Z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    def show_landing(
        self,
        layout: KaryogramLayout,
        options: PaintOptions,
        slot: Slot,
        mark: QLineF | None,
        ghosts: Sequence[tuple[QImage, PlacedChromosome]] = (),
    ) -> None:
        """Highlight `slot`; draw the insertion mark (None: the ghosts say where) and the ghosts."""
        self.prepareGeometryChange()
        self._paper = QRectF(0, 0, layout.width, layout.height)
        self._options, self._slot, self._mark, self._ghosts = options, slot, mark, tuple(ghosts)
        self.show()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._paper

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._slot is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(self._options.paper.accent)
        fill = QColor(accent)
        fill.setAlphaF(0.09)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(painting.to_qrect(self._slot.rect).adjusted(-5, -5, 5, 5), 4, 4)
        painter.setOpacity(0.4)
        for image, placed in self._ghosts:
            painting.paint_chromosome(painter, image, placed)
        painter.setOpacity(1.0)
        if self._mark is not None:
            painter.setPen(QPen(accent, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(self._mark)
            for end in (self._mark.p1(), self._mark.p2()):
                painter.drawLine(QLineF(end - QPointF(3, 0), end + QPointF(3, 0)))
