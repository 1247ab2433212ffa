"""Cells of the library. Every change is one transaction with its line in the trail; an approved cell refuses it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Text, cast, delete, func, select, update
from sqlalchemy.orm import Session

from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement, unplaced
from karyogui.model.recovery import Work
from karyogui.model.store import changes, rows, trail
from karyogui.model.store.cases import case_row
from karyogui.model.store.database import Database
from karyogui.model.store.errors import ConflictError, ReadOnlyError, StoreError
from karyogui.model.store.pictures import thumbnail
from karyogui.model.store.schema import CaseRow, CellRow, CorrectionRow, ThumbnailRow
from karyogui.model.store.states import put_into_review, take_step
from karyogui.model.store.users import known_user
from karyogui.model.store.values import CellRecord, Correction, SheetEntry, State, StoredCell, must_be_another

Note = Callable[..., None]
"""Writes a line into the trail: `note(action, **details)`."""


class Cells:
    """The cells of a library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- reading -----------------------------------------------------------------------------------------------------

    def records(self, case_id: int) -> tuple[CellRecord, ...]:
        """Return the cells of a case in their order. Reads no pixels."""
        with self._database.reading() as session:
            wanted = select(CellRow).where(CellRow.case_id == case_id).order_by(CellRow.position)
            return tuple(rows.record(row) for row in session.scalars(wanted))

    def record(self, cell_id: int) -> CellRecord:
        """Return one cell without its chromosomes; `StoreError` if it is gone."""
        with self._database.reading() as session:
            return rows.record(_row(session, cell_id))

    def load(self, cell_id: int) -> StoredCell:
        """Return everything of a cell.

        Raises
        ------
        StoreError
            It is gone, or its pixels are not those that were imported.
        """
        with self._database.reading() as session:
            row = _row(session, cell_id)
            shown = next((run for run in rows.classifications(session, cell_id) if run.shown), None)
            said = rows.predictions(session, shown.id) if shown else {}
            return StoredCell(
                record=rows.record(row),
                cell=rows.cell(row, rows.chromosomes(session, row, said)),
                placements=tuple(rows.placements(session, cell_id).values()),
                bundle=changes.bundle(shown) if shown else None,
                alternatives=rows.fitting_alternatives(shown, row.chromosomes) if shown else (),
                annotations=rows.annotations(session, cell_id),
                view=row.view,
            )

    def copies(self, case_id: int, label: str | None) -> tuple[tuple[CellRecord, Chromosome, Placement], ...]:
        """Return all chromosomes of one label (None: of the trays) over the cells of a case, without predictions."""
        with self._database.reading() as session:
            found = []
            cells = select(CellRow).where(CellRow.case_id == case_id).order_by(CellRow.position)
            for row in session.scalars(cells):
                there = [p for p in rows.placements(session, row.id).values() if p.label == label]
                there.sort(key=lambda p: p.order)
                by_number = {c.id: c for c in rows.chromosomes(session, row, {}, [p.chromosome_id for p in there])}
                record = rows.record(row)
                found += [(record, by_number[p.chromosome_id], p) for p in there]
        return tuple(found)

    def thumbnails(self, case_id: int) -> dict[int, bytes]:
        """Return the small pictures (PNG) of the cells of a case, by cell id, in their order."""
        wanted = select(ThumbnailRow).join(CellRow).where(CellRow.case_id == case_id).order_by(CellRow.position)
        with self._database.reading() as session:
            return {row.cell_id: row.png for row in session.scalars(wanted)}

    def corrections(self, cell_id: int) -> tuple[Correction, ...]:
        """Return every change of label or orientation by a person, oldest first."""
        with self._database.reading() as session:
            wanted = select(CorrectionRow).where(CorrectionRow.cell_id == cell_id).order_by(CorrectionRow.id)
            return tuple(changes.correction(row) for row in session.scalars(wanted))

    def new_cells(self) -> tuple[int, ...]:
        """Return the cells that nobody has classified yet, oldest first."""
        with self._database.reading() as session:
            wanted = select(CellRow.id).where(CellRow.state == State.NEW.value).order_by(CellRow.id)
            return tuple(session.scalars(wanted))

    def of_files(self, paths: Iterable[Path], case_id: int | None = None) -> int | None:
        """Return the cell that was read from these files, in this case or (None) in any; None: there is none."""
        text = json.dumps([str(path) for path in paths])  # as the column holds it
        wanted = select(CellRow.id).where(cast(CellRow.paths, Text) == text).order_by(CellRow.id.desc())
        if case_id is not None:
            wanted = wanted.where(CellRow.case_id == case_id)
        with self._database.reading() as session:
            return session.scalars(wanted.limit(1)).first()

    # --- coming and going --------------------------------------------------------------------------------------------

    def add(self, case_id: int, cell: Cell, user: str) -> CellRecord:
        """Take a cell that was read from files into a case; all its chromosomes lie in the tray.

        Raises
        ------
        StoreError
            The case is gone, or a picture is none of a chromosome.
        """
        picture = thumbnail(cell, unplaced(cell))
        with self._database.writing() as session:
            case = case_row(session, case_id, lock=True)
            row = changes.new_cell(case_id, cell, _next_position(session, case_id))
            session.add(row)
            session.flush()
            rows.add_chromosomes(session, row, cell.chromosomes)
            rows.put_placements(session, row.id, unplaced(cell))
            session.add(ThumbnailRow(cell_id=row.id, png=picture))
            hashes = changes.pixel_hashes(session, row.id)
            who = known_user(session, user)
            details = {"chromosomes": len(cell.chromosomes), "files": row.paths, "pixels": hashes}
            trail.append(session, case.chain, who, "cell added", row.name, **details)
            return rows.record(row)

    def rename(self, cell_id: int, name: str, user: str) -> CellRecord:
        """Give a cell another name."""
        with self._changing(cell_id, user) as (_, row, note):
            before, row.name = row.name, name
            note("cell renamed", before=before, after=name)
        return rows.record(row)

    def move(self, cell_id: int, case_id: int, user: str) -> CellRecord:
        """Put a cell into another case, at its end; both trails say so.

        Raises
        ------
        ReadOnlyError
            It is approved.
        StoreError
            The other case is gone.
        """
        with self._changing(cell_id, user) as (session, row, note):
            target = case_row(session, case_id, lock=True)
            if target.id != row.case_id:
                here = case_row(session, row.case_id)
                note("cell moved away", case=target.uid, code=target.code)
                row.case_id, row.position = target.id, _next_position(session, target.id)
                details = {"cell": row.name, "case": here.uid, "code": here.code}
                hashes = changes.pixel_hashes(session, row.id)
                who = known_user(session, user)
                trail.append(session, target.chain, who, "cell moved here", row.name, pixels=hashes, moved=details)
        return rows.record(row)

    def refresh_thumbnail(self, cell_id: int) -> None:
        """Draw the small picture anew: gestures do not, because it takes longer than they do."""
        with self._database.writing() as session:
            row = _row(session, cell_id, lock=True)
            _put_thumbnail(session, row, rows.cell(row, rows.chromosomes(session, row, {})))

    def delete(self, cell_id: int, user: str) -> None:
        """Delete a cell with all its chromosomes; `ReadOnlyError` if it is approved."""
        with self._changing(cell_id, user) as (session, row, note):
            note("cell deleted", chromosomes=row.chromosomes)
            session.execute(delete(CellRow).where(CellRow.id == cell_id))
            session.expunge(row)

    # --- editing -----------------------------------------------------------------------------------------------------

    def save_placements(
        self, cell_id: int, placements: Iterable[Placement], user: str, gesture: str, revision: int | None = None
    ) -> CellRecord:
        """Keep what one gesture (or its undo) changed. A cell that was not in review is so afterwards.

        Parameters
        ----------
        placements
            Those that changed; more do no harm.
        gesture
            The name of the command, for the trail: `Move to 21`.
        revision
            `CellRecord.revision` the gesture was made on; None: whatever there is.

        Raises
        ------
        ReadOnlyError
            The cell is approved.
        ConflictError
            It is of another revision: somebody else changed it.
        ValueError
            The placements are none of this cell, or leave gaps. Nothing was changed.
        """
        with self._changing(cell_id, user, revision) as (session, row, note):
            before = rows.placements(session, cell_id)
            changed = [p for p in placements if before.get(p.chromosome_id) != p]
            if changed:
                changes.place(session, row, before, changed, user.strip())
                put_into_review(row)
                note("placements changed", gesture=gesture, changes=changes.as_json(before, changed))
        return rows.record(row)

    def save_result(self, cell_id: int, work: Work, user: str, revision: int | None = None) -> CellRecord:
        """Keep what a bundle said, and the karyogram that follows from it; the cell is `classified` then.

        Parameters
        ----------
        work
            The cell with its predictions, all placements, the bundle and its other readings.

        Raises
        ------
        ReadOnlyError, ConflictError, ValueError
            As in `save_placements`; `ValueError` also for work without a bundle.
        """
        if work.bundle is None:
            raise ValueError("no bundle made this result")
        with self._changing(cell_id, user, revision) as (session, row, note):
            before = rows.placements(session, cell_id)
            changes.put_chromosomes(session, row, work.cell)
            changes.add_classification(session, row, work)
            changes.place(session, row, before, work.placements, None)
            changes.annotate(session, row, work.annotations)
            row.warnings = [asdict(warning) for warning in work.cell.warnings]
            row.state, row.reviewed_by = State.CLASSIFIED.value, None
            note("classified", bundle=asdict(work.bundle), karyotype=row.karyotype)
            _put_thumbnail(session, row, work.cell)
        return rows.record(row)

    def save_state(self, cell_id: int, work: Work, user: str, gesture: str, revision: int | None = None) -> CellRecord:
        """Keep a command (or its undo) that changed more than placements: another reading, cut or joined chromosomes.

        Chromosomes that are gone from `work` are retired and come back with their number; pixels never change. Errors
        as in `save_placements`.
        """
        with self._changing(cell_id, user, revision) as (session, row, note):
            before = rows.placements(session, cell_id)
            added, retired = changes.put_chromosomes(session, row, work.cell)
            changes.show_classification(session, row, work)
            changes.place(session, row, before, work.placements, user.strip())
            changes.annotate(session, row, work.annotations)
            put_into_review(row)
            details = {"added": added, "retired": retired, "changes": changes.as_json(before, work.placements)}
            note("cell changed", gesture=gesture, bundle=asdict(work.bundle) if work.bundle else None, **details)
            _put_thumbnail(session, row, work.cell)
        return rows.record(row)

    def set_state(
        self, cell_id: int, state: State, user: str, *, reason: str = "", second_person: bool = False
    ) -> CellRecord:
        """Bring a cell a step further or back; parameters and errors as in `states.take_step`."""
        with self._changing(cell_id, user, approved=True) as (session, row, note):
            _change_state(session, row, note, state, user, reason, second_person)
        return rows.record(row)

    def approve(self, cell_ids: Iterable[int], user: str, *, second_person: bool = False) -> tuple[CellRecord, ...]:
        """Approve several cells in one transaction, and return those that now are.

        What cannot be approved (any more) stays as it is: a cell that is not reviewed, or gone, or, with
        `second_person`, one that this user reviewed.
        """
        wanted = select(CellRow).where(CellRow.id.in_(tuple(cell_ids)), CellRow.state == State.REVIEWED.value)
        with self._database.writing() as session:
            found = session.scalars(wanted.order_by(CellRow.case_id, CellRow.position).with_for_update()).all()
            ready = [row for row in found if not must_be_another(row.reviewed_by, user, second_person=second_person)]
            for row in ready:
                _change_state(session, row, _note(session, row, user), State.APPROVED, user, "", second_person)
        return tuple(rows.record(row) for row in ready)

    def save_sheet(self, cell_id: int, entry: SheetEntry, user: str) -> CellRecord:
        """Keep what she wrote on the count sheet."""
        with self._changing(cell_id, user) as (_, row, note):
            before = rows.record(row).sheet
            if entry != before:
                for name, value in asdict(entry).items():
                    setattr(row, name, value)
                note("sheet changed", before=asdict(before), after=asdict(entry))
        return rows.record(row)

    def save_karyotype(self, cell_id: int, text: str | None, structural: Sequence[str], user: str) -> CellRecord:
        """Keep the karyotype she wrote (None: it follows from the counts again) and her structural findings."""
        with self._changing(cell_id, user) as (session, row, note):
            before = [row.karyotype, row.structural]
            row.structural, row.karyotype_by_hand = list(structural), text is not None
            row.karyotype = text or ""
            changes.count(session, row)
            note("karyotype changed", before=before, after=[row.karyotype, row.structural])
        return rows.record(row)

    def save_annotations(
        self, cell_id: int, annotations: Sequence[Annotation], user: str, gesture: str, revision: int | None = None
    ) -> CellRecord:
        """Keep the texts and arrows of a cell, all of them. Errors as in `save_placements`."""
        with self._changing(cell_id, user, revision) as (session, row, note):
            changed = changes.annotate(session, row, annotations)
            if changed:
                note("annotations changed", gesture=gesture, annotations=changed)
        return rows.record(row)

    def save_view(self, cell_id: int, view: Mapping[str, Any]) -> None:
        """Keep how a cell is looked at. No change of the cell: allowed when it is approved, and not in the trail."""
        with self._database.writing() as session:
            session.execute(update(CellRow).where(CellRow.id == cell_id).values(view=dict(view)))

    def note_export(self, cell_id: int, user: str, **details: Any) -> int:
        """Write into the trail that something of a cell left the library; return its case. It is no change."""
        with self._database.writing() as session:
            row = _row(session, cell_id)
            case = case_row(session, row.case_id)
            trail.append(session, case.chain, known_user(session, user), "exported", row.name, **details)
            return case.id

    @contextmanager
    def _changing(
        self, cell_id: int, user: str, revision: int | None = None, *, approved: bool = False
    ) -> Iterator[tuple[Session, CellRow, Note]]:
        """One change of one cell: the session, its row, and a function that writes the line of the trail."""
        with self._database.writing() as session:
            row = _row(session, cell_id, lock=True)
            if row.state == State.APPROVED and not approved:
                raise ReadOnlyError(f"Cell {row.name} is approved; reopen it, with a reason, to change it.")
            if revision is not None and revision != row.revision:
                raise ConflictError(f"Cell {row.name} was changed by somebody else meanwhile; open it again.")
            yield session, row, _note(session, row, user)


def _row(session: Session, cell_id: int, *, lock: bool = False) -> CellRow:
    row = session.get(CellRow, cell_id, with_for_update=lock or None)
    if row is None:
        raise StoreError("The cell is no longer in the library; somebody deleted it.")
    return row


def _note(session: Session, row: CellRow, user: str) -> Note:
    """Return the function that writes lines about a cell into the trail of its case, as it is called now."""
    who, name = known_user(session, user), row.name
    chain = session.scalars(select(CaseRow.chain).where(CaseRow.id == row.case_id)).one()

    def note(action: str, **details: Any) -> None:
        row.revision += 1
        trail.append(session, chain, who, action, name, **details)

    return note


def _change_state(
    session: Session, row: CellRow, note: Note, state: State, user: str, reason: str, second_person: bool
) -> None:
    before = row.state
    action = take_step(row, state, user, reason=reason, second_person=second_person)
    note(action, before=before, after=state.value, reason=reason.strip())
    if state is not State.IN_REVIEW:
        _put_thumbnail(session, row, rows.cell(row, rows.chromosomes(session, row, {})))


def _next_position(session: Session, case_id: int) -> int:
    last = session.scalar(select(func.max(CellRow.position)).where(CellRow.case_id == case_id))
    return 0 if last is None else last + 1


def _put_thumbnail(session: Session, row: CellRow, cell: Cell) -> None:
    picture = thumbnail(cell, tuple(rows.placements(session, row.id).values()))
    session.merge(ThumbnailRow(cell_id=row.id, png=picture))
