"""The hand: panning with the middle button or with Space held down."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGraphicsView


class Hand:
    """Moves what a view shows. A Space that moved nothing was a tap, and means something else to the view."""

    def __init__(self, view: QGraphicsView) -> None:
        self._view = view
        self._from: QPoint | None = None
        self._space: Qt.KeyboardModifier | None = None  # held with these modifiers
        self._moved = False

    def hold_space(self, modifiers: Qt.KeyboardModifier) -> None:
        """Space went down."""
        self._space, self._moved = modifiers, False
        self._view.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def release_space(self) -> Qt.KeyboardModifier | None:
        """Space came up (or the focus went); return the modifiers it was tapped with, None if it was no tap."""
        held, self._space = self._space, None
        if held is None:
            return None
        self._view.viewport().unsetCursor()
        return None if self._moved else held

    def press(self, event: QMouseEvent) -> bool:
        """Take a press that begins a pan; say whether it did."""
        left_with_space = self._space is not None and event.button() == Qt.MouseButton.LeftButton
        if event.button() != Qt.MouseButton.MiddleButton and not left_with_space:
            return False
        self._from, self._moved = event.position().toPoint(), True
        self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Pan along; say whether a pan is under way."""
        if self._from is None:
            return False
        here = event.position().toPoint()
        scroll_by(self._view, self._from - here)
        self._from = here
        return True

    def release(self) -> bool:
        """End the pan; say whether there was one."""
        if self._from is None:
            return False
        self._from = None
        self._view.viewport().unsetCursor()
        if self._space is not None:
            self._view.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        return True


def scroll_by(view: QGraphicsView, way: QPoint) -> None:
    """Move what is shown by screen pixels, as far as the scroll bars go."""
    for bar, step in ((view.horizontalScrollBar(), way.x()), (view.verticalScrollBar(), way.y())):
        bar.setValue(bar.value() + step)
