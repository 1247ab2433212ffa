"""Dragging with the mouse: what is shown on the way, and what the drop does."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.types import MARKER
from karyogui.editor.hint import HintLabel
from karyogui.editor.items import LandingItem

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import DrawnCell, Editor


def overlay(editor: "Editor") -> LandingItem:
    (item,) = (item for item in editor.scene.items() if isinstance(item, LandingItem))
    return item


def test_to_another_class_and_back_by_undo(editor: "Editor") -> None:
    editor.drag(14, editor.place("10", across=0.99))
    assert editor.ids("10") == [18, 19, 14]
    assert editor.ids("8") == [15]
    assert editor.document.placement(15).order == 0
    assert editor.stack.undoText() == "Move to 10"
    assert editor.document.karyotype_text() == "46,XX,-8,+10"
    editor.stack.undo()
    assert editor.ids("8") == [14, 15]
    assert editor.document.karyotype_text() == "46,XX"
    editor.stack.redo()
    assert editor.ids("10") == [18, 19, 14]


def test_it_lands_between_its_new_neighbours(editor: "Editor") -> None:
    editor.drag(14, editor.place("10"))
    assert editor.ids("10") == [18, 14, 19]


def test_within_the_class(editor: "Editor") -> None:
    editor.drag(14, editor.at(15) + QPoint(6, 0))
    assert editor.ids("8") == [15, 14]
    assert editor.stack.undoText() == "Reorder 8"
    editor.stack.undo()
    assert editor.ids("8") == [14, 15]


def test_on_its_own_place_leaves_no_trace(editor: "Editor") -> None:
    start = editor.at(14)
    editor.press(start)
    editor.move(start, editor.place("20"))
    editor.move(editor.place("20"), start)
    editor.release(start)
    assert editor.stack.count() == 0
    assert editor.ids("8") == [14, 15]
    assert editor.scene.chromosome_item(14).pos().isNull()


@pytest.mark.parametrize(("label", "text"), [(None, "Move to tray"), (MARKER, "Move to markers")])
def test_to_the_tray_and_to_the_markers(editor: "Editor", label: str | None, text: str) -> None:
    editor.drag(40, editor.place(label))
    assert editor.ids(label) == [40]
    assert editor.stack.undoText() == text
    editor.stack.undo()
    assert editor.ids("21") == [40, 41]


def test_out_of_the_tray(editor: "Editor") -> None:
    editor.drag(40, editor.place(None))
    editor.drag(40, editor.place("22", across=0.01))
    assert editor.ids("22") == [40, 42, 43]
    assert editor.stack.count() == 2


def test_several_move_together_and_land_in_order(editor: "Editor") -> None:
    editor.click(1)
    editor.click(44, Qt.KeyboardModifier.ControlModifier)
    editor.click(20, Qt.KeyboardModifier.ControlModifier)
    editor.drag(20, editor.place("5"))
    assert editor.ids("5") == [8, 1, 20, 44, 9]
    assert editor.stack.undoText() == "Move 3 chromosomes to 5"
    assert editor.view.selected_ids() == [1, 20, 44]
    editor.stack.undo()
    assert [editor.label(i) for i in (1, 20, 44)] == ["1", "11", "X"]


def test_dragging_one_that_is_not_selected_leaves_the_others(editor: "Editor") -> None:
    editor.click(0)
    editor.drag(20, editor.place("5"))
    assert editor.label(0) == "1"
    assert editor.view.selected_ids() == [20]


def test_nothing_changes_before_the_drop(editor: "Editor", qtbot: QtBot) -> None:
    before = editor.document.placements()
    start, end = editor.at(14), editor.place("10")
    with qtbot.assertNotEmitted(editor.document.placements_changed):
        editor.press(start)
        editor.move(start, end)
    assert editor.document.placements() == before
    assert editor.scene.is_dragging()
    editor.release(end)
    assert editor.label(14) == "10"


def test_the_landing_place_is_shown_and_room_is_made(editor: "Editor", qtbot: QtBot) -> None:
    start, end = editor.at(14), editor.place("10")
    places = {i: editor.scene.chromosome_item(i).placed for i in (15, 18, 19)}
    editor.press(start)
    editor.move(start, end)
    assert overlay(editor).isVisible()
    lifted = editor.scene.chromosome_item(14)
    assert (
        editor.view.mapFromScene(lifted.placed.rect.centre_x + lifted.x(), lifted.placed.rect.centre_y + lifted.y())
        == end
    )
    assert {i: editor.scene.chromosome_item(i).placed for i in places} == places  # nothing jumps on the way
    qtbot.waitUntil(lambda: editor.scene.chromosome_item(18).placed != places[18])
    gap = editor.scene.chromosome_item(19).placed.rect.x - editor.scene.chromosome_item(18).placed.rect.right
    assert gap > lifted.placed.rect.width
    shown = {i: editor.scene.chromosome_item(i).placed for i in places}
    editor.release(end)
    assert {i: editor.scene.chromosome_item(i).placed for i in places} == shown  # the drop is what was shown
    assert not overlay(editor).isVisible()


def test_escape_puts_everything_back(editor: "Editor", qtbot: QtBot) -> None:
    start, end = editor.at(14), editor.place("10")
    before = {i: editor.scene.chromosome_item(i).placed for i in range(46)}
    editor.press(start)
    editor.move(start, end)
    qtbot.waitUntil(lambda: editor.scene.chromosome_item(18).placed != before[18])
    editor.key(Qt.Key.Key_Escape)
    assert not editor.scene.is_dragging()
    assert not overlay(editor).isVisible()
    assert {i: editor.scene.chromosome_item(i).placed for i in range(46)} == before
    assert editor.scene.chromosome_item(14).pos().isNull()
    editor.move(end, editor.place("12"))  # the button is still down: no new drag
    editor.release(editor.place("12"))
    assert editor.stack.count() == 0
    assert editor.label(14) == "8"


def test_off_the_paper_changes_nothing(editor: "Editor") -> None:
    editor.view.resize(1400, 800)  # wider than the paper
    outside = QPoint(5, 400)
    start = editor.at(14)
    editor.press(start)
    editor.move(start, outside)
    assert not overlay(editor).isVisible()
    editor.release(outside)
    assert editor.stack.count() == 0
    assert editor.scene.chromosome_item(14).pos().isNull()


def test_a_small_slip_is_a_click(editor: "Editor") -> None:
    start = editor.at(14)
    editor.press(start)
    QTest.mouseMove(editor.view.viewport(), start + QPoint(2, 1))
    assert not editor.scene.is_dragging()
    editor.release(start + QPoint(2, 1))
    assert editor.view.selected_ids() == [14]
    assert editor.stack.count() == 0


def test_keys_wait_for_the_end_of_a_drag(editor: "Editor") -> None:
    start, end = editor.at(14), editor.place("10")
    editor.press(start)
    editor.move(start, end)
    editor.type("f7")
    editor.release(end)
    assert editor.stack.count() == 1
    assert editor.label(14) == "10"


def test_another_cell_ends_the_drag(editor: "Editor", normal_cell: "DrawnCell") -> None:
    start, end = editor.at(14), editor.place("10")
    editor.press(start)
    editor.move(start, end)
    editor.document.set_cell(normal_cell[0])
    assert not editor.scene.is_dragging()
    editor.release(end)
    assert editor.stack.count() == 0


def test_all_46_go_to_the_tray_in_one_drag(editor: "Editor") -> None:
    editor.key("a", Qt.KeyboardModifier.ControlModifier)
    editor.drag(30, editor.place(None))
    assert editor.ids(None) == list(range(46))
    assert editor.document.karyotype_text() == ""
    editor.stack.undo()
    assert editor.document.karyotype_text() == "46,XX"


# --- swapping, and whole pairs -----------------------------------------------------------------------------------

CTRL = Qt.KeyboardModifier.ControlModifier


def said(editor: "Editor") -> str:
    (label,) = editor.view.findChildren(HintLabel)
    return label.text() if label.isVisible() else ""


def test_ctrl_on_a_chromosome_swaps_the_two(editor: "Editor") -> None:
    start, end = editor.at(14), editor.at(18)
    editor.press(start)
    editor.move(start, end)
    assert said(editor) == "Move to 10   ·   Ctrl: swap"
    QTest.keyPress(editor.view, Qt.Key.Key_Control)
    assert said(editor) == "Swap with 10"
    QTest.keyRelease(editor.view, Qt.Key.Key_Control)
    assert said(editor) == "Move to 10   ·   Ctrl: swap"
    QTest.keyPress(editor.view, Qt.Key.Key_Control)
    shown = editor.scene.chromosome_item(18).placed
    editor.release(end, CTRL)
    assert editor.ids("10") == [14, 19]
    assert editor.ids("8") == [18, 15]
    assert editor.scene.chromosome_item(18).placed == shown  # it had gone there in the preview
    assert editor.stack.undoText() == "Swap chromosomes"
    assert said(editor) == ""
    editor.stack.undo()
    assert (editor.ids("8"), editor.ids("10")) == ([14, 15], [18, 19])


def test_without_a_chromosome_below_ctrl_moves(editor: "Editor") -> None:
    start, end = editor.at(14), editor.place(MARKER)
    editor.press(start)
    editor.move(start, end)
    QTest.keyPress(editor.view, Qt.Key.Key_Control)
    assert said(editor) == "Move to markers"
    editor.release(end, CTRL)
    assert editor.ids(MARKER) == [14]


def label_point(editor: "Editor", label: str) -> QPoint:
    text = editor.scene.karyogram_layout().slot(label).text
    assert text is not None
    return editor.view.mapFromScene(QPointF(text.centre_x, text.centre_y))


def test_a_click_on_the_label_selects_the_pair(editor: "Editor") -> None:
    QTest.mouseClick(
        editor.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, label_point(editor, "8")
    )
    assert editor.view.selected_ids() == [14, 15]
    QTest.mouseClick(editor.view.viewport(), Qt.MouseButton.LeftButton, CTRL, label_point(editor, "9"))
    assert editor.view.selected_ids() == [14, 15, 16, 17]
    QTest.mouseClick(
        editor.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, label_point(editor, "Y")
    )
    assert editor.view.selected_ids() == []  # an empty class is paper
    assert editor.stack.count() == 0


def test_a_pair_is_dragged_by_its_label(editor: "Editor") -> None:
    start, end = label_point(editor, "8"), editor.place(None)
    editor.press(start)
    editor.move(start, end)
    assert said(editor) == "Move to tray"
    editor.release(end)
    assert editor.ids(None) == [14, 15]
    assert editor.stack.undoText() == "Move 2 chromosomes to tray"
    assert editor.stack.count() == 1


def test_an_empty_class_has_nothing_to_swap(editor: "Editor") -> None:
    start, end = label_point(editor, "13"), editor.place("Y")
    editor.press(start)
    editor.move(start, end)
    assert said(editor) == "Move to Y"
    QTest.keyPress(editor.view, Qt.Key.Key_Control)
    assert said(editor) == "Move to Y"
    editor.release(end, CTRL)
    assert editor.ids("Y") == [24, 25]
    assert editor.stack.undoText() == "Move 2 chromosomes to Y"


def test_two_pairs_swap(editor: "Editor") -> None:
    start, end = label_point(editor, "4"), editor.place("5")
    editor.press(start)
    editor.move(start, end)
    QTest.keyPress(editor.view, Qt.Key.Key_Control)
    assert said(editor) == "Swap with 5"
    editor.release(end, CTRL)
    assert (editor.ids("4"), editor.ids("5")) == ([8, 9], [6, 7])
    assert editor.stack.undoText() == "Swap 4 and 5"
    editor.stack.undo()
    assert (editor.ids("4"), editor.ids("5")) == ([6, 7], [8, 9])
