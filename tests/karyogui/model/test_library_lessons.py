"""What a library teaches: what a person stands behind, by case; nothing the model said alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.types import CellResult
from karyogui.model import karyogram
from karyogui.model.cell import Cell
from karyogui.model.karyogram import placements_from_result
from karyogui.model.library_lessons import library_lessons, read_library
from karyogui.model.recovery import Work
from karyogui.model.store.errors import StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.values import CellRecord, State
from karyogui.model.teaching import LIBRARY

Drawn = Callable[..., tuple[Cell, CellResult]]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def classified(library: Library, draw: Drawn) -> Callable[[str], CellRecord]:
    """A function that puts a classified cell of 1, 1, 2 and Y into a case of its own."""

    def put(code: str) -> CellRecord:
        cell, result = draw(["1", "1", "2", "Y"])
        case = library.cases.create(code, "Ann")
        record = library.cells.add(case.id, cell, "Ann")
        work = Work(cell.with_result(result), placements_from_result(cell, result), result.bundle, ())
        return library.cells.save_result(record.id, work, "Ann")

    return put


def test_what_no_person_saw_teaches_nothing(library: Library, classified: Callable[[str], CellRecord]) -> None:
    classified("A")
    assert library_lessons(library) == []


def test_a_correction_counts_before_the_end_of_the_review(
    library: Library, classified: Callable[[str], CellRecord]
) -> None:
    record = classified("A")
    stored = library.cells.load(record.id)
    library.cells.save_placements(record.id, karyogram.assign(stored.placements, {2}, "3"), "Ann", "Move to 3")
    (cell,) = library_lessons(library)
    assert cell.labels == (None, None, "3", None)
    assert (cell.key, cell.group, cell.origin, cell.name) == ((LIBRARY, record.id), "A", LIBRARY, f"A / {record.name}")


def test_a_reviewed_or_approved_cell_counts_as_a_whole(
    library: Library, classified: Callable[[str], CellRecord]
) -> None:
    """She changed nothing and said that it is right: that is a confirmation of each label."""
    first, second = classified("A"), classified("B")
    for record in (first, second):
        library.cells.set_state(record.id, State.REVIEWED, "Ann")
    library.cells.set_state(second.id, State.APPROVED, "Bea")
    found = library_lessons(library)
    assert {cell.group: cell.labels for cell in found} == dict.fromkeys("AB", ("1", "1", "2", "Y"))
    assert all(angle is not None for cell in found for angle in cell.upright_deg)
    told: list[tuple[int, int, str]] = []
    assert [cell.group for cell in library_lessons(library, without={first.id}, report=lambda *t: told.append(t))] == [
        "B"
    ]
    assert told == [(0, 2, "B"), (1, 2, "A")]
    assert library_lessons(library, stain="q") == []


def test_a_file_is_read_and_none_is_made(
    library: Library, classified: Callable[[str], CellRecord], tmp_path: Path
) -> None:
    library.cells.set_state(classified("A").id, State.REVIEWED, "Ann")
    assert [cell.count for cell in read_library(str(tmp_path / "library.sqlite"))] == [4]
    with pytest.raises(StoreError, match="There is no library at"):
        read_library(str(tmp_path / "other.sqlite"))
    assert not (tmp_path / "other.sqlite").exists()
