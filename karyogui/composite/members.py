"""The cells of the case: those of the library's case, or without one the opened cells.

Nothing is read before somebody looks, then one cell after the other, in the library's thread. A cell that is open is
shown as it is being edited; one that is not has a document of its own until it is edited: then it is opened, without
being shown, so that its commands go the way of all others.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from karyogui.document import KaryogramDocument
from karyogui.library.link import LibraryLink, state_of
from karyogui.model.store.values import CellRecord, State
from karyogui.session import OpenCell, Session

if TYPE_CHECKING:
    from karyogui.model.store.values import StoredCell


@dataclass(frozen=True, slots=True)
class Member:
    """One cell of the case."""

    key: int  # of the library, or of the session without one
    name: str
    document: KaryogramDocument
    read_only: bool  # approved


class Members(QObject):
    """Which cells there are, and their documents as soon as they are read."""

    changed = Signal()  # another case, or other cells in it: everything is new
    arrived = Signal(int)  # key: its document is there, or is another one
    edited = Signal(int)  # key: its karyogram changed

    def __init__(self, session: Session, library: LibraryLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._library = session, library
        self._active = False
        self._case: int | None = None
        self._records: dict[int, CellRecord] = {}
        self._read: dict[int, tuple[StoredCell, KaryogramDocument]] = {}  # of the cells that are not open
        self._failed: dict[int, int] = {}  # key -> revision that could not be read
        self._leaving: int | None = None  # the cell of the session that is being closed
        self._told: list[tuple[int, str, KaryogramDocument, bool]] = []
        session.cell_added.connect(lambda _id: self._on_session_changed())
        session.cell_removed.connect(self._on_removed)
        session.cell_changed.connect(self._on_cell_changed)
        library.case_opened.connect(lambda _case: self._refresh())
        library.case_changed.connect(self._on_case_changed)
        library.cell_linked.connect(self._on_linked)

    # --- reading -----------------------------------------------------------------------------------------------------

    def set_active(self, active: bool) -> None:
        """Somebody looks, or does no longer."""
        if active != self._active:
            self._active = active
            if active:
                self._refresh()

    def is_case(self) -> bool:
        """Whether the cells are those of a case in the library."""
        return self._case is not None

    def keys(self) -> tuple[int, ...]:
        """Return all cells in their order, read or not."""
        if self._case is not None:
            return tuple(self._records)
        return tuple(e.id for e in self._session.cells() if e.is_ready() and e.id != self._leaving)

    def member(self, key: int) -> Member | None:
        """Return one cell; None while it is being read, or once it is gone."""
        if self._case is None:
            entry = self._entry(key)
            return Member(key, entry.name, entry.document, entry.undo_stack.is_locked()) if entry else None
        record = self._records.get(key)
        if record is None:
            return None
        entry = self._entry(self._library.entry_of(key))
        approved = record.state is State.APPROVED
        if entry is not None:
            return Member(key, entry.name, entry.document, approved or entry.undo_stack.is_locked())
        read = self._read.get(key)
        return Member(key, record.name, read[1], approved) if read else None

    def members(self) -> tuple[Member, ...]:
        """Return the cells that are read."""
        return tuple(member for key in self.keys() if (member := self.member(key)) is not None)

    def waiting(self) -> int:
        """How many cells are still to be read."""
        return sum(self.member(key) is None and key not in self._failed for key in self.keys())

    def open_cell(self, key: int) -> OpenCell | None:
        """Return the opened cell that edits go to; one that was only read is opened, and the shown one stays."""
        if self._case is None:
            return self._entry(key)
        entry = self._entry(self._library.entry_of(key))
        read = self._read.get(key)
        if entry is None and read is not None and not self._is_stale(key):
            entry = self._entry(self._library.take_in(read[0]))
        return entry

    def show(self, key: int) -> None:
        """Show the karyogram of a cell."""
        if self._case is None:
            self._session.set_current(key)
        else:
            self.open_cell(key)
            self._library.show_cell(key)

    def _entry(self, entry_id: int | None) -> OpenCell | None:
        if entry_id is None or entry_id == self._leaving:
            return None
        found = next((entry for entry in self._session.cells() if entry.id == entry_id), None)
        return found if found is not None and found.is_ready() else None

    # --- following ---------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Ask which cells there are."""
        if not self._active:
            return
        case = self._library.current_case()
        if case is None:
            self._case, self._records, self._read = None, {}, {}
            self._tell()
            return

        def listed(records: tuple[CellRecord, ...]) -> None:
            if case != self._library.current_case():
                return
            if case != self._case:
                self._read, self._failed = {}, {}
            self._case, self._records = case, {record.id: record for record in records}
            self._read = {key: read for key, read in self._read.items() if key in self._records}
            self._tell()
            self._read_next()

        self._library.run("composite:list", lambda library, reporter: library.cells.records(case), on_success=listed)

    def _is_stale(self, key: int) -> bool:
        """Whether somebody else changed a cell since it was read; until it is read again the old one is shown."""
        read = self._read.get(key)
        is_open = self._entry(self._library.entry_of(key)) is not None
        return read is not None and not is_open and read[0].record.revision != self._records[key].revision

    def _read_next(self) -> None:
        """Read one more cell; one at a time, so that a gesture that is to be stored waits for one cell at most."""
        if self._case is None:
            return
        missing = (key for key in self.keys() if self.member(key) is None or self._is_stale(key))
        wanted = next((key for key in missing if not self._gave_up(key)), None)
        if not self._active or wanted is None:
            return

        def read(stored: "StoredCell") -> None:
            document = KaryogramDocument(self)
            document.restore(state_of(stored))
            self._read[wanted] = stored, document
            if wanted in self._records:
                self._records[wanted] = stored.record
                self.arrived.emit(wanted)
            self._read_next()

        def failed(error: Exception) -> None:
            self._failed[wanted] = self._records[wanted].revision if wanted in self._records else -1
            self._library.failed.emit(self.tr("Read a cell of the case"), error)
            self._read_next()

        self._library.run(
            "composite:read", lambda library, reporter: library.cells.load(wanted), on_success=read, on_failure=failed
        )

    def _gave_up(self, key: int) -> bool:
        return self._failed.get(key) == self._records[key].revision

    def _tell(self) -> None:
        """Say that the cells are others, if they are."""
        told = [(m.key, m.name, m.document, m.read_only) for m in self.members()]
        if told != self._told or self.waiting():
            self._told = told
            self.changed.emit()

    def _on_session_changed(self) -> None:
        if self._active and self._case is None:
            self._tell()

    def _on_removed(self, entry_id: int) -> None:
        """Its document goes after this signal; nothing may be drawn from it any more."""
        if not self._active:
            return
        self._leaving = entry_id
        self._tell()
        self._leaving = None
        self._read_next()  # a cell of the case is read once more: it was edited since

    def _on_cell_changed(self, entry_id: int) -> None:
        if not self._active:
            return
        key = entry_id if self._case is None else self._library.store_cell(entry_id)
        if self._case is None and entry_id not in [told[0] for told in self._told]:
            self._tell()
        elif key is not None and (self._case is None or key in self._records):
            self.edited.emit(key)

    def _on_case_changed(self, case_id: int) -> None:
        if case_id == self._case:
            self._refresh()

    def _on_linked(self, entry_id: int) -> None:
        key = self._library.store_cell(entry_id)
        if self._active and key is not None and key in self._records:
            self._read.pop(key, None)
            self._tell()
