"""The karyotype of the shown cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.casework.karyotype_line import KaryotypeLine
from karyogui.export.content import content_of
from karyogui.main_window import MainWindow
from karyogui.model.store.values import CellRecord, State

Fill = Callable[..., tuple[int, list[int]]]
Ask = Callable[[Callable[..., Any]], Any]


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, fill: Fill) -> tuple[MainWindow, KaryotypeLine, int]:
    """A window that shows a cell 47,XX,+8 of a case; the line, and the cell in the library."""
    _, cells = fill("47,XX,+8", "46,XX")
    window.library.show_cell(cells[0])
    line = window.tabs.karyotype
    qtbot.waitUntil(lambda: line.line.edit.text() == "47,XX,+8" and not line.line.edit.isReadOnly())
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    return window, line, cells[0]


def record_of(ask: Ask, cell_id: int) -> CellRecord:
    found: CellRecord = ask(lambda library: library.cells.record(cell_id))
    return found


def write(qtbot: QtBot, window: MainWindow, line: KaryotypeLine, text: str) -> None:
    """Type a karyotype as she does: the action, the keys, Enter."""
    window.actions_["edit_karyotype"].trigger()
    qtbot.keyClicks(line.line.edit, text)
    qtbot.keyClick(line.line.edit, Qt.Key.Key_Return)


Shown = tuple[MainWindow, KaryotypeLine, int]


def test_the_text_follows_from_the_counts_and_from_each_gesture(qtbot: QtBot, shown: Shown, ask: Ask) -> None:
    window, line, _ = shown
    assert line.line.sentence.accessibleName() == "follows from the counts"
    assert line.automatic.isHidden()
    view, entry = window.pages.view(), window.session.current()
    assert view is not None
    assert entry is not None
    number = next(p.chromosome_id for p in entry.document.placements() if p.label == "8")
    view.select([number])
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_T)
    assert line.line.edit.text() == "46,XX"
    window.session.undo_group.undo()
    assert line.line.edit.text() == "47,XX,+8"


def test_a_structural_finding_is_kept_and_the_rest_still_follows(qtbot: QtBot, shown: Shown, ask: Ask) -> None:
    window, line, cell = shown
    write(qtbot, window, line, "47,XX,del(5)(q13q33),+8")
    assert window.pages.view() is QApplication.focusWidget()  # the keyboard is the karyogram's again
    record = record_of(ask, cell)
    assert (record.karyotype, record.structural) == ("47,XX,del(5)(q13q33),+8", ("del(5)(q13q33)",))
    assert content_of(window.session.current().document).karyotype == record.karyotype  # as it is exported
    assert record.karyotype in window.status.facts.text()
    work = window.tabs.case.work
    qtbot.waitUntil(lambda: work.sheet is not None and work.sheet.lines[0].structural == ("del(5)(q13q33)",))
    assert not record.karyotype_by_hand  # it follows from counts and finding, and goes on doing so
    view, entry = window.pages.view(), window.session.current()
    assert view is not None
    assert entry is not None
    view.select([next(p.chromosome_id for p in entry.document.placements() if p.label == "8")])
    qtbot.keyClick(view, Qt.Key.Key_T)
    assert line.line.edit.text() == "46,XX,del(5)(q13q33)"
    assert line.line.sentence.accessibleName() == "agrees with the karyogram"


def test_a_text_of_her_own_is_kept_and_a_gesture_against_it_is_said(qtbot: QtBot, shown: Shown, ask: Ask) -> None:
    window, line, cell = shown
    write(qtbot, window, line, "47,XX,+8c")
    record = record_of(ask, cell)
    assert (record.karyotype, record.karyotype_by_hand) == ("47,XX,+8c", True)
    entry = window.session.current()
    view = window.pages.view()
    assert view is not None
    assert entry is not None
    view.select([next(p.chromosome_id for p in entry.document.placements() if p.label == "8")])
    qtbot.keyClick(view, Qt.Key.Key_T)
    assert line.line.edit.text() == "47,XX,+8c"
    assert line.line.sentence.accessibleName() == "The karyogram shows 2 copies of 8, not 3."
    window.session.undo_group.undo()
    assert line.line.edit.text() == "47,XX,+8c"  # undo is about placements
    assert line.line.sentence.accessibleName() == "agrees with the karyogram"


def test_one_click_goes_back_to_the_counts(qtbot: QtBot, shown: Shown, ask: Ask) -> None:
    window, line, cell = shown
    write(qtbot, window, line, "47,XX,del(5)(q13q33),+8c")
    assert record_of(ask, cell).karyotype_by_hand
    qtbot.mouseClick(line.automatic, Qt.MouseButton.LeftButton)
    record = record_of(ask, cell)
    assert (record.karyotype, record.karyotype_by_hand, record.structural) == ("47,XX,+8", False, ())
    assert line.line.edit.text() == "47,XX,+8"
    assert line.automatic.isHidden()


def test_a_wrong_text_is_kept_too_and_said_to_be_wrong(qtbot: QtBot, shown: Shown, ask: Ask) -> None:
    window, line, cell = shown
    write(qtbot, window, line, "46,XX,foo")
    assert record_of(ask, cell).karyotype == "46,XX,foo"
    assert line.line.sentence.accessibleName() == "“foo” is no ISCN term."


def test_what_is_typed_when_another_cell_is_shown_goes_to_the_cell_it_was_typed_for(
    qtbot: QtBot, shown: Shown, ask: Ask
) -> None:
    window, line, cell = shown
    window.actions_["edit_karyotype"].trigger()
    qtbot.keyClicks(line.line.edit, "47,XX,+8c")
    records = window.tabs.case.work.records
    window.library.show_cell(records[1].id)
    qtbot.waitUntil(lambda: line.line.edit.text() == "46,XX" and not line.line.edit.isReadOnly())
    assert record_of(ask, cell).karyotype == "47,XX,+8c"
    assert record_of(ask, records[1].id).karyotype == "46,XX"


def test_an_approved_cell_is_read_only_and_a_refusal_keeps_her_text(qtbot: QtBot, shown: Shown, ask: Ask) -> None:
    window, line, cell = shown

    def approve(library: Any) -> None:
        for state in (State.IN_REVIEW, State.REVIEWED, State.APPROVED):
            if library.cells.record(cell).state is not state:
                library.cells.set_state(cell, state, "Ann")

    ask(approve)  # behind the window's back, as by somebody else
    write(qtbot, window, line, "47,XX,+8c")
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    strip = window.messages.shown("failures")
    assert strip is not None
    assert "approved" in strip.label.text()
    assert line.line.edit.text() == "47,XX,+8c"
    window.library.case_changed.emit(record_of(ask, cell).case_id)
    qtbot.waitUntil(line.line.edit.isReadOnly)
    assert "approved" in line.line.edit.toolTip()


def test_a_cell_of_no_case_shows_its_karyotype_and_says_why_it_cannot_be_written(
    window: MainWindow, draw_folder: Callable[..., Path], open_and_wait: Callable[..., None]
) -> None:
    open_and_wait(window, draw_folder())
    line = window.tabs.karyotype
    assert line.isVisible()
    assert line.line.edit.isReadOnly()
    entry = window.session.current()
    assert entry is not None
    assert line.line.edit.text() == entry.document.karyotype_text() != ""
    assert "no case" in line.line.edit.toolTip()


def test_without_a_cell_there_is_no_line(window: MainWindow) -> None:
    assert window.tabs.karyotype.isHidden()
