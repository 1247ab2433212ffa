"""The trail: any line changed, moved, added or taken away is found, down to a single byte of the file."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from karyogui.model.store import trail
from karyogui.model.store.errors import StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.trail import Entry
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State

COLUMNS = ("chain", "number", "at", "user", "action", "cell", "details", "hash")
quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, draw: Callable[..., Any]) -> Path:
    """A library file in which two people worked on one case, unlocked as an attacker would."""
    path = tmp_path_factory.mktemp("trail") / "library.sqlite"
    library = Library.open(path)
    case = library.cases.create("A", "Ann")
    cell = library.cells.add(case.id, draw(["1", "21"])[0], "Ann")
    for number in range(4):
        library.cells.save_sheet(cell.id, SheetEntry(note=f"nöte {number}"), "Bo")
    library.cells.set_state(cell.id, State.IN_REVIEW, "Ann")
    with library.database.writing() as session:
        session.execute(text("DROP TRIGGER trail_no_update"))
        session.execute(text("DROP TRIGGER trail_no_delete"))
    assert library.check() == []
    library.close()
    return path


@pytest.fixture(scope="module")
def copy(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Library]:
    """A function that opens a fresh copy."""
    folder = tmp_path_factory.mktemp("copies")

    def opened() -> Library:
        for old in folder.glob("copy.sqlite*"):
            old.unlink()
        return Library.open(shutil.copy(worked, folder / "copy.sqlite"))

    return opened


def lines(library: Library) -> tuple[Entry, ...]:
    return library.cases.trail(library.cases.find()[0].case.id)


def test_a_trail_tells_who_did_what(copy: Callable[[], Library]) -> None:
    library = copy()
    found = lines(library)
    library.close()
    assert [(e.number, e.user, e.action) for e in found] == [
        (1, "Ann", "case created"),
        (2, "Ann", "cell added"),
        *((n, "Bo", "sheet changed") for n in range(3, 7)),
        (7, "Ann", "in review"),
    ]
    assert found[2].facts()["after"]["note"] == "nöte 0"
    assert found == tuple(sorted(found, key=lambda e: e.at))
    assert trail.check_entries(found) is None


@quick
@given(st.data())
def test_any_field_changed_to_anything_is_found(copy: Callable[[], Library], data: st.DataObject) -> None:
    library = copy()
    try:
        column = data.draw(st.sampled_from(COLUMNS))
        line = data.draw(st.integers(1, 7))
        with library.database.reading() as session:
            before = session.scalar(text(f"SELECT CAST({column} AS BLOB) FROM trail WHERE number = {line}"))  # noqa: S608
        place = data.draw(st.integers(0, max(0, len(before) - 1)))
        byte = data.draw(st.integers(0, 255).filter(lambda value: bytes([value]) != before[place : place + 1]))
        after = before[:place] + bytes([byte]) + before[place + 1 :]
        changed = f"UPDATE trail SET {column} = CAST(x'{after.hex()}' AS TEXT) WHERE number = {line}"  # noqa: S608
        try:
            with library.database.writing() as session:
                session.execute(text(changed))
        except StoreError:
            return  # a number that is there already: the database does not take it
        with library.database.reading() as session:
            kept = session.scalar(text(f"SELECT count(*) FROM trail WHERE CAST({column} AS BLOB) = x'{before.hex()}'"))  # noqa: S608
        if column == "number" and kept == 1:
            return  # " 3" or "3." is the number 3 again when the database takes it
        assert library.check() != []
    finally:
        library.close()


@quick
@given(st.data())
def test_any_byte_of_the_file_changed_is_found_or_changes_nothing(
    worked: Path, copy: Callable[[], Library], data: st.DataObject
) -> None:
    library = copy()
    whole = lines(library)
    library.close()
    path = Path(str(library.database.url.database))
    content = bytearray(path.read_bytes())
    # Half of the bytes are drawn from where the trail lies, half from anywhere.
    spots = [content.find(e.details.encode()) for e in whole] + [content.find(e.hash.encode()) for e in whole]
    near = st.builds(lambda spot, step: spot + step, st.sampled_from(spots), st.integers(-90, 90))
    place = data.draw(near | st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        damaged = Library.open(path)
    except StoreError:
        return
    try:
        if damaged.check() == []:
            assert lines(damaged) == whole
    except StoreError:
        return
    finally:
        damaged.close()


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM trail WHERE number = 1",
        "DELETE FROM trail WHERE number = 4",
        "DELETE FROM trail WHERE number = 7",  # the end, which only the head remembers
        "DELETE FROM trail",
        "DELETE FROM trail_heads",
        "UPDATE trail_heads SET length = 6",
        "UPDATE trail_heads SET hash = 'x'",
        "UPDATE trail SET number = number + 100",
        "INSERT INTO trail SELECT chain, 8, at, user, action, cell, details, hash FROM trail WHERE number = 7",
        "UPDATE trail SET user = x'FF00' WHERE number = 2",
        "UPDATE trail SET details = CAST(x'FFFE' AS TEXT) WHERE number = 2",
        "UPDATE cases SET uid = 'another'",
        "UPDATE cases SET chain = 'another'",
    ],
)
def test_attacks(copy: Callable[[], Library], attack: str) -> None:
    library = copy()
    with library.database.writing() as session:
        session.execute(text(attack))
    assert len(library.check()) >= 1
    library.close()


def test_two_lines_exchanged_are_found(copy: Callable[[], Library]) -> None:
    library = copy()
    with library.database.writing() as session:
        for before, after in ((3, 99), (4, 3), (99, 4)):
            session.execute(text(f"UPDATE trail SET number = {after} WHERE number = {before}"))  # noqa: S608
    place = library.cases.check_trail(library.cases.find()[0].case.id)
    assert place is not None
    assert (place.number, "changed" in place.reason) == (3, True)
    library.close()


def test_a_trail_put_in_the_place_of_another_is_found(library: Library) -> None:
    first, second = library.cases.create("A", "Ann"), library.cases.create("B", "Ann")
    with library.database.writing() as session:
        session.execute(text(f"UPDATE cases SET chain = 'x' WHERE id = {first.id}"))  # noqa: S608
        chain = session.scalar(text(f"SELECT chain FROM cases WHERE id = {second.id}"))  # noqa: S608
        session.execute(text(f"UPDATE cases SET chain = 'y' WHERE id = {second.id}"))  # noqa: S608
        session.execute(text(f"UPDATE cases SET chain = '{chain}' WHERE id = {first.id}"))  # noqa: S608
    place = library.cases.check_trail(first.id)
    assert place is not None
    assert place.reason == "the trail is that of another case"


def test_csv_holds_every_line_and_no_formula(
    library: Library, filled: Callable[..., tuple[Case, list[CellRecord]]], tmp_path: Path
) -> None:
    case, (cell,) = filled(library, "A", ["1"])
    library.cells.save_sheet(cell.id, SheetEntry(note='comma, "quote"\nline'), "=HYPERLINK(1)")
    library.cases.note_export(case.id, "Ann", kind="trail")
    path = tmp_path / "trail.csv"
    found = library.cases.trail(case.id)
    trail.write_csv(path, found)
    with path.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [row["hash"] for row in table] == [e.hash for e in found]
    assert json.loads(table[3]["details"])["after"]["note"] == 'comma, "quote"\nline'
    assert table[3]["user"] == "'=HYPERLINK(1)"
    assert table[-1]["action"] == "exported"


def test_a_csv_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"trail\.csv cannot be written"):
        trail.write_csv(tmp_path / "file" / "trail.csv", [])


def test_details_that_are_no_json_have_no_facts() -> None:
    for details in ("{", "[1]", ""):
        assert Entry(1, "", "", "", "", details, "").facts() == {}
