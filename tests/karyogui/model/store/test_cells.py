"""Cells: added, edited gesture by gesture, classified, undone, reviewed, approved; and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, text, update

from engine.types import BundleRef, CellResult, FileWarning, KaryotypeAlternative
from karyogui.model import karyogram
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement, placements_from_result, unplaced
from karyogui.model.recovery import Work
from karyogui.model.store.errors import ConflictError, ReadOnlyError, StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.schema import PixelsRow
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State, StoredCell

DrawnCell = tuple[Cell, CellResult]
Fill = Callable[..., tuple[Case, list[CellRecord]]]


def work_of(drawn: DrawnCell) -> Work:
    cell, result = drawn
    return Work(cell.with_result(result), placements_from_result(cell, result), result.bundle, result.alternatives)


@pytest.fixture
def case(library: Library) -> Case:
    return library.cases.create("A", "Ann")


@pytest.fixture
def added(library: Library, case: Case, few: DrawnCell) -> CellRecord:
    return library.cells.add(case.id, few[0], "Ann")


@pytest.fixture
def record(library: Library, added: CellRecord, few: DrawnCell) -> CellRecord:
    """A classified cell."""
    return library.cells.save_result(added.id, work_of(few), "Ann")


def actions(library: Library, case: Case) -> list[str]:
    assert library.cases.check_trail(case.id) is None
    return [entry.action for entry in library.cases.trail(case.id)]


def same_pixels(one: Chromosome, other: Chromosome) -> bool:
    return bool(np.allclose(one.pixels, other.pixels, rtol=0, atol=1e-5)) and np.array_equal(one.mask, other.mask)


def move(stored: StoredCell, number: int, label: str | None) -> tuple[Placement, ...]:
    return karyogram.move(stored.placements, {number}, label)


def test_a_new_cell_comes_back(library: Library, case: Case, few: DrawnCell) -> None:
    cell = replace(few[0], paths=(Path("/scan/cell 1"),), warnings=(FileWarning("x.png", "It is empty."),))
    record = library.cells.add(case.id, cell, "Ann")
    assert (record.state, record.chromosomes, record.counts.total, record.karyotype) == (State.NEW, 6, 0, "")
    stored = library.cells.load(record.id)
    assert stored.record == record == library.cells.record(record.id)
    assert (stored.cell.name, stored.cell.stain) == ("cell", "g")
    assert (stored.cell.paths, stored.cell.warnings) == (cell.paths, cell.warnings)
    assert stored.placements == unplaced(cell)
    assert (stored.bundle, stored.alternatives, stored.annotations, stored.view) == (None, (), (), {})
    for one, other in zip(stored.cell.chromosomes, cell.chromosomes, strict=True):
        assert (one.id, one.source, one.prediction) == (other.id, other.source, None)
        assert same_pixels(one, other)


def test_pixels_stored_again_are_the_same_to_the_last_bit(library: Library, case: Case, added: CellRecord) -> None:
    first = library.cells.load(added.id)
    second = library.cells.load(library.cells.add(case.id, first.cell, "Ann").id)
    for one, other in zip(first.cell.chromosomes, second.cell.chromosomes, strict=True):
        np.testing.assert_array_equal(one.pixels, other.pixels, strict=True)
    hashes = [e.facts()["pixels"] for e in library.cases.trail(case.id) if e.action == "cell added"]
    assert hashes[0] == hashes[1]
    assert len(set(hashes[0])) > 1


def test_a_result_and_what_it_says(library: Library, case: Case, added: CellRecord, few: DrawnCell) -> None:
    reading = KaryotypeAlternative("46,X,+21", 0.7, ("1", None, "X", "X", "Y", None))
    work = replace(work_of(few), alternatives=(reading,))
    record = library.cells.save_result(added.id, work, "Ann", revision=added.revision)
    stored = library.cells.load(added.id)
    assert (record.state, record.revision) == (State.CLASSIFIED, 2)
    assert (record.counts.count("1"), record.counts.total, record.chromosomes) == (2, 5, 6)
    assert (stored.bundle, stored.alternatives) == (BundleRef("test", "1"), (reading,))
    assert stored.placements == work.placements
    assert [c.prediction for c in stored.cell.chromosomes] == [c.prediction for c in work.cell.chromosomes]
    assert library.cells.corrections(added.id) == ()  # a bundle corrects nothing
    assert actions(library, case) == ["case created", "cell added", "classified"]


def test_a_gesture_is_kept_with_its_corrections(library: Library, case: Case, record: CellRecord) -> None:
    stored = library.cells.load(record.id)
    assert library.cells.corrections(record.id) == ()
    after = move(stored, 2, "22")
    saved = library.cells.save_placements(record.id, after, "Bo", "Move to 22", record.revision)
    assert (saved.state, saved.revision) == (State.IN_REVIEW, record.revision + 1)
    assert (saved.counts.count("21"), saved.counts.count("22")) == (0, 1)
    assert saved.karyotype != record.karyotype
    (correction,) = library.cells.corrections(record.id)
    assert (correction.chromosome_id, correction.user) == (2, "Bo")
    assert (correction.label_before, correction.label_after) == ("21", "22")
    found = {p.chromosome_id: p for p in library.cells.load(record.id).placements}
    assert all(found[p.chromosome_id] == p for p in after)
    entry = library.cases.trail(case.id)[-1]
    assert (entry.user, entry.cell, entry.facts()["gesture"]) == ("Bo", "cell", "Move to 22")
    # The undo is a gesture, too: everything is as before, but for the trail.
    library.cells.save_placements(record.id, stored.placements, "Bo", "Undo")
    assert library.cells.load(record.id).placements == stored.placements
    assert len(library.cells.corrections(record.id)) == 2


def test_turning_is_a_correction_and_changing_nothing_is_none(library: Library, case: Case, record: CellRecord) -> None:
    stored = library.cells.load(record.id)
    library.cells.save_placements(record.id, karyogram.flip(stored.placements, {1}), "Bo", "Flip")
    (correction,) = library.cells.corrections(record.id)
    assert (correction.rotation_before, correction.rotation_after, correction.label_after) == (0.0, 180.0, "1")
    count = len(actions(library, case))
    now = library.cells.load(record.id)
    again = library.cells.save_placements(record.id, now.placements, "Bo", "Nothing")
    assert again == now.record
    assert len(actions(library, case)) == count


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param([Placement(2, "22", 1)], id="gap"),
        pytest.param([Placement(99, "1", 2)], id="unknown chromosome"),
        pytest.param([Placement(0, "1", 0), Placement(1, "1", 0)], id="two in one place"),
    ],
)
def test_placements_that_do_not_fit_change_nothing(
    library: Library, case: Case, record: CellRecord, wrong: list[Placement]
) -> None:
    before, trail = library.cells.load(record.id), actions(library, case)
    with pytest.raises(ValueError, match="cell"):
        library.cells.save_placements(record.id, wrong, "Bo", "wrong")
    after = library.cells.load(record.id)
    assert (after.placements, after.record) == (before.placements, before.record)
    assert actions(library, case) == trail


def test_a_second_person_hears_of_the_first(library: Library, record: CellRecord) -> None:
    stored = library.cells.load(record.id)
    library.cells.save_placements(record.id, move(stored, 2, "22"), "Bo", "Move", record.revision)
    with pytest.raises(ConflictError, match="changed by somebody else"):
        library.cells.save_placements(record.id, move(stored, 2, "X"), "Ann", "Move", record.revision)
    assert library.cells.record(record.id).counts.count("22") == 1


def test_classified_again_and_undone(library: Library, record: CellRecord, few: DrawnCell) -> None:
    first = library.cells.load(record.id)
    before = Work(first.cell, first.placements, first.bundle, first.alternatives)
    newer = work_of((few[0], replace(few[1], bundle=BundleRef("test", "2"))))
    assert library.cells.save_result(record.id, newer, "Ann").state is State.CLASSIFIED
    assert library.cells.load(record.id).bundle == BundleRef("test", "2")
    library.cells.save_state(record.id, before, "Ann", "Undo: Classify again")
    assert library.cells.load(record.id).bundle == BundleRef("test", "1")
    library.cells.save_state(record.id, Work(few[0], unplaced(few[0])), "Ann", "Undo: Classify")
    undone = library.cells.load(record.id)
    assert (undone.bundle, undone.record.counts.total, undone.record.karyotype) == (None, 0, "")
    assert {c.prediction for c in undone.cell.chromosomes} == {None}
    library.cells.save_state(record.id, newer, "Ann", "Redo")
    assert library.cells.load(record.id).cell.chromosomes[0].prediction == newer.cell.chromosomes[0].prediction
    with library.database.reading() as session:  # nothing was written twice
        assert session.scalar(text("SELECT count(*) FROM classifications")) == 2


def test_cut_and_undone_without_touching_pixels(library: Library, record: CellRecord) -> None:
    stored = library.cells.load(record.id)
    before = Work(stored.cell, stored.placements, stored.bundle, stored.alternatives)
    whole = stored.cell.chromosomes[1]
    half = whole.pixels.shape[0] // 2
    pieces = (
        Chromosome(6, "1a", whole.pixels[:half], whole.mask[:half], origin=(0, 0)),
        Chromosome(7, "1b", whole.pixels[half:], whole.mask[half:], origin=(0, half)),
    )
    kept = tuple(c for c in stored.cell.chromosomes if c.id != 1)
    cell = replace(stored.cell, chromosomes=(*kept, *pieces))
    placements = [p for p in stored.placements if p.chromosome_id != 1]
    placements = [replace(p, order=0) if p.label == "1" else p for p in placements]
    notes = (Annotation(0, 7, "arrow", "", 1, 2, 3, 4),)
    placements += [Placement(6, None, 1), Placement(7, None, 2)]
    cut = library.cells.save_state(record.id, Work(cell, tuple(placements), stored.bundle, (), notes), "Bo", "Cut")
    assert (cut.chromosomes, cut.state) == (7, State.IN_REVIEW)
    after = library.cells.load(record.id)
    assert [c.id for c in after.cell.chromosomes] == [0, 2, 3, 4, 5, 6, 7]
    assert same_pixels(after.cell.chromosome(7), pieces[1])
    assert [c.origin for c in after.cell.chromosomes] == [None] * 5 + [(0, 0), (0, half)]
    assert after.annotations == (Annotation(0, 7, "arrow", "", 1, 2, 3, 4),)
    assert library.cells.save_state(record.id, before, "Bo", "Undo: Cut").chromosomes == 6
    undone = library.cells.load(record.id)
    assert (undone.placements, undone.annotations) == (stored.placements, ())
    assert [c.id for c in undone.cell.chromosomes] == [0, 1, 2, 3, 4, 5]
    assert undone.cell.chromosome(1).prediction == whole.prediction
    with library.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM pixels")) == 8


def test_other_pixels_under_a_known_number_are_refused(library: Library, case: Case, record: CellRecord) -> None:
    stored = library.cells.load(record.id)
    first = stored.cell.chromosomes[0]
    painted = replace(first, pixels=first.pixels * np.float32(0.9))
    cell = replace(stored.cell, chromosomes=(painted, *stored.cell.chromosomes[1:]))
    with pytest.raises(ValueError, match="other pixels than before"):
        library.cells.save_state(record.id, Work(cell, stored.placements, stored.bundle), "Bo", "Paint")
    assert actions(library, case)[-1] == "classified"


@pytest.mark.parametrize("column", ["png", "mask_png"])
def test_pixels_changed_behind_our_back_are_found(file_library: Library, few: DrawnCell, column: str) -> None:
    case = file_library.cases.create("A", "Ann")
    record = file_library.cells.add(case.id, few[0], "Ann")
    with file_library.database.writing() as session:
        session.execute(text("DROP TRIGGER pixels_no_update"))
        four = select(PixelsRow).where(PixelsRow.number == 4)
        other = getattr(session.scalars(four).one(), column)
        session.execute(update(PixelsRow).where(PixelsRow.number == 3).values({column: other}))
    with pytest.raises(StoreError, match=r"34\.png in cell cell are not those that were imported"):
        file_library.cells.load(record.id)


def test_the_steps_of_a_cell(library: Library, case: Case, record: CellRecord) -> None:
    cells = library.cells
    with pytest.raises(StoreError, match="is classified; it cannot become approved"):
        cells.set_state(record.id, State.APPROVED, "Ann")
    assert cells.set_state(record.id, State.REVIEWED, "Ann").reviewed_by == "Ann"
    with pytest.raises(StoreError, match="another person must approve"):
        cells.set_state(record.id, State.APPROVED, "Ann ", second_person=True)
    approved = cells.set_state(record.id, State.APPROVED, "Bo", second_person=True)
    assert (approved.state, approved.reviewed_by, approved.approved_by) == (State.APPROVED, "Ann", "Bo")
    with pytest.raises(StoreError, match="needs a reason"):
        cells.set_state(record.id, State.IN_REVIEW, "Ann", reason="  ")
    reopened = cells.set_state(record.id, State.IN_REVIEW, "Ann", reason="a 7 is an X")
    assert (reopened.reviewed_by, reopened.approved_by) == (None, None)
    entry = library.cases.trail(case.id)[-1]
    assert (entry.action, entry.facts()["reason"]) == ("reopened", "a 7 is an X")
    assert actions(library, case)[-3:] == ["reviewed", "approved", "reopened"]


def test_reviewed_cells_are_approved_together_and_the_others_stay(library: Library, case: Case, few: DrawnCell) -> None:
    numbers = [library.cells.add(case.id, replace(few[0], name=f"cell {n}"), "Ann").id for n in range(4)]
    for number, user in zip(numbers[:3], ("Ann", "Bo", "Ann"), strict=True):
        library.cells.set_state(number, State.IN_REVIEW, user)
        library.cells.set_state(number, State.REVIEWED, user)
    lines = len(library.cases.trail(case.id))
    approved = library.cells.approve([*reversed(numbers), 999], " Bo", second_person=True)
    assert [(each.id, each.approved_by) for each in approved] == [(numbers[0], "Bo"), (numbers[2], "Bo")]
    states = [record.state for record in library.cells.records(case.id)]
    assert states == [State.APPROVED, State.REVIEWED, State.APPROVED, State.NEW]
    entries = library.cases.trail(case.id)[lines:]
    assert [(entry.user, entry.action, entry.cell) for entry in entries] == [
        ("Bo", "approved", "cell 0"),
        ("Bo", "approved", "cell 2"),
    ]
    assert library.cells.approve(numbers, "Bo", second_person=True) == ()  # once more: nothing is left to do
    assert [each.id for each in library.cells.approve(numbers, "Bo")] == [numbers[1]]
    assert library.check() == []


def test_nobody_approves_several_cells_without_a_name(library: Library, case: Case, record: CellRecord) -> None:
    library.cells.set_state(record.id, State.REVIEWED, "Ann")
    with pytest.raises(StoreError):
        library.cells.approve([record.id], " ")
    assert library.cells.record(record.id).state is State.REVIEWED


def test_a_correction_takes_a_review_back(library: Library, record: CellRecord) -> None:
    library.cells.set_state(record.id, State.REVIEWED, "Ann")
    stored = library.cells.load(record.id)
    saved = library.cells.save_placements(record.id, move(stored, 2, None), "Bo", "To the tray")
    assert (saved.state, saved.reviewed_by) == (State.IN_REVIEW, None)


def test_an_approved_cell_can_only_be_looked_at(library: Library, record: CellRecord, few: DrawnCell) -> None:
    cells, number = library.cells, record.id
    cells.set_state(number, State.REVIEWED, "Ann")
    cells.set_state(number, State.APPROVED, "Bo")
    stored = cells.load(number)
    changes: list[Callable[[], Any]] = [
        lambda: cells.save_placements(number, move(stored, 2, "22"), "Bo", "Move"),
        lambda: cells.save_result(number, work_of(few), "Bo"),
        lambda: cells.save_state(number, Work(few[0], unplaced(few[0])), "Bo", "Undo"),
        lambda: cells.save_sheet(number, SheetEntry(counted=True), "Bo"),
        lambda: cells.save_karyotype(number, "46,XX", (), "Bo"),
        lambda: cells.save_annotations(number, (), "Bo", "Delete"),
        lambda: cells.rename(number, "other", "Bo"),
        lambda: cells.delete(number, "Bo"),
    ]
    for change in changes:
        with pytest.raises(ReadOnlyError, match="is approved; reopen it"):
            change()
    cells.save_view(number, {"zoom": 2.0})
    after = cells.load(number)
    assert (after.record, after.placements, after.view) == (stored.record, stored.placements, {"zoom": 2.0})


def test_sheet_karyotype_annotations(library: Library, record: CellRecord) -> None:
    entry = SheetEntry(counted=True, analysed=True, band_level=550, quality=4, note="overlap at 3")
    assert library.cells.save_sheet(record.id, entry, "Ann").sheet == entry
    by_hand = library.cells.save_karyotype(record.id, "5,XY,del(1)(q21)", ["del(1)(q21)"], "Ann")
    assert (by_hand.karyotype, by_hand.structural) == ("5,XY,del(1)(q21)", ("del(1)(q21)",))
    stored = library.cells.load(record.id)
    moved = library.cells.save_placements(record.id, move(stored, 2, "22"), "Ann", "Move")
    assert moved.karyotype == "5,XY,del(1)(q21)"  # hers stays until she takes it back
    follows = library.cells.save_karyotype(record.id, None, [], "Ann")
    assert (follows.karyotype_by_hand, follows.karyotype != by_hand.karyotype) == (False, True)


def test_annotations_and_where_they_point(library: Library, case: Case, record: CellRecord) -> None:
    text, arrow = Annotation(0, 2, "text", "gap", 0.5, -3.25, 20.0, 0.0), Annotation(1, 0, "arrow", "", 0, 1, 2, 3)
    library.cells.save_annotations(record.id, [text, arrow], "Ann", "Add an arrow")
    assert library.cells.load(record.id).annotations == (text, arrow)
    before = len(actions(library, case))
    library.cells.save_annotations(record.id, [arrow, text], "Ann", "Nothing")
    assert len(actions(library, case)) == before
    for wrong in ([replace(text, chromosome_id=77)], [text, replace(arrow, id=0)]):
        with pytest.raises(ValueError, match="annotation"):
            library.cells.save_annotations(record.id, wrong, "Ann", "wrong")
    assert library.cells.load(record.id).annotations == (text, arrow)
    library.cells.save_annotations(record.id, [], "Ann", "Delete")
    assert library.cells.load(record.id).annotations == ()


@pytest.mark.parametrize("wrong", [{"band_level": 0}, {"band_level": 5000}, {"quality": 0}, {"quality": 6}])
def test_a_sheet_keeps_to_its_ranges(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        SheetEntry(**wrong)  # type: ignore[arg-type]


def test_copies_of_one_label_over_the_case(library: Library, filled: Fill) -> None:
    case, records = filled(library, "B", ["21", "1", "21"], ["1"], ["21", None])
    found = library.cells.copies(case.id, "21")
    assert [(r.id, p.order) for r, _, p in found] == [(records[0].id, 0), (records[0].id, 1), (records[2].id, 0)]
    assert all(c.id == p.chromosome_id for _, c, p in found)
    assert same_pixels(found[0][1], library.cells.load(records[0].id).cell.chromosomes[0])
    assert [r.id for r, _, _ in library.cells.copies(case.id, None)] == [records[2].id]
    assert [r.position for r in library.cells.records(case.id)] == [0, 1, 2]


def test_thumbnails_follow_the_cell(library: Library, case: Case, added: CellRecord, few: DrawnCell) -> None:
    new = library.cells.thumbnails(case.id)
    assert new[added.id].startswith(b"\x89PNG")
    library.cells.save_result(added.id, work_of(few), "Ann")
    assert library.cells.thumbnails(case.id)[added.id] != new[added.id]


def test_renamed_and_deleted(library: Library, case: Case, record: CellRecord) -> None:
    assert library.cells.rename(record.id, "7b", "Ann").name == "7b"
    library.cells.delete(record.id, "Ann")
    assert library.cells.records(case.id) == ()
    assert library.check() == []
    entry = library.cases.trail(case.id)[-1]
    assert (entry.action, entry.cell) == ("cell deleted", "7b")
    with pytest.raises(StoreError, match="no longer in the library"):
        library.cells.load(record.id)


def test_what_is_no_chromosome_is_refused_whole(library: Library, case: Case, few: DrawnCell) -> None:
    empty = replace(few[0].chromosomes[5], pixels=np.zeros((9000, 1), np.float32), mask=np.ones((9000, 1), np.bool_))
    cell = replace(few[0], chromosomes=(*few[0].chromosomes[:5], empty))
    with pytest.raises(StoreError, match="cannot be kept"):
        library.cells.add(case.id, cell, "Ann")
    assert library.cells.records(case.id) == ()
    assert actions(library, case) == ["case created"]
