"""From a reading of the whole cell to the placements that change."""

from collections.abc import Callable

import pytest

from karyogui.document import KaryogramDocument
from karyogui.model.karyogram import check_placements
from karyogui.model.reading import fits, relabelled

OpenCell = Callable[..., KaryogramDocument]
pytestmark = pytest.mark.usefixtures("qapp")


def test_only_what_is_read_otherwise_moves(open_cell: OpenCell) -> None:
    document = open_cell(["21", "21", "22", "22", None])
    labels = {0: "21", 1: "21", 2: "22", 3: "21", 4: "22"}
    changed = relabelled(document.placements(), labels)
    assert {(p.chromosome_id, p.label, p.order) for p in changed} == {(3, "21", 2), (4, "22", 1)}
    document.replace(changed)
    assert fits(document.placements(), labels)
    cell = document.cell()
    assert cell is not None
    check_placements(cell, document.placements())


def test_two_that_change_places_keep_the_orders_without_gaps(open_cell: OpenCell) -> None:
    document = open_cell(["21", "21", "22", "22"])
    document.replace(relabelled(document.placements(), {0: "22", 2: "21"}))
    cell = document.cell()
    assert cell is not None
    check_placements(cell, document.placements())
    assert [document.placement(i).label for i in range(4)] == ["22", "21", "21", "22"]


def test_the_reading_that_is_shown_changes_nothing(open_cell: OpenCell) -> None:
    document = open_cell(["21", None])
    assert fits(document.placements(), {0: "21", 1: None})
    assert relabelled(document.placements(), {0: "21", 1: None}) == ()
