"""Case files: out and in again, anonymous, refused, cancelled."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.progress import SilentReporter
from engine.types import CellResult
from karyogui.model.cell import Cell
from karyogui.model.store.casefile import export_case, import_case
from karyogui.model.store.errors import CaseFileError, StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.values import Case, StoredCell

DrawnCell = tuple[Cell, CellResult]
SECRETS = ("P-1936", "Müller", "/scan/Müller", "Dr Who", "gap at 3", "looked odd", "marrow", "Müller-7.png", "slide 9")
Content = Callable[[Library], dict[str, list[Any]]]
Fill = Callable[[Library, DrawnCell], Case]


@pytest.fixture
def case(library: Library, few: DrawnCell, fill_case: Fill) -> Case:
    return fill_case(library, few)


def cells_of(library: Library, case: Case) -> list[StoredCell]:
    return [library.cells.load(record.id) for record in library.cells.records(case.id)]


@pytest.fixture
def other(tmp_path: Path, new_file: Path) -> Library:
    """The library of somebody else."""
    path = tmp_path / "other.sqlite"
    path.write_bytes(new_file.read_bytes())
    return Library.open(path)


def test_a_case_goes_from_one_library_to_another(library: Library, other: Library, case: Case, tmp_path: Path) -> None:
    path = tmp_path / "case.karyo"
    export_case(library, case.id, path, "Dr Who")
    made = import_case(other, path, "Bo")
    assert (made.uid, made.code, made.created, made.note, made.sex) == (
        case.uid,
        "P-1936",
        case.created,
        "Müller",
        "XY",
    )
    for one, two in zip(cells_of(library, case), cells_of(other, made), strict=True):
        assert two.record.sheet == one.record.sheet
        assert (two.record.name, two.record.state, two.record.karyotype) == (
            one.record.name,
            one.record.state,
            one.record.karyotype,
        )
        assert (two.record.counts, two.record.chromosomes) == (one.record.counts, one.record.chromosomes)
        assert (two.placements, two.bundle, two.alternatives) == (one.placements, one.bundle, one.alternatives)
        assert (two.annotations, two.view) == (one.annotations, one.view)
        assert (two.cell.paths, two.cell.warnings) == (one.cell.paths, one.cell.warnings)
        for a, b in zip(one.cell.chromosomes, two.cell.chromosomes, strict=True):
            assert (a.id, a.source, a.prediction) == (b.id, b.source, b.prediction)
            np.testing.assert_array_equal(a.pixels, b.pixels, strict=True)
            np.testing.assert_array_equal(a.mask, b.mask, strict=True)
        assert library.cells.corrections(one.record.id) == other.cells.corrections(two.record.id)
    assert len(other.cells.corrections(cells_of(other, made)[0].record.id)) == 1
    before = library.cases.trail(case.id)
    assert before[-1].action == "exported"
    after = other.cases.trail(made.id)
    assert after[:-1] == before[:-1]
    assert (after[-1].action, after[-1].user) == ("case imported", "Bo")
    assert other.check() == library.check() == []
    assert list(other.cells.thumbnails(made.id)) == [r.id for r in other.cells.records(made.id)]
    # What comes from there can go on from there.
    export_case(other, made.id, tmp_path / "again.karyo", "Bo")
    other.cases.delete(made.id, "Bo")
    assert import_case(other, tmp_path / "again.karyo", "Bo").uid == case.uid
    assert other.check() == []
    other.close()


def test_an_anonymous_case_tells_nothing(library: Library, other: Library, case: Case, tmp_path: Path) -> None:
    path = tmp_path / "case.karyo"
    export_case(library, case.id, path, "Dr Who", anonymous=True)
    with zipfile.ZipFile(path) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist())
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    told = [secret for secret in (*SECRETS, case.uid) if secret.encode() in everything + path.read_bytes()]
    assert told == []
    made = import_case(other, path, "Bo")
    assert made.code.startswith("anonymous ")
    first, original = cells_of(other, made)[0], cells_of(library, case)[0]
    assert first.placements == original.placements
    assert first.record.karyotype == original.record.karyotype
    assert (first.record.sheet.band_level, first.record.name) == (550, "1")
    for a, b in zip(original.cell.chromosomes, first.cell.chromosomes, strict=True):
        np.testing.assert_array_equal(a.pixels, b.pixels, strict=True)
    assert [e.action for e in other.cases.trail(made.id)] == ["case imported"]
    assert other.check() == []
    export_case(library, case.id, path, "Dr Who", anonymous=True, code="study 4")
    assert import_case(other, path, "Bo").code == "study 4"
    other.close()


def test_a_case_that_is_here_already(
    library: Library, other: Library, case: Case, tmp_path: Path, content: Content
) -> None:
    path = tmp_path / "case.karyo"
    export_case(library, case.id, path, "Ann")
    before = content(library)
    with pytest.raises(CaseFileError, match="in the library already, as P-1936"):
        import_case(library, path, "Ann", code="another")
    assert content(library) == before
    other.cases.create("P-1936", "Bo")
    with pytest.raises(StoreError, match="There is a case P-1936 already"):
        import_case(other, path, "Bo")
    assert import_case(other, path, "Bo", code="P-1936 b").code == "P-1936 b"
    other.close()


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    library: Library, case: Case, tmp_path: Path, content: Content
) -> None:
    (tmp_path / "file").touch()
    before = content(library)
    with pytest.raises(StoreError, match=r"case\.karyo cannot be written"):
        export_case(library, case.id, tmp_path / "file" / "case.karyo", "Ann")
    assert content(library) == before  # nothing left the library, so the trail says nothing


class CancelAfter(SilentReporter):
    """Asks to stop when it is asked for the n-th time."""

    def __init__(self, times: int) -> None:
        self.times = times

    def check_cancelled(self) -> None:
        self.times -= 1
        if self.times < 0:
            raise Cancelled


@pytest.mark.parametrize("times", [0, 1, 2])
def test_cancelled_is_as_if_never_asked(
    file_library: Library, other: Library, few: DrawnCell, tmp_path: Path, times: int, content: Content, fill_case: Fill
) -> None:
    case, path = fill_case(file_library, few), tmp_path / "case.karyo"
    export_case(file_library, case.id, path, "Ann")
    before, file = content(other), path.read_bytes()
    with pytest.raises(Cancelled):
        import_case(other, path, "Bo", reporter=CancelAfter(times))
    with pytest.raises(Cancelled):
        export_case(file_library, case.id, path, "Ann", anonymous=True, reporter=CancelAfter(times))
    assert content(other) == before
    assert path.read_bytes() == file
    other.close()
