"""The open case as values."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytestqt.qtbot import QtBot

from karyogui.casework.work import CaseWork
from karyogui.main_window import MainWindow
from karyogui.model.store.values import SheetEntry, State

Fill = Callable[..., tuple[int, list[int]]]
Ask = Callable[[Callable[..., Any]], Any]


def test_another_case_is_read_and_none_is_nothing(qtbot: QtBot, window: MainWindow, fill: Fill) -> None:
    work = window.tabs.case.work
    assert (work.case, work.records, work.sheet) == (None, (), None)
    case_id, _ = fill("47,XX,+8", "46,XX", "46,XX")
    assert work.case is not None
    assert (work.case.id, work.case.code) == (case_id, "A-1")
    assert work.sheet is not None
    assert work.sheet.counts == {46: 2, 47: 1}
    window.library.open_case(None)
    assert (work.case, work.records, work.sheet) == (None, (), None)


def test_a_change_is_shown_at_once_and_stored_behind_it(window: MainWindow, fill: Fill, ask: Ask) -> None:
    case_id, cells = fill("46,XX", "46,XX")
    work = window.tabs.case.work
    work.save_entry(cells[1], SheetEntry(counted=True))
    work.save_case(karyotype="46,XX", sex="XX")
    assert work.sheet is not None
    assert work.sheet.counted == 1
    assert work.case is not None
    assert work.case.karyotype == "46,XX"
    assert ask(lambda library: library.cells.record(cells[1]).sheet.counted)
    stored = ask(lambda library: library.cases.get(case_id))
    assert (stored.karyotype, stored.sex) == ("46,XX", "XX")


def test_what_others_wrote_beside_stays(window: MainWindow, fill: Fill, ask: Ask) -> None:
    case_id, _ = fill("46,XX")

    def by_another(library: Any) -> None:
        library.cases.save(replace(library.cases.get(case_id), note="from upstairs"), "Bea")

    ask(by_another)
    window.tabs.case.work.save_case(karyotype="46,XX")
    stored = ask(lambda library: library.cases.get(case_id))
    assert (stored.note, stored.karyotype) == ("from upstairs", "46,XX")


def test_what_is_refused_is_said_and_taken_back(qtbot: QtBot, window: MainWindow, fill: Fill, ask: Ask) -> None:
    _, cells = fill("46,XX")

    def approve(library: Any) -> None:
        for state in (State.REVIEWED, State.APPROVED):
            library.cells.set_state(cells[0], state, "Ann")

    ask(approve)
    work: CaseWork = window.tabs.case.work
    work.save_entry(cells[0], SheetEntry(counted=True))
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    qtbot.waitUntil(lambda: not work.records[0].sheet.counted)
    assert work.records[0].state is State.APPROVED


def test_a_gesture_elsewhere_is_counted(qtbot: QtBot, window: MainWindow, fill: Fill) -> None:
    case_id, cells = fill("46,XX")
    work = window.tabs.case.work
    window.library.change("Rename", lambda library: library.cells.rename(cells[0], "slide 7", "Ann"), case_id=case_id)
    qtbot.waitUntil(lambda: work.records[0].name == "slide 7")


def test_without_a_case_nothing_is_saved(window: MainWindow, ask: Ask) -> None:
    work = window.tabs.case.work
    work.save_case(karyotype="46,XX")
    work.save_entry(1, SheetEntry())
    assert window.library.writes.is_idle()
    assert ask(lambda library: library.cases.find()) == ()
