"""Pictures are drawn once for a size and tone, a few in a frame."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from karyogui.composite.pictures import EDGE, Pictures
from karyogui.editor.painting import PaintOptions
from karyogui.model.cell import Chromosome
from karyogui.model.layout import PlacedChromosome, Rect
from karyogui.model.outliers import CopyRef


def chromosome() -> Chromosome:
    mask = np.zeros((40, 14), dtype=np.bool_)
    mask[2:-2, 2:-2] = True
    return Chromosome(0, "a.png", np.where(mask, 0.8, 0.0).astype(np.float32), mask)


def placed(scale: float = 1.0) -> PlacedChromosome:
    rect = Rect(100 - 5 * scale, 200 - 18 * scale, 10 * scale, 36 * scale)
    return PlacedChromosome(0, "1", 0, 100.0, 200.0, scale, 0.0, False, rect, 200.0, 200.0)


def test_a_picture_is_drawn_once_and_again_in_another_size_or_tone(qtbot: QtBot) -> None:
    pictures, ref, one = Pictures(), CopyRef(1, 0), chromosome()
    pictures.begin_frame(60.0)
    first = pictures.picture(ref, one, placed(), PaintOptions(), 2.0)
    assert first is not None
    assert (first.width(), first.height()) == (round((10 + 2 * EDGE) * 2), round((36 + 2 * EDGE) * 2))
    assert pictures.picture(ref, one, placed(), PaintOptions(), 2.0) is first
    assert pictures.drawn == 1
    for changed in (
        (placed(1.5), PaintOptions(), 2.0),
        (placed(), PaintOptions(inverted=True), 2.0),
        (placed(), PaintOptions(), 1.0),
    ):
        pictures.picture(ref, one, *changed)
    assert pictures.drawn == 4


def test_the_middle_is_dark_and_the_edge_is_clear(qtbot: QtBot) -> None:
    pictures = Pictures()
    pictures.begin_frame(60.0)
    picture = pictures.picture(CopyRef(1, 0), chromosome(), placed(), PaintOptions(), 1.0)
    assert picture is not None
    image = picture.toImage()
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert (middle.alpha(), middle.red()) == (255, pytest.approx(51, abs=2))


def test_a_frame_without_time_draws_one_and_the_rest_wait(qtbot: QtBot) -> None:
    pictures, one = Pictures(), chromosome()
    pictures.begin_frame(0.0)
    assert pictures.picture(CopyRef(1, 0), one, placed(), PaintOptions(), 1.0) is not None
    assert pictures.picture(CopyRef(2, 0), one, placed(), PaintOptions(), 1.0) is None
    pictures.begin_frame(0.0)
    assert pictures.picture(CopyRef(2, 0), one, placed(), PaintOptions(), 1.0) is not None


def test_an_ideogram_is_drawn_once_for_its_size(qtbot: QtBot) -> None:
    pictures = Pictures()
    rect = Rect(10, 20, 10, 80)
    first = pictures.ideogram("8", 550, rect, PaintOptions(), 1.0)
    assert pictures.ideogram("8", 550, Rect(50, 90, 10, 80), PaintOptions(), 1.0) is first
    assert pictures.ideogram("8", 850, rect, PaintOptions(), 1.0) is not first
