"""Copies that follow the pointer to another label."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from karyogui.model.outliers import CopyRef


class Target(NamedTuple):
    """A label to drop on."""

    label: str | None  # None: the tray


class Targets(Protocol):
    """Where labels can be dropped on, outside of the paper."""

    def target_at(self, point: QPoint) -> Target | None:
        """Return the label at a point of the screen."""

    def show_target(self, target: Target | None) -> None:
        """Set off the label that a drop would give; None: none."""


class CopyDrag:
    """One drag: a picture under the pointer; changes nothing before the drop."""

    def __init__(self, refs: Sequence[CopyRef], picture: QPixmap | None, window: QWidget) -> None:
        self.refs = tuple(refs)
        self.target: Target | None = None
        self._window = window
        self._ghost = QLabel(window)
        self._ghost.setObjectName("dragged_copy")
        self._ghost.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if picture is not None:
            self._ghost.setPixmap(picture)
        self._ghost.adjustSize()
        self._ghost.show()
        self._ghost.raise_()

    def move_to(self, point: QPoint, target: Target | None) -> None:
        """Follow the pointer, a point of the screen."""
        middle = self._ghost.rect().center()
        # A little to the side: the label below the pointer stays to be read.
        self._ghost.move(self._window.mapFromGlobal(point) - middle + QPoint(self._ghost.width() // 2 + 8, 8))
        self.target = target

    def end(self) -> None:
        """Put the picture away."""
        self._ghost.hide()
        self._ghost.deleteLater()
