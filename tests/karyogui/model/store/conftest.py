"""Libraries to test with: a SQLite file, and a PostgreSQL server of our own where that is installed."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, select, text

from engine.types import CellResult, FileWarning
from karyogui.model import karyogram
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell
from karyogui.model.karyogram import placements_from_result
from karyogui.model.recovery import Work
from karyogui.model.store.library import Library
from karyogui.model.store.schema import Base
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State

DrawnCell = tuple[Cell, CellResult]
Content = Callable[[Library], dict[str, list[Any]]]


def server_programs() -> Path | None:
    """The folder of the newest PostgreSQL server, or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in installed), key=lambda path: float(path.parent.name), default=None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server() -> Iterator[URL]:
    """A PostgreSQL server on the loopback, in a folder of its own, gone at the end."""
    programs = server_programs()
    if programs is None:
        pytest.skip("the PostgreSQL server is not installed (Debian: postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra postgresql)")
    as_other: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="karyogui-postgres-"))
    if os.geteuid() == 0:  # the server refuses to run as root
        as_other = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    password, port = secrets.token_hex(16), free_port()
    secret, data = folder / "password", folder / "data"
    secret.write_text(password)
    if as_other:
        shutil.chown(secret, "postgres", "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), *arguments]
        with (folder / f"{program}.txt").open("wb") as said:  # a pipe would stay open as long as the server runs
            subprocess.run(command, check=True, cwd=folder, stdout=said, stderr=said, **as_other)

    try:
        run("initdb", "-D", str(data), "-U", "karyo", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "-N")
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=40"
        )
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log.txt"), "-o", options, "start")
        try:
            yield URL.create("postgresql+psycopg", "karyo", password, "127.0.0.1", port, "postgres")
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def empty_schema(server: URL) -> Iterator[str]:
    """The address of a place of the server with nothing in it: a schema, which is made sooner than a database."""
    name = f"library_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
        place = server.update_query_dict({"options": f"-csearch_path={name}"})
        yield place.render_as_string(hide_password=False)
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new library may be made: a file, and a place of a server."""
    if request.param == "sqlite":
        yield str(tmp_path / "new folder" / "library.sqlite")
    else:
        with empty_schema(request.getfixturevalue("server")) as place:
            yield place


@pytest.fixture(scope="session")
def server_library(server: URL) -> Iterator[Library]:
    """One library on the server; each test empties it."""
    with empty_schema(server) as place:
        library = Library.open(place)
        yield library
        library.close()


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library file with nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("library") / "new.sqlite"
    Library.open(path).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def library(request: pytest.FixtureRequest) -> Library:
    """An empty library of each kind."""
    if request.param == "sqlite":
        return request.getfixturevalue("file_library")  # type: ignore[no-any-return]
    library: Library = request.getfixturevalue("server_library")
    with library.database.writing() as session:
        session.execute(text(f"TRUNCATE {', '.join(Base.metadata.tables)} CASCADE"))
    return library


@pytest.fixture
def file_library(tmp_path: Path, new_file: Path) -> Iterator[Library]:
    """An empty library in a file."""
    library = Library.open(shutil.copy(new_file, tmp_path / "library.sqlite"))
    yield library
    library.close()


def classified(drawn: DrawnCell) -> Work:
    """What the window hands over after a classification."""
    cell, result = drawn
    return Work(cell.with_result(result), placements_from_result(cell, result), result.bundle, result.alternatives)


@pytest.fixture
def few(draw: Callable[..., DrawnCell]) -> DrawnCell:
    """A cell of six chromosomes, one of which fits nowhere."""
    return draw(["1", "1", "21", "X", "Y", None], confidences=[0.9, 0.99, 0.8, 0.7, 0.6, 0.3])


@pytest.fixture
def filled(draw: Callable[..., DrawnCell]) -> Callable[..., tuple[Case, list[CellRecord]]]:
    """A function that makes a case with one classified cell for each list of labels."""

    def fill(library: Library, code: str, *cells: Sequence[str | None]) -> tuple[Case, list[CellRecord]]:
        case = library.cases.create(code, "Ann")
        records = []
        for labels in cells:
            drawn = draw(labels)
            added = library.cells.add(case.id, drawn[0], "Ann")
            records.append(library.cells.save_result(added.id, classified(drawn), "Ann"))
        return case, records

    return fill


def filled_with_secrets(library: Library, drawn: DrawnCell) -> Case:
    """A case with all that a case can have, and secrets in every text."""
    case = library.cases.create("P-1936", "Dr Who", note="Müller", specimen={"tissue": "marrow"}, sex="XY")
    cells = library.cells
    cell, result = drawn
    named = replace(
        cell,
        name="slide 9",
        paths=(Path("/scan/Müller"),),
        warnings=(FileWarning("Müller-7.png", "It is empty."),),
        chromosomes=tuple(replace(c, source=f"Müller-{c.id}.png") for c in cell.chromosomes),
    )
    secret = replace(result, chromosomes=tuple(replace(c, source="Müller-7.png") for c in result.chromosomes))
    work = Work(
        named.with_result(secret),
        karyogram.placements_from_result(named, secret),
        secret.bundle,
        (),
        (Annotation(0, 1, "text", "gap at 3", 0, 0, 5, 5),),
    )
    record = cells.add(case.id, named, "Dr Who")
    cells.save_result(record.id, work, "Dr Who")
    stored = cells.load(record.id)
    cells.save_placements(record.id, karyogram.move(stored.placements, {2}, "22"), "Dr Who", "Move to 22")
    cells.save_sheet(record.id, SheetEntry(counted=True, band_level=550, note="looked odd"), "Dr Who")
    cells.save_view(record.id, {"zoom": 2, "folder": "/scan/Müller"})
    cells.set_state(record.id, State.REVIEWED, "Dr Who")
    cells.add(case.id, cell, "Dr Who")
    return library.cases.get(case.id)


@pytest.fixture(scope="session")
def fill_case() -> Callable[[Library, DrawnCell], Case]:
    """`filled_with_secrets`."""
    return filled_with_secrets


def every_row(library: Library) -> dict[str, list[Any]]:
    """Every row of every table."""
    with library.database.reading() as session:
        return {
            name: sorted(map(repr, session.execute(select(table)).all()))
            for name, table in Base.metadata.tables.items()
        }


@pytest.fixture(scope="session")
def content() -> Content:
    """`every_row`: what a failed import must not change."""
    return every_row
