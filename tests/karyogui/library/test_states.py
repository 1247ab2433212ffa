"""Reviewed, approved, reopened: by whom, in which order, and what an approved cell refuses."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow
from karyogui.model.store.values import State
from karyogui.session import OpenCell

Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]
Find = Callable[[MainWindow, str], Any]


def opened(qtbot: QtBot, window: MainWindow, cell_id: int) -> OpenCell:
    window.library.show_cell(cell_id)
    entry = window.session.current()
    assert entry is not None
    qtbot.waitUntil(entry.is_ready)
    window.session.classify([entry.id])
    qtbot.waitUntil(lambda: entry.document.bundle() is not None and window.library.writes.is_idle())
    return entry


def state(window: MainWindow, entry: OpenCell) -> State:
    record = window.library.record(entry.id)
    assert record is not None
    return record.state


def test_an_approved_cell_is_read_only_until_it_is_reopened_with_a_reason(
    qtbot: QtBot, filled: Filled, ask: Ask, dialog: Find
) -> None:
    window, case_id, cells = filled
    entry = opened(qtbot, window, cells[0])
    window.actions_["review_done"].trigger()
    qtbot.waitUntil(lambda: state(window, entry) is State.REVIEWED)
    window.actions_["approve"].trigger()
    qtbot.waitUntil(lambda: state(window, entry) is State.APPROVED)
    strip = window.messages.shown("approved")
    assert strip is not None
    assert strip.label.text() == "cell 1 is approved (reviewed by Ann, approved by Ann) and read-only."

    before = entry.document.placements()
    view = window.pages.view()
    assert view is not None
    view.select([0])
    with qtbot.waitSignal(window.cases.refused) as refused:
        view.flip_selected()
    assert refused.args == ["cell 1 is approved; reopen it, with a reason, to change it."]
    window.session.classify([entry.id])
    assert not window.session.is_busy()
    assert entry.document.placements() == before
    assert not window.actions_["undo"].isEnabled()

    qtbot.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
    box = dialog(window, "reopen_dialog")
    box.setTextValue("a wrong label")
    box.accept()
    qtbot.waitUntil(lambda: state(window, entry) is State.IN_REVIEW)
    assert window.messages.shown("approved") is None
    view.flip_selected()
    assert entry.document.placements() != before
    entries = ask(window.library, lambda library: library.cases.trail(case_id))
    reopened = next(line for line in entries if line.action == "reopened")
    assert (reopened.user, reopened.facts()["reason"]) == ("Ann", "a wrong label")


def test_reopening_without_a_reason_changes_nothing(qtbot: QtBot, filled: Filled, dialog: Find) -> None:
    window, _, cells = filled
    entry = opened(qtbot, window, cells[0])
    for action, then in (("review_done", State.REVIEWED), ("approve", State.APPROVED)):
        window.actions_[action].trigger()
        qtbot.waitUntil(lambda then=then: state(window, entry) is then)
    window.actions_["reopen"].trigger()
    dialog(window, "reopen_dialog").accept()
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    assert state(window, entry) is State.APPROVED
    assert entry.undo_stack.is_locked()


def test_a_second_person_approves_where_the_laboratory_asks_for_it(qtbot: QtBot, filled: Filled) -> None:
    window, _, cells = filled
    window._store.change(replace(window._store.now, second_person=True))
    entry = opened(qtbot, window, cells[0])
    window.actions_["review_done"].trigger()
    qtbot.waitUntil(lambda: state(window, entry) is State.REVIEWED)
    window.actions_["approve"].trigger()
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    strip = window.messages.shown("failures")
    assert strip is not None
    assert strip.label.text() == "Ann reviewed cell cell 1; another person must approve it."
    window.cases.household.set_user("Bob")
    window.actions_["approve"].trigger()
    qtbot.waitUntil(lambda: state(window, entry) is State.APPROVED)


def test_a_cell_with_doubts_is_not_reviewed(qtbot: QtBot, filled: Filled, classifier: Any) -> None:
    window, _, cells = filled
    classifier.confidence = 0.6
    entry = opened(qtbot, window, cells[0])
    with qtbot.waitSignal(window.cases.refused) as refused:
        window.actions_["review_done"].trigger()
    assert refused.args == ["6 chromosomes of cell 1 still ask for a look; Space goes to the next one."]
    with qtbot.waitSignal(window.cases.refused) as refused:
        window.actions_["approve"].trigger()
    assert refused.args == ["cell 1 must be marked as reviewed before it is approved."]
    assert state(window, entry) is State.CLASSIFIED


def test_a_gesture_puts_a_reviewed_cell_into_review_again(qtbot: QtBot, filled: Filled) -> None:
    window, _, cells = filled
    entry = opened(qtbot, window, cells[0])
    window.actions_["review_done"].trigger()
    qtbot.waitUntil(lambda: state(window, entry) is State.REVIEWED)
    view = window.pages.view()
    assert view is not None
    view.select([0])
    view.flip_selected()
    qtbot.waitUntil(lambda: state(window, entry) is State.IN_REVIEW)
    assert not entry.has_changes()  # the change of state was no conflict
