"""Opening: new, known, foreign, newer and damaged databases; one schema in code and in migrations."""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from engine.types import ChromosomeResult
from karyogui.model.annotation import Annotation
from karyogui.model.karyogram import Placement
from karyogui.model.store import trail
from karyogui.model.store.database import Database
from karyogui.model.store.errors import StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.migrations.revision import HEAD
from karyogui.model.store.schema import AnnotationRow, Base, PlacementRow, PredictionRow


def test_models_and_migrations_agree(library: Library) -> None:
    with library.database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(session.connection()).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", "karyogui.model.store:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_tables_hold_every_field_of_the_values() -> None:
    placement = {f.name for f in fields(Placement)} - {"chromosome_id"}
    assert {c.name for c in PlacementRow.__table__.columns} == placement | {"cell_id", "number"}
    annotation = {f.name for f in fields(Annotation)} - {"chromosome_id"}
    assert {c.name for c in AnnotationRow.__table__.columns} == annotation | {"cell_id", "number"}
    prediction = {f.name for f in fields(ChromosomeResult)}
    assert {c.name for c in PredictionRow.__table__.columns} == prediction | {"classification_id", "cell_id", "number"}


def test_reopened_it_is_the_same_library(address: str) -> None:
    first = Library.open(address)
    case = first.cases.create("A 1", "Ann")
    first.close()
    again = Library.open(address)
    assert again.cases.get(case.id) == case
    assert again.check() == []
    again.close()


def test_a_file_is_safe_against_being_killed(file_library: Library) -> None:
    with file_library.database.reading() as session:
        settings = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert settings == ["wal", 2, 1]


def test_a_newer_library_is_refused(address: str) -> None:
    database = Database(address)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StoreError, match="made by a newer version of this program"):
        Database(address)


def test_another_program_s_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(StoreError, match="no library of this program"):
        Database(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]
    connection.close()


def test_an_upgrade_that_fails_builds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "half.sqlite"
    with sqlite3.connect(path) as connection:  # older than the first revision, and in the way of its last table
        connection.executescript("CREATE TABLE alembic_version (version_num TEXT); CREATE TABLE corrections (x)")
    connection.close()
    with pytest.raises(StoreError, match=r"half\.sqlite cannot be saved to"):
        Database(path)
    with sqlite3.connect(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables == {"alembic_version", "corrections"}
        connection.execute("DROP TABLE corrections")
    connection.close()
    Database(path).close()  # out of the way, the upgrade runs


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"letter\.sqlite"):
        Database(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("mysql://host/x", "not the address of a library"),
        ("postgresql://host", "not the address of a library"),
        ("://", "not the address of a library"),
        ("postgresql://karyo@127.0.0.1:1/library", "the server does not answer"),
        ("/dev/null/library.sqlite", "cannot be opened"),
    ],
)
def test_addresses_that_lead_nowhere(where: str, sentence: str) -> None:
    if where.startswith("postgresql://karyo"):
        pytest.importorskip("psycopg", reason="psycopg is not installed (the extra postgresql)")
    with pytest.raises(StoreError, match=sentence):
        Database(where)


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Database("oracle://ann:secret@host/x")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE pixels SET png = mask_png",
        "UPDATE pixels SET sha256 = mask_sha256",
        "UPDATE trail SET details = '{}'",
        "DELETE FROM trail",
    ],
)
def test_the_database_itself_refuses(library: Library, filled: Callable[..., object], change: str) -> None:
    filled(library, "A", ["1"])
    with (
        pytest.raises(StoreError, match="refuses to change what must stay"),
        library.database.writing() as session,
    ):
        session.execute(text(change))
    assert library.check() == []


def test_two_programs_write_in_turn(address: str) -> None:
    Database(address).close()
    failed: list[BaseException] = []

    def write(name: str) -> None:
        try:
            database = Database(address)
            for number in range(15):
                with database.writing() as session:
                    trail.append(session, "chain", name, "counted", number=number)
            database.close()
        except BaseException as error:  # a thread's exception would be lost
            failed.append(error)

    with (database := Database(address)).writing() as session:
        trail.append(session, "chain", "first", "begun")
    threads = [threading.Thread(target=write, args=(name,)) for name in ("Ann", "Bo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.reading() as session:
        entries = trail.read(session, "chain")
        assert trail.check(session, "chain") is None
    database.close()
    assert len(entries) == 31
    assert [e.facts()["number"] for e in entries if e.user == "Bo"] == list(range(15))
