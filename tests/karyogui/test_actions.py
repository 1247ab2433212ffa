"""The table of actions is complete: each has words, a menu, a key; no key is given twice."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from karyogui.actions import ACTIONS, MENUS, SEPARATOR

REAL = [spec for spec in ACTIONS if spec.text]


@pytest.mark.parametrize("spec", REAL, ids=lambda spec: spec.id)
def test_every_action_has_menu_shortcut_and_tooltip(qtbot: QtBot, spec: object) -> None:
    assert spec.menu in MENUS  # type: ignore[attr-defined]
    assert spec.tip  # type: ignore[attr-defined]
    assert spec.keys  # type: ignore[attr-defined]
    assert all(not QKeySequence(key).isEmpty() for key in spec.keys)  # type: ignore[attr-defined]


def test_ids_and_keys_are_unique() -> None:
    ids = Counter(spec.id for spec in ACTIONS if spec.id != SEPARATOR)
    keys = Counter(QKeySequence(key).toString() for spec in REAL for key in spec.keys)
    assert [name for name, times in (ids + keys).items() if times > 1] == []


def test_mnemonics_are_unique_in_their_menu() -> None:
    for menu in MENUS:
        letters = [spec.text.partition("&")[2][:1].lower() for spec in REAL if spec.menu == menu and "&" in spec.text]
        letters += [
            text.partition("&")[2][:1].lower() for path, text in MENUS.items() if path.rpartition("/")[0] == menu
        ]
        assert len(letters) == len(set(letters)), menu
