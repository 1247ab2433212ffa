"""The open case as values: the case, its cells, the count sheet that follows. Changes go into the library at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.progress import Reporter
from karyogui.library.link import LibraryLink
from karyogui.model.count_sheet import CountSheet, count_sheet
from karyogui.model.store.values import Case, CellRecord, SheetEntry

if TYPE_CHECKING:
    from karyogui.model.store.library import Library

_GATHER_MS = 60  # a classification of twenty cells is read again a few times, not twenty


class CaseWork(QObject):
    """Holds what the library says of the open case. A change is shown at once and stored behind it.

    These changes are no commands on the undo stack: that belongs to the karyogram of one cell, while a case outlives
    its open cells. The trail of the case keeps what was there before.
    """

    case_shown = Signal()  # another case is there, or none
    changed = Signal()  # something in it is different

    def __init__(self, link: LibraryLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link = link
        self.case: Case | None = None
        self.records: tuple[CellRecord, ...] = ()
        self.sheet: CountSheet | None = None
        self._pending = 0  # changes of ours that are not stored yet; what is read meanwhile is older than what is shown
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._timer.timeout.connect(self._read)
        link.case_opened.connect(self._on_case_opened)
        link.case_changed.connect(self._on_case_changed)
        link.cases_changed.connect(self._timer.start)

    def record(self, cell_id: int) -> CellRecord | None:
        """Return a cell of the case."""
        return next((record for record in self.records if record.id == cell_id), None)

    def save_entry(self, cell_id: int, entry: SheetEntry) -> None:
        """Write down something of a cell on the count sheet."""
        record = self.record(cell_id)
        if record is None or record.sheet == entry:
            return
        self._show(self.case, tuple(replace(r, sheet=entry) if r.id == cell_id else r for r in self.records))
        user = self.link.user
        self._store(
            self.tr("Write on the count sheet of %s") % record.name,
            lambda library: library.cells.save_sheet(cell_id, entry, user),
        )

    def save_case(self, **changes: Any) -> None:
        """Write down something of the case: karyotype, sex, constitutional, note, specimen."""
        if self.case is None:
            return
        changed = replace(self.case, **changes)
        if changed == self.case:
            return
        self._show(changed, self.records)
        user, case_id = self.link.user, changed.id

        def save(library: "Library") -> Case:
            # Only what she changed: somebody else may have changed the rest.
            return library.cases.save(replace(library.cases.get(case_id), **changes), user)

        self._store(self.tr("Save what is known of case %s") % changed.code, save)

    def save_specimen(self, specimen: Mapping[str, str]) -> None:
        """Write down the fields of the specimen."""
        self.save_case(specimen=dict(specimen))

    def _store(self, tried: str, save: "Any") -> None:
        case_id = self.case.id if self.case else None
        self._pending += 1

        def stored(_result: object) -> None:
            self._pending -= 1

        def refused(error: Exception) -> None:
            self._pending -= 1
            self.link.failed.emit(tried, error)
            self._timer.start()  # what was shown is not what is there

        self.link.change(tried, save, case_id=case_id, on_success=stored, on_failure=refused)

    def _on_case_opened(self, case_id: int | None) -> None:
        if case_id is None:
            self._timer.stop()
            self._show(None, ())
        else:
            self._read()

    def _on_case_changed(self, case_id: int) -> None:
        if case_id == self.link.current_case():
            self._timer.start()

    def _read(self) -> None:
        case_id = self.link.current_case()
        if case_id is None or not self.link.is_open():
            return

        def work(library: "Library", _reporter: Reporter) -> tuple[Case, tuple[CellRecord, ...]]:
            return library.cases.get(case_id), library.cells.records(case_id)

        def read(found: tuple[Case, tuple[CellRecord, ...]]) -> None:
            if self.link.current_case() == case_id and not self._pending:
                self._show(*found)

        self.link.run("casework", work, on_success=read)

    def _show(self, case: Case | None, records: tuple[CellRecord, ...]) -> None:
        other = (case.id if case else None) != (self.case.id if self.case else None)
        if not other and case == self.case and records == self.records:
            return
        self.case, self.records = case, records
        self.sheet = count_sheet(case, records) if case else None
        if other:
            self.case_shown.emit()
        self.changed.emit()
