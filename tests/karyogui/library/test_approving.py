"""The reviewed cells of a case are approved in one go: after one question, with the others left as they are."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow
from karyogui.model.store.values import State

Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]
Find = Callable[[MainWindow, str], Any]


@pytest.fixture
def reviewed(qtbot: QtBot, filled: Filled, ask: Ask) -> Filled:
    """A case of two cells that Ann has reviewed, chosen in the list; the first one is shown."""
    window, case_id, cells = filled

    def review(library: Any) -> None:
        for cell in cells:
            library.cells.set_state(cell, State.IN_REVIEW, "Ann")
            library.cells.set_state(cell, State.REVIEWED, "Ann")

    ask(window.library, review)
    window.cases.panel.refresh()
    qtbot.waitUntil(lambda: len(window.cases.panel.cases()) == 1)
    window.library.show_cell(cells[0])
    qtbot.waitUntil(lambda: window.library.current_case() == case_id)
    return window, case_id, cells


def states(window: MainWindow, case_id: int, ask: Ask) -> list[State]:
    return [record.state for record in ask(window.library, lambda library: library.cells.records(case_id))]


def asked(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox, "approve_case_dialog")))
    (box,) = window.findChildren(QMessageBox, "approve_case_dialog")
    return box


def test_all_reviewed_cells_are_approved_after_one_question(qtbot: QtBot, reviewed: Filled, ask: Ask) -> None:
    window, case_id, cells = reviewed
    box = asked(qtbot, window)
    assert box.text() == "Approve the reviewed cells of case A-1: 2 of 2?"
    with qtbot.waitSignal(window.cases.said) as said:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert said.args == ["2 cells of A-1 are approved."]
    assert states(window, case_id, ask) == [State.APPROVED, State.APPROVED]
    entry = window.session.current()
    assert entry is not None
    assert entry.undo_stack.is_locked()
    strip = window.messages.shown("approved")
    assert strip is not None
    assert strip.label.text() == "cell 1 is approved (reviewed by Ann, approved by Ann) and read-only."
    row = window.cases.panel.item(cells[1])
    assert row is not None
    qtbot.waitUntil(lambda: "approved" in row.data(Qt.ItemDataRole.AccessibleTextRole))


def test_what_is_not_reviewed_is_named_and_stays(
    qtbot: QtBot, reviewed: Filled, ask: Ask, draw: Callable[..., Any]
) -> None:
    window, case_id, _ = reviewed
    ask(window.library, lambda library: library.cells.add(case_id, draw("cell 3", 3), "Ann"))
    box = asked(qtbot, window)
    assert box.text() == "Approve the reviewed cells of case A-1: 2 of 3?"
    assert "Not reviewed yet, and left as they are: 1." in box.informativeText()
    with qtbot.waitSignal(window.cases.said):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert states(window, case_id, ask) == [State.APPROVED, State.APPROVED, State.NEW]


def test_escape_approves_nothing(qtbot: QtBot, reviewed: Filled, ask: Ask) -> None:
    window, case_id, _ = reviewed
    box = asked(qtbot, window)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox, "approve_case_dialog"))
    assert states(window, case_id, ask) == [State.REVIEWED, State.REVIEWED]


def test_a_second_person_approves_where_the_laboratory_asks_for_it(
    qtbot: QtBot, reviewed: Filled, ask: Ask, draw: Callable[..., Any]
) -> None:
    window, case_id, _ = reviewed
    window._store.change(replace(window._store.now, second_person=True))
    with qtbot.waitSignal(window.cases.refused) as refused:
        window.actions_["approve_case"].trigger()
    assert refused.args == ["You reviewed what is reviewed of A-1; another person must approve it."]

    def one_of_bob(library: Any) -> None:
        cell = library.cells.add(case_id, draw("cell 3", 3), "Bob").id
        library.cells.set_state(cell, State.IN_REVIEW, "Bob")
        library.cells.set_state(cell, State.REVIEWED, "Bob")

    ask(window.library, one_of_bob)
    box = asked(qtbot, window)
    assert box.text() == "Approve the reviewed cells of case A-1: 1 of 3?"
    assert "Reviewed by you, and so for another person to approve: 2." in box.informativeText()
    with qtbot.waitSignal(window.cases.said) as said:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert said.args == ["1 cell of A-1 is approved."]
    assert states(window, case_id, ask) == [State.REVIEWED, State.REVIEWED, State.APPROVED]


def test_a_cell_that_was_changed_meanwhile_stays(qtbot: QtBot, reviewed: Filled, ask: Ask) -> None:
    window, case_id, cells = reviewed
    box = asked(qtbot, window)
    ask(window.library, lambda library: library.cells.set_state(cells[1], State.IN_REVIEW, "Bob"))
    with qtbot.waitSignal(window.cases.said) as said:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert said.args == ["1 cell of A-1 is approved."]
    assert states(window, case_id, ask) == [State.APPROVED, State.IN_REVIEW]


def test_where_there_is_nothing_to_approve_a_sentence_says_so(qtbot: QtBot, filled: Filled) -> None:
    window, _, _ = filled
    with qtbot.waitSignal(window.cases.refused) as refused:
        window.actions_["approve_case"].trigger()
    assert refused.args == ["Choose a case in the list first."]
    window.cases.panel.refresh()
    qtbot.waitUntil(lambda: len(window.cases.panel.cases()) == 1)
    window.cases.panel.tree.setCurrentIndex(window.cases.panel.model.item(0).index())
    with qtbot.waitSignal(window.cases.refused) as refused:
        window.actions_["approve_case"].trigger()
    assert refused.args == ["No cell of A-1 is reviewed and waits for approval."]
