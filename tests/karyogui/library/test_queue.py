"""The queue: one cell after the other in the background, paused, cancelled, taken up again after a restart."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.errors import BundleError
from karyogui.main_window import MainWindow
from karyogui.model.store.values import State

Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]


def states(ask: Ask, window: MainWindow, case_id: int) -> list[State]:
    return [record.state for record in ask(window.library, lambda library: library.cells.records(case_id))]


def test_cells_are_classified_unseen_and_the_shown_one_first(
    qtbot: QtBot, filled: Filled, ask: Ask, classifier: Any
) -> None:
    window, case_id, cells = filled
    window.library.show_cell(cells[1])
    entry = window.session.current()
    assert entry is not None
    qtbot.waitUntil(entry.is_ready)
    window.cases.queue.add(cells)
    qtbot.waitUntil(lambda: not window.cases.is_busy())
    assert [name for name, _ in classifier.asked] == ["cell 2", "cell 1"]
    assert states(ask, window, case_id) == [State.CLASSIFIED] * 2
    assert entry.document.bundle() is not None
    assert len(window.session.cells()) == 1


def test_pause_go_on_and_progress_in_the_list(qtbot: QtBot, filled: Filled, ask: Ask, classifier: Any) -> None:
    window, case_id, cells = filled
    window.library.open_case(case_id)
    window.cases.panel.refresh()
    qtbot.waitUntil(lambda: window.cases.panel.cells_of(case_id) == tuple(cells))
    classifier.open.clear()
    window.cases.queue.add(cells)
    qtbot.waitUntil(classifier.started.is_set)
    qtbot.waitUntil(lambda: window.cases.queue.share() > 0)
    bar = window.cases.panel.queue_bar
    assert (bar.isVisible(), bar.text.text()) == (True, "Classifying 1 of 2")
    lines = [window.cases.panel.item(cell).data(Qt.ItemDataRole.UserRole + 2) for cell in cells]
    assert lines == [["new", "classifying…"], ["new", "waits for classification"]]
    qtbot.mouseClick(bar.pause, Qt.MouseButton.LeftButton)
    classifier.open.set()
    qtbot.waitUntil(lambda: window.cases.queue.current() is None and window.library.writes.is_idle())
    assert states(ask, window, case_id) == [State.CLASSIFIED, State.NEW]
    assert bar.text.text() == "Classifying paused: 1 of 2"
    qtbot.mouseClick(bar.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.cases.is_busy())
    assert states(ask, window, case_id) == [State.CLASSIFIED] * 2
    assert bar.isHidden()


def test_cancel_leaves_the_cells_new(qtbot: QtBot, filled: Filled, ask: Ask, classifier: Any) -> None:
    window, case_id, cells = filled
    classifier.open.clear()
    window.cases.queue.add(cells)
    qtbot.waitUntil(classifier.started.is_set)
    qtbot.mouseClick(window.cases.panel.queue_bar.cancel, Qt.MouseButton.LeftButton)
    assert window.cases.queue.counts() == (0, 0)
    classifier.open.set()
    window.desk.executor("engine").submit(int).result(30)
    assert states(ask, window, case_id) == [State.NEW] * 2


def test_a_failure_pauses_instead_of_failing_twenty_times(
    qtbot: QtBot, filled: Filled, ask: Ask, classifier: Any
) -> None:
    window, case_id, cells = filled
    classifier.error = BundleError("The bundle x is damaged; choose another one.")
    window.cases.queue.add(cells)
    qtbot.waitUntil(window.cases.queue.is_paused)
    strip = window.messages.shown("failures")
    assert strip is not None
    assert strip.label.text() == "The bundle x is damaged; choose another one."
    classifier.error = None
    window.cases.queue.set_paused(False)
    qtbot.waitUntil(lambda: not window.cases.is_busy())
    assert states(ask, window, case_id) == [State.CLASSIFIED] * 2


def test_what_waits_goes_on_at_the_next_start(
    qtbot: QtBot, filled: Filled, ask: Ask, make_window: Callable[[], MainWindow]
) -> None:
    window, case_id, _ = filled
    window.close()
    again = make_window()
    qtbot.waitUntil(again.library.is_open)
    qtbot.waitUntil(lambda: states(ask, again, case_id) == [State.CLASSIFIED] * 2)


def test_a_cell_opened_while_it_is_classified_shows_the_result(
    qtbot: QtBot, filled: Filled, ask: Ask, classifier: Any
) -> None:
    window, case_id, cells = filled
    classifier.open.clear()
    window.cases.queue.add(cells[:1])
    qtbot.waitUntil(classifier.started.is_set)
    window.library.show_cell(cells[0])
    entry = window.session.current()
    assert entry is not None
    qtbot.waitUntil(entry.is_ready)
    classifier.open.set()
    qtbot.waitUntil(lambda: entry.document.bundle() is not None)
    assert states(ask, window, case_id)[0] is State.CLASSIFIED
    assert not entry.has_changes()
