"""The watch sees what keeps the GUI thread, and whether the thread itself was at work."""

import threading
import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from karyogui.bench.watch import StallWatch


def watched(qtbot: QtBot, keep: "object") -> StallWatch:
    watch = StallWatch()
    watch.start()
    done = threading.Event()
    QTimer.singleShot(20, lambda: (keep(), done.set()))  # type: ignore[operator]
    qtbot.waitUntil(lambda: done.is_set() and max(watch.stalls_ms, default=0) >= 80)
    return watch


def test_a_slot_that_waits_is_a_stall_without_work(qtbot: QtBot) -> None:
    gate = threading.Event()
    watch = watched(qtbot, lambda: gate.wait(0.1))
    worked = watch.work_ms[watch.stalls_ms.index(max(watch.stalls_ms))]
    assert watch.stop() >= 80
    assert worked < 60
    assert watch.longer_than(80) >= 1
    assert watch.longer_than(1e6) == 0


def test_a_slot_that_works_is_one_with_work(qtbot: QtBot) -> None:
    def work() -> None:
        until = time.thread_time() + 0.1
        while time.thread_time() < until:
            pass

    watch = watched(qtbot, work)
    assert max(watch.work_ms) >= 99
    watch.start()
    assert watch.stalls_ms == []
