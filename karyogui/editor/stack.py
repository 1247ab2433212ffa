"""The undo stack of a cell, which can be locked: an approved cell is looked at and not changed."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack


class CellStack(QUndoStack):
    """Refuses commands while it is locked, and says why."""

    refused = Signal(str)  # a sentence for the user

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reason = ""
        self._refused_macro = False

    def lock(self, reason: str) -> None:
        """Refuse commands with this sentence; empty: accept them again. What was done cannot be undone any more."""
        if reason and not self._reason:
            self.clear()
        self._reason = reason

    def is_locked(self) -> bool:
        """Whether commands are refused."""
        return bool(self._reason)

    def is_open(self) -> bool:
        """Whether commands are accepted; says why if they are not."""
        if self._reason:
            self.refused.emit(self._reason)
        return not self._reason

    def push(self, command: QUndoCommand) -> None:
        """Do a command, or refuse it. Hides Qt's own, which every caller in Python then does not reach."""
        if not self._reason:
            super().push(command)
        elif not self._refused_macro:
            self.refused.emit(self._reason)

    def beginMacro(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Begin a macro; while locked, all of it is refused in one sentence."""
        if self._reason:
            self.refused.emit(self._reason)
            self._refused_macro = True
        else:
            super().beginMacro(text)

    def endMacro(self) -> None:  # noqa: N802 - Qt's name
        """End a macro, refused or not."""
        if self._refused_macro:
            self._refused_macro = False
        else:
            super().endMacro()
