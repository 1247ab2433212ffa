"""The comparison: places, one scale, the picture of the difference."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from karyogui.compare_panel import ComparePanel
from karyogui.document import DocumentState, KaryogramDocument
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.straight import Straight


@pytest.fixture
def panel(qtbot: QtBot) -> ComparePanel:
    """Show an empty panel."""
    made = ComparePanel()
    qtbot.addWidget(made)
    made.resize(360, 480)
    with qtbot.waitExposed(made):
        made.show()
    return made


def banded(chromosome_id: int, height: int, band: int | None) -> Chromosome:
    """A bar 12 wide; its dark band, if any, is 10 rows long."""
    mask = np.zeros((height + 4, 16), np.bool_)
    mask[2:-2, 2:-2] = True
    pixels = np.where(mask, 0.3, 0.0).astype(np.float32)
    if band is not None:
        pixels[2 + band : 12 + band, 2:-2] = 1.0
    return Chromosome(chromosome_id, "bar", pixels, mask)


def document_of(*chromosomes: Chromosome) -> KaryogramDocument:
    document = KaryogramDocument()
    placements = tuple(Placement(c.id, "7", order, centromere=0.5) for order, c in enumerate(chromosomes))
    document.restore(DocumentState(Cell("c", "g", chromosomes), placements))
    return document


def rgb(panel: ComparePanel) -> NDArray[np.int_]:
    image = panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.asarray(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def test_both_stand_at_one_scale_with_centromeres_on_one_line(panel: ComparePanel) -> None:
    document = document_of(banded(0, 100, 20), banded(1, 80, 16))
    panel.show_pair(document, [0], 0)
    left, middle, right = panel.places()
    assert left.height() / right.height() == pytest.approx(100 / 80)
    assert left.width() == pytest.approx(right.width())
    assert left.center().y() == pytest.approx(right.center().y())
    assert left.right() < middle.left() < middle.right() < right.left()
    assert panel.rect().contains(left.united(right).toAlignedRect())
    assert panel.zoom() == pytest.approx(left.height() / 100)


def test_where_the_left_is_darker_it_is_orange_and_blue_where_the_right_is(panel: ComparePanel) -> None:
    panel.show_pair(document_of(banded(0, 100, 20), banded(1, 100, 70)), [0, 1], 0)
    picture, middle = rgb(panel), panel.places()[1]
    ratio = panel.devicePixelRatioF()

    def at(share: float) -> list[int]:
        y, x = middle.top() + share * middle.height(), middle.center().x()
        return picture[round(y * ratio), round(x * ratio)].tolist()

    red, _, blue = at(0.25)
    assert red - blue > 100
    red, _, blue = at(0.75)
    assert blue - red > 100
    assert min(at(0.5)) > 225  # alike


def test_the_same_upside_down_is_alike_once_turned(panel: ComparePanel) -> None:
    one, other = banded(0, 100, 20), banded(1, 100, 70)  # the second is the first upside down
    document = document_of(one, other)
    document.replace([replace(document.placement(1), rotation_deg=180.0)])
    panel.show_pair(document, [0, 1], 0)
    assert spread(panel) < 40


def test_one_without_a_homolog_stands_alone_and_nothing_chosen_says_so(panel: ComparePanel) -> None:
    document = document_of(banded(0, 100, 20))
    panel.show_pair(document, [0], 0)
    assert len(panel.places()) == 1
    assert panel.accessibleDescription() == "Chromosome 7, 1 of 1"
    panel.show_pair(document, [], None)
    assert panel.places() == []
    assert rgb(panel).min() < 220  # the sentence
    panel.show_pair(None, [], None)
    assert panel.shown_ids() == ()


def test_bent_ones_are_compared_along_their_axes(panel: ComparePanel) -> None:
    left, right = banded(0, 100, 20), banded(1, 100, 20)
    # The right one lies askew, so its bands do not meet those of the left: along its axis they do.
    document = document_of(left, replace(right, pixels=np.roll(right.pixels, 15, axis=0)))
    cell = document.cell()
    assert cell is not None

    def look(chromosome: Chromosome, pixels: NDArray[np.float32]) -> Straight:
        line = np.column_stack([np.zeros(100), np.linspace(-49.5, 49.5, 100)])
        return Straight(chromosome.pixels, pixels, chromosome.mask, line)

    straights = {c.id: look(c, left.pixels) for c in cell.chromosomes}
    panel.show_pair(document, [0, 1], 0)
    assert spread(panel) > 100
    panel.show_pair(document, [0, 1], 0, straights)
    assert spread(panel) < 40
    panel.show_pair(document, [0, 1], 0, {0: straights[0]})  # one alone is of no use
    assert spread(panel) > 100


def spread(panel: ComparePanel) -> int:
    """How much colour the difference has."""
    middle = panel.places()[1].toAlignedRect().adjusted(4, 4, -4, -4)
    picture = rgb(panel)[middle.top() : middle.bottom(), middle.left() : middle.right()]
    return int(np.ptp(picture, axis=-1).max())
