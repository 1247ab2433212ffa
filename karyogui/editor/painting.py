"""Paint a karyogram from its layout numbers with any QPainter: screen, PNG and PDF use these functions.

The painter's coordinates are the layout's points; callers scale it to their device. Chromosomes are drawn from the
pixels they were read with, through a transform, so a PDF holds them at native resolution.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPen, QPolygonF, QTransform

from engine.types import CLASS_INDEX, MARKER
from karyogui.ideogram_view import paint_ideogram
from karyogui.model.cell import Cell, Chromosome, premultiplied_argb
from karyogui.model.enlarged import Enlarged, Enlargements, enlarged_of
from karyogui.model.ideogram import BandLevel, ideogram
from karyogui.model.layout import KaryogramLayout, PlacedChromosome, Rect, Slot
from karyogui.model.review import Light
from karyogui.model.tone import AS_SCANNED, Tone, toned


@dataclass(frozen=True, slots=True)
class Paper:
    """Colours of the paper and what is drawn on it."""

    ground: str
    ink: str  # labels and baselines
    quiet: str  # empty classes, the tray
    accent: str  # selection and landing place; the one accent colour
    lights: Mapping[Light, str]  # marks of the chromosomes nobody has decided on


WHITE_PAPER = Paper(
    ground="#ffffff",
    ink="#22252a",
    quiet="#9aa1ab",
    accent="#1f6feb",
    lights={Light.SURE: "#9cc9ae", Light.DOUBTFUL: "#c77700", Light.UNSURE: "#c0392b"},
)
BLACK_PAPER = Paper(
    ground="#000000",
    ink="#d5d8dd",
    quiet="#6b727c",
    accent="#6aa8ff",
    lights={Light.SURE: "#3f6b50", Light.DOUBTFUL: "#ffb84d", Light.UNSURE: "#ff7a6b"},
)


@dataclass(frozen=True, slots=True)
class PaintOptions:
    """How a karyogram is shown; never changes the data."""

    inverted: bool = False  # bright on black; otherwise dark bands on white paper, whatever the stain
    tone: Tone = AS_SCANNED  # of the chromosomes
    ideograms: BandLevel | None = None  # of the ideograms where the layout has room for them
    marks: bool = False  # traffic lights of the chromosomes nobody has decided on
    places: bool = False  # empty marker area and empty tray, to drop on
    font_family: str = ""  # empty: the application's font
    deep: bool = False  # chromosomes in 16 bits: for painting on images that hold so many

    @property
    def paper(self) -> Paper:
        """The colours that go with `inverted`."""
        return BLACK_PAPER if self.inverted else WHITE_PAPER


_AS_SCANNED = PaintOptions()
_SR_SIZE = 7.0  # of the letters that mark a super-resolved chromosome


def paint_karyogram(
    painter: QPainter,
    layout: KaryogramLayout,
    cell: Cell,
    options: PaintOptions | None = None,
    lights: Mapping[int, Light] | None = None,
    enlargements: Enlargements | None = None,
) -> None:
    """Paint the whole karyogram, its paper included, into the rectangle (0, 0, layout.width, layout.height).

    Parameters
    ----------
    painter
        Active, in the layout's points.
    lights
        By chromosome id, the marks to paint where `options.marks` is set.
    enlargements
        By chromosome id, the super-resolved looks to paint; each is marked as such, whatever the options.
    """
    options = options or PaintOptions()
    painter.fillRect(QRectF(0, 0, layout.width, layout.height), QColor(options.paper.ground))
    paint_form(painter, layout, options)
    for slot in layout.slots:
        if slot.ideogram is not None and slot.label in CLASS_INDEX and options.ideograms is not None:
            drawn = ideogram(slot.label, options.ideograms)
            paint_ideogram(painter, to_qrect(slot.ideogram), drawn, inverted=options.inverted)
    for placed in layout.chromosomes.values():
        chromosome = cell.chromosome(placed.chromosome_id)
        enlarged = enlarged_of(chromosome, enlargements or {})
        image = chromosome_image(chromosome, options, enlarged)
        paint_chromosome(painter, image, placed)
        light = (lights or {}).get(placed.chromosome_id) if options.marks else None
        if light is not None:
            paint_mark(painter, mark_point(layout, placed), light, options)
        if enlarged is not None:
            paint_superresolved(painter, mark_point(layout, placed), options, beside=light is not None)


def paint_form(painter: QPainter, layout: KaryogramLayout, options: PaintOptions) -> None:
    """Paint what is there without chromosomes: baselines, labels, marker area, tray."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(label_font(options, layout.options.label_size))
    painter.setPen(QColor(options.paper.quiet))
    for letter, x, y in layout.letters:
        painter.drawText(QRectF(x, y, 40, layout.options.letter_height), letter)
    for slot in layout.slots:
        if slot.label is None:
            _paint_tray(painter, slot, options, layout.options.label_size)
        elif slot.label != MARKER or slot.ids or options.places:
            _paint_class(painter, slot, options)
    painter.restore()


def paint_chromosome(painter: QPainter, image: QImage, placed: PlacedChromosome) -> None:
    """Paint one chromosome where the layout wants it."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
    painter.setTransform(image_transform(placed), combine=True)
    size = image.deviceIndependentSize()  # in the pixels that were read, however many the image has
    painter.drawImage(QPointF(-size.width() / 2, -size.height() / 2), image)
    painter.restore()


def image_transform(placed: PlacedChromosome) -> QTransform:
    """Return the transform from image pixels, origin at the centre of the image, to the layout's points."""
    transform = QTransform.fromTranslate(placed.x, placed.y)
    transform.rotate(-placed.rotation_deg)  # Qt turns clockwise where y runs down
    return transform.scale(-placed.scale if placed.mirrored else placed.scale, placed.scale)


def chromosome_image(
    chromosome: Chromosome, options: PaintOptions = _AS_SCANNED, enlarged: Enlarged | None = None
) -> QImage:
    """Return a chromosome in its own pixels, ARGB32 (RGBA64 if `deep`) premultiplied, transparent off the mask.

    Dark bands on white unless `inverted`. The alpha fades over two pixels around the mask, so that no chromosome
    covers its neighbour with a white box and no hard edge is cut. A super-resolved look has more pixels of the same
    extent: its `devicePixelRatio` says how many.
    """
    look, factor = (enlarged, enlarged.factor) if enlarged is not None else (chromosome, 1.0)
    if enlarged is None and options.tone == AS_SCANNED and not options.inverted and not options.deep:
        image = _argb_image(chromosome.argb)
    else:
        image = _grey_image(toned(look.pixels, options.tone, factor=factor), look.alpha, options)
    image.setDevicePixelRatio(factor)
    return image


def _grey_image(shown: NDArray[np.float32], alpha: NDArray[np.float64], options: PaintOptions) -> QImage:
    grey = shown if options.inverted else 1.0 - shown
    if options.deep:
        return _deep_image(np.clip(grey, 0.0, 1.0) * alpha, alpha)
    return _argb_image(premultiplied_argb(grey, alpha))


def _argb_image(argb: NDArray[np.uint32]) -> QImage:
    height, width = argb.shape
    image = QImage(argb.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # QImage does not keep the buffer alive


def _deep_image(premultiplied: NDArray[np.float64], alpha: NDArray[np.float64]) -> QImage:
    """(H, W) grey and alpha, 0..1, as RGBA64."""
    height, width = alpha.shape
    rgba = np.rint(65535.0 * np.dstack([premultiplied] * 3 + [alpha])).astype(np.uint16)
    image = QImage(rgba.tobytes(), width, height, 8 * width, QImage.Format.Format_RGBA64_Premultiplied)
    return image.copy()


def label_font(options: PaintOptions, size: float) -> QFont:
    """Return the font of the labels, `size` points of the layout high."""
    font = QFont(options.font_family) if options.font_family else QFont()
    font.setPixelSize(round(size))  # painter units, not the device's dpi: the same share of the paper everywhere
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mark_point(layout: KaryogramLayout, placed: PlacedChromosome) -> QPointF:
    """Return the middle of a chromosome's review mark: in the strip above the baseline, one height for the row."""
    slot = layout.slot(placed.label)
    y = slot.baseline[2] - layout.options.mark_height / 2 if slot.baseline else placed.rect.bottom + 5.0
    return QPointF(placed.rect.centre_x, y)


def paint_mark(painter: QPainter, middle: QPointF, light: Light, options: PaintOptions) -> None:
    """Paint a traffic light as a shape: small green circle, amber triangle, red square.

    The sure ones are many, so theirs stands back; the two that ask for a look are told apart without colour.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(options.paper.lights[light]))
    match light:
        case Light.SURE:
            painter.drawEllipse(middle, 1.7, 1.7)
        case Light.DOUBTFUL:
            corners = [QPointF(-3.6, 2.8), QPointF(3.6, 2.8), QPointF(0.0, -3.6)]
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        case Light.UNSURE:
            painter.drawRect(QRectF(middle.x() - 3.0, middle.y() - 3.0, 6.0, 6.0))
    painter.restore()


def paint_superresolved(painter: QPainter, middle: QPointF, options: PaintOptions, *, beside: bool) -> None:
    """Say under a chromosome that it is shown super-resolved; `beside` a traffic light."""
    painter.save()
    font = label_font(options, _SR_SIZE)
    painter.setFont(font)
    painter.setPen(QColor(options.paper.ink))
    half = QRectF(middle.x() - 12, middle.y() - 5, 24, 10)
    side = Qt.AlignmentFlag.AlignLeft if beside else Qt.AlignmentFlag.AlignHCenter
    text = QCoreApplication.translate("Karyogram", "SR")
    painter.drawText(half.translated(17.5, 0) if beside else half, side | Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def to_qrect(rect: Rect) -> QRectF:
    """Return a rectangle of the layout as Qt's."""
    return QRectF(rect.x, rect.y, rect.width, rect.height)


def _paint_class(painter: QPainter, slot: Slot, options: PaintOptions) -> None:
    paper = options.paper
    colour = QColor(paper.ink if slot.ids else paper.quiet)
    if slot.baseline is not None:
        from_x, to_x, y = slot.baseline
        painter.setPen(QPen(colour, 0.8))
        painter.drawLine(QLineF(from_x, y, to_x, y))
    if slot.text is not None:
        painter.setPen(colour)
        # Room on both sides and below: a text is never clipped, whatever the font.
        room = to_qrect(slot.text).adjusted(-20, 0, 20, slot.text.height)
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, slot.label or "")


def _paint_tray(painter: QPainter, slot: Slot, options: PaintOptions, text_size: float) -> None:
    if not slot.ids and not options.places:
        return
    painter.setPen(QPen(QColor(options.paper.quiet), 0.8, Qt.PenStyle.DashLine))
    painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
    painter.drawRoundedRect(to_qrect(slot.rect), 4, 4)
    painter.setPen(QColor(options.paper.quiet))
    if not slot.ids:
        text = QCoreApplication.translate("Karyogram", "Tray: drop here what fits nowhere")
        painter.drawText(to_qrect(slot.rect), Qt.AlignmentFlag.AlignCenter, text)
        return
    text = QCoreApplication.translate("Karyogram", "not placed")
    below = QRectF(slot.rect.x, slot.rect.bottom - text_size - 5, slot.rect.width - 8, text_size + 4)
    painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
