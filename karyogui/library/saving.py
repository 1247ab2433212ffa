"""Every gesture on a cell of the library is stored as it happens: what the command changed, in one transaction.

An opened cell is followed: after each command, undo or redo its document is compared with what was handed to the
library before, and the difference goes into the queue of writes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from karyogui.document import DocumentState
from karyogui.editor.commands import ApplyState
from karyogui.library.writes import Write, Writes
from karyogui.model.recovery import Work
from karyogui.model.store.errors import ConflictError, StoreError
from karyogui.session import OpenCell, Session

if TYPE_CHECKING:
    from karyogui.model.store.library import Library
    from karyogui.model.store.values import CellRecord, StoredCell


@dataclass(eq=False)
class _Track:
    """What is known of a followed cell."""

    entry: OpenCell
    handed_over: DocumentState  # to the library, be it stored already or on its way
    index: int = 0  # of its undo stack then
    cell_id: int = 0  # in the library; set by the thread that adds it
    revision: int | None = None  # read and written by the thread of the library
    waiting: list[Write] = field(default_factory=list)
    refused: bool = False  # nothing more is handed over until it was fetched again


class Saving(QObject):
    """Follows opened cells and hands what changed to the library."""

    stored = Signal(int, object)  # cell id in the session; CellRecord: a gesture of it is stored
    conflicted = Signal(int, object)  # cell id in the session; StoreError: somebody else changed or approved it
    failed = Signal(str, object)  # what was tried; the Exception: a mistake of ours

    def __init__(
        self, session: Session, writes: Writes, user: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._writes, self._user = session, writes, user
        self._tracks: dict[int, _Track] = {}
        session.classified.connect(self._on_classified)
        writes.stuck.connect(lambda _error: self._tell())

    def follow(self, entry_id: int, stored: "StoredCell") -> None:
        """Store what happens to an opened cell from now on; it is as the library holds it."""
        entry = self._session.cell(entry_id)
        state = entry.document.state()
        if state is not None:
            track = _Track(entry, state, entry.undo_stack.index(), stored.record.id, stored.record.revision)
            self._begin(track)

    def add(self, entry_id: int, case_id: int) -> None:
        """Put an opened cell into a case, as it is, and store what happens to it from now on."""
        entry = self._session.cell(entry_id)
        state = entry.document.state()
        if state is None or entry_id in self._tracks:
            return
        track = _Track(entry, state, entry.undo_stack.index())
        touched = entry.undo_stack.count() > 0 or not entry.undo_stack.isClean()
        self._begin(track)

        def save(library: "Library", _cell: int, _revision: int | None) -> "CellRecord":
            bare = replace(state.cell, chromosomes=tuple(replace(c, prediction=None) for c in state.cell.chromosomes))
            user = self._user()
            record = library.cells.add(case_id, bare, user)
            if state.bundle is not None and not touched:
                return library.cells.save_result(record.id, _work(state), user)
            if state.bundle is not None or touched:
                return library.cells.save_state(record.id, _work(state), user, "Add to the library")
            return record

        self._hand_over(track, save, None)

    def is_settled(self, entry_id: int) -> bool:
        """Whether the library has everything of a followed cell."""
        track = self._tracks.get(entry_id)
        return track is not None and not track.waiting and not track.refused

    def leave(self, entry_id: int) -> None:
        """Follow a cell no longer; what was handed over is stored all the same."""
        self._tracks.pop(entry_id, None)

    def close(self) -> None:
        """Note which cells the library lacks something of; the queue of writes was closed before."""
        for track in self._tracks.values():
            lacks = track.refused or any(not write.stored for write in track.waiting)
            track.entry.set_kept(in_library=True, unkept=lacks)
        self._tracks.clear()  # an undo stack that goes reports one last step

    def _begin(self, track: _Track) -> None:
        self._tracks[track.entry.id] = track
        track.entry.undo_stack.indexChanged.connect(lambda _index: self._on_index_changed(track))
        track.entry.set_kept(in_library=True)

    def _on_index_changed(self, track: _Track) -> None:
        if self._tracks.get(track.entry.id) is track:  # not left meanwhile
            self._compare(track)

    def _on_classified(self, entry_id: int) -> None:
        track = self._tracks.get(entry_id)
        if track is not None:
            self._compare(track, classification=True)

    def _compare(self, track: _Track, *, classification: bool = False) -> None:
        after, before = track.entry.document.state(), track.handed_over
        stack, index = track.entry.undo_stack, track.index
        track.index = stack.index()
        if after is None or track.refused:
            return
        gesture = _gesture(stack, index)
        top = stack.command(stack.index() - 1) if stack.index() > 0 and stack.index() >= index else None
        classification = classification or (isinstance(top, ApplyState) and top.classification)
        save = self._save(before, after, gesture, classification=classification)
        if save is not None:
            track.handed_over = after
            self._hand_over(track, save, before)

    def _save(
        self, before: DocumentState, after: DocumentState, gesture: str, *, classification: bool
    ) -> "Callable[[Library, int, int | None], CellRecord] | None":
        """Return the call that stores the difference; None: there is none."""
        user = self._user()
        more = (
            after.cell is not before.cell or after.bundle != before.bundle or after.alternatives != before.alternatives
        )
        changed = tuple(p for p, q in zip(after.placements, before.placements, strict=False) if p != q)
        noted = after.annotations != before.annotations
        if more and classification and after.bundle is not None:
            return lambda library, cell, revision: library.cells.save_result(cell, _work(after), user, revision)
        if more or (changed and noted):
            return lambda library, cell, revision: library.cells.save_state(cell, _work(after), user, gesture, revision)
        if changed:
            return lambda library, cell, revision: library.cells.save_placements(cell, changed, user, gesture, revision)
        if noted:
            return lambda library, cell, revision: library.cells.save_annotations(
                cell, after.annotations, user, gesture, revision
            )
        return None

    def _hand_over(
        self,
        track: _Track,
        save: "Callable[[Library, int, int | None], CellRecord]",
        before: DocumentState | None,
    ) -> None:
        def work(library: "Library") -> "CellRecord":
            try:
                record = save(library, track.cell_id, track.revision)
            except ConflictError:
                # A count sheet or a karyotype that was written meanwhile changes the revision and contradicts nothing.
                stored = library.cells.load(track.cell_id)
                if before is None or not _holds(stored, before):
                    raise
                record = save(library, track.cell_id, stored.record.revision)
            track.cell_id, track.revision = record.id, record.revision
            return record

        write = Write(self.tr("Save %s") % track.entry.name, work)
        write.on_success = partial(self._on_stored, track, write)
        write.on_failure = partial(self._on_refused, track, write)
        track.waiting.append(write)
        self._writes.put(write)
        if self._writes.is_stuck():
            self._tell()

    def _on_stored(self, track: _Track, write: Write, record: object) -> None:
        track.waiting.remove(write)
        if self._tracks.get(track.entry.id) is track:
            self._show(track)
        self.stored.emit(track.entry.id, cast("CellRecord", record))

    def _on_refused(self, track: _Track, write: Write, error: Exception) -> None:
        track.waiting.remove(write)
        if self._tracks.get(track.entry.id) is not track:
            self.failed.emit(write.tried, error)
            return
        first, track.refused = not track.refused, True
        self._show(track)
        if not first:
            return  # what followed on the first refused gesture is refused, too
        if isinstance(error, StoreError):
            self.conflicted.emit(track.entry.id, error)
        else:
            self.failed.emit(write.tried, error)

    def _tell(self) -> None:
        for track in self._tracks.values():
            self._show(track)

    def _show(self, track: _Track) -> None:
        lacks = track.refused or (bool(track.waiting) and self._writes.is_stuck())
        track.entry.set_kept(in_library=True, unkept=lacks)


def _gesture(stack: QUndoStack, before: int) -> str:
    """Return the name of what brought the stack from `before` to where it is: for the trail."""
    after = stack.index()
    if after >= before:
        return stack.text(after - 1) if after > 0 else ""
    texts = [stack.text(index) for index in range(before - 1, after - 1, -1)]
    return ", ".join(["Undo", *filter(None, texts)]).replace(",", ":", 1)


def _work(state: DocumentState) -> Work:
    return Work(state.cell, state.placements, state.bundle, state.alternatives, state.annotations)


def _holds(stored: "StoredCell", state: DocumentState) -> bool:
    """Whether the library holds a cell as it was handed over."""
    same_chromosomes = {c.id for c in stored.cell.chromosomes} == {c.id for c in state.cell.chromosomes}
    return (
        same_chromosomes
        and stored.bundle == state.bundle
        and set(stored.placements) == set(state.placements)
        and set(stored.annotations) == set(state.annotations)
    )
