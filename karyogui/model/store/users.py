"""Users are names chosen at start: who they say they are."""

from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from karyogui.model.store.database import Database
from karyogui.model.store.errors import StoreError
from karyogui.model.store.schema import UserRow


class Users:
    """The names people have worked under."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self) -> tuple[str, ...]:
        """Return all names, in order."""
        with self._database.reading() as session:
            return tuple(session.scalars(select(UserRow.name).order_by(UserRow.name)))

    def add(self, name: str) -> str:
        """Make a name known and return it without blanks around it; `StoreError` for an empty one."""
        with self._database.writing() as session:
            return known_user(session, name)


def known_user(session: Session, name: str) -> str:
    """Return the name of a user, who is made known with the first act."""
    name = name.strip()
    if not name:
        raise StoreError("Choose a name to work under first.")
    if session.get(UserRow, name) is None:
        with suppress(IntegrityError), session.begin_nested():  # on a server somebody may be quicker
            session.add(UserRow(name=name, since=datetime.now(UTC)))
    return name
