"""The karyotype of the shown cell, under its karyogram: follows from the counts, until she writes it herself."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from engine.karyotype.check import Check, check_cell, structural_terms
from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from engine.progress import Reporter
from karyogui.casework.checked_line import CheckedLine
from karyogui.document import Written
from karyogui.library.link import LibraryLink
from karyogui.model.store.values import CellRecord, State
from karyogui.session import Session
from karyogui.theme import GRID

if TYPE_CHECKING:
    from karyogui.model.store.library import Library


class KaryotypeLine(QWidget):
    """Shows the karyotype of the shown cell and lets her complete it.

    What she writes is kept in the library at once and is no command on the undo stack: the stack is that of the
    karyogram, whose placements are the truth, and the text is a value beside it that is checked against them. Undoing
    a placement must not take back a sentence she wrote later, nor the other way round. The line itself undoes typing,
    one click goes back to the text that follows from the counts, and the trail of the case keeps each text.
    """

    left = Signal()  # done with the line: the keyboard belongs to the karyogram

    def __init__(self, session: Session, link: LibraryLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._link = session, link
        self._record: CellRecord | None = None  # of the shown cell, as the library has it
        self._pending = 0  # texts that are on their way: what is read meanwhile is older
        self._counts = ChromosomeCounts()  # of the shown karyogram, be it stored or not
        label = QLabel(self.tr("Karyotype"))
        self.line = CheckedLine(self._check, self.tr("agrees with the karyogram"))
        self.line.edit.setAccessibleName(self.tr("Karyotype of the cell"))
        label.setBuddy(self.line.edit)
        self.automatic = QPushButton(self.tr("From the counts"))
        self.automatic.setToolTip(self.tr("Drop what was written by hand: the karyotype follows from the counts again"))
        self.automatic.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(label)
        row.addWidget(self.line, 1)
        row.addWidget(self.automatic)
        self.line.committed.connect(self._keep)
        self.line.left.connect(self.left)
        self.automatic.clicked.connect(self._back_to_counts)
        session.current_changed.connect(lambda _id: self._on_current_changed())
        session.cell_changed.connect(self._on_cell_changed)
        link.cell_linked.connect(self._on_linked)
        link.cell_saved.connect(self._on_saved)
        link.case_changed.connect(self._on_case_changed)
        self._show()

    def take_focus(self) -> None:
        """Let her type."""
        self.line.edit.setFocus()
        self.line.edit.selectAll()

    # --- what is shown -----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        entry, record = self._session.current(), self._record
        self.setVisible(entry is not None and entry.is_ready())
        self._counts = entry.document.counts() if entry else ChromosomeCounts()
        self.line.set_read_only(*self._locked())
        written = record is not None and (record.karyotype_by_hand or bool(record.structural))
        self.line.agrees = self.tr("agrees with the karyogram") if written else self.tr("follows from the counts")
        self.automatic.setVisible(written and not self._locked()[0])
        if entry is not None and record is not None:
            # What is shown elsewhere and exported is the same text.
            text = record.karyotype if record.karyotype_by_hand else None
            entry.document.write_karyotype(Written(text, record.structural))
        self.line.show_text(entry.document.karyotype_text() if entry else "")

    def _locked(self) -> tuple[bool, str]:
        """Whether the text cannot be written, and why."""
        if self._record is None:
            return True, self.tr("The cell is in no case: its karyotype follows from the counts")
        if self._record.state is State.APPROVED:
            return True, self.tr("The cell is approved; reopen it to change its karyotype")
        return False, self.tr("Write what counts cannot show, such as del(5)(q13q33); it is checked as you type")

    def _check(self, text: str) -> Check:
        return check_cell(text, self._counts)

    # --- keeping -----------------------------------------------------------------------------------------------------

    def _keep(self, text: str) -> None:
        structural = structural_terms(text)
        follows = text in ("", _text(self._counts, structural))
        self._save(None if follows else text, structural)

    def _back_to_counts(self) -> None:
        self._save(None, ())

    def _save(self, text: str | None, structural: tuple[str, ...]) -> None:
        record, user = self._record, self._link.user
        if record is None:
            return
        tried = self.tr("Save the karyotype of %s") % record.name
        karyotype = _text(self._counts, structural) if text is None else text
        self._record = replace(
            record, karyotype=karyotype, karyotype_by_hand=text is not None, structural=tuple(structural)
        )
        self._show()
        self._pending += 1

        def stored(now: CellRecord) -> None:
            self._pending -= 1
            if self._is_shown(now.id):
                self._record = now
                self._show()

        def refused(error: Exception) -> None:
            self._pending -= 1
            self._link.failed.emit(tried, error)
            if self._is_shown(record.id):
                self._record = record
                self._show()
                self.line.type_again(karyotype)  # what she wrote is still hers

        self._link.change(
            tried,
            lambda library: library.cells.save_karyotype(record.id, text, structural, user),
            case_id=record.case_id,
            on_success=stored,
            on_failure=refused,
        )

    def _is_shown(self, cell_id: int) -> bool:
        return self._record is not None and self._record.id == cell_id

    # --- following the session and the library -----------------------------------------------------------------------

    def _on_current_changed(self) -> None:
        self.line.commit()  # to the cell it was typed for
        self._record = None
        self._show()
        self._fetch()

    def _on_cell_changed(self, entry_id: int) -> None:
        entry = self._session.current()
        if entry is not None and entry.id == entry_id:
            self._show()

    def _on_linked(self, entry_id: int) -> None:
        entry = self._session.current()
        if entry is not None and entry.id == entry_id:
            self._fetch()

    def _on_saved(self, cell_id: int) -> None:
        if self._is_shown(cell_id):
            self._fetch()

    def _on_case_changed(self, case_id: int) -> None:
        if self._record is not None and self._record.case_id == case_id:
            self._fetch()

    def _fetch(self) -> None:
        entry = self._session.current()
        cell_id = self._link.store_cell(entry.id) if entry else None
        if entry is None or cell_id is None or not self._link.is_open():
            return

        def work(library: "Library", _reporter: Reporter) -> CellRecord:
            return library.cells.record(cell_id)

        def fetched(record: CellRecord) -> None:
            if self._session.current() is entry and not self._pending:
                self._record = record
                self._show()

        self._link.run("karyotype-line", work, on_success=fetched)


def _text(counts: ChromosomeCounts, structural: tuple[str, ...]) -> str:
    return karyotype_text(counts, structural=structural) if counts.total else ""
