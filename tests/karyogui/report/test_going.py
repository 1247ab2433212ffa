"""Going to what is left to do."""

from typing import Any

from pytestqt.qtbot import QtBot

from karyogui.model.report.lock import Obstacle, Reason

Office = Any


def test_the_least_certain_chromosome_is_picked_out(qtbot: QtBot, office: Office) -> None:
    window = office.window
    cells = office.asked(lambda library: library.cells.records(office.case_id))
    window.guide.go(Reason(Obstacle.UNREVIEWED, cells[0].id, "cell 1", (7, 3)))
    qtbot.waitUntil(lambda: window.pages.view() is not None)
    assert window.pages.view().selected_ids() == [7]
    window.guide.go(Reason(Obstacle.UNREVIEWED, cells[1].id, "cell 2", (5,)))
    qtbot.waitUntil(lambda: window.session.current().name == "cell 2" and window.pages.view() is not None)
    assert window.pages.view().selected_ids() == [5]
    window.guide.go(Reason(Obstacle.UNREVIEWED, cells[0].id, "cell 1", (3,)))  # open already
    assert window.session.current().name == "cell 1"
    assert window.pages.view().selected_ids() == [3]


def test_the_karyogram_comes_to_the_front(qtbot: QtBot, office: Office) -> None:
    window = office.window
    cell = office.asked(lambda library: library.cells.records(office.case_id))[0]
    reason = Reason(Obstacle.NOT_REVIEWED, cell.id, "cell 1")
    window.guide.go(reason)
    qtbot.waitUntil(lambda: window.pages.view() is not None)
    window.actions_["show_case"].trigger()
    assert not window.tabs.shows_karyogram()
    window.guide.go(reason)  # the cell is shown already, but behind the case
    assert window.tabs.shows_karyogram()


def test_a_chromosome_that_was_cut_meanwhile(qtbot: QtBot, office: Office) -> None:
    window = office.window
    cell = office.asked(lambda library: library.cells.records(office.case_id))[0]
    window.guide.go(Reason(Obstacle.UNREVIEWED, cell.id, "cell 1", (999,)))
    qtbot.waitUntil(lambda: window.pages.view() is not None)
    assert window.pages.view().selected_ids() == []


def test_what_is_the_case_s_own(qtbot: QtBot, office: Office) -> None:
    with qtbot.waitSignal(office.window.guide.case_wanted):
        office.window.guide.go(Reason(Obstacle.CASE_TEXT, detail="x"))
