"""The Case tab as a whole."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow

Fill = Callable[..., tuple[int, list[int]]]
Ask = Callable[[Callable[..., Any]], Any]


def test_without_a_case_it_says_what_to_do(window: MainWindow, fill: Fill) -> None:
    tab = window.tabs.case
    window.actions_["show_case"].trigger()
    assert window.tabs.currentWidget() is tab
    assert tab.empty.isVisible()
    assert "No case is open" in tab.empty.text()
    fill("46,XX")
    assert not tab.empty.isVisible()
    assert tab.code.text() == "A-1"
    window.actions_["show_case"].trigger()
    window.actions_["show_case"].trigger()
    assert window.focusWidget() is tab.sheet.table
    window.actions_["show_case"].trigger()
    assert window.tabs.shows_karyogram()


def test_kind_and_sex_change_what_the_cells_say(qtbot: QtBot, window: MainWindow, fill: Fill, ask: Ask) -> None:
    case_id, _ = fill(*["45,X"] * 4, *["46,XX"] * 2)
    window.actions_["show_case"].trigger()
    tab = window.tabs.case
    take = tab.sheet.clones.line.take
    assert take.text() == "Write mos 45,X[4]/46,XX[2]"
    tab.kind.setFocus()
    qtbot.keyClick(tab.kind, Qt.Key.Key_Down)
    assert take.text() == "Write 45,X,-X[4]/46,XX[2]"
    tab.sex.setFocus()
    qtbot.keyClick(tab.sex, Qt.Key.Key_Down)
    stored = ask(lambda library: library.cases.get(case_id))
    assert (stored.constitutional, stored.sex) == (False, "XX")


def test_a_further_section_finds_its_place(qtbot: QtBot, window: MainWindow, fill: Fill) -> None:
    tab = window.tabs.case
    page = QLabel("the report")
    tab.add_section(page, "Report")
    fill("46,XX")
    window.actions_["show_case"].trigger()
    qtbot.waitUntil(tab.sections.isVisible)
    qtbot.mouseClick(
        tab.sections, Qt.MouseButton.LeftButton, pos=tab.sections.tabRect(tab.sections.count() - 1).center()
    )
    assert page.isVisible()
    assert not tab.sheet.isVisible()


def test_the_widgets_have_names_for_those_who_cannot_see_them(window: MainWindow) -> None:
    tab = window.tabs.case
    named = (tab.kind, tab.sex, tab.sheet.table, tab.sheet.clones.line.edit, tab.specimen.note)
    assert all(widget.accessibleName() for widget in named)
