"""The library in the window: opened at the start, asked in its own thread, closed with everything stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow
from karyogui.model.store.library import Library
from karyogui.session import CellState

Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]


def test_the_library_is_made_in_the_users_data_folder(
    qtbot: QtBot, home: Path, make_window: Callable[[], MainWindow]
) -> None:
    (home / "data" / "library.sqlite").unlink()
    window = make_window()
    qtbot.waitUntil(window.library.is_open)
    assert (home / "data" / "library.sqlite").exists()
    assert window.library.current_case() is None


def test_a_change_asked_for_before_quitting_is_stored(window: MainWindow, home: Path) -> None:
    window.library.change("Make a case", lambda library: library.cases.create("late", "Ann"))
    window.close()  # at once: nobody turned the event loop
    library = Library.open(home / "data" / "library.sqlite")
    assert [summary.case.code for summary in library.cases.find()] == ["late"]
    library.close()


def test_a_cell_is_fetched_shown_and_known_both_ways(qtbot: QtBot, filled: Filled) -> None:
    window, case_id, cells = filled
    with qtbot.waitSignal(window.library.case_opened) as opened:
        window.library.show_cell(cells[1])
        entry = window.session.current()
        assert entry is not None
        assert entry.state is CellState.READING
    assert opened.args == [case_id]
    qtbot.waitUntil(entry.is_ready)
    assert entry.name == "cell 2"
    assert not entry.has_changes()
    assert window.library.store_cell(entry.id) == cells[1]
    assert window.library.entry_of(cells[1]) == entry.id
    window.library.show_cell(cells[0])
    qtbot.waitUntil(lambda: len(window.session.cells()) == 2 and all(e.is_ready() for e in window.session.cells()))
    window.library.show_cell(cells[1])  # it is open: shown, not opened twice
    assert window.session.current() is entry
    window.session.close_cell(entry.id)
    assert window.library.entry_of(cells[1]) is None


def test_a_cell_that_is_gone_says_so_in_its_place(qtbot: QtBot, filled: Filled, ask: Ask) -> None:
    window, _, cells = filled
    ask(window.library, lambda library: library.cells.delete(cells[0], "Ann"))
    window.library.show_cell(cells[0])
    entry = window.session.current()
    assert entry is not None
    qtbot.waitUntil(lambda: entry.state is CellState.FAILED)
    assert entry.message == "The cell is no longer in the library; somebody deleted it."
    assert window.messages.shown("failures") is not None


def test_changes_are_told_after_they_are_stored(qtbot: QtBot, filled: Filled) -> None:
    window, case_id, _ = filled
    with qtbot.waitSignal(window.library.case_changed) as changed:
        window.library.change("Rename", lambda library: library.cases.rename(case_id, "A-2", "Ann"), case_id=case_id)
    assert changed.args == [case_id]


def test_what_the_library_refuses_is_said_in_a_sentence(qtbot: QtBot, filled: Filled) -> None:
    window, _, _ = filled
    window.library.change("Make a case", lambda library: library.cases.create("A-1", "Ann"))
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    strip = window.messages.shown("failures")
    assert strip is not None
    assert strip.label.text() == "There is a case A-1 already; choose another code."
    assert window.library.writes.is_idle()  # refused, not tried for ever
