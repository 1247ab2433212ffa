"""Which cells stand for a clone."""

from collections.abc import Callable

from karyogui.model.count_sheet import count_sheet
from karyogui.model.report.choice import clone_lines, proposed_cells
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State

Record = Callable[..., CellRecord]


def test_one_cell_of_each_clone_and_the_best_of_it(case: Case, record: Record) -> None:
    records = [
        record(1, ["8"], sheet=SheetEntry(quality=3, band_level=850)),
        record(2, ["8"], sheet=SheetEntry(quality=5, band_level=400)),
        record(3),
        record(4, sheet=SheetEntry(band_level=400)),
        record(5, sheet=SheetEntry(band_level=550)),
    ]
    assert proposed_cells(count_sheet(case, records)) == (2, 5)


def test_two_cells_where_so_many_are_marked_as_karyotyped(case: Case, record: Record) -> None:
    marked = SheetEntry(karyotyped=True, quality=2)
    records = [
        record(1, ["8"], sheet=SheetEntry(quality=5)),
        record(2, ["8"], sheet=marked),
        record(3, ["8"], sheet=marked),
        record(4, ["8"], sheet=marked),
        record(5, sheet=marked),
        record(6),
    ]
    assert proposed_cells(count_sheet(case, records)) == (2, 3, 5)


def test_of_equals_the_approved_one_then_the_first(case: Case, record: Record) -> None:
    records = [record(1), record(2, state=State.APPROVED), record(3)]
    ((_, lines),) = clone_lines(count_sheet(case, records))
    assert [line.cell_id for line in lines] == [2, 1, 3]


def test_two_cells_of_one_name_stay_apart(case: Case, record: Record) -> None:
    records = [record(1, ["8"], name="same"), record(2, ["8"], name="same"), record(3, name="same")]
    found = [
        (clone.karyotype, {line.cell_id for line in lines}) for clone, lines in clone_lines(count_sheet(case, records))
    ]
    assert found == [("47,XX,+8", {1, 2}), ("46,XX", {3})]


def test_no_cells_no_clones(case: Case) -> None:
    assert proposed_cells(count_sheet(case, [])) == ()
