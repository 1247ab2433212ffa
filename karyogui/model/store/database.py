"""Opening the database: SQLite by default, PostgreSQL for a shared library; building its tables; transactions.

One gesture is one transaction. SQLite writes its log to the disk before a transaction counts as done (WAL and
`synchronous=FULL`), so that a program that is killed loses at most what was not done yet.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.orm import Session

from karyogui.model.store.errors import StoreError, UnavailableError
from karyogui.model.store.migrations.revision import HEAD

logger = logging.getLogger(__name__)

BUSY_MS = 10_000
"""How long SQLite waits for another program that writes."""

_UPGRADE_LOCK = 0x6B6172796F  # any number of our own: two programs must not build one PostgreSQL library at once


class Database:
    """A library's database, at the schema of this program. Usable from any thread."""

    def __init__(self, where: str | Path) -> None:
        """Open it, build its tables if it is new, bring it up to date if it is older.

        Parameters
        ----------
        where
            A file (SQLite; made with its folder if it is missing), or a database URL such as
            `postgresql+psycopg://user@host/library`.

        Raises
        ------
        StoreError
            It cannot be opened, is no library, is damaged, or was made by a newer version of the program.
        """
        self.url = _url(where)
        self.name = self.url.database if self.url.get_backend_name() == "sqlite" else self.url.render_as_string()
        self._engine = self._create()
        self._write_engine = self._engine.execution_options(karyo_write=True)
        try:
            self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    @property
    def is_sqlite(self) -> bool:
        """True for a file, False for a server."""
        return self._engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Close all connections; SQLite then folds its log into the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one moment of the library, whatever others write meanwhile.

        Raises
        ------
        StoreError
            The database fails.
        """
        engine = self._engine if self.is_sqlite else self._engine.execution_options(isolation_level="REPEATABLE READ")
        with self._sentence("read"), Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are all kept at the end, or none of them after an exception.

        Raises
        ------
        StoreError
            The database fails; nothing was changed.
        """
        with (
            self._sentence("saved to"),
            Session(self._write_engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def damage(self) -> list[str]:
        """Return what SQLite finds wrong with the file and its references; empty for a whole one, and for a server."""
        if not self.is_sqlite:
            return []
        with self.reading() as session:
            found = [str(line) for line in session.scalars(text("PRAGMA integrity_check")) if line != "ok"]
            orphans = session.execute(text("PRAGMA foreign_key_check")).all()
        return found + [f"{table}: row {row} belongs to a missing row of {parent}" for table, row, parent, _ in orphans]

    def _create(self) -> Engine:
        if self.url.get_backend_name() != "sqlite":
            try:
                return create_engine(self.url)
            except (ImportError, SQLAlchemyError) as error:
                raise StoreError(
                    f"The library {self.name} cannot be used: no driver for this kind of database is installed."
                ) from error
        try:
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The library {self.name} cannot be opened: {error.strerror or error}.") from error
        engine = create_engine(self.url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _bring_up_to_date(self) -> None:
        with self.reading() as session:
            if self._revision(session.connection()) == HEAD:
                return
        with self.writing() as session:
            connection = session.connection()
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
            revision = self._revision(connection)  # another program may have been quicker
            if revision != HEAD:
                self._upgrade(connection, revision)

    def _revision(self, connection: Connection) -> str | None:
        tables = inspect(connection).get_table_names()
        if "alembic_version" in tables:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
            return str(found[0]) if found else None
        if tables:
            raise StoreError(f"{self.name} is a database, but no library of this program; choose another one.")
        return None

    def _upgrade(self, connection: Connection, revision: str | None) -> None:
        from alembic import command  # here, because a library that is up to date needs none of it
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "karyogui.model.store:migrations")
        config.set_main_option("path_separator", "os")
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if revision is not None and revision not in known:
            raise StoreError(
                f"The library {self.name} was made by a newer version of this program; install that version to open it."
            )
        if revision is not None:
            logger.info("Library %s: from revision %s to %s", self.name, revision, HEAD)
        command.upgrade(config, HEAD)

    @contextmanager
    def _sentence(self, verb: str) -> Iterator[None]:
        """Turn what a driver says into a sentence for the user; the log has the rest."""
        try:
            yield
        except DBAPIError as error:
            logger.warning("Library %s: %s", self.name, error)
            refused = isinstance(error, (IntegrityError, DataError, ProgrammingError))  # it would be so again
            kind = StoreError if refused else UnavailableError
            raise kind(f"The library {self.name} cannot be {verb}: {_reason(error)}") from error


def _url(where: str | Path) -> URL:
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise StoreError(f"{where} is not the address of a library.") from error
    if url.get_backend_name() == "postgresql" and "+" not in url.drivername:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql") or not url.database:
        raise StoreError(
            f"{url.render_as_string()} is not the address of a library: give a file, or postgresql://user@server/name."
        )
    return url


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # sqlite3 begins no transactions of its own: `_begin_sqlite` does
    cursor = connection.cursor()
    for setting in (f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write takes its turn at once: one that reads first could find itself overtaken.
    write = connection.get_execution_options().get("karyo_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _reason(error: DBAPIError) -> str:
    said = str(error.orig).lower()
    for words, sentence in (
        (("not a database", "malformed", "could not decode"), "it is damaged, or no library; restore a backup."),
        (("locked", "busy"), "another program is writing to it; try again."),
        (("full", "no space"), "the disk is full."),
        (("readonly", "read-only"), "it is write-protected."),
        (("unable to open",), "the file cannot be opened; check the folder and its permissions."),
        (("connection", "connect", "server closed"), "the server does not answer."),
        (("not allowed",), "it refuses to change what must stay as it is."),
    ):
        if any(word in said for word in words):
            return sentence
    return "the database reports an error; the log says which."
