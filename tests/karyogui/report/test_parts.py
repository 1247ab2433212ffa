"""The left side of the report's window, by mouse and keyboard."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from karyogui.model.count_sheet import count_sheet
from karyogui.model.report.lock import Obstacle, Reason
from karyogui.report.gather import CaseData
from karyogui.report.parts import CloneTree, LockList


def test_a_click_chooses_a_reason(qtbot: QtBot) -> None:
    parts = LockList()
    qtbot.addWidget(parts)
    reasons = [Reason(Obstacle.UNREVIEWED, 1, "a", (3,)), Reason(Obstacle.NOT_APPROVED, 2, "b")]
    parts.show_reasons(reasons)
    parts.show()
    place = parts.list.visualItemRect(parts.list.item(1)).center()
    with qtbot.waitSignal(parts.chosen) as chosen:
        qtbot.mouseClick(parts.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [reasons[1]]
    assert parts.list.item(0).font().underline()


def test_the_keyboard_chooses_one_too(qtbot: QtBot) -> None:
    parts = LockList()
    qtbot.addWidget(parts)
    reasons = [Reason(Obstacle.NOT_APPROVED, n, "b") for n in (1, 2)]
    parts.show_reasons(reasons)
    parts.show()
    qtbot.keyClick(parts.list, Qt.Key.Key_Down)
    qtbot.keyClick(parts.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(parts.chosen) as chosen:
        qtbot.keyClick(parts.list, Qt.Key.Key_Return)
    assert chosen.args == [reasons[parts.list.currentRow()]]


def test_nothing_left_to_do(qtbot: QtBot) -> None:
    parts = LockList()
    qtbot.addWidget(parts)
    parts.show_reasons([])
    assert parts.list.isHidden()
    assert "Nothing is left to do" in parts.summary.text()


def test_cells_are_ticked_below_their_clones(qtbot: QtBot, data: CaseData) -> None:
    tree = CloneTree()
    qtbot.addWidget(tree)
    ids = [record.id for record in data.records]
    tree.show_sheet(count_sheet(data.case, data.records), {ids[1], ids[2]})
    assert [tree.topLevelItem(row).text(0) for row in (0, 1)] == ["47,XX,+8  ·  2 cells", "46,XX  ·  3 cells"]
    assert tree.topLevelItem(0).child(0).text(0) == "cell 1, 550 bands, quality 4"
    assert tree.cells() == (ids[1], ids[2])
    tree.show()
    tree.setCurrentItem(tree.topLevelItem(1).child(1))
    with qtbot.waitSignal(tree.cells_changed):
        qtbot.keyClick(tree, Qt.Key.Key_Space)
    assert tree.cells() == (ids[1], ids[2], ids[3])
