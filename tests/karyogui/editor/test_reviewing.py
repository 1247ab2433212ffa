"""A review with real keys: Space leads, Enter accepts, a label moves."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from karyogui.editor.hint import HintLabel

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Draw, Editor

SHIFT = Qt.KeyboardModifier.ShiftModifier
SPACE, ENTER = Qt.Key.Key_Space, Qt.Key.Key_Return


@pytest.fixture
def doubtful(editor: "Editor", draw: "Draw") -> "Editor":
    """Ids 0, 1: class 3 (1 doubtful), 2, 3: class 9 (2 the least certain), 4: tray."""
    cell, result = draw(["3", "3", "9", "9", None], confidences=[0.99, 0.8, 0.4, 0.95, 0.3])
    editor.document.set_cell(cell)
    editor.document.set_result(result)
    return editor


def said(editor: "Editor") -> str:
    (label,) = editor.view.findChildren(HintLabel)
    return label.text() if label.isVisible() else ""


def test_space_leads_from_the_least_certain_and_round(doubtful: "Editor") -> None:
    seen = []
    for _ in range(4):
        doubtful.key(SPACE)
        seen += doubtful.view.selected_ids()
    assert seen == [4, 2, 1, 4]
    assert "3 left" in said(doubtful)
    doubtful.key(SPACE, SHIFT)
    assert doubtful.view.selected_ids() == [1]
    assert said(doubtful).startswith("Chromosome 3, 2 of 2, confidence 80 %")
    assert doubtful.stack.count() == 0


def test_n_does_the_same(doubtful: "Editor") -> None:
    doubtful.key("n")
    doubtful.key("n")
    assert doubtful.view.selected_ids() == [2]
    doubtful.key("n", SHIFT)
    assert doubtful.view.selected_ids() == [4]


def test_enter_accepts_and_goes_on_to_the_end(doubtful: "Editor") -> None:
    doubtful.key(SPACE)
    doubtful.key(ENTER)
    assert doubtful.stack.undoText() == "Leave in the tray"
    assert doubtful.view.selected_ids() == [2]
    assert "2 left" in said(doubtful)
    doubtful.key(ENTER)
    assert doubtful.stack.undoText() == "Accept as 9"
    assert doubtful.view.selected_ids() == [1]
    assert not doubtful.document.reviewed
    doubtful.key(ENTER)
    assert doubtful.document.reviewed
    assert said(doubtful) == "Nothing left to review"
    assert set(doubtful.document.lights()) == {0, 3}  # the sure ones keep their quiet light
    for _ in range(3):
        doubtful.stack.undo()
    assert doubtful.document.ids_to_review() == [4, 2, 1]


def test_a_skipped_one_comes_round_again(doubtful: "Editor") -> None:
    doubtful.key(SPACE)
    doubtful.key(SPACE)
    doubtful.key(ENTER)
    assert doubtful.view.selected_ids() == [1]
    doubtful.key(ENTER)
    assert doubtful.view.selected_ids() == [4]


def test_a_typed_label_counts_as_the_answer(doubtful: "Editor") -> None:
    doubtful.key(SPACE)
    doubtful.type("22")
    assert doubtful.label(4) == "22"
    assert doubtful.document.ids_to_review() == [2, 1]
    doubtful.key(SPACE)
    assert doubtful.view.selected_ids() == [2]


def test_enter_first_takes_the_digit_that_waits(doubtful: "Editor") -> None:
    doubtful.click(2)
    doubtful.type("1")
    doubtful.key(ENTER)
    assert doubtful.label(2) == "1"
    assert doubtful.view.selected_ids() == [2]


def test_several_are_accepted_in_one_step(doubtful: "Editor") -> None:
    doubtful.key("a", Qt.KeyboardModifier.ControlModifier)
    doubtful.key(ENTER)
    assert doubtful.document.reviewed
    assert doubtful.stack.count() == 1
    assert doubtful.document.lights() == {}


def test_space_that_panned_is_no_step(doubtful: "Editor") -> None:
    viewport, start = doubtful.view.viewport(), QPoint(400, 300)
    QTest.keyPress(doubtful.view, SPACE)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.keyRelease(doubtful.view, SPACE)
    assert doubtful.view.selected_ids() == []


def test_keys_of_the_review_wait_for_the_end_of_a_drag(doubtful: "Editor") -> None:
    start = doubtful.at(0)
    doubtful.press(start)
    doubtful.move(start, doubtful.place("9"))
    doubtful.key(SPACE)
    doubtful.key(ENTER)
    assert doubtful.view.selected_ids() == [0]
    doubtful.key(Qt.Key.Key_Escape)
    doubtful.release(start)
    assert doubtful.stack.count() == 0


def test_nothing_to_review_says_so_and_an_empty_editor_is_silent(editor: "Editor") -> None:
    editor.key(SPACE)
    assert said(editor) == "Nothing left to review"
    editor.click(3)
    assert said(editor) == ""
    editor.document.clear()
    editor.key(SPACE)
    editor.key(ENTER)
    assert said(editor) == ""
