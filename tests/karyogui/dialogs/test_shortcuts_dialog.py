"""The shortcuts window lists every action of the table, finds them, and gives them other keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.actions import ACTIONS
from karyogui.dialogs.shortcuts_dialog import ShortcutsDialog
from karyogui.keymap import KeyMap


@pytest.fixture
def keymap(qtbot: QtBot) -> KeyMap:
    return KeyMap()


@pytest.fixture
def dialog(qtbot: QtBot, keymap: KeyMap) -> ShortcutsDialog:
    made = ShortcutsDialog(keymap)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def keys_of(dialog: ShortcutsDialog, text: str) -> str:
    return next(row.text(1) for row in dialog.rows() if row.text(0) == text)


def press(qtbot: QtBot, dialog: ShortcutsDialog, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    qtbot.mouseClick(dialog.keys, Qt.MouseButton.LeftButton)
    qtbot.keyClick(dialog.keys, key, modifier)


def test_every_action_stands_there_with_its_keys(dialog: ShortcutsDialog) -> None:
    rows = {row.text(0): row.text(1) for row in dialog.rows()}
    for spec in ACTIONS:
        if spec.text:
            assert rows[spec.text.replace("&", "").removesuffix("…")].startswith(spec.keys[0].split("+")[0][:1])
    assert rows["Redo"] == "Ctrl+Shift+Z   Ctrl+Y"
    assert rows["Move to markers"] == "M"
    assert "Move to 1…22" in rows


def test_typing_finds_by_word_and_by_key(qtbot: QtBot, dialog: ShortcutsDialog) -> None:
    qtbot.keyClicks(dialog.search, "rot shift")
    assert [row.text(0) for row in dialog.rows() if not row.isHidden()] == ["Rotate right"]
    dialog.search.clear()
    assert not any(row.isHidden() for row in dialog.rows())


def test_a_free_key_is_given(qtbot: QtBot, dialog: ShortcutsDialog, keymap: KeyMap) -> None:
    dialog.choose("flip")
    press(qtbot, dialog, Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier)
    assert dialog.verdict.text() == "B is free."
    assert dialog.focusWidget() is dialog.set_button  # Enter or Space is the answer now
    qtbot.keyClick(dialog.set_button, Qt.Key.Key_Space)
    assert keymap.keys("flip") == ("B",)
    assert keys_of(dialog, "Flip upside down") == "B"
    assert dialog.reset_button.isEnabled()


def test_a_conflict_is_named_and_resolved(qtbot: QtBot, dialog: ShortcutsDialog, keymap: KeyMap) -> None:
    dialog.choose("flip")
    press(qtbot, dialog, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert "Export karyogram" in dialog.verdict.text()
    qtbot.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    assert keymap.keys("flip") == ("F", "Ctrl+E")
    assert keys_of(dialog, "Export karyogram") == "none"
    qtbot.mouseClick(dialog.reset_button, Qt.MouseButton.LeftButton)
    assert keymap.keys("export") == ("Ctrl+E",)


@pytest.mark.parametrize("key", [Qt.Key.Key_7, Qt.Key.Key_Down, Qt.Key.Key_Space])
def test_keys_that_lead_are_refused_in_words(qtbot: QtBot, dialog: ShortcutsDialog, key: Qt.Key) -> None:
    dialog.choose("export")
    press(qtbot, dialog, key, Qt.KeyboardModifier.NoModifier)
    assert dialog.verdict.text()
    assert not dialog.set_button.isEnabled()
    assert not dialog.add_button.isEnabled()


def test_tab_leaves_the_field_and_escape_closes(qtbot: QtBot, dialog: ShortcutsDialog, keymap: KeyMap) -> None:
    dialog.choose("flip")
    dialog.keys.setFocus()
    qtbot.keyClick(dialog.keys, Qt.Key.Key_Tab)
    assert not dialog.keys.isAncestorOf(dialog.focusWidget())
    dialog.keys.setFocus()
    qtbot.keyClick(dialog.keys, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert keymap.changes() == {}


def test_no_keys_and_reset_all(qtbot: QtBot, dialog: ShortcutsDialog, keymap: KeyMap) -> None:
    assert not dialog.reset_all_button.isEnabled()
    dialog.choose("assign:mar")
    qtbot.mouseClick(dialog.clear_button, Qt.MouseButton.LeftButton)
    assert keys_of(dialog, "Move to markers") == "none"
    qtbot.mouseClick(dialog.reset_all_button, Qt.MouseButton.LeftButton)
    assert keys_of(dialog, "Move to markers") == "M"
    assert not dialog.reset_all_button.isEnabled()


def test_what_is_always_the_same_cannot_be_changed(dialog: ShortcutsDialog) -> None:
    dialog.table.setCurrentItem(next(row for row in dialog.rows() if row.text(0) == "Move to 1…22"))
    assert dialog.chosen() is None
    assert not dialog.keys.isEnabled()
    assert "Choose" in dialog.heading.text()
