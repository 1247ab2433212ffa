"""Drags as a hand does them, with real mouse events; each event is timed until the karyogram is painted again."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from karyogui.editor.view import KaryogramView

FRAME_MS = 1000 / 60
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@dataclass(frozen=True, slots=True)
class Taken:
    """What an event took until all it changed was painted, in milliseconds."""

    wall: float
    work: float  # of the GUI thread; the rest somebody else had the processor


class Hand(QObject):
    """Presses, moves and lets go over a karyogram, sixty times a second."""

    finished = Signal()

    def __init__(self, view: KaryogramView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._way = view, iter([QPointF()])
        self._last = QPointF()
        self.frames: list[Taken] = []  # of each move
        self.drop = Taken(0.0, 0.0)  # of letting go
        self._timer = QTimer(self, interval=round(FRAME_MS), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)

    def drag(self, way: Iterable[QPointF]) -> None:
        """Drag along points of the viewport; `finished` follows."""
        self._way, self.frames = iter(way), []
        self._last = next(self._way)
        _timed(self._viewport(), QEvent.Type.MouseButtonPress, self._last, _LEFT)
        self._timer.start()

    def _step(self) -> None:
        point = next(self._way, None)
        if point is not None:
            self._last = point
            self.frames.append(_timed(self._viewport(), QEvent.Type.MouseMove, point, _NONE))
            return
        self._timer.stop()
        self.drop = _timed(self._viewport(), QEvent.Type.MouseButtonRelease, self._last, _LEFT)
        self.finished.emit()

    def _viewport(self) -> QWidget:
        return self._view.viewport()


def along(corners: Iterable[QPoint], step: float = 12.0, rest: int = 12) -> list[QPointF]:
    """Return the points of a way past corners, `step` pixels apart, resting some frames at each corner."""
    points: list[QPointF] = []
    for corner in map(QPointF, corners):
        if points:
            start, way = points[-1], corner - points[-1]
            count = max(round((way.x() ** 2 + way.y() ** 2) ** 0.5 / step), 1)
            points += [start + way * (number / count) for number in range(1, count + 1)]
        # A hand never rests quite still, and where it rests the others make room.
        points += [corner + QPointF(number % 2, 0) for number in range(rest)]
    return points


def _timed(viewport: QWidget, kind: QEvent.Type, point: QPointF, button: Qt.MouseButton) -> Taken:
    """Send an event and paint what it changed."""
    held = _NONE if kind == QEvent.Type.MouseButtonRelease else _LEFT
    place = QPointF(viewport.mapToGlobal(point))
    event = QMouseEvent(kind, point, place, button, held, Qt.KeyboardModifier.NoModifier)
    began, worked = time.perf_counter(), time.thread_time()
    QApplication.sendEvent(viewport, event)
    for _ in range(3):  # the scene tells the view, the view asks the window, the window paints
        QCoreApplication.sendPostedEvents()
    return Taken((time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000)
