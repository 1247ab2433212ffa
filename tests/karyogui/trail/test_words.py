"""The trail in words: every line the store writes, and lines nobody can read."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.types import BundleRef
from karyogui.model import karyogram
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.recovery import Work
from karyogui.model.store.casefile import export_case, import_case
from karyogui.model.store.library import Library
from karyogui.model.store.trail import Entry
from karyogui.model.store.values import SheetEntry, State
from karyogui.trail.words import Kind, kind_of, kind_word, words


def line(action: str, **details: object) -> Entry:
    return Entry(1, "2026-11-26T10:00:00.000000+00:00", "Ann", action, "cell 1", json.dumps(details), "")


def drawn(count: int = 4) -> Cell:
    mask = np.ones((30, 8), dtype=np.bool_)
    return Cell(
        "cell 1",
        "g",
        tuple(Chromosome(n, f"{n}.png", mask.astype(np.float32) * (n + 1) / 9, mask) for n in range(count)),
    )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library.sqlite")
    yield opened
    opened.close()


def test_every_act_of_the_store_is_told_in_words(library: Library, tmp_path: Path) -> None:
    """Written by the store itself: a change of what it writes is noticed here."""
    cases, cells = library.cases, library.cells
    case = cases.create("B26", "Ann")
    cell = drawn()
    record = cells.add(case.id, replace(cell, paths=tuple(Path(f"{n}.png") for n in range(4))), "Ann")
    at = karyogram.unplaced(cell)
    work = Work(cell, at, BundleRef("g-default", "0.1"))
    cells.save_result(record.id, work, "Ann")
    cells.save_placements(record.id, karyogram.move(at, {2}, "21"), "Ann", "Move to 21")
    at = cells.load(record.id).placements
    cells.save_placements(record.id, karyogram.flip(at, {2}), "Ann", "Flip")
    at = cells.load(record.id).placements
    cells.save_placements(record.id, karyogram.accept(at, {0, 1, 2, 3}), "Ann", "Accept")
    fewer = Cell("cell 1", "g", cell.chromosomes[:3])
    left = karyogram.move(cells.load(record.id).placements[:3], {0}, "1")
    whole = {p.chromosome_id: p for p in (*cells.load(record.id).placements[:3], *left)}
    cells.save_state(record.id, Work(fewer, tuple(whole.values()), None), "Ann", "Join")
    cells.save_annotations(record.id, [Annotation(0, 1, "text", "gap", 0, 0, 5, 5)], "Ann", "Add text")
    cells.save_sheet(record.id, SheetEntry(counted=True, band_level=550, note="odd"), "Ann")
    cells.save_sheet(record.id, SheetEntry(band_level=550), "Ann")
    cells.save_karyotype(record.id, "46,XX", (), "Ann")
    cells.rename(record.id, "slide 9", "Ann")
    cells.set_state(record.id, State.REVIEWED, "Ann")
    cells.set_state(record.id, State.APPROVED, "Bo")
    cells.set_state(record.id, State.IN_REVIEW, "Bo", reason="wrong slide")
    cells.note_export(record.id, "Bo", kind="karyogram", file="k.png")
    cells.delete(record.id, "Ann")
    cases.rename(case.id, "B27", "Ann")
    cases.save(replace(cases.get(case.id), constitutional=False, sex="XY", specimen={"Tissue": "marrow"}), "Ann")
    cases.save(replace(cases.get(case.id), karyotype="46,XY[20]", specimen={}, note="hm"), "Ann")
    cases.note_export(case.id, "Ann", kind="report", file="r.pdf")
    export_case(library, case.id, tmp_path / "c.karyo", "Ann", anonymous=True)
    entries = cases.trail(case.id)
    told = [words(entry) for entry in entries]
    assert told == [
        "Case B26 begun",
        "Imported with 4 chromosomes from 4 files",
        "Classified with g-default 0.1",
        "Move to 21: no. 3 from the tray to 21, 1 more",
        "Flip: no. 3 turned by 180°",
        "Accept: no. 1 left in the tray, no. 2 left in the tray, no. 4 left in the tray",
        "Join: put aside: no. 4, no. 1 from the tray to 1, 1 more",
        "Add text: “gap”",
        "counted, band level: 550, note: odd",
        "not counted, note removed",
        f"Karyotype 46,XX, before {entries[10].facts()['before'][0]}",
        "cell 1 is now slide 9",
        "Marked as reviewed",
        "Approved",
        "Reopened: wrong slide",
        "Karyogram written to k.png",
        "Deleted with 3 chromosomes",
        "Case B26 is now B27",
        "kind of change: acquired, sex: XY, Tissue: marrow",
        "karyotype of the case: 46,XY[20], note: hm, Tissue removed",
        "Report written to r.pdf",
        "Case file written to c.karyo, anonymous",
    ]
    assert {kind_of(entry) for entry in entries} == set(Kind)


def test_a_case_that_came_as_a_file(library: Library, tmp_path: Path) -> None:
    case = library.cases.create("B26", "Ann")
    export_case(library, case.id, tmp_path / "c.karyo", "Ann")
    library.cases.delete(case.id, "Ann")
    made = import_case(library, tmp_path / "c.karyo", "Bo")
    last = library.cases.trail(made.id)[-1]
    assert (words(last), kind_of(last)) == ("Imported from c.karyo as B26", Kind.IMPORT)


def test_many_changes_are_counted() -> None:
    changes = [
        {"chromosome": n, "before": ["1", 0, 0.0, False, 0.5, False], "after": ["2", 0, 0.0, False, 0.5, True]}
        for n in range(6)
    ]
    told = words(line("placements changed", gesture="Swap classes", changes=changes))
    assert told == "Swap classes: no. 1 from 1 to 2, no. 2 from 1 to 2, no. 3 from 1 to 2, 3 more"


@pytest.mark.parametrize(
    "entry", [line("sung"), line("classified", bundle=None), line("sheet changed", before=1, after=2)]
)
def test_what_cannot_be_read_is_shown_as_it_is(entry: Entry) -> None:
    assert words(entry) == f"{entry.action}: {entry.details}"


@given(
    st.sampled_from(["placements changed", "cell changed", "exported", "case changed", "karyotype changed"]), st.text()
)
def test_damaged_details_never_stop_the_table(action: str, details: str) -> None:
    assert words(replace(line(action), details=details))


def test_every_kind_has_a_word() -> None:
    assert len({kind_word(kind) for kind in Kind}) == len(Kind)
