"""Cases of the library: making, finding, renaming, deleting them."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from engine.karyotype.counts import Sex
from karyogui.model.store import trail
from karyogui.model.store.database import Database
from karyogui.model.store.errors import ReadOnlyError, StoreError
from karyogui.model.store.schema import CaseRow, CellRow
from karyogui.model.store.trail import Break, Entry
from karyogui.model.store.users import known_user
from karyogui.model.store.values import Case, CaseFilter, CaseSummary, State


class Cases:
    """The cases of a library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        code: str,
        user: str,
        *,
        constitutional: bool = True,
        sex: Sex | None = None,
        note: str = "",
        specimen: Mapping[str, str] | None = None,
    ) -> Case:
        """Begin a case.

        Raises
        ------
        StoreError
            The code is empty or taken.
        """
        with self._database.writing() as session:
            row = CaseRow(
                uid=uuid.uuid4().hex,
                code=free_code(session, code),
                chain=uuid.uuid4().hex,
                created=datetime.now(UTC),
                constitutional=constitutional,
                sex=sex,
                karyotype="",
                note=note,
                specimen=dict(specimen or {}),
            )
            session.add(row)
            session.flush()
            trail.append(
                session, row.chain, known_user(session, user), "case created", case=row.uid, code=row.code, sex=sex
            )
            return case_value(row)

    def named(self, code: str, user: str) -> Case:
        """Return the case of this code; begin it if there is none."""
        with self._database.reading() as session:
            row = session.scalar(select(CaseRow).where(CaseRow.code == code.strip()))
            if row is not None:
                return case_value(row)
        return self.create(code, user)

    def get(self, case_id: int) -> Case:
        """Return one case; `StoreError` if it is gone."""
        with self._database.reading() as session:
            return case_value(case_row(session, case_id))

    def find(self, wanted: CaseFilter | None = None) -> tuple[CaseSummary, ...]:
        """Return cases with what their cells add up to, newest first. Reads no pixels."""
        conditions = _conditions(wanted or CaseFilter())
        with self._database.reading() as session:
            rows = session.scalars(
                select(CaseRow).where(*conditions).order_by(CaseRow.created.desc(), CaseRow.id.desc())
            ).all()
            groups = select(CellRow.case_id, CellRow.state, CellRow.karyotype, func.count()).group_by(
                CellRow.case_id, CellRow.state, CellRow.karyotype
            )
            if conditions:
                groups = groups.where(CellRow.case_id.in_(select(CaseRow.id).where(*conditions)))
            found: dict[int, list[tuple[str, str, int]]] = {}
            for case_id, state, karyotype, number in session.execute(groups):
                found.setdefault(case_id, []).append((state, karyotype, number))
        return tuple(_summary(row, found.get(row.id, [])) for row in rows)

    def rename(self, case_id: int, code: str, user: str) -> Case:
        """Give a case another code; `StoreError` if it is empty or taken."""
        with self._database.writing() as session:
            row = case_row(session, case_id, lock=True)
            before = row.code
            if code.strip() != before:
                row.code = free_code(session, code)
                trail.append(
                    session, row.chain, known_user(session, user), "case renamed", before=before, after=row.code
                )
            return case_value(row)

    def save(self, case: Case, user: str) -> Case:
        """Keep what she wrote about a case: karyotype, sex, kind, note, specimen. The code is changed by `rename`."""
        with self._database.writing() as session:
            row = case_row(session, case.id, lock=True)
            before = case_value(row)
            after = replace(case, uid=before.uid, code=before.code, created=before.created)
            changed = {
                name: getattr(after, name) for name in _EDITABLE if getattr(after, name) != getattr(before, name)
            }
            for name, value in changed.items():
                setattr(row, name, dict(value) if name == "specimen" else value)
            if changed:
                trail.append(
                    session,
                    row.chain,
                    known_user(session, user),
                    "case changed",
                    before={name: getattr(before, name) for name in changed},
                    after=changed,
                )
            return after

    def delete(self, case_id: int, user: str) -> None:
        """Delete a case with all its cells. Its trail stays.

        Raises
        ------
        ReadOnlyError
            It has approved cells.
        """
        with self._database.writing() as session:
            row = case_row(session, case_id, lock=True)
            if session.scalar(select(exists().where(CellRow.case_id == row.id, CellRow.state == State.APPROVED.value))):
                raise ReadOnlyError(f"Case {row.code} has approved cells; reopen them before you delete it.")
            trail.append(session, row.chain, known_user(session, user), "case deleted", code=row.code)
            session.execute(delete(CaseRow).where(CaseRow.id == row.id))  # the database deletes what belongs to it

    def trail(self, case_id: int) -> tuple[Entry, ...]:
        """Return the trail of a case, oldest line first."""
        with self._database.reading() as session:
            return trail.read(session, case_row(session, case_id).chain)

    def check_trail(self, case_id: int) -> Break | None:
        """Return the first place at which the trail of a case was changed; None for a whole one."""
        with self._database.reading() as session:
            row = case_row(session, case_id)
            return trail.check(session, row.chain) or _check_owner(session, row)

    def note_export(self, case_id: int, user: str, **details: Any) -> None:
        """Write into the trail that something left the library: a report, a picture, a case file."""
        with self._database.writing() as session:
            trail.append(session, case_row(session, case_id).chain, known_user(session, user), "exported", **details)


_EDITABLE = ("constitutional", "sex", "karyotype", "note", "specimen")


def case_row(session: Session, case_id: int, *, lock: bool = False) -> CaseRow:
    """Return the row of a case, on request locked against others; `StoreError` if it is gone."""
    row = session.get(CaseRow, case_id, with_for_update=lock or None)
    if row is None:
        raise StoreError("The case is no longer in the library; somebody deleted it.")
    return row


def case_value(row: CaseRow) -> Case:
    """Return a case as a value."""
    sex: Sex | None = "XX" if row.sex == "XX" else "XY" if row.sex == "XY" else None
    return Case(row.id, row.uid, row.code, row.created, row.constitutional, sex, row.karyotype, row.note, row.specimen)


def free_code(session: Session, code: str) -> str:
    """Return a code without blanks around it; `StoreError` if nothing is left of it, or another case has it."""
    code = code.strip()
    if not code:
        raise StoreError("A case needs a code.")
    if session.scalar(select(exists().where(CaseRow.code == code))):
        raise StoreError(f"There is a case {code} already; choose another code.")
    return code


def _check_owner(session: Session, row: CaseRow) -> Break | None:
    """A whole trail that was put in the place of another one tells of another case in its first line."""
    entries = trail.read(session, row.chain)
    if not entries or entries[0].facts().get("case") != row.uid:
        return Break(1, "the trail is that of another case")
    return None


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.code:
        conditions.append(CaseRow.code.icontains(wanted.code, autoescape=True))
    if wanted.state is not None:
        conditions.append(CaseRow.id.in_(select(CellRow.case_id).where(CellRow.state == wanted.state.value)))
    if wanted.karyotype:
        conditions.append(_has_karyotype(wanted.karyotype))
    if wanted.text:
        conditions.append(or_(CaseRow.code.icontains(wanted.text, autoescape=True), _has_karyotype(wanted.text)))
    if wanted.since is not None:
        conditions.append(CaseRow.created >= wanted.since)
    if wanted.until is not None:
        conditions.append(CaseRow.created < wanted.until)
    return conditions


def _has_karyotype(text: str) -> ColumnElement[bool]:
    has_cell = CaseRow.id.in_(select(CellRow.case_id).where(CellRow.karyotype.icontains(text, autoescape=True)))
    return CaseRow.karyotype.icontains(text, autoescape=True) | has_cell


def _summary(row: CaseRow, groups: list[tuple[str, str, int]]) -> CaseSummary:
    states: dict[State, int] = {}
    karyotypes: dict[str, int] = {}
    for state, karyotype, number in groups:
        states[State(state)] = states.get(State(state), 0) + number
        if karyotype:
            karyotypes[karyotype] = karyotypes.get(karyotype, 0) + number
    ordered = dict(sorted(karyotypes.items(), key=lambda item: (-item[1], item[0])))
    return CaseSummary(case_value(row), sum(states.values()), states, ordered)
