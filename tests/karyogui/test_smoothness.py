"""Garbage is collected in the GUI thread, and Python is left as it was."""

import gc
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from karyogui.smoothness import SWITCH_S, TURN_MS, Smoothness


class Knot:
    """Refers to itself: only the collector can take it away."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def settled(qtbot: QtBot) -> None:
    """The keeper of the suite has set aside what earlier tests loaded, and would set aside garbage with it."""
    qtbot.wait(2 * TURN_MS)


@pytest.fixture
def smoothness(qtbot: QtBot) -> Iterator[Smoothness]:
    made = Smoothness()
    yield made
    made.stop()


def test_python_itself_collects_no_more_and_does_again_in_the_end(qtbot: QtBot) -> None:
    before = gc.isenabled(), sys.getswitchinterval()
    smoothness = Smoothness()
    assert not gc.isenabled()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_S)
    smoothness.stop()
    assert (gc.isenabled(), sys.getswitchinterval()) == before
    assert gc.get_freeze_count() == 0


def test_garbage_goes_by_itself(qtbot: QtBot, settled: None, smoothness: Smoothness) -> None:
    smoothness.collect()  # sets aside what is there now
    knot = weakref.ref(Knot())
    assert knot() is not None
    kept = [[] for _ in range(5000)]  # so much was made that a collection is due
    qtbot.waitUntil(lambda: knot() is None)
    assert len(kept) == 5000


def test_no_other_thread_collects_in_the_tests_of_windows(qtbot: QtBot, settled: None) -> None:
    knot, threads = Knot(), []
    weakref.finalize(knot, lambda: threads.append(threading.current_thread()))
    del knot
    kept: list[list[int]] = []
    worker = threading.Thread(target=lambda: kept.extend([] for _ in range(200_000)))  # Python would collect
    worker.start()
    worker.join()
    assert threads == []
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.main_thread()]


def test_modules_are_set_aside(smoothness: Smoothness) -> None:
    smoothness.collect()
    assert gc.get_freeze_count() > 10_000
