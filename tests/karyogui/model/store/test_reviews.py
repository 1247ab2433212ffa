"""What of a case somebody must still look at, and which bundles are behind it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.types import BundleRef
from karyogui.model import karyogram
from karyogui.model.recovery import Work
from karyogui.model.review import ids_to_review
from karyogui.model.store.library import Library
from karyogui.model.store.values import StoredCell

Draw = Callable[..., Any]


def stored(library: Library, drawn: Any, case_id: int) -> StoredCell:
    cell, result = drawn
    record = library.cells.add(case_id, cell, "Ann")
    placements = karyogram.placements_from_result(cell, result)
    library.cells.save_result(record.id, Work(cell.with_result(result), placements, result.bundle), "Ann")
    return library.cells.load(record.id)


def to_review(cell: StoredCell) -> list[int]:
    return ids_to_review(cell.cell, {p.chromosome_id: p for p in cell.placements})


def test_the_same_chromosomes_as_the_karyogram_marks(library: Library, draw: Draw) -> None:
    case = library.cases.create("A", "Ann")
    doubtful = stored(library, draw(["1", "2", "3", None], [0.95, 0.7, 0.3, 0.99]), case.id)
    sure = stored(library, draw(["1", "2"]), case.id)
    found = library.reviews.unreviewed(case.id)
    assert found == {doubtful.record.id: (3, 2, 1)}
    assert list(found[doubtful.record.id]) == to_review(doubtful)
    assert sure.record.id not in found


def test_what_a_person_decided_is_reviewed(library: Library, draw: Draw) -> None:
    case = library.cases.create("A", "Ann")
    cell = stored(library, draw(["1", "2", None], [0.5, 0.5, 0.5]), case.id)
    library.cells.save_placements(cell.record.id, karyogram.accept(cell.placements, {0, 2}), "Ann", "Accept")
    assert library.reviews.unreviewed(case.id) == {cell.record.id: (1,)}


def test_a_piece_the_engine_has_not_seen_asks_for_a_look(library: Library, draw: Draw) -> None:
    case = library.cases.create("A", "Ann")
    before = stored(library, draw(["1", "2", "3"], [0.99, 0.7, 0.99]), case.id)
    old = before.cell.chromosomes[2]
    piece = replace(old, id=3, pixels=old.pixels[:-2], mask=old.mask[:-2], prediction=None)
    cell = replace(before.cell, chromosomes=(*before.cell.chromosomes[:2], piece))
    placements = (*before.placements[:2], replace(before.placements[2], chromosome_id=3))
    work = Work(cell, placements, before.bundle)
    library.cells.save_state(before.record.id, work, "Ann", "Cut off")
    after = library.cells.load(before.record.id)
    assert library.reviews.unreviewed(case.id) == {after.record.id: (1, 3)}
    assert to_review(after) == [1, 3]
    library.cells.save_placements(after.record.id, karyogram.accept(after.placements, {3}), "Ann", "Accept")
    assert library.reviews.unreviewed(case.id) == {after.record.id: (1,)}


def test_a_cell_placed_by_hand_asks_for_nothing(library: Library, draw: Draw) -> None:
    """Nobody was asked about it; that it is reviewed is for its state to say."""
    case = library.cases.create("A", "Ann")
    cell, _ = draw(["1", "2"])
    record = library.cells.add(case.id, cell, "Ann")
    placements = library.cells.load(record.id).placements
    library.cells.save_placements(record.id, karyogram.move(placements, {1}, "2"), "Ann", "Move to 2")
    assert library.reviews.unreviewed(case.id) == {}


def test_only_the_classification_that_is_shown_counts(library: Library, draw: Draw) -> None:
    case = library.cases.create("A", "Ann")
    cell = stored(library, draw(["1", "2"], [0.4, 0.4]), case.id)
    again, result = draw(["1", "2"])
    work = Work(again.with_result(result), cell.placements, BundleRef("other", "2"))
    library.cells.save_result(cell.record.id, work, "Ann")
    assert library.reviews.unreviewed(case.id) == {}
    assert library.reviews.bundles(case.id) == (BundleRef("other", "2"),)


def test_another_case_is_another_case(library: Library, draw: Draw) -> None:
    first, second = library.cases.create("A", "Ann"), library.cases.create("B", "Ann")
    stored(library, draw(["1"], [0.2]), first.id)
    assert library.reviews.unreviewed(second.id) == {}
    assert library.reviews.bundles(second.id) == ()
