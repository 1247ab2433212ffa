"""The count sheet under mouse and keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from karyogui.casework.sheet_model import Column
from karyogui.casework.sheet_view import SheetView
from karyogui.main_window import MainWindow
from karyogui.model.store.values import SheetEntry, State

Fill = Callable[..., tuple[int, list[int]]]
Ask = Callable[[Callable[..., Any]], Any]


@pytest.fixture
def table(qtbot: QtBot, window: MainWindow, fill: Fill) -> tuple[SheetView, list[int]]:
    """The sheet of a case of three cells, in front of her."""
    _, cells = fill("47,XX,+8", "46,XX", "46,XX", trays=[0, 0, 1])
    window.actions_["show_case"].trigger()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    view = window.tabs.case.sheet.table
    qtbot.waitUntil(view.isVisible)
    view.setFocus()
    return view, cells


Table = tuple[SheetView, list[int]]


def place(view: SheetView, row: int, column: Column) -> QPoint:
    return view.visualRect(view.model().index(row, column)).center()


def go(view: SheetView, row: int, column: Column) -> None:
    view.setCurrentIndex(view.model().index(row, column))


def editor_of(view: SheetView) -> QLineEdit:
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert view.isAncestorOf(editor)
    return editor


def press_enter(qtbot: QtBot, view: SheetView) -> None:
    below = min(view.currentIndex().row() + 1, view.model().rowCount() - 1)
    qtbot.keyClick(editor_of(view), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.state() is SheetView.State.NoState and view.currentIndex().row() == below)


def texts(view: SheetView, column: Column) -> list[str]:
    model = view.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def entry(ask: Ask, cell: int) -> SheetEntry:
    found: SheetEntry = ask(lambda library: library.cells.record(cell).sheet)
    return found


def test_each_cell_has_its_line(table: Table) -> None:
    view, _ = table
    assert texts(view, Column.CELL) == ["cell 1", "cell 2", "cell 3"]
    assert texts(view, Column.COUNT) == ["47", "46", "46 + 1"]
    assert texts(view, Column.SEX) == ["XX", "XX", "XX"]
    assert texts(view, Column.CHANGES) == ["+8", "", ""]
    assert texts(view, Column.KARYOTYPE) == ["47,XX,+8", "46,XX", "46,XX"]


def test_space_ticks_and_what_is_karyotyped_was_counted(qtbot: QtBot, table: Table, ask: Ask) -> None:
    view, cells = table
    go(view, 0, Column.KARYOTYPED)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert entry(ask, cells[0]) == SheetEntry(True, True, True)
    go(view, 0, Column.ANALYSED)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert entry(ask, cells[0]) == SheetEntry(True, False, False)


def test_a_click_on_a_box_ticks_it_and_stays(qtbot: QtBot, table: Table, ask: Ask) -> None:
    view, cells = table
    rect = view.visualRect(view.model().index(1, Column.COUNTED))
    with qtbot.assertNotEmitted(view.cell_wanted):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 10, rect.center().y()))
    assert entry(ask, cells[1]).counted


def test_typing_writes_and_enter_goes_on_below(qtbot: QtBot, table: Table, ask: Ask) -> None:
    view, cells = table
    go(view, 0, Column.BANDS)
    for _ in range(2):
        qtbot.keyClick(view, "5")
        editor = editor_of(view)
        qtbot.keyClicks(editor, "50")
        press_enter(qtbot, view)
    assert view.currentIndex().row() == 2
    assert [entry(ask, cell).band_level for cell in cells] == [550, 550, None]


def test_a_number_outside_its_range_cannot_be_written(qtbot: QtBot, table: Table, ask: Ask) -> None:
    view, cells = table
    go(view, 0, Column.QUALITY)
    qtbot.keyClick(view, "7")
    editor = editor_of(view)
    assert editor.text() == ""
    qtbot.keyClicks(editor, "4")
    press_enter(qtbot, view)
    assert entry(ask, cells[0]).quality == 4
    assert not view.model().setData(view.model().index(0, Column.BANDS), "99", Qt.ItemDataRole.EditRole)
    assert not view.model().setData(view.model().index(0, Column.BANDS), "many", Qt.ItemDataRole.EditRole)
    go(view, 0, Column.QUALITY)
    qtbot.keyClick(view, Qt.Key.Key_F2)
    editor = editor_of(view)
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    press_enter(qtbot, view)
    assert entry(ask, cells[0]).quality is None


def test_a_note_that_is_being_typed_survives_a_gesture_elsewhere(
    qtbot: QtBot, window: MainWindow, table: Table, ask: Ask
) -> None:
    view, cells = table
    go(view, 1, Column.NOTE)
    qtbot.keyClick(view, "b")
    editor = editor_of(view)
    qtbot.keyClicks(editor, "ent")
    window.tabs.case.work.save_entry(cells[1], SheetEntry(counted=True))
    assert editor.text() == "bent"
    press_enter(qtbot, view)
    assert entry(ask, cells[1]) == SheetEntry(counted=True, note="bent")


def test_a_click_on_a_finding_shows_the_cell(qtbot: QtBot, window: MainWindow, table: Table) -> None:
    view, cells = table
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(view, 1, Column.KARYOTYPE))
    qtbot.waitUntil(window.tabs.shows_karyogram)
    current = window.session.current()
    assert current is not None
    qtbot.waitUntil(current.is_ready)
    assert window.library.store_cell(current.id) == cells[1]
    window.actions_["show_case"].trigger()
    go(view, 1, Column.CELL)
    qtbot.keyClick(view, Qt.Key.Key_Return)  # the same cell again: it is shown all the same
    assert window.tabs.shows_karyogram()


def test_an_approved_cell_cannot_be_written_on(qtbot: QtBot, window: MainWindow, table: Table, ask: Ask) -> None:
    view, cells = table

    def approve(library: Any) -> int:
        for state in (State.REVIEWED, State.APPROVED):
            library.cells.set_state(cells[0], state, "Ann")
        return int(library.cells.record(cells[0]).case_id)

    window.library.case_changed.emit(ask(approve))
    qtbot.waitUntil(lambda: window.tabs.case.work.records[0].state is State.APPROVED)
    go(view, 0, Column.COUNTED)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    go(view, 0, Column.NOTE)
    qtbot.keyClick(view, "x")
    assert view.state() is SheetView.State.NoState
    assert entry(ask, cells[0]) == SheetEntry()
