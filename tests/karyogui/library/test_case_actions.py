"""New, rename, move, delete: asked where it must be, refused in a sentence, nothing lost by mistake."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow
from karyogui.model.cell import Cell
from karyogui.model.store.values import State

Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]
Find = Callable[[MainWindow, str], Any]


def codes(window: MainWindow) -> list[str]:
    return [summary.case.code for summary in window.cases.panel.cases()]


@pytest.fixture
def chosen(qtbot: QtBot, filled: Filled) -> Filled:
    """The case is unfolded, its first cell shown and chosen."""
    window, _, cells = filled
    window.cases.panel.refresh()
    qtbot.waitUntil(lambda: codes(window) == ["A-1"])
    window.library.show_cell(cells[0])
    qtbot.waitUntil(lambda: window.cases.panel.chosen_cell() == cells[0])
    return filled


def test_a_new_case_is_shown(qtbot: QtBot, filled: Filled, dialog: Find) -> None:
    window, _, _ = filled
    window.actions_["new_case"].trigger()
    box = dialog(window, "case_dialog")
    box.setTextValue(" B-2 ")
    with qtbot.waitSignal(window.library.case_opened):
        box.accept()
    qtbot.waitUntil(lambda: codes(window) == ["B-2", "A-1"])


def test_cell_and_case_get_other_names(qtbot: QtBot, chosen: Filled, dialog: Find) -> None:
    window, _, cells = chosen
    panel = window.cases.panel
    window.actions_["rename"].trigger()
    box = dialog(window, "rename_dialog")
    assert box.textValue() == "cell 1"
    box.setTextValue("metaphase 7")
    box.accept()
    qtbot.waitUntil(lambda: (item := panel.item(cells[0])) is not None and item.text() == "metaphase 7")
    panel.tree.setCurrentIndex(panel.model.item(0).index())
    window.actions_["rename"].trigger()
    box = [d for d in window.findChildren(type(box), "rename_dialog") if d.isVisible()][-1]
    assert box.textValue() == "A-1"
    box.setTextValue("A-2")
    box.accept()
    qtbot.waitUntil(lambda: codes(window) == ["A-2"])


@pytest.mark.parametrize("answer", ["Cancel", "Delete"])
def test_deleting_a_cell_asks(qtbot: QtBot, chosen: Filled, ask: Ask, answer: str) -> None:
    window, case_id, cells = chosen
    window.actions_["delete"].trigger()
    (box,) = [b for b in window.findChildren(QMessageBox) if b.isVisible()]
    assert box.text() == "Delete cell cell 1 with everything that was done to it?"
    next(button for button in box.buttons() if button.text() == answer).click()
    left = cells if answer == "Cancel" else cells[1:]
    qtbot.waitUntil(window.library.writes.is_idle)
    assert [record.id for record in ask(window.library, lambda lib: lib.cells.records(case_id))] == left
    assert (window.library.entry_of(cells[0]) is None) == (answer == "Delete")


def test_deleting_a_case_closes_its_cells(qtbot: QtBot, chosen: Filled, ask: Ask) -> None:
    window, case_id, _ = chosen
    window.cases.actions.delete_case(case_id)
    qtbot.waitUntil(lambda: codes(window) == [])
    assert window.session.cells() == ()
    assert window.library.current_case() is None
    assert ask(window.library, lambda library: library.cases.find()) == ()


def test_a_cell_moves_to_a_new_case_and_both_trails_say_so(
    qtbot: QtBot, chosen: Filled, ask: Ask, dialog: Find
) -> None:
    window, case_id, cells = chosen
    window.actions_["move_cell"].trigger()
    box = dialog(window, "move_dialog")
    box.setTextValue("C-3")
    box.accept()
    qtbot.waitUntil(lambda: codes(window) == ["C-3", "A-1"])
    other = window.cases.panel.cases()[0].case.id
    actions = ask(
        window.library, lambda lib: [[line.action for line in lib.cases.trail(case)] for case in (case_id, other)]
    )
    assert actions[0][-1] == "cell moved away"
    assert actions[1][-1] == "cell moved here"
    assert ask(window.library, lambda lib: lib.cells.record(cells[0]).case_id) == other
    assert ask(window.library, lambda lib: lib.check()) == []


def test_a_cell_in_no_case_is_moved_into_one(
    qtbot: QtBot, filled: Filled, ask: Ask, draw_folder: Callable[..., Path], open_and_wait: Callable[..., None]
) -> None:
    window, case_id, _ = filled
    open_and_wait(window, draw_folder())
    entry = window.session.cells()[0]
    window.cases.actions.move(None, entry.id, "A-1")
    qtbot.waitUntil(lambda: window.library.store_cell(entry.id) is not None)
    names = [record.name for record in ask(window.library, lambda lib: lib.cells.records(case_id))]
    assert names == ["cell 1", "cell 2", "cell a"]


def test_nothing_chosen_is_said(qtbot: QtBot, window: MainWindow) -> None:
    for action in ("rename", "delete", "move_cell", "export_case"):
        with qtbot.waitSignal(window.cases.refused) as refused:
            window.actions_[action].trigger()
        assert "in the list first" in refused.args[0]


def test_classify_all_means_the_new_cells_of_the_chosen_case(
    qtbot: QtBot, filled: Filled, ask: Ask, draw: Callable[..., Cell], classifier: Any
) -> None:
    window, shown, _ = filled

    def second_case(library: Any) -> int:
        return int(library.cells.add(library.cases.create("B-2", "Ann").id, draw("cell of B", 5), "Ann").id)

    of_b = ask(window.library, second_case)
    panel = window.cases.panel
    panel.refresh()
    qtbot.waitUntil(lambda: len(panel.cases()) == 2)
    window.library.open_case(shown)
    rows = [panel.model.item(row) for row in range(panel.model.rowCount())]
    panel.tree.setCurrentIndex(next(row for row in rows if row.text() == "B-2").index())  # as a right click does
    window.actions_["classify_all"].trigger()
    qtbot.waitUntil(lambda: bool(classifier.asked) and not window.cases.is_busy())
    assert [name for name, _ in classifier.asked] == ["cell of B"]
    assert window.library.current_case() == shown
    assert ask(window.library, lambda library: library.cells.record(of_b)).state is State.CLASSIFIED

    with qtbot.waitSignal(window.cases.refused) as refused:
        window.actions_["classify_all"].trigger()
    assert refused.args == ["No cell of this case is new; a single one is classified again by itself."]
    panel.tree.setCurrentIndex(next(row for row in rows if row.text() == "A-1").index())
    window.actions_["classify_all"].trigger()
    qtbot.waitUntil(lambda: len(classifier.asked) == 3 and not window.cases.is_busy())
    records = ask(window.library, lambda library: library.cells.records(shown))
    assert [record.state for record in records] == [State.CLASSIFIED] * 2
