"""The table of actions is complete: each has words, a menu, a key; no key is given twice."""

from collections import Counter

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenuBar, QToolBar
from pytestqt.qtbot import QtBot

from karyogui.actions import ACTIONS, MENUS, SEPARATOR, TOOLBAR, ActionSet, Needs, needs_of

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


def test_menus_and_toolbar_hold_the_table(qtbot: QtBot) -> None:
    bar, tools, owner = QMenuBar(), QToolBar(), QObject()
    qtbot.addWidget(bar)
    qtbot.addWidget(tools)
    actions = ActionSet(owner)
    actions.fill_menu_bar(bar)
    actions.fill_toolbar(tools)
    for spec in REAL:
        assert actions[spec.id] in actions.menus[spec.menu].actions()
    assert [a.objectName() or SEPARATOR for a in tools.actions()] == list(TOOLBAR)
    assert all(not action.icon().isNull() for action in tools.actions() if not action.isSeparator())
    assert [a.text() for a in actions.menus["chromosome/assign"].actions()] == [
        *map(str, range(1, 23)),
        "X",
        "Y",
        "Marker",
    ]


def test_what_is_there_decides_what_can_be_used(qtbot: QtBot) -> None:
    owner = QObject()
    actions = ActionSet(owner)
    nothing = needs_of(cell=False, entry=False, selection=False, cells=0, busy=False, undo=False, redo=False)
    assert nothing is Needs.NOTHING
    actions.enable(nothing)
    assert {spec.id for spec in REAL if actions[spec.id].isEnabled()} == {
        spec.id for spec in REAL if spec.needs is Needs.NOTHING
    }
    actions.enable(needs_of(cell=True, entry=True, selection=False, cells=1, busy=False, undo=True, redo=False))
    assert actions["export"].isEnabled()
    assert actions["undo"].isEnabled()
    assert not actions["flip"].isEnabled()
    assert not actions["redo"].isEnabled()
    assert not actions["next_cell"].isEnabled()
    everything = needs_of(cell=True, entry=True, selection=True, cells=2, busy=True, undo=True, redo=True)
    actions.enable(everything)
    assert all(actions[spec.id].isEnabled() for spec in REAL)


def test_a_forgotten_slot_is_noticed(qtbot: QtBot) -> None:
    owner = QObject()
    slots = {spec.id: lambda: None for spec in REAL if spec.id != "flip"}
    with pytest.raises(ValueError, match="flip"):
        ActionSet(owner).connect_all(slots, lambda label: None)


def test_triggering_calls_the_slot(qtbot: QtBot) -> None:
    owner, called = QObject(), []
    actions = ActionSet(owner)
    actions.connect_all({spec.id: (lambda name=spec.id: called.append(name)) for spec in REAL}, called.append)
    for spec in REAL:
        actions[spec.id].trigger()
    assert called == [spec.id for spec in REAL]
