"""What a mouse gesture is to the scene: a preview that follows the pointer, and one command when it is let go."""

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QUndoCommand


class Gesture(Protocol):
    """Between press and release. It changes nothing but what is drawn."""

    def move_to(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer, or the keys that are held with it; `point` in the layout's points."""

    def words(self) -> str:
        """Say what letting go here would do; empty: nothing."""

    def command(self) -> QUndoCommand | None:
        """Return what letting go here does; None: nothing."""

    def end(self) -> None:
        """Take the preview away; the scene then draws the document."""
