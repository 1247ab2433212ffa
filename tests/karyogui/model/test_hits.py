from collections.abc import Callable

import pytest

from engine.types import MARKER, CellResult
from karyogui.model import karyogram
from karyogui.model.cell import Cell
from karyogui.model.hits import Landing, chromosome_at, insertion_at, label_at
from karyogui.model.karyogram import placements_from_result, unplaced
from karyogui.model.layout import KaryogramLayout, compute_layout

Drawn = tuple[Cell, CellResult]
Draw = Callable[..., Drawn]


def proposed(drawn: Drawn) -> KaryogramLayout:
    """The layout of the engine's karyogram."""
    return compute_layout(drawn[0], placements_from_result(*drawn))


def test_between_left_and_right_of_the_copies(normal_cell: Drawn) -> None:
    layout = proposed(normal_cell)
    slot = layout.slot("8")
    left, right = (layout.chromosomes[i].rect for i in slot.ids)
    y = slot.rect.centre_y
    assert insertion_at(layout, left.x - 1, y) == Landing("8", 0)
    assert insertion_at(layout, (left.right + right.x) / 2, y) == ("8", 1)
    assert insertion_at(layout, right.right + 1, y) == ("8", 2)
    assert insertion_at(layout, right.right + 1, y, lifted=slot.ids[:1]) == ("8", 1)


def test_every_point_of_the_paper_has_the_nearest_place(normal_cell: Drawn) -> None:
    layout = proposed(normal_cell)
    three, four = layout.slot("3").rect, layout.slot("4").rect
    assert insertion_at(layout, three.right + 5, three.centre_y) == ("3", 2)
    assert insertion_at(layout, four.x - 5, three.centre_y) == ("4", 0)
    assert insertion_at(layout, 0, three.bottom + 2) == ("1", 0)
    assert insertion_at(layout, layout.width, layout.slot("X").rect.y) == (MARKER, 0)
    assert insertion_at(layout, layout.width / 2, layout.height) == (None, 0)


@pytest.mark.parametrize("point", [(-1.0, 50.0), (50.0, -1.0), (50.0, 1e6), (1e6, 50.0)])
def test_off_the_paper_is_nowhere(normal_cell: Drawn, point: tuple[float, float]) -> None:
    layout = proposed(normal_cell)
    assert insertion_at(layout, *point) is None


def test_in_a_tray_of_several_lines(normal_cell: Drawn) -> None:
    layout = compute_layout(normal_cell[0], unplaced(normal_cell[0]))
    for chromosome_id in range(46):
        rect = layout.chromosomes[chromosome_id].rect
        assert insertion_at(layout, rect.centre_x - 0.1, rect.centre_y) == (None, chromosome_id)
        assert insertion_at(layout, rect.centre_x + 0.1, rect.centre_y) == (None, chromosome_id + 1)


def test_a_drop_where_the_ghost_was_shown_lands_there(normal_cell: Drawn) -> None:
    cell, result = normal_cell
    placements = placements_from_result(cell, result)
    everything = {p.chromosome_id: p for p in placements}
    everything.update({p.chromosome_id: p for p in karyogram.move(placements, [0], "12", 1)})
    after = compute_layout(cell, tuple(everything.values()))
    ghost = after.chromosomes[0].rect
    assert insertion_at(after, ghost.centre_x, ghost.centre_y, lifted=[0]) == ("12", 1)


def test_a_chromosome_is_found_in_its_extent(normal_cell: Drawn) -> None:
    layout = proposed(normal_cell)
    rect = layout.chromosomes[14].rect
    assert chromosome_at(layout, rect.x + 0.1, rect.bottom - 0.1) == 14
    assert chromosome_at(layout, rect.x + 0.1, rect.bottom - 0.1, lifted=[14]) is None
    assert chromosome_at(layout, rect.x - 1.0, rect.centre_y) is None


def test_a_label_is_the_strip_from_the_baseline_down(normal_cell: Drawn) -> None:
    layout = proposed(normal_cell)
    slot = layout.slot("8")
    assert slot.text is not None
    assert slot.baseline is not None
    assert label_at(layout, slot.text.centre_x, slot.text.centre_y) == slot
    assert label_at(layout, slot.baseline[0] + 1, slot.baseline[2]) == slot
    assert label_at(layout, slot.text.centre_x, slot.baseline[2] - 5) is None
    assert label_at(layout, slot.baseline[1] + 5, slot.text.centre_y) is None
    tray = layout.tray
    assert tray is not None
    assert label_at(layout, tray.rect.centre_x, tray.rect.centre_y) is None
