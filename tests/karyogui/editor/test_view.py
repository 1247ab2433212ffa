"""Keys and double clicks, with real events."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from engine.types import MARKER
from karyogui.document import KaryogramDocument
from karyogui.editor.hint import HintLabel
from karyogui.editor.scene import KaryogramScene
from karyogui.editor.view import KaryogramView

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Editor

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_scene_dies_with_its_view(open_cell: "Callable[..., KaryogramDocument]") -> None:
    document, stack = open_cell(), QUndoStack()
    scene = KaryogramScene(document, stack)
    view = KaryogramView(scene)
    scene.select([0, 1])
    delete(view)
    assert not isValid(scene)
    assert isValid(document)


def hint(editor: "Editor") -> HintLabel:
    (label,) = editor.view.findChildren(HintLabel)
    return label


@pytest.mark.parametrize(
    ("typed", "label", "text"),
    [
        ("7", "7", "Move to 7"),
        ("12", "12", "Move to 12"),
        ("22", "22", "Move to 22"),
        ("x", "X", "Move to X"),
        ("y", "Y", "Move to Y"),
        ("m", MARKER, "Move to markers"),
        ("t", None, "Move to tray"),
    ],
)
def test_a_label_is_typed(editor: "Editor", typed: str, label: str | None, text: str) -> None:
    editor.click(14)
    editor.type(typed)
    assert editor.label(14) == label
    assert editor.stack.undoText() == text
    assert editor.view.selected_ids() == [14]
    editor.stack.undo()
    assert editor.ids("8") == [14, 15]
    editor.stack.redo()
    assert editor.label(14) == label


def test_delete_is_the_tray(editor: "Editor") -> None:
    editor.click(14)
    editor.key(Qt.Key.Key_Delete)
    assert editor.ids(None) == [14]


def test_one_waits_and_says_so(editor: "Editor", qtbot: QtBot) -> None:
    editor.click(14)
    editor.type("1")
    assert hint(editor).isVisible()
    assert "Move to 1" in hint(editor).text()
    assert editor.label(14) == "8"
    qtbot.waitUntil(lambda: editor.label(14) == "1")
    assert not hint(editor).isVisible()


def test_enter_takes_the_digit_at_once(editor: "Editor") -> None:
    editor.click(14)
    editor.type("2")
    editor.key(Qt.Key.Key_Return)
    assert editor.label(14) == "2"


def test_escape_forgets_the_digit_then_the_selection(editor: "Editor") -> None:
    editor.click(14)
    editor.type("1")
    editor.key(Qt.Key.Key_Escape)
    assert not hint(editor).isVisible()
    assert editor.view.selected_ids() == [14]
    editor.type("7")
    assert editor.label(14) == "7"  # and not 17
    editor.key(Qt.Key.Key_Escape)
    assert editor.view.selected_ids() == []


def test_escape_belongs_to_what_is_under_way(editor: "Editor") -> None:
    used: list[bool] = []
    action = QAction(editor.view, shortcut=QKeySequence("Esc"))
    action.triggered.connect(lambda: used.append(True))
    editor.view.addAction(action)
    editor.view.activateWindow()
    editor.click(14)
    editor.type("1")
    editor.key(Qt.Key.Key_Escape)
    assert used == []
    assert not hint(editor).isVisible()
    start, end = editor.at(14), editor.place("10")
    editor.press(start)
    editor.move(start, end)
    editor.key(Qt.Key.Key_Escape)
    editor.release(end)
    assert used == []
    assert editor.stack.count() == 0
    editor.key(Qt.Key.Key_Escape)
    assert used == [True]


def test_a_click_elsewhere_forgets_the_digit(editor: "Editor") -> None:
    editor.click(14)
    editor.type("1")
    editor.click(20)
    editor.type("2")
    editor.key(Qt.Key.Key_Return)
    assert (editor.label(14), editor.label(20)) == ("8", "2")


def test_an_action_of_the_menu_forgets_the_digit(editor: "Editor") -> None:
    editor.click(14)
    editor.type("1")
    editor.view.assign_selected("X")
    assert not hint(editor).isVisible()
    assert editor.label(14) == "X"
    assert editor.stack.count() == 1


def test_the_description_follows_an_edit(editor: "Editor") -> None:
    editor.click(14)
    editor.type("9")
    assert editor.view.accessibleDescription() == "Chromosome 9, 3 of 3, set by hand"
    editor.stack.undo()
    assert editor.view.accessibleDescription().startswith("Chromosome 8, 1 of 2")


def test_digits_without_a_selection_do_nothing(editor: "Editor") -> None:
    editor.type("71")
    assert editor.stack.count() == 0
    assert not hint(editor).isVisible()


def test_flip(editor: "Editor") -> None:
    editor.click(14)
    editor.type("f")
    assert editor.document.placement(14).rotation_deg == 180.0
    assert editor.document.placement(14).centromere == pytest.approx(0.6)
    assert editor.stack.undoText() == "Flip chromosome"
    editor.click(0, CTRL)
    editor.type("f")
    assert editor.stack.undoText() == "Flip 2 chromosomes"
    assert [editor.document.placement(i).rotation_deg for i in (0, 14)] == [180.0, 0.0]
    editor.stack.undo()
    editor.stack.undo()
    assert [editor.document.placement(i).rotation_deg for i in (0, 14)] == [0.0, 0.0]
    editor.stack.redo()
    assert editor.document.placement(14).rotation_deg == 180.0


def test_rotating_again_and_again_is_one_step_to_undo(editor: "Editor") -> None:
    editor.click(14)
    for _ in range(3):
        editor.key("r")
    editor.key("r", SHIFT)
    assert editor.document.placement(14).rotation_deg == 10.0
    assert editor.stack.undoText() == "Rotate chromosome by +10°"
    assert editor.stack.count() == 1
    editor.stack.undo()
    assert editor.document.placement(14).rotation_deg == 0.0
    editor.stack.redo()
    assert editor.document.placement(14).rotation_deg == 10.0


def test_another_chromosome_or_edit_begins_a_new_step(editor: "Editor") -> None:
    editor.click(14)
    editor.key("r")
    editor.click(16)
    editor.key("r")
    assert editor.stack.count() == 2
    editor.key("f")
    editor.key("r")
    assert editor.stack.count() == 4


def test_turns_that_cancel_out_leave_no_trace(editor: "Editor") -> None:
    editor.click(14)
    editor.key("r")
    editor.key("r", SHIFT)
    assert editor.document.placement(14).rotation_deg == 0.0
    assert editor.stack.count() == 0


def test_what_was_saved_is_no_longer_merged_into(editor: "Editor") -> None:
    editor.click(14)
    editor.key("r")
    editor.stack.setClean()
    editor.key("r")
    assert not editor.stack.isClean()
    editor.stack.undo()
    assert editor.stack.isClean()
    assert editor.document.placement(14).rotation_deg == 5.0


def test_upright_again(editor: "Editor") -> None:
    editor.click(14)
    editor.key("r")
    editor.key("u")
    assert editor.document.placement(14).rotation_deg == 0.0
    assert editor.stack.undoText() == "Turn chromosome upright"
    editor.stack.undo()
    assert editor.document.placement(14).rotation_deg == 5.0


def test_mirror(editor: "Editor") -> None:
    editor.click(14)
    editor.key("h")
    assert editor.document.placement(14).mirrored
    assert editor.stack.undoText() == "Mirror chromosome"
    editor.stack.undo()
    assert not editor.document.placement(14).mirrored


def test_ctrl_and_arrows_reorder_and_move_the_centromere(editor: "Editor") -> None:
    editor.click(14)
    editor.key(Qt.Key.Key_Right, CTRL)
    assert editor.ids("8") == [15, 14]
    editor.key(Qt.Key.Key_Right, CTRL)  # there is no place further right
    assert editor.stack.count() == 1
    editor.key(Qt.Key.Key_Left, CTRL)
    assert editor.ids("8") == [14, 15]
    before = editor.document.placement(14).centromere
    for _ in range(3):
        editor.key(Qt.Key.Key_Down, CTRL)
    height = editor.scene.chromosome_item(14).chromosome.mask.sum(axis=0).max()
    assert editor.document.placement(14).centromere == pytest.approx(before + 3 / height)
    assert editor.stack.undoText() == "Move centromere"
    editor.stack.undo()
    assert editor.document.placement(14).centromere == before


def double_click(editor: "Editor", point: QPoint, modifier: Qt.KeyboardModifier) -> None:
    """Press, release, double click, release: what systems send. QTest sends the third alone."""
    viewport, left = editor.view.viewport(), Qt.MouseButton.LeftButton
    QTest.mouseClick(viewport, left, modifier, point)
    QTest.mouseDClick(viewport, left, modifier, point)
    QTest.mouseRelease(viewport, left, modifier, point)


def test_double_click_flips(editor: "Editor") -> None:
    plain = Qt.KeyboardModifier.NoModifier
    double_click(editor, editor.at(14), plain)
    assert editor.document.placement(14).rotation_deg == 180.0
    assert editor.stack.undoText() == "Flip chromosome"
    assert editor.stack.count() == 1
    double_click(editor, editor.at(14), CTRL)
    double_click(editor, editor.place("8"), plain)  # between the two
    assert editor.stack.count() == 1


def test_a_double_click_that_becomes_a_drag_does_not_flip(editor: "Editor") -> None:
    start, end = editor.at(14), editor.place("10")
    editor.click(14)
    QTest.mouseDClick(editor.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    editor.move(start, end)
    editor.release(end)
    assert editor.label(14) == "10"
    assert editor.document.placement(14).rotation_deg == 0.0


def test_arrows_home_and_end_walk(editor: "Editor") -> None:
    editor.key(Qt.Key.Key_Home)
    assert editor.view.selected_ids() == [0]
    editor.key(Qt.Key.Key_Right)
    editor.key(Qt.Key.Key_Down)
    assert editor.view.selected_ids() == [11]
    editor.key(Qt.Key.Key_Right, SHIFT)
    assert editor.view.selected_ids() == [11, 12]
    assert editor.view.current_id() == 12
    editor.key(Qt.Key.Key_End)
    assert editor.view.selected_ids() == [45]
    assert editor.view.accessibleDescription().startswith("Chromosome X, 2 of 2")


def test_a_cell_is_corrected_with_the_keyboard_alone(editor: "Editor") -> None:
    editor.key(Qt.Key.Key_Home)
    for _ in range(14):
        editor.key(Qt.Key.Key_Right)
    editor.type("21")
    assert editor.ids("21") == [40, 41, 14]
    assert editor.document.karyotype_text() == "46,XX,-8,+21"


def test_other_keys_are_left_to_the_window(editor: "Editor") -> None:
    editor.click(14)
    for key, modifier in ((Qt.Key.Key_Z, CTRL), (Qt.Key.Key_7, CTRL), (Qt.Key.Key_F, CTRL)):
        editor.key(key, modifier)
    assert editor.stack.count() == 0
