"""The cells of the case: read when somebody looks, opened when they are edited, followed when they change."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import text, update

from engine.progress import Reporter
from karyogui.jobs.tasks import Tasks
from karyogui.main_window import MainWindow
from karyogui.model.store.library import Library
from karyogui.model.store.schema import PixelsRow
from karyogui.settings import Folders

if TYPE_CHECKING:
    from tests.karyogui.composite.conftest import Bench, Seer


def test_nothing_is_read_before_somebody_looks(
    qtbot: QtBot,
    windows: Callable[[Tasks], MainWindow],
    seer: "Seer",
    drawn_cell: Callable[..., object],
    fill_library: Callable[..., tuple[int, list[int]]],
) -> None:
    case, _ = fill_library(drawn_cell("a", ["1", "1"]))
    window = windows(replace(Tasks(), see=seer.see))
    qtbot.waitUntil(window.library.is_open, timeout=30000)
    window.library.open_case(case)
    members = window.composite.members
    assert members.keys() == ()
    window.actions_["show_composite"].trigger()
    qtbot.waitUntil(lambda: len(members.members()) == 1, timeout=30000)
    assert members.members()[0].name == "a"
    assert seer.asked in ([], ["a"])  # the comparison begins after that


def test_the_cells_come_in_the_order_of_the_case(bench: "Bench") -> None:
    members = bench.window.composite.members
    assert [member.name for member in members.members()] == ["cell 1", "cell 2", "cell 3", "cell 4"]
    assert members.keys() == tuple(bench.keys)
    assert members.is_case()
    assert members.waiting() == 0


def test_an_edit_opens_the_cell_without_showing_it_and_is_stored(qtbot: QtBot, bench: "Bench") -> None:
    window = bench.window
    assert window.session.cells() == ()
    bench.click(bench.ref(2, 0))
    with qtbot.waitSignal(window.library.cell_saved, timeout=30000):
        bench.key("9")
    assert [entry.name for entry in window.session.cells()] == ["cell 3"]
    assert window.session.current() is None
    assert window.tabs.currentWidget() is bench.tab
    stored: list[object] = []
    window.library.run(
        "look", lambda library, _reporter: library.cells.load(bench.keys[2]).placements, on_success=stored.append
    )
    qtbot.waitUntil(lambda: bool(stored), timeout=30000)
    (placements,) = stored
    assert placements[0].label == "9"  # type: ignore[index]
    assert not window.session.cells()[0].has_changes()


def test_a_cell_that_is_closed_is_shown_as_it_was_stored(qtbot: QtBot, bench: "Bench") -> None:
    window = bench.window
    bench.click(bench.ref(2, 0))
    with qtbot.waitSignal(window.library.cell_saved, timeout=30000):
        bench.key("9")
    window.session.close_cell(window.session.cells()[0].id)
    members = window.composite.members
    qtbot.waitUntil(lambda: members.member(bench.keys[2]) is not None, timeout=30000)
    assert bench.label(2, 0) == "9"
    assert window.session.cells() == ()


def test_what_another_window_changed_is_read_again(qtbot: QtBot, bench: "Bench") -> None:
    library = Library.open(Folders.of_user().library_file)
    placements = library.cells.load(bench.keys[1]).placements
    library.cells.save_placements(bench.keys[1], [replace(placements[0], rotation_deg=180.0)], "Bea", "Flip")
    library.close()
    with qtbot.waitSignal(bench.window.composite.members.arrived, timeout=30000):
        bench.window.library.case_changed.emit(bench.window.library.current_case())
    assert bench.document(1).placement(0).rotation_deg == 180.0


def test_a_cell_whose_pixels_are_damaged_is_named_and_the_others_are_shown(
    qtbot: QtBot,
    windows: Callable[[Tasks], MainWindow],
    seer: "Seer",
    drawn_cell: Callable[..., object],
    fill_library: Callable[..., tuple[int, list[int]]],
) -> None:
    case, keys = fill_library(drawn_cell("a", ["1", "1"]), drawn_cell("b", ["1", "1"]))
    library = Library.open(Folders.of_user().library_file)
    with library.database.writing() as session:
        session.execute(text("DROP TRIGGER pixels_no_update"))
        session.execute(update(PixelsRow).where(PixelsRow.cell_id == keys[0]).values(png=b"no picture"))
    library.close()
    window, told = windows(replace(Tasks(), see=seer.see)), []
    window.library.failed.connect(lambda tried, error: told.append(str(error)))
    qtbot.waitUntil(window.library.is_open, timeout=30000)
    window.library.open_case(case)
    window.actions_["show_composite"].trigger()
    members = window.composite.members
    qtbot.waitUntil(
        lambda: [member.name for member in members.members()] == ["b"] and members.waiting() == 0, timeout=30000
    )
    assert len(told) == 1
    assert "cell a" in told[0]


def test_without_a_case_the_opened_cells_are_compared(
    qtbot: QtBot,
    make_window: Callable[[], MainWindow],
    draw_folder: Callable[..., object],
    open_and_wait: Callable[..., None],
) -> None:
    window = make_window()
    open_and_wait(window, draw_folder("a"), draw_folder("b"))
    window.actions_["show_composite"].trigger()
    members = window.composite.members
    assert [member.name for member in members.members()] == ["a", "b"]
    assert not members.is_case()
    with qtbot.waitSignal(members.changed, timeout=30000):
        window.session.close_cell(window.session.cells()[0].id)
    assert [member.name for member in members.members()] == ["b"]


@pytest.mark.parametrize("again", [False, True])
def test_another_case_takes_the_place_of_the_first(qtbot: QtBot, bench: "Bench", again: bool) -> None:
    def make(library: Library, _reporter: Reporter) -> int:
        return library.cases.create("empty", "Ann").id

    made: list[int] = []
    link = bench.window.library
    link.run("make", make, on_success=made.append)
    qtbot.waitUntil(lambda: bool(made), timeout=30000)
    first = link.current_case()
    link.open_case(made[0])
    members = bench.window.composite.members
    qtbot.waitUntil(lambda: members.keys() == () and members.is_case(), timeout=30000)
    if again:
        link.open_case(first)
        qtbot.waitUntil(lambda: len(members.members()) == 4, timeout=30000)
