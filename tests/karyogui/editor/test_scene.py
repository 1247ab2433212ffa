"""Selection, and the scene as a picture of the document that can be rebuilt at any moment."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from karyogui.editor.items import ChromosomeItem

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Draw, Editor

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_click_selects_one(editor: "Editor") -> None:
    selected: list[list[int]] = []
    current: list[int | None] = []
    editor.view.selection_changed.connect(selected.append)
    editor.view.current_changed.connect(current.append)
    editor.click(14)
    assert (selected, current) == ([[14]], [14])
    editor.click(3)
    assert editor.view.selected_ids() == [3]
    assert editor.view.current_id() == 3


def test_ctrl_click_adds_and_takes_away(editor: "Editor") -> None:
    editor.click(14)
    editor.click(2, CTRL)
    assert editor.view.selected_ids() == [2, 14]  # reading order
    assert editor.view.current_id() == 2
    editor.click(2, CTRL)
    assert editor.view.selected_ids() == [14]
    assert editor.view.current_id() == 14


def test_a_click_beside_selects_nothing(editor: "Editor") -> None:
    editor.click(14)
    point = QPoint(2, 2)
    editor.press(point)
    editor.release(point)
    assert editor.view.selected_ids() == []
    assert editor.view.current_id() is None


def test_a_rubber_band_selects_what_it_meets(editor: "Editor") -> None:
    layout = editor.scene.karyogram_layout()
    first, last = layout.slot("13").rect, layout.slot("15").rect
    start = editor.view.mapFromScene(first.x - 8, first.y - 4)
    end = editor.view.mapFromScene(last.right + 4, last.centre_y)
    editor.press(start)
    editor.move(start, end)
    editor.release(end)
    assert editor.view.selected_ids() == list(range(24, 30))
    assert editor.stack.count() == 0


def test_selecting_many_is_said_once(editor: "Editor") -> None:
    said: list[list[int]] = []
    editor.view.selection_changed.connect(said.append)
    editor.view.select_all()
    assert said == [list(range(46))]


def test_rebuilding_changes_nothing_to_be_seen(editor: "Editor") -> None:
    editor.click(14)
    editor.click(5, CTRL)
    before = editor.view.grab().toImage()
    editor.scene.rebuild()
    assert editor.view.selected_ids() == [5, 14]
    assert editor.view.grab().toImage() == before
    assert sum(isinstance(item, ChromosomeItem) for item in editor.scene.items()) == 46


def test_a_new_cell_has_no_selection(editor: "Editor", draw: "Draw") -> None:
    editor.click(0)
    cell, _ = draw(["1", "2"])
    editor.document.set_cell(cell)
    assert editor.view.selected_ids() == []
    assert editor.view.current_id() is None
    assert sum(isinstance(item, ChromosomeItem) for item in editor.scene.items()) == 2
    editor.document.clear()
    assert not any(isinstance(item, ChromosomeItem) for item in editor.scene.items())


def test_items_follow_the_document_alone(editor: "Editor") -> None:
    before = editor.scene.chromosome_item(14).placed
    editor.document.replace([replace(editor.document.placement(14), rotation_deg=40.0)])
    after = editor.scene.chromosome_item(14).placed
    assert (before.rotation_deg, after.rotation_deg) == (0.0, 40.0)
    assert after == editor.scene.karyogram_layout().chromosomes[14]


def test_tooltips_follow_the_label(editor: "Editor") -> None:
    assert editor.scene.chromosome_item(14).toolTip().startswith("Chromosome 8, 1 of 2, confidence 99 %")
    editor.click(14)
    editor.type("9")
    tip = editor.scene.chromosome_item(14).toolTip()
    assert tip.startswith("Chromosome 9, 3 of 3, set by hand")
    assert "Proposed: 8" in tip


@pytest.mark.parametrize("inverted", [True, False])
def test_the_inverted_view_changes_no_data(editor: "Editor", inverted: bool) -> None:
    before = editor.document.placements()
    editor.view.set_inverted(inverted)
    corner = editor.view.grab().toImage().pixelColor(3, 3)
    assert corner.lightness() == (0 if inverted else 255)
    assert editor.document.placements() == before
    assert editor.stack.count() == 0
