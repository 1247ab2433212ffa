"""Before a cell or the window is closed: what becomes of changes that are kept nowhere yet."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from karyogui.autosave import Autosave
from karyogui.dialogs.changes_dialog import Answer, ChangesDialog
from karyogui.session import OpenCell, Session


class Closing(QObject):
    """Asks about changes, and about nothing else."""

    def __init__(self, session: Session, autosave: Autosave, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._autosave, self._window = session, autosave, window
        self._answer: Answer | None = None  # what the user wants done with changes, once she was asked

    @property
    def keeps(self) -> bool:
        """Whether changes are to be kept for the next start."""
        return self._answer is Answer.KEEP

    def close_current(self) -> None:
        """Close the shown cell; ask first if it has changes."""
        entry = self._session.current()
        if entry is None:
            return
        if not entry.has_changes():
            self._session.close_cell(entry.id)
            return
        dialog = ChangesDialog([entry.name], self._window)
        dialog.finished.connect(lambda: self._cell_answered(entry, dialog.answer()))
        self._ask(dialog)

    def may_close(self) -> bool:
        """Say whether the window may close now. If not, the user is being asked, and the window closed again after."""
        changed = [entry.name for entry in self._session.cells() if entry.has_changes()]
        if not changed or self._answer is not None:
            return True
        dialog = ChangesDialog(changed, self._window)
        dialog.finished.connect(lambda: self._window_answered(dialog.answer()))
        self._ask(dialog)
        return False

    def _cell_answered(self, entry: OpenCell, answer: Answer) -> None:
        if answer is Answer.CANCEL:
            return
        if answer is Answer.KEEP:
            self._autosave.keep(entry.id)
        self._session.close_cell(entry.id)

    def _window_answered(self, answer: Answer) -> None:
        if answer is not Answer.CANCEL:
            self._answer = answer
            self._window.close()

    def _ask(self, dialog: ChangesDialog) -> None:
        dialog.setObjectName("changes_dialog")
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
