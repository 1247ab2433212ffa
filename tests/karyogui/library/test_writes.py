"""The queue of changes: in order, patient with a library that cannot be written to, and complete at the end."""

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from karyogui.library.writes import Write
from karyogui.main_window import MainWindow
from karyogui.model.store.errors import UnavailableError

Ask = Callable[..., Any]


def test_writes_wait_for_a_library_that_cannot_be_written_to(qtbot: QtBot, window: MainWindow) -> None:
    writes = window.library.writes
    full, done = [True], []

    def write(number: int) -> Write:
        def work(library: Any) -> int:
            if full[0]:
                raise UnavailableError("The library x cannot be saved to: the disk is full.")
            return number

        return Write(f"Save {number}", work, done.append)

    qtbot.waitUntil(window.library.is_open)
    with qtbot.waitSignal(writes.stuck) as stuck:
        writes.put(write(1))
        writes.put(write(2))
    assert str(stuck.args[0]).endswith("the disk is full.")
    assert (done, writes.is_stuck()) == ([], True)
    full[0] = False
    with qtbot.waitSignal(writes.freed):
        writes.retry()
    qtbot.waitUntil(writes.is_idle)
    assert done == [1, 2]


def test_a_refused_write_does_not_hold_up_the_others(qtbot: QtBot, window: MainWindow) -> None:
    writes, done, refused = window.library.writes, [], []

    def wrong(library: Any) -> None:
        raise ValueError("by our fault")

    writes.put(Write("one", wrong, done.append, refused.append))
    writes.put(Write("two", lambda library: "stored", done.append))
    qtbot.waitUntil(writes.is_idle)
    assert (done, [str(error) for error in refused]) == (["stored"], ["by our fault"])


def test_the_end_stores_what_waits_and_nothing_twice(window: MainWindow) -> None:
    made: list[int] = []
    for number in range(5):
        window.library.writes.put(Write("make", lambda library, number=number: made.append(number)))
    window.close()
    assert made == [0, 1, 2, 3, 4]
