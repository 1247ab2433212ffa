"""The shortcuts window lists every action of the table and finds them."""

from pytestqt.qtbot import QtBot

from karyogui.actions import ACTIONS
from karyogui.dialogs.shortcuts_dialog import ShortcutsDialog


def test_every_action_stands_there_with_its_keys(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    rows = {row.text(0): row.text(1) for row in dialog.rows()}
    for spec in ACTIONS:
        if spec.text:
            assert rows[spec.text.replace("&", "").removesuffix("…")].startswith(spec.keys[0].split("+")[0][:1])
    assert rows["Redo"] == "Ctrl+Shift+Z   Ctrl+Y"
    assert "Move the selected to 1…22" in rows


def test_typing_finds_by_word_and_by_key(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.search, "rot shift")
    assert [row.text(0) for row in dialog.rows() if not row.isHidden()] == ["Rotate right"]
    dialog.search.clear()
    assert not any(row.isHidden() for row in dialog.rows())
