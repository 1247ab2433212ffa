"""Keeps the window from waiting for Python itself: its garbage collection, and its hand-over between threads."""

import gc
import sys

from PySide6.QtCore import QObject, QTimer

SWITCH_S = 0.001
"""How long a busy thread keeps the interpreter while the window asks for it; Python's own 5 ms add up, for painting
gives it away and asks for it again at every line that is drawn."""

TURN_MS = 500
_MANY_NEW_MODULES = 20


class Smoothness(QObject):
    """Collects garbage in the GUI thread between events, a little at a time.

    Left to itself Python collects in whatever thread makes the next object, and holds all others meanwhile: once torch
    is loaded, for more than 100 ms. What modules consist of never becomes garbage; it is set aside, and no longer
    looked through. Widgets, too, are only to be destroyed in this thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limits = gc.get_threshold()
        self._modules = 0
        self._before = gc.isenabled(), sys.getswitchinterval()
        gc.disable()
        sys.setswitchinterval(SWITCH_S)
        self._timer = QTimer(self, interval=TURN_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect what is due."""
        if len(sys.modules) >= self._modules + _MANY_NEW_MODULES:
            self._modules = len(sys.modules)
            gc.freeze()
        due = [generation for generation in range(3) if gc.get_count()[generation] > self._limits[generation]]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        was_enabled, interval = self._before
        sys.setswitchinterval(interval)
        gc.unfreeze()
        if was_enabled:
            gc.enable()
