"""A simulated library is a real one: it lists, opens and checks like any other."""

from collections.abc import Callable

from engine.types import CellResult
from karyogui.model.cell import Cell
from karyogui.model.karyogram import placements_from_result
from karyogui.model.store.library import Library
from karyogui.model.store.simulated import fill
from karyogui.model.store.values import State


def test_copies_are_whole_cells(file_library: Library, draw: Callable[..., tuple[Cell, CellResult]]) -> None:
    cell, result = draw(["1", "1", "21", "X", "Y", None])
    placements = placements_from_result(cell, result)
    made = fill(file_library, cell, placements, cases=4, cells=3, with_pixels=1)
    found = file_library.cases.find()
    assert [summary.case.id for summary in found] == made  # newest first
    assert [(summary.cells, dict(summary.states)) for summary in found] == [(3, {State.IN_REVIEW: 3})] * 4
    records = file_library.cells.records(made[-1])
    assert [record.name for record in records] == ["cell 1", "cell 2", "cell 3"]
    stored = file_library.cells.load(records[2].id)
    assert stored.placements == placements
    assert len(file_library.cells.thumbnails(made[0])) == 3
    assert file_library.check() == []
