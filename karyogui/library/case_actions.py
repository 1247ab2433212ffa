"""What can be done with a case or a cell of the case view: make, rename, move, delete, classify."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from karyogui.dialogs.question import Question, ask
from karyogui.library.case_panel import CasePanel
from karyogui.library.importing import UNFILED
from karyogui.library.link import LibraryLink
from karyogui.library.queue import ClassifyQueue
from karyogui.model.store.values import State
from karyogui.session import Session

if TYPE_CHECKING:
    from karyogui.model.store.values import Case, CellRecord


class CaseActions(QObject):
    """Asks where it must, and hands the rest to the library."""

    refused = Signal(str)  # a sentence: why nothing was done

    def __init__(
        self, link: LibraryLink, session: Session, panel: CasePanel, queue: ClassifyQueue, window: QWidget
    ) -> None:
        super().__init__(window)
        self._link, self._session, self._panel, self._queue, self._window = link, session, panel, queue, window

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        return {
            "new_case": self.ask_new_case,
            "rename": self.ask_rename,
            "move_cell": self.ask_move,
            "delete": self.ask_delete,
            "classify_all": self.classify_all,
            "next_cell": lambda: self._panel.step(1),
            "previous_cell": lambda: self._panel.step(-1),
        }

    # --- cases -------------------------------------------------------------------------------------------------------

    def ask_new_case(self) -> None:
        """Ask for the code of a new case, and show it."""
        self._ask_text("case_dialog", self.tr("New case"), self.tr("Code of the case"), "", self.make_case)

    def make_case(self, code: str) -> None:
        """Begin a case and show it."""

        def made(case: "Case") -> None:
            self._link.cases_changed.emit()
            self._link.open_case(case.id)

        user = self._link.user
        self._link.change(self.tr("New case"), lambda library: library.cases.create(code, user), on_success=made)

    def ask_rename(self) -> None:
        """Ask for another name of the chosen cell, or another code of the chosen case."""
        cell_id, case_id = self._panel.chosen_cell(), self._panel.chosen_case()
        if cell_id is not None:
            item = self._panel.item(cell_id)
            name = item.text() if item is not None else ""
            self._ask_text(
                "rename_dialog",
                self.tr("Rename cell"),
                self.tr("Name of the cell"),
                name,
                lambda text: self.rename_cell(cell_id, text),
            )
        elif case_id is not None:
            summary = self._panel.summary(case_id)
            code = summary.case.code if summary else ""
            self._ask_text(
                "rename_dialog",
                self.tr("Rename case"),
                self.tr("Code of the case"),
                code,
                lambda text: self.rename_case(case_id, text),
            )
        else:
            self.refused.emit(self.tr("Choose a case or a cell in the list first."))

    def rename_case(self, case_id: int, code: str) -> None:
        """Give a case another code."""
        user = self._link.user
        self._link.change(
            self.tr("Rename case"),
            lambda library: library.cases.rename(case_id, code, user),
            on_success=lambda _case: self._link.cases_changed.emit(),
        )

    def rename_cell(self, cell_id: int, name: str) -> None:
        """Give a cell another name."""
        if not name.strip():
            self.refused.emit(self.tr("A cell needs a name."))
            return
        user = self._link.user

        def renamed(record: "CellRecord") -> None:
            self._link.note(record)
            self._link.case_changed.emit(record.case_id)

        work = self.tr("Rename cell")
        self._link.change(work, lambda library: library.cells.rename(cell_id, name.strip(), user), on_success=renamed)

    # --- moving ------------------------------------------------------------------------------------------------------

    def ask_move(self) -> None:
        """Ask for the case into which the chosen cell goes; a code that is new makes a new case."""
        cell_id, loose = self._panel.chosen_cell(), self._panel.chosen_loose_cell()
        if cell_id is None and loose is None:
            entry = self._session.current()
            cell_id = self._link.store_cell(entry.id) if entry is not None else None
            loose = entry.id if entry is not None and cell_id is None else None
        if cell_id is None and loose is None:
            self.refused.emit(self.tr("Choose a cell in the list first."))
            return
        dialog = QInputDialog(self._window)
        dialog.setObjectName("move_dialog")
        dialog.setWindowTitle(self.tr("Move cell to a case"))
        dialog.setLabelText(self.tr("Case, or the code of a new one"))
        dialog.setComboBoxItems([summary.case.code for summary in self._panel.cases()])
        dialog.setComboBoxEditable(True)
        dialog.setOkButtonText(self.tr("Move"))
        dialog.textValueSelected.connect(lambda code: self.move(cell_id, loose, code))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def move(self, cell_id: int | None, loose: int | None, code: str) -> None:
        """Put a cell of the library, or an opened one that is in no case, into the case of this code."""
        user = self._link.user
        if cell_id is not None:
            before = self._panel.chosen_case()

            def moved(record: "CellRecord") -> None:
                self._link.note(record)
                self._link.cases_changed.emit()
                for case_id in {before, record.case_id} - {None}:
                    self._link.case_changed.emit(case_id)
                self._link.show_cell(record.id)

            self._link.change(
                self.tr("Move cell"),
                lambda library: library.cells.move(cell_id, library.cases.named(code, user).id, user),
                on_success=moved,
            )
        elif loose is not None:

            def found(case: "Case") -> None:
                self._link.cases_changed.emit()
                self._link.open_case(case.id)
                if loose in {entry.id for entry in self._session.cells()}:
                    self._link.add_to_case(loose, case.id)

            self._link.change(self.tr("Move cell"), lambda library: library.cases.named(code, user), on_success=found)

    # --- deleting ----------------------------------------------------------------------------------------------------

    def ask_delete(self) -> None:
        """Ask whether the chosen case or cell is to be deleted for good."""
        cell_id, case_id = self._panel.chosen_cell(), self._panel.chosen_case()
        if cell_id is not None:
            item = self._panel.item(cell_id)
            text = self.tr("Delete cell %s with everything that was done to it?") % (item.text() if item else "")
            self._confirm(text, lambda: self.delete_cell(cell_id))
        elif case_id is not None:
            summary = self._panel.summary(case_id)
            if summary is not None:
                text = self.tr("Delete case %s with its %d cells and everything that was done to them?")
                self._confirm(text % (summary.case.code, summary.cells), lambda: self.delete_case(case_id))
        else:
            self.refused.emit(self.tr("Choose a case or a cell in the list first."))

    def delete_case(self, case_id: int) -> None:
        """Delete a case with its cells; its trail stays."""
        user, cells = self._link.user, self._panel.cells_of(case_id)

        def deleted(_nothing: object) -> None:
            self._forget(cells)
            if self._link.current_case() == case_id:
                self._link.open_case(None)
            self._link.cases_changed.emit()

        self._link.change(
            self.tr("Delete case"), lambda library: library.cases.delete(case_id, user), on_success=deleted
        )

    def delete_cell(self, cell_id: int) -> None:
        """Delete a cell."""
        user, case_id = self._link.user, self._panel.chosen_case()
        self._link.change(
            self.tr("Delete cell"),
            lambda library: library.cells.delete(cell_id, user),
            case_id=case_id,
            on_success=lambda _nothing: self._forget((cell_id,)),
        )

    def _forget(self, cells: tuple[int, ...]) -> None:
        self._queue.take_out(cells)
        for cell_id in cells:
            entry_id = self._link.entry_of(cell_id)
            if entry_id is not None:
                self._session.close_cell(entry_id)

    # --- classifying -------------------------------------------------------------------------------------------------

    def classify_all(self) -> None:
        """Let the new cells of the chosen case wait for their classification; without a case, all opened cells."""
        case_id = self._panel.case_at_hand()
        if case_id is None:
            self._session.classify([entry.id for entry in self._session.cells()])
            return

        def found(records: "tuple[CellRecord, ...]") -> None:
            new = [record.id for record in records if record.state is State.NEW]
            if new:
                self._queue.add(new)
                self._queue.set_paused(False)
            else:
                self.refused.emit(self.tr("No cell of this case is new; a single one is classified again by itself."))

        self._link.run("new of case", lambda library, _r: library.cells.records(case_id), on_success=found)

    # --- asking ------------------------------------------------------------------------------------------------------

    def _ask_text(self, name: str, title: str, label: str, text: str, act: Callable[[str], object]) -> None:
        dialog = QInputDialog(self._window)
        dialog.setObjectName(name)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setTextValue("" if text == UNFILED else text)
        dialog.textValueSelected.connect(act)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _confirm(self, text: str, act: Callable[[], object]) -> None:
        more = self.tr("This cannot be undone. The image files on your disk stay.")
        words = self.tr("Delete from the library"), text, self.tr("Delete"), self.tr("Cancel"), more
        ask(self._window, Question("delete_dialog", *words), act)
