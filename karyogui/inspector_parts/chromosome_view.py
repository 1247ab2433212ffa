"""One chromosome large, or two side by side, upright beside the ideogram of their label."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.types import CLASS_INDEX
from karyogui.editor.painting import WHITE_PAPER, PaintOptions, chromosome_image
from karyogui.ideogram_view import band_at, band_rect, paint_band_names, paint_ideogram
from karyogui.model.cell import Chromosome
from karyogui.model.enlarged import Enlarged
from karyogui.model.ideogram import Band, BandLevel, Ideogram, ideogram
from karyogui.model.karyogram import Placement
from karyogui.model.layout import rotation_matrix

_PAD = 16.0
_GAP = 12.0  # between two columns
_IDEOGRAM_WIDTH = 18.0
_NAMES_WIDTH = 44.0
_ROOM_FOR_NAMES = 320  # width from which two chromosomes leave room for band names
_CAPTION = 18.0
_LARGEST_ZOOM = 8.0


@dataclass(frozen=True, eq=False)
class Shown:
    """A chromosome as it is shown."""

    chromosome: Chromosome
    placement: Placement
    enlarged: Enlarged | None = None  # the look that is shown; None: the original pixels


@dataclass(frozen=True, eq=False)
class _Figure:
    """A turned chromosome in image pixels, origin at the centre of its image."""

    shown: Shown
    image: QImage
    box: QRectF  # extent of the mask

    @property
    def above(self) -> float:
        """From the upper end to the centromere."""
        return self.shown.placement.centromere * self.box.height()


class ChromosomeView(QWidget):
    """Paper-white in any theme: that is how bands are read. Hovering over a band shows it on the chromosome."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: tuple[_Figure, ...] = ()
        self._level: BandLevel = 550
        self._proposed: str | None = None
        self._hovered: tuple[Ideogram, Band] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Chromosome beside its ideogram"))

    def show_chromosomes(self, shown: Sequence[Shown]) -> None:
        """Show up to two chromosomes; those after the second are left out."""
        self._figures = tuple(_figure(one) for one in shown[:2])
        self._proposed = self._hovered = None
        self.update()

    def set_level(self, level: BandLevel) -> None:
        """Choose the band level of the ideograms."""
        self._level, self._hovered = level, None
        self.update()

    def propose(self, label: str | None) -> None:
        """Show the ideogram of another label, as a preview of an assignment; None: of their own again."""
        self._proposed, self._hovered = label, None
        self.update()

    def zoom(self) -> float:
        """Return the size of one image pixel on the screen, in its logical pixels."""
        return self._arrange()[0]

    def ideogram_places(self) -> list[tuple[QRectF, Ideogram]]:
        """Return where ideograms are drawn, from left to right."""
        return [(rect, drawn) for _, _, rect, drawn in self._arrange()[1] if drawn is not None]

    def chromosome_places(self) -> list[QRectF]:
        """Return where the chromosomes are drawn (the extent of their masks), from left to right."""
        return [box for _, box, _, _ in self._arrange()[1]]

    def _drawn(self, figure: _Figure) -> Ideogram | None:
        label = self._proposed or figure.shown.placement.label
        return ideogram(label, self._level) if label in CLASS_INDEX else None

    def _arrange(self) -> tuple[float, list[tuple[_Figure, QRectF, QRectF, Ideogram | None]]]:
        """Return the zoom and, for each chromosome, its place, the ideogram's place and the ideogram."""
        figures = self._figures
        if not figures:
            return 1.0, []
        drawn = [self._drawn(figure) for figure in figures]
        if len(drawn) == 2 and drawn[0] == drawn[1]:
            drawn[0] = None  # one ideogram serves a pair
        extra = sum(_GAP + _IDEOGRAM_WIDTH for d in drawn if d) + self._names_width(drawn) + _GAP * (len(figures) - 1)
        above = max(figure.above for figure in figures)
        below = max(figure.box.height() - figure.above for figure in figures)
        zoom = min(
            (self.height() - 2 * _PAD - _CAPTION) / (above + below),
            (self.width() - 2 * _PAD - extra) / sum(figure.box.width() for figure in figures),
            _LARGEST_ZOOM,
        )
        zoom = max(zoom, 0.1)
        content = extra + zoom * sum(figure.box.width() for figure in figures)
        x = (self.width() - content) / 2
        line = (self.height() - _CAPTION - zoom * (above + below)) / 2 + zoom * above
        places = []
        for figure, one in zip(figures, drawn, strict=True):
            top, height = line - zoom * figure.above, zoom * figure.box.height()
            box = QRectF(x, top, zoom * figure.box.width(), height)
            x = box.right() + _GAP
            beside = QRectF(x, top, _IDEOGRAM_WIDTH, height)
            if one is not None:
                x = beside.right() + _GAP
            places.append((figure, box, beside, one))
        return zoom, places

    def _names_width(self, drawn: Sequence[Ideogram | None]) -> float:
        """Band names stand right of the last ideogram; in a narrow comparison the chromosomes get the room."""
        named = drawn[-1] is not None and (len(drawn) == 1 or self.width() >= _ROOM_FOR_NAMES)
        return _NAMES_WIDTH if named else 0.0

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(9, round(self.fontMetrics().height() * 0.58)))
        return font

    def sizeHint(self) -> QSize:
        """Room for bands to be told apart."""
        return QSize(256, 320)

    def minimumSizeHint(self) -> QSize:
        """Still of use on a small screen."""
        return QSize(160, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the paper, the chromosomes, the ideograms and the captions."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(WHITE_PAPER.ground))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        zoom, places = self._arrange()
        for figure, box, beside, drawn in places:
            _paint_figure(painter, figure, box, zoom)
            painter.setFont(self.font())
            painter.setPen(QColor(WHITE_PAPER.ink))
            self._caption(painter, box.center().x(), self._words(figure))
            if drawn is not None:
                self._paint_ideogram(painter, beside, drawn, last=figure is places[-1][0])
                if self._hovered is not None and self._hovered[0] == drawn:
                    serves_both = len(self.ideogram_places()) < len(places)
                    left = places[0][1].left() if serves_both else box.left()
                    self._paint_hovered(painter, beside, left - 4, self._hovered[1])
        if places:
            painter.setFont(self._small_font())
            painter.setPen(QColor(WHITE_PAPER.quiet))
            corner = QRectF(self.rect()).adjusted(0, 2, -6, 0)  # in the padding: nothing else is drawn there
            painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, f"{zoom:.1f} ×")

    def _words(self, figure: _Figure) -> str:
        """What stands below a chromosome: its place, or its pixels where these are what two differ in."""
        if any(other.shown.enlarged is not None for other in self._figures):
            return self.tr("original") if figure.shown.enlarged is None else self.tr("super-resolved")
        return figure.shown.placement.label or self.tr("tray")

    def _paint_ideogram(self, painter: QPainter, rect: QRectF, drawn: Ideogram, *, last: bool) -> None:
        paint_ideogram(painter, rect, drawn)
        painter.setFont(self._small_font())
        painter.setPen(QColor(WHITE_PAPER.quiet))
        if last and self._names_width([drawn] * len(self._figures)):
            paint_band_names(painter, rect, drawn, x=rect.right() + 6)
        if self._proposed is not None:
            self._accent_caption(painter, rect, f"{self._proposed}?")

    def _paint_hovered(self, painter: QPainter, rect: QRectF, left: float, band: Band) -> None:
        """Name the band, and draw two lines from it across the chromosome: where it should be found."""
        place = band_rect(rect, band)
        painter.setPen(QPen(QColor(WHITE_PAPER.accent), 1.0))
        for y in (place.top(), place.bottom()):
            painter.drawLine(QPointF(left, y), QPointF(rect.right() + 2, y))
        self._accent_caption(painter, rect, band.name)

    def _accent_caption(self, painter: QPainter, rect: QRectF, text: str) -> None:
        """Write below an ideogram what the mouse points at."""
        painter.setFont(self.font())
        painter.setPen(QColor(WHITE_PAPER.accent))
        self._caption(painter, rect.center().x(), text)

    def _caption(self, painter: QPainter, x: float, text: str) -> None:
        line = QRectF(x - 60, self.height() - _CAPTION - 6, 120, _CAPTION)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name the band under the mouse."""
        found = self._band_under(event.position())
        if found != self._hovered:
            self._hovered = found
            self.update()

    def _band_under(self, point: QPointF) -> tuple[Ideogram, Band] | None:
        """Return ideogram and band under the mouse; the names beside an ideogram belong to it."""
        for rect, drawn in self.ideogram_places():
            if rect.adjusted(-2, 0, _NAMES_WIDTH / 2, 0).contains(point):
                band = band_at(rect, drawn, point.y())
                return (drawn, band) if band else None
        return None

    def leaveEvent(self, event: object) -> None:
        """Forget the band."""
        self._hovered = None
        self.update()


def _figure(shown: Shown) -> _Figure:
    placement = shown.placement
    turned = shown.chromosome.outline @ rotation_matrix(placement.rotation_deg, placement.mirrored).T
    (left, top), (right, bottom) = turned.min(axis=0), turned.max(axis=0)
    image = chromosome_image(shown.chromosome, PaintOptions(), shown.enlarged)
    return _Figure(shown, image, QRectF(left, top, right - left, bottom - top))


def _paint_figure(painter: QPainter, figure: _Figure, box: QRectF, zoom: float) -> None:
    """Paint the image so that its mask fills `box`."""
    placement = figure.shown.placement
    centre = box.center() - figure.box.center() * zoom
    transform = QTransform.fromTranslate(centre.x(), centre.y())
    transform.rotate(-placement.rotation_deg)  # Qt turns clockwise where y runs down
    transform.scale(-zoom if placement.mirrored else zoom, zoom)
    painter.save()
    painter.setTransform(transform, combine=True)
    size = figure.image.deviceIndependentSize()
    painter.drawImage(QPointF(-size.width() / 2, -size.height() / 2), figure.image)
    painter.restore()
