"""Draw an ideogram with any QPainter: outline with centromere notch and stalks, bands, names."""

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from karyogui.model.ideogram import Band, Ideogram

_WAIST = 0.3  # width of the centromere, of the full width
_STALK = 0.4
_OUTLINE = ("#4a4f57", "#b4b9c1")  # on white paper, on black paper
_CENTROMERE = ("#b3847f", "#a87f7b")
_HETEROCHROMATIN = ("#c9cdd3", "#5a6069")


def paint_ideogram(painter: QPainter, rect: QRectF, ideogram: Ideogram, *, inverted: bool = False) -> None:
    """Paint an ideogram into `rect`, p end at its top edge, q end at its bottom edge.

    Parameters
    ----------
    painter
        Active; its state is kept.
    inverted
        Bright bands on black paper, as the inverted karyogram shows them.
    """
    paper = 1 if inverted else 0
    outline = _outline(rect, ideogram)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
    for band in ideogram.bands:
        place = band_rect(rect, band)
        painter.fillRect(place, _band_colour(band, paper))
        if band.stain == "gvar":
            painter.fillRect(place, QBrush(QColor(_OUTLINE[paper]), Qt.BrushStyle.BDiagPattern))
    painter.restore()
    painter.setPen(QPen(QColor(_OUTLINE[paper]), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    painter.restore()


def paint_band_names(painter: QPainter, rect: QRectF, ideogram: Ideogram, *, x: float) -> None:
    """Write the names of the bands right of `x`, with the painter's font and pen.

    A name that would run into the one before it is left out; the longer bands are named first.
    """
    metrics = QFontMetricsF(painter.font())
    half = metrics.capHeight() / 2
    line = metrics.height() * 0.9
    taken: list[float] = []
    for band in sorted(ideogram.bands, key=lambda band: band.start - band.end):
        middle = band_rect(rect, band).center().y()
        if band.stain == "acen" or any(abs(middle - other) < line for other in taken):
            continue
        taken.append(middle)
        painter.drawText(QPointF(x, middle + half), band.name)


def band_rect(rect: QRectF, band: Band) -> QRectF:
    """Return where a band lies in an ideogram painted into `rect`."""
    top = rect.top() + band.start * rect.height()
    return QRectF(rect.left(), top, rect.width(), (band.end - band.start) * rect.height())


def band_at(rect: QRectF, ideogram: Ideogram, y: float) -> Band | None:
    """Return the band at the height `y` of an ideogram painted into `rect`, or None beyond its ends."""
    return ideogram.band_at((y - rect.top()) / rect.height()) if rect.height() > 0 else None


def _band_colour(band: Band, paper: int) -> QColor:
    if band.stain == "acen":
        return QColor(_CENTROMERE[paper])
    if band.darkness is None:
        return QColor(_HETEROCHROMATIN[paper])
    grey = band.darkness if paper else 1.0 - band.darkness
    return QColor.fromRgbF(*(0.12 + 0.86 * grey,) * 3)


def _outline(rect: QRectF, ideogram: Ideogram) -> QPainterPath:
    """Return the closed outline: the same half width to the left and to the right at every height."""
    half = rect.width() / 2
    profile = [(rect.top() + y, width * half) for y, width in _profile(rect.height(), half, ideogram)]
    middle = rect.center().x()
    right = [QPointF(middle + width, y) for y, width in profile]
    left = [QPointF(middle - width, y) for y, width in reversed(profile)]
    path = QPainterPath()
    path.addPolygon(QPolygonF([*right, *left]))
    path.closeSubpath()
    return path


def _profile(height: float, half: float, ideogram: Ideogram) -> list[tuple[float, float]]:
    """Return (y, half width of 0..1) from the p end to the q end."""
    centromere = ideogram.centromere * height
    stalks = [band.start * height for band in ideogram.bands if band.stain == "stalk"]
    cap = min([half, centromere / 2, (height - centromere) / 2, *stalks])
    quarter = [index * pi / 16 for index in range(9)]
    points = [(cap * (1 - cos(angle)), 1 - cap / half * (1 - sin(angle))) for angle in quarter]
    for band in ideogram.bands:
        if band.stain == "stalk":
            top, bottom = band.start * height, band.end * height
            points += [(top, 1.0), (top, _STALK), (bottom, _STALK), (bottom, 1.0)]
    # The drawn notch is at least a third of the width high: the table's centromere of Y is too small to be seen.
    notch = [band for band in ideogram.bands if band.stain == "acen"]
    least = 0.35 * half
    above = max(centromere - notch[0].start * height, least)
    below = max(notch[-1].end * height - centromere, least)
    points += [(centromere - above, 1.0), (centromere, _WAIST), (centromere + below, 1.0)]
    points += [(height - y, width) for y, width in reversed(points[: len(quarter)])]
    return points
