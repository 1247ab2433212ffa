"""Each gesture on a cell of the library is one stored transaction; conflicts and a full disk lose nothing silently."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from karyogui.editor import commands, cutting
from karyogui.main_window import MainWindow
from karyogui.model.cell import Chromosome
from karyogui.model.store.errors import UnavailableError
from karyogui.model.store.library import Library
from karyogui.model.store.values import SheetEntry, State
from karyogui.session import OpenCell

Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]


def shown(qtbot: QtBot, window: MainWindow, cell_id: int) -> OpenCell:
    window.library.show_cell(cell_id)
    entry = window.session.current()
    assert entry is not None
    qtbot.waitUntil(entry.is_ready)
    return entry


def actions(library: Library, case_id: int) -> list[str]:
    return [
        f"{entry.action}: {entry.facts()['gesture']}" if "gesture" in entry.facts() else entry.action
        for entry in library.cases.trail(case_id)
    ][3:]  # the case and its two cells were made


def test_gestures_undo_and_redo_are_stored_in_order(qtbot: QtBot, filled: Filled, ask: Ask) -> None:
    window, case_id, (cell_id, _) = filled
    entry = shown(qtbot, window, cell_id)
    view = window.pages.view()
    assert view is not None
    saved: list[int] = []
    window.library.cell_saved.connect(saved.append)
    view.select([0, 1])
    view.assign_selected("21")
    view.flip_selected()
    entry.undo_stack.undo()
    entry.undo_stack.redo()
    stored = ask(window.library, lambda library: library.cells.load(cell_id))
    assert stored.placements == entry.document.placements()
    assert stored.record.state is State.IN_REVIEW
    assert saved == [cell_id] * 4
    assert ask(window.library, lambda library: actions(library, case_id)) == [
        "placements changed: Move 2 chromosomes to 21",
        "placements changed: Flip 2 chromosomes",
        "placements changed: Undo: Flip 2 chromosomes",
        "placements changed: Flip 2 chromosomes",
    ]
    assert not entry.has_changes()
    assert window.windowTitle() == "cell 1 – karyogui"
    assert window.close()  # nobody is asked


def test_steps_that_become_one_command_are_each_stored(qtbot: QtBot, filled: Filled, ask: Ask) -> None:
    window, _, (cell_id, _) = filled
    entry = shown(qtbot, window, cell_id)
    for _ in range(3):
        commands.push(entry.undo_stack, commands.nudge_rotation(entry.document, {0}, 5.0))
    assert entry.undo_stack.count() == 1
    stored = ask(window.library, lambda library: library.cells.load(cell_id))
    assert stored.placements[0].rotation_deg == entry.document.placement(0).rotation_deg != 0.0


def test_classification_cut_and_undo_of_both_come_back_as_they_were(
    qtbot: QtBot, filled: Filled, ask: Ask, classifier: Any
) -> None:
    window, case_id, (cell_id, _) = filled
    entry = shown(qtbot, window, cell_id)
    window.session.classify([entry.id])
    qtbot.waitUntil(lambda: entry.document.bundle() is not None)
    first = ask(window.library, lambda library: library.cells.load(cell_id))
    assert (first.record.state, first.bundle) == (State.CLASSIFIED, entry.document.bundle())
    cell = entry.document.cell()
    assert cell is not None
    chromosome = cell.chromosome(0)
    before = entry.document.state()
    assert before is not None
    half = chromosome.pixels.shape[0] // 2
    parts = [
        Chromosome(6 + n, f"piece {n}", p, p > 0, None, (0, y))
        for n, (p, y) in enumerate([(chromosome.pixels[:half].copy(), 0), (chromosome.pixels[half:].copy(), half)])
    ]
    commands.push(entry.undo_stack, cutting.replace_chromosomes(entry.document, [0], parts, "Split"))
    cut = ask(window.library, lambda library: library.cells.load(cell_id))
    assert [c.id for c in cut.cell.chromosomes] == [1, 2, 3, 4, 5, 6, 7]
    entry.undo_stack.undo()
    back = ask(window.library, lambda library: library.cells.load(cell_id))
    assert back.placements == before.placements
    assert back.bundle == before.bundle
    assert ask(window.library, lambda library: actions(library, case_id)) == [
        "classified",
        "cell changed: Split",
        "cell changed: Undo: Split",
    ]


def test_a_count_sheet_written_meanwhile_is_no_conflict(qtbot: QtBot, filled: Filled, ask: Ask) -> None:
    window, _, (cell_id, _) = filled
    entry = shown(qtbot, window, cell_id)
    ask(window.library, lambda library: library.cells.save_sheet(cell_id, SheetEntry(counted=True), "Ann"))
    commands.push(entry.undo_stack, commands.assign(entry.document, {0}, "1"))
    stored = ask(window.library, lambda library: library.cells.load(cell_id))
    assert stored.placements[0].label == "1"
    assert stored.record.sheet.counted
    assert not entry.has_changes()


def test_another_persons_change_is_a_conflict_with_a_way_out(qtbot: QtBot, filled: Filled, ask: Ask) -> None:
    window, _, (cell_id, _) = filled
    entry = shown(qtbot, window, cell_id)
    theirs = commands.assign(entry.document, {5}, "X").after()
    ask(window.library, lambda library: library.cells.save_placements(cell_id, theirs, "Bob", "Move to X"))
    commands.push(entry.undo_stack, commands.assign(entry.document, {0}, "1"))
    key = f"conflict:{entry.id}"
    qtbot.waitUntil(lambda: window.messages.shown(key) is not None)
    strip = window.messages.shown(key)
    assert strip is not None
    assert strip.label.text() == (
        "Cell cell 1 was changed by somebody else meanwhile; open it again. Your last change of it is not stored."
    )
    assert entry.has_changes()
    commands.push(entry.undo_stack, commands.assign(entry.document, {1}, "1"))  # not stored either, and not said again
    strip.buttons[0].click()
    qtbot.waitUntil(lambda: not entry.has_changes())
    assert [p.label for p in entry.document.placements()] == [None] * 5 + ["X"]
    commands.push(entry.undo_stack, commands.assign(entry.document, {0}, "2"))
    stored = ask(window.library, lambda library: library.cells.load(cell_id))
    assert [p.label for p in stored.placements] == ["2", *[None] * 4, "X"]


def test_a_library_that_cannot_be_written_to_is_said_and_nothing_is_lost(
    qtbot: QtBot, filled: Filled, ask: Ask, monkeypatch: Any
) -> None:
    window, _, (cell_id, _) = filled
    entry = shown(qtbot, window, cell_id)

    def full(*_arguments: Any) -> None:
        raise UnavailableError("The library x cannot be saved to: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr("karyogui.model.store.cells.Cells.save_placements", full)
        commands.push(entry.undo_stack, commands.assign(entry.document, {0}, "1"))
        qtbot.waitUntil(lambda: window.messages.shown("library") is not None)
        commands.push(entry.undo_stack, commands.assign(entry.document, {1}, "2"))
        assert entry.has_changes()
        assert window.windowTitle().startswith("• ")
    strip = window.messages.shown("library")
    assert strip is not None
    assert "Your changes are kept here" in strip.label.text()
    strip.buttons[0].click()  # there is room again
    qtbot.waitUntil(lambda: not entry.has_changes())
    assert window.messages.shown("library") is None
    stored = ask(window.library, lambda library: library.cells.load(cell_id))
    assert [p.label for p in stored.placements][:2] == ["1", "2"]


def test_a_full_disk_at_the_end_leaves_the_work_on_the_shelf(
    qtbot: QtBot, filled: Filled, make_window: Callable[[], MainWindow], monkeypatch: Any
) -> None:
    window, _, (cell_id, _) = filled
    entry = shown(qtbot, window, cell_id)

    def full(*_arguments: Any) -> None:
        raise UnavailableError("The library x cannot be saved to: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr("karyogui.model.store.cells.Cells.save_placements", full)
        commands.push(entry.undo_stack, commands.assign(entry.document, {0}, "1"))
        window.close()  # before anybody knows that the disk is full
    assert window.is_closed()
    (leftover,) = make_window().autosave.leftovers()
    assert leftover.name == "cell 1"


def test_a_cell_in_no_case_is_put_into_one_with_all_that_was_done(
    qtbot: QtBot, filled: Filled, ask: Ask, draw_folder: Callable[..., Path], open_and_wait: Callable[..., None]
) -> None:
    window, case_id, _ = filled
    open_and_wait(window, draw_folder())
    entry = window.session.cells()[0]
    commands.push(entry.undo_stack, commands.assign(entry.document, {5}, "X"))
    assert entry.has_changes()  # it is nowhere yet
    window.library.add_to_case(entry.id, case_id)
    commands.push(entry.undo_stack, commands.assign(entry.document, {4}, "Y"))  # before it is there
    qtbot.waitUntil(lambda: window.library.store_cell(entry.id) is not None)
    assert not entry.has_changes()
    stored = ask(window.library, lambda library: library.cells.load(window.library.store_cell(entry.id)))
    assert stored.placements == entry.document.placements()
    assert stored.bundle == entry.document.bundle()
    assert stored.record.case_id == case_id
