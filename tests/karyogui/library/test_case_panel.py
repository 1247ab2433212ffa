"""The case view: cases, cells with pictures and states, search and filter, choosing, what is in no case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.library.case_menu import case_menu
from karyogui.library.case_rows import LINES
from karyogui.main_window import MainWindow
from karyogui.model.store.values import State

Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]


def listed(qtbot: QtBot, window: MainWindow, *codes: str) -> None:
    panel = window.cases.panel
    panel.refresh()
    qtbot.waitUntil(lambda: [summary.case.code for summary in panel.cases()] == list(codes))


def unfolded(qtbot: QtBot, window: MainWindow, case_id: int, cells: list[int]) -> None:
    listed(qtbot, window, "A-1")
    window.library.open_case(case_id)
    qtbot.waitUntil(lambda: window.cases.panel.cells_of(case_id) == tuple(cells))


def click(qtbot: QtBot, window: MainWindow, cell_id: int) -> None:
    tree, item = window.cases.panel.tree, window.cases.panel.item(cell_id)
    assert item is not None
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(item.index()).center())


def test_a_case_unfolds_into_its_cells_with_pictures_and_states(qtbot: QtBot, filled: Filled) -> None:
    window, case_id, cells = filled
    unfolded(qtbot, window, case_id, cells)
    panel = window.cases.panel
    items = [panel.item(cell) for cell in cells]
    assert [item.text() for item in items if item] == ["cell 1", "cell 2"]
    assert [item.data(LINES) for item in items if item] == [["new"], ["new"]]
    assert all(isinstance(item.data(Qt.ItemDataRole.DecorationRole), QPixmap) for item in items if item)
    assert window.session.cells() == ()  # no pixels are fetched for a list
    click(qtbot, window, cells[1])
    qtbot.waitUntil(lambda: bool(window.session.cells()) and window.session.cells()[0].is_ready())
    assert window.windowTitle().startswith("cell 2")
    assert panel.chosen_cell() == cells[1]
    assert panel.chosen_case() == case_id


def test_states_and_karyotypes_follow_what_is_done(qtbot: QtBot, filled: Filled) -> None:
    window, case_id, cells = filled
    unfolded(qtbot, window, case_id, cells)
    click(qtbot, window, cells[0])
    entry = window.session.cells()[0]
    qtbot.waitUntil(entry.is_ready)
    window.session.classify([entry.id])
    panel = window.cases.panel
    row, parent = panel.item(cells[0]), panel.model.item(0)
    assert row is not None
    qtbot.waitUntil(lambda: row.data(LINES)[-1] == "classified" and len(row.data(LINES)) == 2)
    qtbot.waitUntil(lambda: parent.data(LINES) == ["2 cells · 1 new, 1 classified"])


def test_search_and_filters(qtbot: QtBot, filled: Filled, ask: Ask) -> None:
    window, _, cells = filled
    ask(window.library, lambda library: library.cases.create("B-2", "Ann"))
    listed(qtbot, window, "B-2", "A-1")
    panel = window.cases.panel

    def shows(*codes: str) -> None:
        qtbot.waitUntil(lambda: [summary.case.code for summary in panel.cases()] == list(codes))

    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    panel.filter.text.setFocus()
    qtbot.keyClicks(panel.filter.text, "b-")
    shows("B-2")
    panel.filter.text.clear()
    shows("B-2", "A-1")
    panel.filter.state.setCurrentIndex(panel.filter.state.findData(State.NEW))
    shows("A-1")
    panel.filter.state.setCurrentIndex(0)
    panel.filter.age.setCurrentIndex(1)
    shows("B-2", "A-1")
    ask(window.library, lambda library: library.cells.save_karyotype(cells[0], "47,XX,+8", (), "Ann"))
    panel.filter.text.setText("+8")
    shows("A-1")


def test_next_cell_steps_through_the_case(qtbot: QtBot, filled: Filled) -> None:
    window, case_id, cells = filled
    unfolded(qtbot, window, case_id, cells)
    window.library.show_cell(cells[0])
    qtbot.waitUntil(window.actions_["next_cell"].isEnabled)
    for action, there in (("next_cell", cells[1]), ("next_cell", cells[1]), ("previous_cell", cells[0])):
        window.actions_[action].trigger()
        current = window.session.current()
        assert current is not None
        qtbot.waitUntil(lambda there=there: window.library.entry_of(there) == window.session.current().id)
        qtbot.waitUntil(lambda: all(entry.is_ready() for entry in window.session.cells()))


def test_the_menu_fits_what_is_chosen(
    qtbot: QtBot, filled: Filled, draw_folder: Callable[..., Path], open_and_wait: Callable[..., None]
) -> None:
    window, case_id, cells = filled
    unfolded(qtbot, window, case_id, cells)
    panel = window.cases.panel

    def names() -> list[str]:
        return [action.objectName() for action in case_menu(panel, window.actions_).actions() if action.objectName()]

    panel.tree.setCurrentIndex(panel.model.item(0).index())
    assert {"export_case", "approve_case"} <= set(names())
    click(qtbot, window, cells[0])
    assert names()[:3] == ["review_done", "approve", "reopen"]
    open_and_wait(window, draw_folder())
    qtbot.waitUntil(lambda: panel.chosen_loose_cell() is not None)
    assert names() == ["move_cell", "close_cell"]
