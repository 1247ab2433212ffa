"""The history: every step by its name, and a click that goes there."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow


def test_history_lists_the_steps_and_goes_back_to_one(
    qtbot: QtBot, window: MainWindow, draw_folder: Callable[..., Path], open_and_wait: Callable[..., None]
) -> None:
    open_and_wait(window, draw_folder())
    view, history = window.pages.view(), window.panels.history_view
    assert view is not None
    assert window.panels.history.isHidden()
    window.actions_["show_history"].trigger()
    assert history.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, "f")
    QTest.keyClick(view, "h")
    QTest.keyClick(view, "9")
    model = history.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        "As opened",
        "Flip chromosome",
        "Mirror chromosome",
        "Move to 9",
    ]
    place = history.visualRect(model.index(1, 0)).center()
    QTest.mouseClick(history.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    entry = window.session.current()
    assert entry is not None
    assert entry.undo_stack.index() == 1
    assert (entry.document.placement(0).label, entry.document.placement(0).mirrored) == ("1", False)
    window.actions_["show_history"].trigger()
    assert window.panels.history.isHidden()


def test_history_is_of_the_shown_cell(
    qtbot: QtBot, window: MainWindow, draw_folder: Callable[..., Path], open_and_wait: Callable[..., None]
) -> None:
    open_and_wait(window, draw_folder())
    view = window.pages.view()
    assert view is not None
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, "f")
    open_and_wait(window, draw_folder("cell b"))
    counts = {}
    for step in (-1, 1):
        window.session.step(step)
        entry = window.session.current()
        assert entry is not None
        counts[entry.name] = window.panels.history_view.model().rowCount()
    assert counts == {"cell a": 2, "cell b": 1}
