"""The handles of the selected chromosome: free turns and the centromere, by mouse."""

from math import cos, radians, sin
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from karyogui.editor.handles import CentromereHandle, TurnHandle
from karyogui.editor.hint import HintLabel

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Editor

SHIFT = Qt.KeyboardModifier.ShiftModifier


def handle(editor: "Editor", kind: type) -> TurnHandle | CentromereHandle:
    (found,) = (item for item in editor.scene.items() if isinstance(item, kind))
    return found


def knob(editor: "Editor") -> QPoint:
    return editor.view.mapFromScene(handle(editor, TurnHandle).pos()) + QPoint(0, -15)


def arrow(editor: "Editor") -> QPoint:
    return editor.view.mapFromScene(handle(editor, CentromereHandle).pos()) + QPoint(-8, 0)


def said(editor: "Editor") -> str:
    (label,) = editor.view.findChildren(HintLabel)
    return label.text() if label.isVisible() else ""


def around(editor: "Editor", chromosome_id: int, degrees: float) -> QPoint:
    """A point far from a chromosome, in the direction that `degrees` counter-clockwise from above gives."""
    way = QPointF(-sin(radians(degrees)), -cos(radians(degrees))) * 200
    return editor.at(chromosome_id) + way.toPoint()


def test_handles_stand_at_the_one_selected_chromosome(editor: "Editor") -> None:
    both = [handle(editor, kind) for kind in (TurnHandle, CentromereHandle)]
    assert not any(one.isVisible() for one in both)
    editor.click(14)
    assert all(one.isVisible() for one in both)
    rect = editor.scene.karyogram_layout().chromosomes[14].rect
    assert both[0].pos() == QPointF(rect.centre_x, rect.y)
    editor.click(15, Qt.KeyboardModifier.ControlModifier)
    assert not any(one.isVisible() for one in both)


@pytest.mark.parametrize("degrees", [30, -75, 150, 178])
def test_the_knob_turns_freely_in_one_step(editor: "Editor", degrees: int) -> None:
    editor.click(14)
    editor.press(knob(editor))
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(editor.view.viewport(), around(editor, 14, share * degrees))
    end = around(editor, 14, degrees)
    before = editor.scene.karyogram_layout().chromosomes[14].rect
    preview = editor.scene.chromosome_item(14).placed.rect
    assert (preview.centre_x, preview.centre_y) == pytest.approx((before.centre_x, before.centre_y))
    sign = "+" if degrees > 0 else "−"
    assert said(editor) == f"Turn by {sign}{abs(degrees)}°   ·   Shift: steps of 15°"
    assert editor.stack.count() == 0
    editor.release(end)
    assert editor.document.placement(14).rotation_deg == pytest.approx(degrees, abs=1)
    assert editor.stack.count() == 1
    assert said(editor) == ""
    assert editor.view.selected_ids() == [14]
    assert handle(editor, TurnHandle).rotation() == 0.0
    editor.stack.undo()
    assert editor.document.placement(14).rotation_deg == 0.0


def test_shift_turns_in_coarse_steps(editor: "Editor") -> None:
    editor.click(14)
    editor.press(knob(editor))
    QTest.mouseMove(editor.view.viewport(), around(editor, 14, 10))
    QTest.mouseMove(editor.view.viewport(), around(editor, 14, 27))
    QTest.keyPress(editor.view, Qt.Key.Key_Shift)
    assert said(editor).startswith("Turn by +30°")
    editor.release(around(editor, 14, 27), SHIFT)
    assert editor.document.placement(14).rotation_deg == 30.0


def test_two_drags_are_two_steps(editor: "Editor") -> None:
    editor.click(14)
    for _ in range(2):
        editor.press(knob(editor))
        QTest.mouseMove(editor.view.viewport(), around(editor, 14, 10))
        QTest.mouseMove(editor.view.viewport(), around(editor, 14, 20))
        editor.release(around(editor, 14, 20))
    assert editor.stack.count() == 2
    assert editor.document.placement(14).rotation_deg == pytest.approx(40.0, abs=2)


def test_escape_takes_the_turn_back(editor: "Editor") -> None:
    editor.click(14)
    placed = editor.scene.chromosome_item(14).placed
    editor.press(knob(editor))
    QTest.mouseMove(editor.view.viewport(), around(editor, 14, 40))
    QTest.mouseMove(editor.view.viewport(), around(editor, 14, 50))
    assert editor.scene.chromosome_item(14).placed != placed
    editor.key(Qt.Key.Key_Escape)
    assert editor.scene.chromosome_item(14).placed == placed
    editor.release(around(editor, 14, 50))
    assert editor.stack.count() == 0
    assert editor.view.selected_ids() == [14]


def test_a_click_on_the_knob_does_nothing(editor: "Editor") -> None:
    editor.click(14)
    editor.press(knob(editor))
    editor.release(knob(editor))
    assert editor.stack.count() == 0
    assert editor.view.selected_ids() == [14]


def test_the_centromere_is_dragged(editor: "Editor") -> None:
    editor.click(14)
    start = arrow(editor)
    rect = editor.scene.karyogram_layout().chromosomes[14].rect
    end = QPoint(start.x(), editor.view.mapFromScene(0, rect.y + 0.7 * rect.height).y())
    editor.press(start)
    editor.move(start, end)
    assert said(editor).startswith("Centromere at ")
    assert editor.document.placement(14).centromere == pytest.approx(0.4)
    editor.release(end)
    assert editor.document.placement(14).centromere == pytest.approx(0.7, abs=0.02)
    assert editor.stack.undoText() == "Move centromere"
    placed = editor.scene.karyogram_layout().chromosomes
    assert placed[14].centromere_y == pytest.approx(placed[15].centromere_y)  # on the line of its row again
    editor.stack.undo()
    assert editor.document.placement(14).centromere == pytest.approx(0.4)


def test_the_centromere_stays_on_the_chromosome(editor: "Editor") -> None:
    editor.click(14)
    start = arrow(editor)
    editor.press(start)
    editor.move(start, start - QPoint(0, 400))
    editor.release(start - QPoint(0, 400))
    assert editor.document.placement(14).centromere == 0.0
