"""One gesture on several cells is one step: done, taken back and done again together, named, and forgotten in time."""

from typing import TYPE_CHECKING

from pytestqt.qtbot import QtBot

from karyogui.editor import commands

if TYPE_CHECKING:
    from tests.karyogui.composite.conftest import Bench


def test_a_step_over_two_cells_is_taken_back_and_done_again_as_one(bench: "Bench") -> None:
    actions, said = bench.window.actions_, []
    bench.window.composite.edits.said.connect(said.append)
    bench.select(bench.ref(0, 0), bench.ref(3, 1))
    bench.key("9")
    assert actions["undo"].text() == "&Undo Move to 9"
    actions["undo"].trigger()
    assert (bench.label(0, 0), bench.label(3, 1)) == ("1", "1")
    assert said[-1] == "Taken back in cell 1, cell 4: Move to 9"
    assert actions["redo"].text() == "&Redo Move to 9"
    actions["redo"].trigger()
    assert (bench.label(0, 0), bench.label(3, 1)) == ("9", "9")


def test_steps_in_different_cells_are_taken_back_in_the_order_they_were_done(bench: "Bench") -> None:
    for cell, label in ((0, "7"), (2, "8"), (0, "9")):
        bench.select(bench.ref(cell, 0) if label != "9" else bench.ref(0, 1))
        bench.key(label)
    undo = bench.window.actions_["undo"]
    undo.trigger()
    assert (bench.label(0, 0), bench.label(0, 1), bench.label(2, 0)) == ("7", "1", "8")
    undo.trigger()
    assert (bench.label(0, 0), bench.label(2, 0)) == ("7", "1")
    undo.trigger()
    assert bench.label(0, 0) == "1"
    assert not undo.isEnabled()


def test_small_turns_are_one_step(bench: "Bench") -> None:
    bench.click(bench.ref(1, 0))
    for _ in range(3):
        bench.key("r")
    assert bench.document(1).placement(0).rotation_deg == 15.0
    assert bench.window.actions_["undo"].text() == "&Undo Rotate chromosome by +15°"
    bench.window.actions_["undo"].trigger()
    assert bench.document(1).placement(0).rotation_deg == 0.0
    assert bench.window.composite.edits.undo_text() == ""


def test_what_changes_nothing_is_no_step(bench: "Bench") -> None:
    bench.click(bench.ref(1, 0))
    bench.key("u")
    assert bench.window.composite.edits.undo_text() == ""


def test_a_step_that_was_overtaken_in_its_cell_is_left_to_the_karyogram(bench: "Bench") -> None:
    bench.click(bench.ref(1, 0))
    bench.key("9")
    (entry,) = bench.window.session.cells()
    commands.push(entry.undo_stack, commands.flip(entry.document, [2]))
    edits = bench.window.composite.edits
    assert edits.undo_text() == ""
    assert not edits.undo()
    assert bench.label(1, 0) == "9"


def test_closing_a_cell_forgets_its_steps_and_keeps_the_others(bench: "Bench") -> None:
    for cell in (0, 1):
        bench.select(bench.ref(cell, 0))
        bench.key("9")
    session = bench.window.session
    session.close_cell(next(entry.id for entry in session.cells() if entry.name == "cell 2"))
    bench.window.actions_["undo"].trigger()
    assert bench.label(0, 0) == "1"


def test_a_new_step_ends_what_could_be_done_again(bench: "Bench") -> None:
    bench.click(bench.ref(0, 0))
    bench.key("f")
    bench.window.actions_["undo"].trigger()
    bench.click(bench.ref(1, 0))
    bench.key("f")
    assert not bench.window.actions_["redo"].isEnabled()


def test_back_in_the_karyogram_undo_is_that_of_the_shown_cell(qtbot: QtBot, bench: "Bench") -> None:
    bench.click(bench.ref(0, 0))
    bench.key("f")
    window = bench.window
    window.library.show_cell(bench.keys[1])
    qtbot.waitUntil(lambda: window.pages.view() is not None, timeout=30000)
    assert window.tabs.shows_karyogram()
    assert not window.actions_["undo"].isEnabled()  # nothing was done in this cell
    window.actions_["show_composite"].trigger()
    assert window.actions_["undo"].text() == "&Undo Flip chromosome"
    window.actions_["undo"].trigger()
    assert bench.document(0).placement(0).rotation_deg == 0.0
