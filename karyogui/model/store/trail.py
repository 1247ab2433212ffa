"""The record of who did what: lines that are only ever added, each sealed by a hash of itself and the one before.

Changing, taking out, moving or adding a line breaks the chain at that place; the head, kept apart, finds a chain that
was cut short. It is a seal and no signature: who can write to the database and recomputes every hash and the head is
not found out, unless an exported record with the old hashes lies elsewhere.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.whole_file import write_whole
from karyogui.model.store.errors import StoreError
from karyogui.model.store.schema import TrailHeadRow, TrailRow, utc_text

GENESIS = "0" * 64
"""What stands for the line before the first."""

_COLUMNS = ("number", "at", "user", "cell", "action", "details", "hash")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail, exactly as it is stored and hashed."""

    number: int  # 1, 2, ... within the case
    at: str  # UTC, ISO 8601
    user: str
    action: str  # "case created", "placements changed", ...
    cell: str  # its name at the time; empty: the whole case
    details: str  # JSON
    hash: str

    def facts(self) -> dict[str, Any]:
        """Return the details as values; empty if they cannot be read."""
        try:
            found = json.loads(self.details)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which a trail is not what was written."""

    number: int  # the line; 0: the trail as a whole
    reason: str


def seal(previous: str, entry: Entry) -> str:
    """Return the hash of a line: SHA-256 over the hash before it and all its fields, but its own hash."""
    fields = [previous, entry.number, entry.at, entry.user, entry.action, entry.cell, entry.details]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode("ascii")).hexdigest()


def append(session: Session, chain: str, user: str, action: str, cell: str = "", **details: Any) -> Entry:
    """Add a line in the transaction of what it tells about."""
    head = session.get(TrailHeadRow, chain, with_for_update=True)
    if head is None:
        head = TrailHeadRow(chain=chain, length=0, hash=GENESIS)
        session.add(head)
    text = json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    open_entry = Entry(head.length + 1, utc_text(datetime.now(UTC)), user, action, cell, text, "")
    entry = _sealed(head.hash, open_entry)
    session.add(_row(chain, entry))
    head.length, head.hash = entry.number, entry.hash
    session.flush()
    return entry


def adopt(session: Session, chain: str, entries: Sequence[Entry]) -> None:
    """Take over a whole trail that was checked before, as the beginning of a new chain."""
    session.add_all(_row(chain, entry) for entry in entries)
    session.add(TrailHeadRow(chain=chain, length=len(entries), hash=entries[-1].hash if entries else GENESIS))
    session.flush()


def read(session: Session, chain: str) -> tuple[Entry, ...]:
    """Return the lines of a chain, oldest first."""
    rows = session.execute(
        select(*(getattr(TrailRow, name) for name in Entry.__dataclass_fields__))
        .where(TrailRow.chain == chain)
        .order_by(TrailRow.number)
    )
    return tuple(Entry(*row) for row in rows)


def check_entries(entries: Iterable[Entry]) -> Break | None:
    """Return the first line that is not what was written; None for a whole chain."""
    previous = GENESIS
    for expected, entry in enumerate(entries, start=1):
        # A changed file can hold anything where a number or a text was.
        if not isinstance(entry.number, int) or entry.number != expected:
            return Break(expected, f"line {expected} is missing or out of order")
        fields = (entry.at, entry.user, entry.action, entry.cell, entry.details, entry.hash)
        if not all(isinstance(field, str) for field in fields) or seal(previous, entry) != entry.hash:
            return Break(expected, f"line {expected} was changed")
        previous = entry.hash
    return None


def check(session: Session, chain: str) -> Break | None:
    """Return the first place at which the trail of a chain was changed or cut; None for a whole one."""
    try:
        entries = read(session, chain)
        head = session.execute(
            select(TrailHeadRow.length, TrailHeadRow.hash).where(TrailHeadRow.chain == chain)
        ).one_or_none()
    except DBAPIError as error:
        if "decode" in str(error.orig).lower():
            return Break(0, "the trail holds text that nobody can have written")
        raise
    found = check_entries(entries)
    if found is not None:
        return found
    last = entries[-1].hash if entries else None
    if head is None or tuple(head) != (len(entries), last):
        return Break(len(entries) + 1, "lines were taken from the end or added to it")
    return None


def write_csv(path: Path, entries: Iterable[Entry]) -> None:
    """Write a trail as CSV (UTF-8), whole.

    A name that a spreadsheet would take for a formula gets an apostrophe in front.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow([_harmless(getattr(entry, name)) for name in _COLUMNS])
    try:
        write_whole(path, lambda stream: stream.write(text.getvalue().encode("utf-8")))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from error


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _sealed(previous: str, entry: Entry) -> Entry:
    values = (entry.number, entry.at, entry.user, entry.action, entry.cell, entry.details)
    return Entry(*values, seal(previous, entry))


def _row(chain: str, entry: Entry) -> TrailRow:
    return TrailRow(chain=chain, **{name: getattr(entry, name) for name in Entry.__dataclass_fields__})
