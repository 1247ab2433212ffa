"""The library as the window sees it: which one is open, which case is shown, which cell of it is open where.

Everything that touches the database runs in a thread of its own, in the order it was asked for.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError
from engine.progress import Reporter
from karyogui.document import DocumentState
from karyogui.jobs.desk import JobDesk
from karyogui.library.saving import Saving
from karyogui.library.writes import Shelf, Write, Writes
from karyogui.model.store.errors import StoreError, UnavailableError
from karyogui.session import CellState, Session

if TYPE_CHECKING:
    from karyogui.model.store.library import Library
    from karyogui.model.store.values import CellRecord, StoredCell


MOST_OPEN = 24
"""Opened cells of the library: a case's usual 20 and some; of those not looked at for longer the pixels are let go."""


class LibraryLink(QObject):
    """Opens the library and keeps cells of the session and cells of the library together."""

    opened = Signal()  # a library was opened: at the start, or another one
    unavailable = Signal(object)  # StoreError: it cannot be opened
    case_opened = Signal(object)  # int | None: the case that is shown
    cases_changed = Signal()  # cases came, went, or have other names
    case_changed = Signal(int)  # case id: something in it changed and is stored: cells, placements, sheet, karyotype
    cell_saved = Signal(int)  # cell id in the library: a gesture is stored
    cell_linked = Signal(int)  # cell id in the session: it stands for a cell of the library now
    cell_state_changed = Signal(int)  # cell id in the session: it came into another state, `record` says which
    cell_conflicted = Signal(int, object)  # cell id in the session; StoreError: the library refuses its changes
    failed = Signal(str, object)  # what was tried, in the user's words; the Exception

    def __init__(self, session: Session, desk: JobDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._shelf = Shelf()
        self._is_open = False
        self.where: Path | str = ""
        self.user = ""  # who works here; the trail names her
        self.writes = Writes(self._shelf, desk, self)
        self.writes.failed.connect(self.failed)
        self._case: int | None = None
        self._records: dict[int, CellRecord] = {}  # by cell id in the session: as it was fetched or last stored
        self._entries: dict[int, int] = {}  # cell id in the library -> in the session
        self._saving = Saving(session, self.writes, lambda: self.user, self)
        self._saving.stored.connect(self._on_stored)
        self._saving.failed.connect(self.failed)
        self._saving.conflicted.connect(self.cell_conflicted)
        self._changed: set[int] = set()  # cells in the library whose small picture is out of date
        self._order: list[int] = []  # opened cells of the library, the one shown last at the end
        session.cell_removed.connect(self._on_removed)
        session.current_changed.connect(self._on_current_changed)

    # --- the library -------------------------------------------------------------------------------------------------

    def open(self, where: Path | str) -> None:
        """Open a library (a file, or the address of a database) in the place of the one that is open.

        What was asked of the library before is done with the old one, what is asked later with the new one.
        """
        self.where, self._is_open = where, False

        def work(_reporter: Reporter) -> None:
            from karyogui.model.store.library import Library  # here: the window does not wait for it

            before, self._shelf.opened, self._shelf.why_not = self._shelf.opened, None, None
            if before is not None:
                before.close()
            try:
                self._shelf.opened = Library.open(where)
            except StoreError as error:
                self._shelf.why_not = UnavailableError(str(error))
                raise

        def opened(_nothing: object) -> None:
            self._is_open = True
            self.open_case(None)
            self.opened.emit()
            self.writes.retry()

        self._desk.start(
            "quiet:library:open", work, lane="library", on_success=opened, on_failure=self.unavailable.emit
        )

    def is_opening(self) -> bool:
        """Whether the library is being opened: what is asked of it waits until it is."""
        return "quiet:library:open" in self._desk.kinds()

    def is_open(self) -> bool:
        """Whether there is a library."""
        return self._is_open

    def run(
        self,
        kind: str,
        work: "Callable[[Library, Reporter], Any]",
        *,
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Exception], None] | None = None,
        on_cancel: Callable[[], None] | None = None,
        quiet: bool = True,
        among_files: bool = False,
    ) -> None:
        """Ask the library something in its thread; of two questions of one `kind` only the newer is answered.

        For reading, and for long work that may be cancelled. What must not get lost goes through `change`.

        Parameters
        ----------
        work
            `work(library, reporter)`; runs in the thread.
        on_failure
            Hears of an exception; by default the user does.
        quiet
            False: the status bar shows it, and Cancel stops it.
        among_files
            For what takes seconds: runs in the thread of the files, so that gestures are stored meanwhile.
        """
        self._desk.start(
            f"quiet:library:{kind}" if quiet else f"library:{kind}",
            lambda reporter: work(self._shelf.library(), reporter),
            lane="files" if among_files else "library",
            on_success=on_success,
            on_failure=on_failure or partial(self.failed.emit, self.tr("Read the library")),
            on_cancel=on_cancel,
        )

    def change(
        self,
        tried: str,
        work: "Callable[[Library], Any]",
        *,
        case_id: int | None = None,
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Exception], None] | None = None,
    ) -> None:
        """Change something in the library; it is done in order, and even if the program is closed right after.

        Parameters
        ----------
        tried
            In the user's words, for a message: `Save the count sheet`.
        work
            `work(library)`, one transaction; runs in the thread. It can run again after a failed try.
        case_id
            The case it changes: `case_changed` says so once it is stored.
        """

        def stored(result: object) -> None:
            if on_success is not None:
                on_success(result)
            if case_id is not None:
                self.case_changed.emit(case_id)

        self.writes.put(Write(tried, work, stored, on_failure))

    def close(self) -> None:
        """Store what is left and close the library. The threads have ended before."""
        self._is_open = False
        self.writes.close()
        self._saving.close()
        if self._shelf.opened is not None:
            with suppress(StoreError):
                for cell_id in self._changed:
                    _draw(cell_id, self._shelf.opened)
            self._shelf.opened.close()
            self._shelf.opened = None

    # --- cases -------------------------------------------------------------------------------------------------------

    def current_case(self) -> int | None:
        """Return the case that is shown."""
        return self._case

    def open_case(self, case_id: int | None) -> None:
        """Show another case, or none. Reads nothing: who shows it does."""
        if case_id != self._case:
            self._case = case_id
            self.case_opened.emit(case_id)

    # --- cells -------------------------------------------------------------------------------------------------------

    def store_cell(self, entry_id: int) -> int | None:
        """Return the cell in the library of an opened cell; None: it is in no case."""
        record = self._records.get(entry_id)
        return record.id if record else None

    def expected_cell(self, entry_id: int) -> int | None:
        """As `store_cell`, but also of a cell that is still being fetched."""
        return next((cell for cell, entry in self._entries.items() if entry == entry_id), None)

    def is_linked(self, entry_id: int) -> bool:
        """Whether an opened cell belongs to the library, be it still on its way out of it."""
        return entry_id in self._records or entry_id in self._entries.values()

    def record(self, entry_id: int) -> "CellRecord | None":
        """Return what the library said last of an opened cell: its case, state, karyotype; None: it is in no case."""
        return self._records.get(entry_id)

    def entry_of(self, cell_id: int) -> int | None:
        """Return the opened cell of a cell in the library; None: it is not open."""
        return self._entries.get(cell_id)

    def show_cell(self, cell_id: int) -> None:
        """Open a cell of the library, with its case, and show it; one that is open is only shown."""
        entry_id = self._entries.get(cell_id)
        if entry_id is None:
            entry = self._session.add_waiting("")
            self._entries[cell_id] = entry.id
            self._fetch(cell_id, entry.id)
            return
        record = self._records.get(entry_id)
        if record is not None:
            self.open_case(record.case_id)
        self._session.set_current(entry_id)

    def take_in(self, stored: "StoredCell") -> int:
        """Open a cell of the library that was read already, without showing it, and store what happens to it."""
        known = self._entries.get(stored.record.id)
        if known is not None:
            return known
        entry = self._session.add_waiting(stored.cell.name, shown=False)
        self._entries[stored.record.id] = entry.id
        self._session.fill(entry.id, state_of(stored))
        self._saving.follow(entry.id, stored)
        self._note(entry.id, stored.record)
        return entry.id

    def reload(self, entry_id: int) -> None:
        """Show an opened cell as the library holds it; what it lacks of this window's changes is given up."""
        record = self._records.get(entry_id)
        if record is not None:
            self._fetch(record.id, entry_id)

    def add_to_case(self, entry_id: int, case_id: int) -> None:
        """Put an opened cell that is in no case into one, with all that was done to it."""
        if self._session.cell(entry_id).is_ready() and entry_id not in self._records:
            self._saving.add(entry_id, case_id)

    def _fetch(self, cell_id: int, entry_id: int) -> None:
        def fetched(stored: "StoredCell") -> None:
            if self._entries.get(cell_id) == entry_id:  # not closed meanwhile
                self._saving.leave(entry_id)
                self._session.fill(entry_id, state_of(stored))
                self._saving.follow(entry_id, stored)
                self._note(entry_id, stored.record)
                self.open_case(stored.record.case_id)

        def failed(error: Exception) -> None:
            if self._entries.get(cell_id) == entry_id:
                if isinstance(error, EngineError) and not self._session.cell(entry_id).is_ready():
                    self._session.fail(entry_id, error)
                self.failed.emit(self.tr("Open the cell"), error)

        def cancelled() -> None:
            if self._entries.get(cell_id) == entry_id and not self._session.cell(entry_id).is_ready():
                self._session.close_cell(entry_id)

        def load(library: "Library", _reporter: Reporter) -> "StoredCell":
            stored = library.cells.load(cell_id)
            stored.cell.warm_up()
            return stored

        self.run(
            f"load:{cell_id}",
            load,
            on_success=fetched,
            on_failure=failed,
            on_cancel=cancelled,
            quiet=False,
        )

    def note(self, record: "CellRecord") -> None:
        """Take over what the library answered about a cell, if it is open."""
        entry_id = self._entries.get(record.id)
        if entry_id is not None:
            self._note(entry_id, record)

    def _on_stored(self, entry_id: int, record: "CellRecord") -> None:
        if entry_id in {entry.id for entry in self._session.cells()}:
            self._note(entry_id, record)
        self._changed.add(record.id)
        self.cell_saved.emit(record.id)
        self.case_changed.emit(record.case_id)

    def _note(self, entry_id: int, record: "CellRecord") -> None:
        known = self._records.get(entry_id)
        self._records[entry_id], self._entries[record.id] = record, entry_id
        if known is None:
            self.cell_linked.emit(entry_id)
        elif known.state is not record.state:
            self.cell_state_changed.emit(entry_id)

    def _on_removed(self, entry_id: int) -> None:
        self._saving.leave(entry_id)
        self._records.pop(entry_id, None)
        self._entries = {cell: entry for cell, entry in self._entries.items() if entry != entry_id}
        self._order = [other for other in self._order if other != entry_id]

    def _on_current_changed(self, entry_id: int | None) -> None:
        """Draw small what was worked on, and close what has not been looked at for long."""
        shown = self._records.get(entry_id) if entry_id is not None else None
        for cell_id in self._changed - ({shown.id} if shown else set()):
            self._changed.discard(cell_id)
            draw = partial(_draw, cell_id)
            self.writes.put(Write(self.tr("Draw a small picture"), draw, on_failure=lambda _error: None))
        if entry_id is None or entry_id not in self._entries.values():
            return
        self._order = [*(other for other in self._order if other != entry_id), entry_id]
        for other in self._order[:-MOST_OPEN]:
            entry = self._session.cell(other)
            if self._saving.is_settled(other) and entry.state in (CellState.NEW, CellState.CLASSIFIED):
                self._session.close_cell(other)


def _draw(cell_id: int, library: "Library") -> None:
    library.cells.refresh_thumbnail(cell_id)


def state_of(stored: "StoredCell") -> DocumentState:
    """Return a cell of the library as the document holds it."""
    return DocumentState(stored.cell, stored.placements, stored.bundle, stored.alternatives, stored.annotations)
