"""How long the GUI thread keeps an event waiting."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 4


class StallWatch(QObject):
    """A heart that beats in the GUI thread; a beat that comes late is a stall of that length.

    Whatever holds the thread counts: a slot of ours that takes long, another thread that holds the interpreter, and a
    machine that gives the process no time. How much the thread itself worked meanwhile tells the first from the others.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stalls_ms: list[float] = []
        self.work_ms: list[float] = []  # of the thread itself, between two beats
        self._timer = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = self._worked = 0.0

    def start(self) -> None:
        """Begin anew."""
        self.stalls_ms, self.work_ms = [], []
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> float:
        """Return the longest stall, in milliseconds."""
        self._timer.stop()
        return max(self.stalls_ms, default=0.0)

    def longer_than(self, limit_ms: float) -> int:
        """Return how many stalls were longer than a limit."""
        return sum(stall > limit_ms for stall in self.stalls_ms)

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.stalls_ms.append(max((now - self._last) * 1000 - _BEAT_MS, 0.0))
        self.work_ms.append((worked - self._worked) * 1000)
        self._last, self._worked = now, worked
