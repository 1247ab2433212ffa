"""Keys and mouse on the composite do what they do in the karyogram, in the cell of the copy."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.progress import Reporter
from karyogui.composite.tab import CompositeTab
from karyogui.model.karyogram import Placement
from karyogui.model.store.library import Library
from karyogui.model.store.values import State

if TYPE_CHECKING:
    from tests.karyogui.composite.conftest import Bench

_CTRL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def test_a_typed_label_moves_the_selected_copies_of_several_cells(bench: "Bench") -> None:
    bench.click(bench.ref(0, 1))
    bench.click(bench.ref(2, 0), _CTRL)
    bench.key("9")
    assert (bench.label(0, 1), bench.label(2, 0)) == ("9", "9")
    assert bench.ref(0, 1) not in bench.canvas.composite_layout().copies
    assert bench.label(0, 0) == "1"


def test_after_a_move_the_next_copy_is_selected(bench: "Bench") -> None:
    bench.click(bench.ref(1, 0))
    bench.key("9")
    assert bench.canvas.selected_copies() == [bench.ref(1, 1)]


@pytest.mark.parametrize(("key", "label"), [("x", "X"), ("y", "Y"), ("m", "mar"), ("t", None)])
def test_letters_move_to_the_sex_chromosomes_markers_and_tray(bench: "Bench", key: str, label: str | None) -> None:
    bench.click(bench.ref(1, 0))
    bench.key(key)
    assert bench.label(1, 0) == label


def test_without_a_selection_digits_and_letters_choose_what_is_shown(bench: "Bench") -> None:
    bench.key("2")
    bench.key(Qt.Key.Key_Return)  # the 2 might have become 21
    assert bench.tab.choice() == "2"
    bench.key("x")
    assert bench.tab.choice() == "X"
    assert all(bench.label(cell, 0) == "1" for cell in range(4))


def test_arrows_lead_from_label_to_label_and_with_a_selection_from_copy_to_copy(bench: "Bench") -> None:
    bench.key(Qt.Key.Key_Right)
    assert bench.tab.choice() == "2"
    bench.key(Qt.Key.Key_Down)  # begins to walk
    assert bench.canvas.selected_copies() == [bench.ref(0, 2)]
    bench.key(Qt.Key.Key_Right)
    assert bench.canvas.selected_copies() == [bench.ref(0, 3)]
    bench.key(Qt.Key.Key_Right, _SHIFT)
    assert bench.canvas.selected_copies() == [bench.ref(0, 3), bench.ref(1, 2)]
    bench.key(Qt.Key.Key_Left, _ALT)
    assert bench.tab.choice() == "1"
    assert bench.canvas.selected_copies() == []


def test_flip_mirror_turn_and_upright(bench: "Bench") -> None:
    ref = bench.ref(3, 1)
    bench.click(ref)

    def placement() -> Placement:
        return bench.document(3).placement(1)

    bench.key("f")
    assert placement().rotation_deg == 180.0
    bench.key("h")
    assert placement().mirrored
    bench.key("u")
    assert (placement().rotation_deg, placement().mirrored) == (0.0, False)
    bench.key("r")
    bench.key("r")
    assert placement().rotation_deg == 10.0
    bench.key("R", _SHIFT)
    assert placement().rotation_deg == 5.0


def test_ctrl_arrows_reorder_and_move_the_centromere(bench: "Bench") -> None:
    bench.click(bench.ref(0, 0))
    order = bench.document(0).placement(0).order
    bench.key(Qt.Key.Key_Right if order == 0 else Qt.Key.Key_Left, _CTRL)
    assert bench.document(0).placement(0).order == 1 - order
    bench.key(Qt.Key.Key_Down, _CTRL)
    assert bench.document(0).placement(0).centromere > 0.4


def test_a_copy_is_dragged_to_a_label_of_the_strip(bench: "Bench") -> None:
    bench.drag(bench.ref(1, 1), bench.on_strip("13"), drop=False)
    assert bench.tab.strip.button("13").is_target()
    QTest.mouseRelease(
        bench.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, bench.on_strip("13")
    )
    assert bench.label(1, 1) == "13"
    assert not bench.tab.strip.button("13").is_target()


def test_a_selection_is_dragged_together_and_to_the_tray(bench: "Bench") -> None:
    bench.click(bench.ref(0, 0))
    bench.click(bench.ref(3, 0), _SHIFT)
    moved = bench.canvas.selected_copies()
    assert len(moved) > 3
    bench.drag(moved[2], bench.on_strip(None))
    assert {bench.document(0).placement(0).label, bench.document(1).placement(0).label} == {None}


def test_a_drop_on_the_own_label_or_beside_changes_nothing(bench: "Bench") -> None:
    before = bench.document(1).placements()
    bench.drag(bench.ref(1, 1), bench.on_strip("1"))
    bench.drag(bench.ref(1, 1), QPoint(5, bench.canvas.viewport().height() - 3))
    assert bench.document(1).placements() == before
    assert not bench.window.actions_["undo"].isEnabled()


def test_escape_takes_a_drag_back(bench: "Bench") -> None:
    bench.drag(bench.ref(1, 1), bench.on_strip("13"), drop=False)
    bench.key(Qt.Key.Key_Escape)
    assert not bench.tab.strip.button("13").is_target()
    QTest.mouseRelease(
        bench.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, bench.on_strip("13")
    )
    assert bench.label(1, 1) == "1"


def test_in_all_a_copy_can_be_dropped_on_the_line_of_another_label(bench: "Bench") -> None:
    bench.tab.show_choice("all")
    line = bench.canvas.composite_layout().line_of(bench.ref(0, 2))
    zoom = bench.canvas.zoom()
    end = QPoint(round(line.columns[-1].rect.right * zoom), round(line.centromere_y * zoom))
    bench.drag(bench.ref(2, 0), end)
    assert bench.label(2, 0) == "2"


def test_a_click_on_the_name_selects_the_copies_of_the_cell(bench: "Bench") -> None:
    column = bench.canvas.composite_layout().lines[0].columns[2]
    zoom = bench.canvas.zoom()
    point = QPoint(round(column.rect.centre_x * zoom), round((column.baseline + 6) * zoom))
    QTest.mouseClick(bench.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    assert {ref.cell for ref in bench.canvas.selected_copies()} == {bench.keys[2]}
    assert len(bench.canvas.selected_copies()) == 2
    bench.key(Qt.Key.Key_Escape)
    assert bench.canvas.selected_copies() == []


def test_a_click_on_one_of_several_selects_it_alone(bench: "Bench") -> None:
    bench.key("a", _CTRL)
    assert len(bench.canvas.selected_copies()) == 8
    bench.click(bench.ref(1, 0))
    assert bench.canvas.selected_copies() == [bench.ref(1, 0)]


def test_a_double_click_shows_the_cell_with_the_chromosome_selected(qtbot: QtBot, bench: "Bench") -> None:
    QTest.mouseDClick(
        bench.canvas.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        bench.at(bench.ref(2, 1)),
    )
    window = bench.window
    assert window.tabs.shows_karyogram()
    entry = window.session.current()
    assert entry is not None
    assert entry.name == "cell 3"
    view = window.pages.view()
    assert view is not None
    assert view.selected_ids() == [1]


def test_ctrl_wheel_and_keys_zoom_and_fit_shows_all_lines_again(bench: "Bench") -> None:
    before = bench.canvas.zoom()
    bench.window.actions_["zoom_in"].trigger()
    assert bench.canvas.zoom() > before
    bench.window.actions_["zoom_fit"].trigger()
    assert bench.canvas.zoom() == pytest.approx(before)
    assert bench.canvas.verticalScrollBar().maximum() == 0


def test_menus_speak_to_the_copies_while_they_are_in_front(bench: "Bench") -> None:
    actions = bench.window.actions_
    assert not actions["flip"].isEnabled()
    bench.click(bench.ref(0, 0))
    assert actions["flip"].isEnabled()
    assert not actions["cut"].isEnabled()  # that is the karyogram's
    actions["flip"].trigger()
    assert bench.document(0).placement(0).rotation_deg == 180.0


def test_an_approved_cell_is_only_looked_at(qtbot: QtBot, bench: "Bench") -> None:
    key, said, link = bench.keys[1], [], bench.window.library

    def approve(library: Library, _reporter: Reporter) -> object:
        library.cells.set_state(key, State.REVIEWED, "Ann")
        return library.cells.set_state(key, State.APPROVED, "Bea")

    members = bench.window.composite.members
    with qtbot.waitSignal(members.arrived):
        link.run("test", approve, on_success=lambda _record: link.case_changed.emit(link.current_case()))
    bench.window.composite.edits.said.connect(said.append)
    bench.select(bench.ref(0, 0), bench.ref(1, 0))
    bench.key("9")
    assert (bench.label(0, 0), bench.label(1, 0)) == ("9", "1")
    assert any("cell 2 is approved" in text for text in said)


def test_tab_says_what_is_selected_to_a_screen_reader(bench: "Bench") -> None:
    bench.click(bench.ref(2, 0))
    assert bench.canvas.accessibleDescription().startswith("cell 3: Chromosome 1, ")
    assert isinstance(bench.tab, CompositeTab)
