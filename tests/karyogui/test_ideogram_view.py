"""Ideograms as they are painted: extent, waist, bands where the table says, nothing else filled."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from karyogui.ideogram_view import band_at, band_rect, paint_band_names, paint_ideogram
from karyogui.model.ideogram import ideogram

RECT = QRectF(20, 10, 30, 400)
pytestmark = pytest.mark.usefixtures("qapp")


def painted(label: str, *, brush: QColor | None = None) -> NDArray[np.uint8]:
    """(440, 80) grey values of an ideogram at `RECT` on white."""
    image = QImage(80, 440, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    if brush is not None:
        painter.setBrush(QBrush(brush))
    paint_ideogram(painter, RECT, ideogram(label, 850))
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(440, image.bytesPerLine())[:, :80].copy()


def test_it_fills_its_rectangle_and_nothing_beyond() -> None:
    ys, xs = np.nonzero(painted("1") < 200)
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == pytest.approx((20, 49, 10, 409), abs=1)


def test_the_waist_is_at_the_centromere() -> None:
    inked = painted("1") < 240
    outline = [int(np.ptp(np.nonzero(row)[0])) if row.any() else 0 for row in inked]
    narrowest = min(range(60, 400), key=lambda y: outline[y])
    assert narrowest == pytest.approx(10 + 400 * ideogram("1").centromere, abs=2)


@pytest.mark.parametrize("brush", [None, QColor("white")])
def test_bands_have_their_greys_whatever_the_painters_brush(brush: QColor | None) -> None:
    picture = painted("1", brush=brush)
    for band in ideogram("1", 850).bands:
        if band.darkness is not None and band.end - band.start > 0.02:
            grey = picture[round(band_rect(RECT, band).center().y()), 35] / 255
            assert grey == pytest.approx(0.12 + 0.86 * (1 - band.darkness), abs=0.02)


def test_the_band_under_a_height() -> None:
    drawn = ideogram("21", 850)
    for band in drawn.bands:
        assert band_at(RECT, drawn, band_rect(RECT, band).center().y()) == band
    assert band_at(RECT, drawn, 9.0) is None
    assert band_at(QRectF(), drawn, 0.0) is None


def test_names_are_written_beside_it() -> None:
    image = QImage(120, 440, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_band_names(painter, RECT, ideogram("X", 400), x=60)
    painter.end()
    inked = np.frombuffer(image.constBits(), np.uint8).reshape(440, image.bytesPerLine()) < 128
    assert not inked[:, :58].any()
    assert inked[:, 60:].any()
