"""A line that is checked as it is typed."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.karyotype.check import check_cell
from engine.karyotype.iscn import parse_numerical
from karyogui.casework.checked_line import CheckedLine

KARYOGRAM = parse_numerical("47,XX,+8")


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[CheckedLine]:
    """A line held against 47,XX,+8, with another place beside it for the keyboard to go to."""
    window = QWidget()
    made = CheckedLine(lambda text: check_cell(text, KARYOGRAM), "agrees with the karyogram")
    column = QVBoxLayout(window)
    column.addWidget(made)
    column.addWidget(QLineEdit(objectName="elsewhere"))
    qtbot.addWidget(window)
    made.show_text("47,XX,+8")
    window.resize(1200, 90)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.edit.setFocus()
    made.edit.selectAll()
    yield made
    window.close()  # and so it lives until here


def said(line: CheckedLine) -> str:
    return line.sentence.accessibleName()


def test_a_good_text_is_said_to_be_good_and_offers_nothing(line: CheckedLine) -> None:
    assert said(line) == "agrees with the karyogram"
    assert line.take.isHidden()


def test_every_key_is_checked_and_nothing_is_kept_before_she_is_done(qtbot: QtBot, line: CheckedLine) -> None:
    kept: list[str] = []
    line.committed.connect(kept.append)
    qtbot.keyClicks(line.edit, "46,XX")
    assert said(line) == "The karyogram shows 3 copies of 8, not 2."
    assert line.take.text() == "Write 47,XX,+8"
    qtbot.keyClicks(line.edit, ",foo")
    assert said(line) == "“foo” is no ISCN term."
    assert line.take.isHidden()
    assert kept == []


def test_enter_keeps_and_hands_the_keyboard_on(qtbot: QtBot, line: CheckedLine) -> None:
    qtbot.keyClicks(line.edit, "47,XX,del(5)(q13q33),+8 ")
    kept: list[str] = []
    line.committed.connect(kept.append)
    with qtbot.waitSignal(line.left):
        qtbot.keyClick(line.edit, Qt.Key.Key_Return)
    assert kept == ["47,XX,del(5)(q13q33),+8"]
    assert not line.is_edited()


def test_leaving_keeps(qtbot: QtBot, line: CheckedLine) -> None:
    qtbot.keyClicks(line.edit, "46,XX")
    with qtbot.waitSignal(line.committed) as kept, qtbot.assertNotEmitted(line.left):
        qtbot.mouseClick(line.window().findChild(QLineEdit, "elsewhere"), Qt.MouseButton.LeftButton)
    assert kept.args == ["46,XX"]


def test_escape_brings_back_what_was_there(qtbot: QtBot, line: CheckedLine) -> None:
    qtbot.keyClicks(line.edit, "46,XY")
    with qtbot.assertNotEmitted(line.committed), qtbot.waitSignal(line.left):
        qtbot.keyClick(line.edit, Qt.Key.Key_Escape)
    assert line.edit.text() == "47,XX,+8"


def test_one_click_takes_the_proposal(qtbot: QtBot, line: CheckedLine) -> None:
    qtbot.keyClicks(line.edit, "46,xx,del(5)(q33q13)")
    assert line.take.isVisible()
    with qtbot.waitSignal(line.committed) as kept:
        qtbot.mouseClick(line.take, Qt.MouseButton.LeftButton)
    assert kept.args == ["47,XX,del(5)(q13q33),+8"]
    assert said(line) == "agrees with the karyogram"


def test_what_she_types_is_not_overwritten_by_what_comes_from_elsewhere(qtbot: QtBot, line: CheckedLine) -> None:
    qtbot.keyClicks(line.edit, "47,XX,de")
    line.show_text("46,XX")
    assert line.edit.text() == "47,XX,de"
    qtbot.keyClick(line.edit, Qt.Key.Key_Escape)
    assert line.edit.text() == "46,XX"


def test_a_read_only_line_is_judged_but_offers_nothing(qtbot: QtBot, line: CheckedLine) -> None:
    line.set_read_only(True, "The cell is approved")
    line.show_text("46,XX")
    qtbot.keyClicks(line.edit, "1")
    assert line.edit.text() == "46,XX"
    assert "3 copies of 8" in said(line)
    assert line.take.isHidden()
    assert line.edit.toolTip() == "The cell is approved"
