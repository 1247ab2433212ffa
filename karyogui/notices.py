"""What the user hears: failures, remarks on files, exports, work left behind. Strips, not dialogs, where it can be."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.errors import EngineError
from karyogui.autosave import Autosave, Leftover
from karyogui.dialogs.error_dialog import ErrorDialog
from karyogui.dialogs.question import Question, ask
from karyogui.exporting import show_folder
from karyogui.message_area import MessageArea
from karyogui.session import Session


class Notices(QObject):
    """Turns what happened into messages."""

    def __init__(
        self, session: Session, autosave: Autosave, area: MessageArea, log_file: Path, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._autosave, self._area = session, autosave, area
        self._log_file, self._window = log_file, window
        self._failures: list[str] = []
        self._hidden_warnings: set[int] = set()
        session.failed.connect(self.failed)
        session.warnings_found.connect(self._on_warnings_found)
        session.current_changed.connect(lambda _id: self._show_warnings())
        autosave.failed.connect(self._on_autosave_failed)

    def failed(self, tried: str, error: Exception) -> None:
        """Say what did not work: expected failures in a strip, our own mistakes in a dialog with details."""
        if not isinstance(error, EngineError):
            dialog = ErrorDialog(tried, error, self._log_file, self._window)
            dialog.setObjectName("error_dialog")
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            return
        self._failures.append(str(error))
        many = len(self._failures) > 1
        text = self.tr("%d things did not work.") % len(self._failures) if many else self._failures[0]
        details = self._failures if many else ()
        self._area.say("failures", text, details, symbol="warning", on_close=self._failures.clear)

    def exported(self, path: Path) -> None:
        """Say where the file is."""
        answers = [(self.tr("Show in folder"), lambda: show_folder(path))]
        self._area.say("exported", self.tr("Exported to %s") % path, (), answers)

    def offer_leftovers(self) -> None:
        """Offer what an earlier run of the program left behind."""
        leftovers = self._autosave.leftovers()
        if not leftovers:
            return
        names = ", ".join(leftover.name for leftover in leftovers[:3])
        if len(leftovers) > 3:
            names = self.tr("%s and %d more") % (names, len(leftovers) - 3)
        if all(leftover.kept for leftover in leftovers):
            text = self.tr("Kept from last time: %s.") % names
        else:
            text = self.tr("The program was not closed properly. Your work was saved: %s.") % names
        answers = [
            (self.tr("Restore"), lambda: self._restore(leftovers)),
            (self.tr("Discard…"), lambda: self._ask_discard(leftovers)),
        ]
        self._area.say("leftovers", text, (), answers)

    def _restore(self, leftovers: list[Leftover]) -> None:
        for leftover in leftovers:
            try:
                self._autosave.restore(leftover)
            except EngineError as error:
                self.failed(self.tr("Restore"), error)

    def _ask_discard(self, leftovers: list[Leftover]) -> None:
        def discard() -> None:
            for leftover in leftovers:
                self._autosave.discard(leftover)

        text = self.tr("Delete the saved work of %d cells? The image files stay.") % len(leftovers)
        words = self.tr("Discard saved work"), text, self.tr("Discard"), self.tr("Cancel")
        ask(self._window, Question("discard_dialog", *words), discard, self.offer_leftovers)

    def _on_warnings_found(self, cell_id: int) -> None:
        self._hidden_warnings.discard(cell_id)
        self._show_warnings()

    def _show_warnings(self) -> None:
        entry = self._session.current()
        cell = entry.document.cell() if entry else None
        if entry is None or cell is None or not cell.warnings or entry.id in self._hidden_warnings:
            self._area.remove("warnings")
            return
        # Most sentences name the file themselves.
        details = [w.message if w.file in w.message else f"{w.file}: {w.message}" for w in cell.warnings]
        many = len(details) > 1
        text = self.tr("%d remarks on the files of %s") % (len(details), entry.name) if many else details[0]
        hide = self._hidden_warnings.add
        self._area.say("warnings", text, details if many else (), symbol="warning", on_close=lambda: hide(entry.id))

    def _on_autosave_failed(self, error: Exception) -> None:
        text = self.tr("Your changes cannot be saved for recovery (%s). Export your cells soon.") % error
        self._area.say("autosave", text, symbol="warning")
