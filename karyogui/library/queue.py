"""Cells that wait for their classification, one after the other in the background, while somebody works on others."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.types import CellResult
from karyogui.document import DocumentState, classified
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.library.link import LibraryLink
from karyogui.model.recovery import Work
from karyogui.model.store.errors import StoreError
from karyogui.model.store.values import State
from karyogui.session import CellState, Session

if TYPE_CHECKING:
    from karyogui.model.store.library import Library
    from karyogui.model.store.values import CellRecord, StoredCell

_KIND = "quiet:queue"


class ClassifyQueue(QObject):
    """Classifies cells of the library that nobody has classified. What is left at the end goes on at the next start.

    A cell that is open is classified where she sees it; the others are fetched, classified and stored unseen.
    """

    changed = Signal()  # cells came or went, or it was paused
    progressed = Signal(int)  # cell id in the library: `share` says how far it is
    failed = Signal(str, object)  # what was tried; the Exception; the queue is paused then

    def __init__(
        self, link: LibraryLink, session: Session, desk: JobDesk, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._link, self._session, self._desk, self._tasks = link, session, desk, tasks
        self._waiting: list[int] = []
        self._current: int | None = None
        self._watched: int | None = None  # the session's number of the current cell, while the session classifies it
        self._share = 0.0
        self._done = 0
        self._paused = False
        desk.progressed.connect(self._on_progressed)
        session.cell_changed.connect(self._on_cell_changed)
        session.cell_removed.connect(self._on_cell_removed)
        link.cell_linked.connect(lambda _id: self._next())
        link.opened.connect(self._on_library_opened)

    def add(self, cell_ids: Iterable[int]) -> None:
        """Let cells wait for their turn, in this order; those that wait already stay where they are."""
        known = {*self._waiting, self._current}
        self._waiting += [cell for cell in dict.fromkeys(cell_ids) if cell not in known]
        self.changed.emit()
        self._next()

    def waiting(self) -> tuple[int, ...]:
        """Return the cells whose turn has not come."""
        return tuple(self._waiting)

    def current(self) -> int | None:
        """Return the cell that is being classified."""
        return self._current

    def share(self) -> float:
        """Return how far the current cell is: 0..1."""
        return self._share

    def counts(self) -> tuple[int, int]:
        """Return how many cells are done and how many there were, since the queue was empty."""
        return self._done, self._done + len(self._waiting) + (self._current is not None)

    def is_paused(self) -> bool:
        """Whether no further cell is begun."""
        return self._paused

    def set_paused(self, paused: bool) -> None:
        """Begin no further cell, or go on. The current one is finished."""
        if paused != self._paused:
            self._paused = paused
            self.changed.emit()
            self._next()

    def cancel(self) -> None:
        """Stop, and forget what waits. The cells stay as they are."""
        self._waiting.clear()
        watched, self._watched = self._watched, None
        self._desk.cancel(_KIND)
        if watched is not None:
            self._desk.cancel(f"classify:{watched}")
        self._settle(done=False)
        self._paused = False
        self.changed.emit()

    def take_out(self, cell_ids: Iterable[int]) -> None:
        """Forget cells that are gone."""
        gone = set(cell_ids)
        self._waiting = [cell for cell in self._waiting if cell not in gone]
        self.changed.emit()

    # --- one after the other -----------------------------------------------------------------------------------------

    def _next(self) -> None:
        if self._paused or self._current is not None or not self._waiting or not self._link.is_open():
            return
        shown = self._session.current()
        wanted = self._link.store_cell(shown.id) if shown else None
        cell_id = wanted if wanted in self._waiting and wanted is not None else self._waiting[0]
        self._waiting.remove(cell_id)
        self._current, self._share = cell_id, 0.0
        entry_id = self._link.entry_of(cell_id)
        if entry_id is not None:
            self._begin_open(cell_id, entry_id)
        else:
            fetched = partial(self._begin_unseen, cell_id)
            gone = partial(self._on_gone, cell_id)
            self._link.run(
                "queue", lambda library, _reporter: library.cells.load(cell_id), on_success=fetched, on_failure=gone
            )
        self.progressed.emit(cell_id)
        self.changed.emit()

    def _begin_open(self, cell_id: int, entry_id: int) -> None:
        entry = self._session.cell(entry_id)
        if entry.state is CellState.READING:  # its turn comes when it is there
            self._current = None
            self._waiting.insert(0, cell_id)
        elif entry.state is CellState.FAILED or entry.document.bundle() is not None:
            self._settle()
        else:
            self._watched = entry_id
            if entry.state is not CellState.CLASSIFYING:
                self._session.classify([entry_id])

    def _begin_unseen(self, cell_id: int, stored: "StoredCell") -> None:
        if self._current != cell_id:
            return  # cancelled meanwhile
        if stored.record.state is not State.NEW:
            self._settle()
            return
        self._desk.start(
            _KIND,
            self._tasks.classify(stored.cell, self._session.bundle),
            on_success=partial(self._on_result, cell_id, stored),
            on_failure=partial(self._on_failed, cell_id, stored.record.name),
        )

    def _on_result(self, cell_id: int, stored: "StoredCell", result: CellResult) -> None:
        entry_id = self._link.entry_of(cell_id)
        if entry_id is not None and self._session.cell(entry_id).is_ready():
            self._session.take_result(entry_id, result)  # opened meanwhile: where she sees it
            self._settle()
            return
        state = classified(stored.cell, result, stored.annotations)
        user, revision = self._link.user, stored.record.revision

        def store(library: "Library") -> "CellRecord":
            return library.cells.save_result(cell_id, _work(state), user, revision)

        def refused(error: Exception) -> None:
            if not isinstance(error, StoreError):  # somebody changed it meanwhile: it needs no classification
                self.failed.emit(self.tr("Classify %s") % stored.record.name, error)

        tried = self.tr("Save the classification of %s") % stored.record.name
        self._link.change(tried, store, case_id=stored.record.case_id, on_failure=refused)
        self._settle()

    def _on_gone(self, cell_id: int, _error: Exception) -> None:
        if self._current == cell_id:
            self._settle(done=False)

    def _on_failed(self, cell_id: int, name: str, error: Exception) -> None:
        """The next one would fail, too: a bundle is damaged, or memory is short."""
        self._waiting.insert(0, cell_id)
        self._paused = True
        self._settle(done=False)
        self.failed.emit(self.tr("Classify %s") % name, error)

    def _on_cell_changed(self, entry_id: int) -> None:
        if entry_id == self._watched and self._session.cell(entry_id).state is not CellState.CLASSIFYING:
            self._watched = None
            done = self._session.cell(entry_id).document.bundle() is not None
            if not done:  # it failed, or Esc was pressed: not the next one, too
                self._paused = bool(self._waiting)
            self._settle(done=done)
        elif self._current is None and self._waiting:
            self._next()  # it may have waited for this one to be fetched

    def _on_cell_removed(self, entry_id: int) -> None:
        if entry_id == self._watched:
            self._watched = None
            cell_id = self._current
            self._settle(done=False)
            if cell_id is not None:
                self.add([cell_id])

    def _settle(self, *, done: bool = True) -> None:
        cell_id, self._current = self._current, None
        self._done += done
        if not self._waiting:
            self._done = 0
        if cell_id is not None:
            self.progressed.emit(cell_id)
            self.changed.emit()
        self._next()

    def _on_progressed(self, kind: str, done: int, total: int, _message: str) -> None:
        if self._current is not None and kind in (_KIND, f"classify:{self._watched}"):
            self._share = done / total if total else 0.0
            self.progressed.emit(self._current)

    def _on_library_opened(self) -> None:
        self._waiting.clear()
        if not self._session.classify_on_open or "://" in str(self._link.where):
            return  # on a server, cells of others wait for others
        self._link.run("new cells", lambda library, _reporter: library.cells.new_cells(), on_success=self.add)


def _work(state: DocumentState) -> Work:
    return Work(state.cell, state.placements, state.bundle, state.alternatives, state.annotations)
