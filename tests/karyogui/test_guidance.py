"""The Help menu: its windows open once, and keys that are changed there hold in the window at once and next time."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from karyogui.dialogs.shortcuts_dialog import ShortcutsDialog
from karyogui.main_window import MainWindow
from karyogui.settings import Folders, load_preferences

PLAIN = Qt.KeyboardModifier.NoModifier
Dialog = Callable[[MainWindow, str], QDialog]


def test_the_shortcuts_window_opens_once(qtbot: QtBot, window: MainWindow, dialog: Dialog) -> None:
    window.actions_["shortcuts"].trigger()
    first = dialog(window, "shortcuts_dialog")
    window.actions_["shortcuts"].trigger()
    assert dialog(window, "shortcuts_dialog") is first
    first.close()
    qtbot.waitUntil(lambda: not window.findChildren(ShortcutsDialog))
    window.actions_["shortcuts"].trigger()
    assert dialog(window, "shortcuts_dialog").isVisible()


def test_changed_keys_hold_at_once_and_next_time(
    qtbot: QtBot,
    make_window: Callable[[], MainWindow],
    draw_folder: Callable[..., Path],
    open_and_wait: Callable[..., None],
) -> None:
    window = make_window()
    open_and_wait(window, draw_folder())
    entry, view = window.session.current(), window.pages.view()
    assert entry is not None
    assert view is not None
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    view.setFocus()
    view.select([0])
    window.keymap.give("flip", ["B"])
    window.keymap.give("next_uncertain", ["Z"])
    window.keymap.give("assign:X", ["F"])

    qtbot.keyClick(view, Qt.Key.Key_B)
    assert entry.undo_stack.undoText() == "Flip chromosome"
    qtbot.keyClick(view, Qt.Key.Key_F)
    assert entry.document.placement(0).label == "X"
    count = entry.undo_stack.count()
    qtbot.keyClick(view, Qt.Key.Key_X)
    assert entry.undo_stack.count() == count  # the old key does nothing
    assert window.actions_["next_uncertain"].toolTip().endswith("(Z)")
    assert window.status.cancel.toolTip().endswith("(Esc)")

    stored = load_preferences(Folders.of_user().preferences_file).shortcuts
    assert stored == {"flip": ("B",), "next_uncertain": ("Z",), "assign:X": ("F",)}
    assert make_window().keymap.keys("flip") == ("B",)


def test_space_and_the_lens_follow_their_keys(
    qtbot: QtBot, window: MainWindow, draw_folder: Callable[..., Path], open_and_wait: Callable[..., None]
) -> None:
    open_and_wait(window, draw_folder())
    view = window.pages.view()
    assert view is not None
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    view.setFocus()
    window.keymap.give("lens", ["W"])
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert not view.has_lens()
    qtbot.keyClick(view, Qt.Key.Key_W)
    assert view.has_lens()
    qtbot.keyClick(view, Qt.Key.Key_W)
    assert not view.has_lens()
    window.keymap.give("move_right", ["Space"])
    view.select([0])
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.selected_ids() == [0]
    entry = window.session.current()
    assert entry is not None
    assert entry.document.placement(0).order == 1
