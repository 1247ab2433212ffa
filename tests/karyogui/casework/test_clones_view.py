"""Clones, and the karyotype of the case."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow

Fill = Callable[..., tuple[int, list[int]]]
Ask = Callable[[Callable[..., Any]], Any]


def open_tab(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["show_case"].trigger()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def test_clones_single_cells_and_those_left_out(window: MainWindow, fill: Fill) -> None:
    fill("47,XX,+8", "47,XX,+8", "46,XX", "45,XX,-7", "46,XX", trays=[0, 0, 0, 0, 2])
    assert window.tabs.case.sheet.clones.clone_texts() == [
        "47,XX,+8  2 cells  cell 1, cell 2",
        "46,XX  2 cells  cell 3, cell 4",
        "single cells  cell 4: -7",
        "left out  chromosomes in the tray: cell 5",
    ]


def test_one_click_takes_the_proposal_into_the_case(qtbot: QtBot, window: MainWindow, fill: Fill, ask: Ask) -> None:
    case_id, _ = fill(*["47,XX,+8"] * 6, *["46,XX"] * 14)
    open_tab(qtbot, window)
    line = window.tabs.case.sheet.clones.line
    assert line.edit.text() == ""
    assert line.sentence.accessibleName() == "There is no karyotype of the case yet."
    assert line.take.text() == "Write mos 47,XX,+8[6]/46,XX[14]"
    qtbot.mouseClick(line.take, Qt.MouseButton.LeftButton)
    assert ask(lambda library: library.cases.get(case_id)).karyotype == "mos 47,XX,+8[6]/46,XX[14]"
    assert line.sentence.accessibleName() == "agrees with the clones"


def test_a_karyotype_of_her_own_is_checked_and_kept(qtbot: QtBot, window: MainWindow, fill: Fill, ask: Ask) -> None:
    case_id, _ = fill(*["47,XX,+8"] * 6, *["46,XX"] * 14)
    open_tab(qtbot, window)
    line = window.tabs.case.sheet.clones.line
    line.edit.setFocus()
    qtbot.keyClicks(line.edit, "mos 47,XX,+8[5]/46,XX[15]")
    assert line.sentence.accessibleName() == "6 cells have 47,XX,+8, the text says 5."
    qtbot.keyClick(line.edit, Qt.Key.Key_Return)
    assert ask(lambda library: library.cases.get(case_id)).karyotype == "mos 47,XX,+8[5]/46,XX[15]"


def test_acquired_changes_that_differ_offer_a_composite(qtbot: QtBot, window: MainWindow, fill: Fill, ask: Ask) -> None:
    case_id, _ = fill(*["47,XX,+8"] * 2, *["48,XX,+8,+21"] * 2, *["46,XX"] * 3, constitutional=False)
    open_tab(qtbot, window)
    clones = window.tabs.case.sheet.clones
    assert clones.line.take.text() == "Write 47,XX,+8[2]/48,XX,+8,+21[2]/46,XX[3]"
    qtbot.mouseClick(clones.composite, Qt.MouseButton.LeftButton)
    text = "47~48,XX,+8[4],+21[2][cp4]/46,XX[3]"
    assert ask(lambda library: library.cases.get(case_id)).karyotype == text
    assert clones.line.edit.text() == text
    assert clones.line.sentence.accessibleName() == "agrees with the clones"
    assert clones.composite.isHidden()


def test_nothing_placed_has_no_clones(window: MainWindow, fill: Fill) -> None:
    fill("0", trays=[3])
    assert window.tabs.case.sheet.clones.clone_texts() == ["Clones follow once all chromosomes of a cell are placed."]
