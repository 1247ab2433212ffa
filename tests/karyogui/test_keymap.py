"""A key belongs to one action; what the user changed comes first, and what cannot be used is refused in words."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from karyogui.actions import ACTIONS, LABEL_KEYS
from karyogui.keymap import KeyMap, changeable, combination, portable, pressed, refusal


def test_unchanged_it_is_the_table(qtbot: QtBot) -> None:
    keymap = KeyMap()
    for spec in ACTIONS:
        if spec.text:
            assert keymap.keys(spec.id) == tuple(map(portable, spec.keys))
    assert keymap.keys("assign:mar") == ("M",)
    assert keymap.changes() == {}


def test_every_key_has_one_owner_and_no_default_is_refused(qtbot: QtBot) -> None:
    keymap = KeyMap()
    keys = [(action_id, key) for action_id in changeable() for key in keymap.keys(action_id)]
    assert [keymap.owner(key) for _, key in keys] == [action_id for action_id, _ in keys]
    assert [refusal(action_id, key) for action_id, key in keys if refusal(action_id, key)] == []
    assert LABEL_KEYS.keys() <= set(changeable())


def test_a_key_that_is_given_away_is_lost_by_the_other_and_comes_back(qtbot: QtBot) -> None:
    keymap = KeyMap()
    with qtbot.waitSignal(keymap.changed):
        keymap.give("flip", ["H", "Ctrl+F"])
    assert keymap.keys("flip") == ("H", "Ctrl+F")
    assert keymap.keys("mirror") == ()
    assert keymap.owner("F") is None
    assert not keymap.is_changed("mirror")  # nobody touched it: it has what is left
    keymap.give("mirror", ["F"])
    keymap.reset("flip")
    assert keymap.keys("flip") == ()  # F is the user's for mirror
    assert keymap.keys("mirror") == ("F",)
    keymap.reset("mirror")
    assert (keymap.keys("flip"), keymap.keys("mirror")) == (("F",), ("H",))


def test_taking_from_an_action_with_keys_of_the_users(qtbot: QtBot) -> None:
    keymap = KeyMap({"flip": ["Ctrl+F", "H"]})
    keymap.give("mirror", ["H"])
    assert keymap.changes() == {"flip": ("Ctrl+F",)}  # mirror has its first key again
    keymap.give("flip", [])
    assert keymap.keys("flip") == ()
    keymap.reset_all()
    assert keymap.changes() == {}


def test_what_is_stored_comes_back(qtbot: QtBot) -> None:
    keymap = KeyMap()
    keymap.give("upright", ["Ctrl+U", "Shift+U"])
    keymap.give("assign:X", ["Q"])
    again = KeyMap(keymap.changes())
    assert [again.keys(action_id) for action_id in changeable()] == [keymap.keys(a) for a in changeable()]


def test_what_cannot_be_used_is_left_out_of_stored_changes(qtbot: QtBot) -> None:
    stored = {"flip": ["7", "Ctrl+F", "Space"], "gone": ["G"], "mirror": ["Ctrl+F", "no key", ""]}
    assert KeyMap(stored).changes() == {"flip": ("Ctrl+F",), "mirror": ()}


@pytest.mark.parametrize(
    ("action_id", "key", "word"),
    [
        ("flip", "7", "Digits"),
        ("flip", "Left", "leads"),
        ("next_uncertain", "Shift+Down", "leads"),
        ("flip", "Esc", "leads"),
        ("flip", "Space", "buttons"),
        ("export", "Return", "buttons"),
        ("flip", "Alt+F", "menu"),
        ("flip", "Ctrl+K, Ctrl+F", "one key"),
        ("flip", "", "one key"),
        ("cancel", "Esc", ""),
        ("accept", "Space", ""),
        ("flip", "Ctrl+7", ""),
        ("flip", "Alt+7", ""),
        ("flip", "Ctrl+Left", ""),
    ],
)
def test_refusals_say_why(qtbot: QtBot, action_id: str, key: str, word: str) -> None:
    assert word in refusal(action_id, key)
    assert bool(refusal(action_id, key)) == bool(word)


def test_a_refused_key_changes_nothing(qtbot: QtBot) -> None:
    keymap = KeyMap()
    with pytest.raises(ValueError, match="Digits"):
        keymap.give("flip", ["Ctrl+F", "3"])
    assert keymap.changes() == {}


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "stored"),
    [
        (Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier, "f", "F"),
        (Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier, "R", "Shift+R"),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier, "?", "?"),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "\r", "Enter"),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier, " ", "Shift+Space"),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier, "", "Ctrl+Left"),
    ],
)
def test_what_is_pressed_is_what_is_stored(key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, stored: str) -> None:
    assert pressed(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)) == combination(stored)
