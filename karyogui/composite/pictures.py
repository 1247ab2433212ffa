"""The chromosomes as pixmaps of exactly the size they are shown in: a frame that scrolls only copies them."""

from collections import OrderedDict
from time import perf_counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from karyogui.editor.painting import PaintOptions, chromosome_image, paint_chromosome, to_qrect
from karyogui.ideogram_view import paint_ideogram
from karyogui.model.cell import Chromosome
from karyogui.model.ideogram import BandLevel, ideogram
from karyogui.model.layout import PlacedChromosome, Rect
from karyogui.model.outliers import CopyRef

EDGE = 1.5
"""Points around the mask that a picture holds, too: its outline fades there."""

_MOST_BYTES = 160 << 20
_MOST_IDEOGRAMS = 64


class Pictures:
    """Draws a copy once for each size and tone; the ones seen longest ago go first."""

    def __init__(self) -> None:
        self._pixmaps: OrderedDict[CopyRef, tuple[tuple[object, ...], QPixmap]] = OrderedDict()
        self._bytes = 0
        self._until, self._first = 0.0, True
        self.drawn = 0  # pictures so far
        self._ideograms: dict[tuple[object, ...], QPixmap] = {}

    def begin_frame(self, seconds: float) -> None:
        """From now on so much time may be spent on drawing; at least one picture is drawn, however short it is."""
        self._until, self._first = perf_counter() + seconds, True

    def has_time(self) -> bool:
        """Whether this frame may draw one more."""
        return self._first or perf_counter() < self._until

    def picture(
        self, ref: CopyRef, chromosome: Chromosome, placed: PlacedChromosome, options: PaintOptions, scale: float
    ) -> QPixmap | None:
        """Return a copy as it is shown, drawn now if there is time; None: it has to wait for the next frame.

        Parameters
        ----------
        scale
            Device pixels per point.
        """
        wanted = (
            *(chromosome.pixels, chromosome.mask, placed.scale, placed.rotation_deg, placed.mirrored),
            *(options.inverted, options.tone, scale),
        )
        known = self._pixmaps.get(ref)
        if known is not None and _same(known[0], wanted):
            self._pixmaps.move_to_end(ref)
            return known[1]
        if not self.has_time():
            return None
        self._first = False
        self.drawn += 1
        made = _drawn(chromosome, placed, options, scale)
        if known is not None:
            self._bytes -= _size(known[1])
        self._pixmaps[ref] = wanted, made
        self._pixmaps.move_to_end(ref)
        self._bytes += _size(made)
        while self._bytes > _MOST_BYTES and len(self._pixmaps) > 1:
            self._bytes -= _size(self._pixmaps.popitem(last=False)[1][1])
        return made

    def ideogram(self, label: str, level: BandLevel, rect: Rect, options: PaintOptions, scale: float) -> QPixmap:
        """Return an ideogram of the size of `rect`, with `EDGE` around it."""
        wanted = label, level, rect.width, rect.height, options.inverted, scale
        known = self._ideograms.get(wanted)
        if known is None:
            if len(self._ideograms) >= _MOST_IDEOGRAMS:
                self._ideograms.clear()
            image, painter = _canvas(rect, scale)
            paint_ideogram(painter, to_qrect(rect), ideogram(label, level), inverted=options.inverted)
            painter.end()
            known = self._ideograms[wanted] = QPixmap.fromImage(image)
        return known


def _drawn(chromosome: Chromosome, placed: PlacedChromosome, options: PaintOptions, scale: float) -> QPixmap:
    image, painter = _canvas(placed.rect, scale)
    paint_chromosome(painter, chromosome_image(chromosome, options), placed)
    painter.end()
    return QPixmap.fromImage(image)


def _canvas(rect: Rect, scale: float) -> tuple[QImage, QPainter]:
    """An empty image for a rectangle and its edge, and a painter on it in points."""
    width, height = (max(1, round((size + 2 * EDGE) * scale)) for size in (rect.width, rect.height))
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.translate(EDGE - rect.x, EDGE - rect.y)
    return image, painter


def _same(known: tuple[object, ...], wanted: tuple[object, ...]) -> bool:
    """Arrays by identity, numbers by value."""
    return known[0] is wanted[0] and known[1] is wanted[1] and known[2:] == wanted[2:]


def _size(pixmap: QPixmap) -> int:
    return 4 * pixmap.width() * pixmap.height()
