"""The Qt actions hold the table: menus, toolbar, what can be used, and the keys of now."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenuBar, QToolBar
from pytestqt.qtbot import QtBot

from karyogui.action_set import ActionSet
from karyogui.actions import ACTIONS, SEPARATOR, TOOLBAR, Needs, needs_of
from karyogui.keymap import KeyMap

REAL = [spec for spec in ACTIONS if spec.text]


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
    nothing = needs_of(
        cell=False, paper=False, entry=False, selection=False, cells=0, busy=False, undo=False, redo=False
    )
    assert nothing is Needs.NOTHING
    actions.enable(nothing)
    assert {spec.id for spec in REAL if actions[spec.id].isEnabled()} == {
        spec.id for spec in REAL if spec.needs is Needs.NOTHING
    }
    actions.enable(
        needs_of(cell=True, paper=True, entry=True, selection=False, cells=1, busy=False, undo=True, redo=False)
    )
    assert actions["export"].isEnabled()
    assert actions["undo"].isEnabled()
    assert not actions["flip"].isEnabled()
    assert not actions["redo"].isEnabled()
    assert not actions["next_cell"].isEnabled()
    assert not actions["superresolved"].isEnabled()
    everything = needs_of(
        cell=True,
        paper=True,
        entry=True,
        selection=True,
        cells=2,
        busy=True,
        undo=True,
        redo=True,
        enlarger=True,
        case=True,
    )
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


def test_other_keys_hold_at_once_in_shortcut_and_tooltip(qtbot: QtBot) -> None:
    owner, keymap = QObject(), KeyMap()
    actions = ActionSet(owner, keymap)
    keymap.give("flip", ["Ctrl+E"])
    assert [key.toString() for key in actions["flip"].shortcuts()] == ["Ctrl+E"]
    assert actions["flip"].toolTip().endswith("(Ctrl+E)")
    assert actions["export"].shortcuts() == []
    assert actions["export"].toolTip() == "Write the karyogram to a PNG, PDF or other file"
    keymap.reset_all()
    assert [key.toString() for key in actions["export"].shortcuts()] == ["Ctrl+E"]


def test_a_tooltip_says_why_an_action_cannot_be_used(qtbot: QtBot) -> None:
    owner = QObject()
    actions = ActionSet(owner)
    before = actions["superresolved"].toolTip()
    actions.explain("superresolved", "Nothing can do that.")
    assert actions["superresolved"].toolTip() == f"{before}\nNothing can do that."
    actions.explain("superresolved", "")
    assert actions["superresolved"].toolTip() == before
