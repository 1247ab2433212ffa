"""One answer of two, by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from karyogui.dialogs.question import Question, ask


@pytest.mark.parametrize(
    ("destroys", "key", "expected"),
    [
        (True, Qt.Key.Key_Return, "kept"),
        (True, Qt.Key.Key_Escape, "kept"),
        (False, Qt.Key.Key_Return, "done"),
        (False, Qt.Key.Key_Escape, "kept"),
    ],
)
def test_return_does_what_destroys_nothing(qtbot: QtBot, destroys: bool, key: Qt.Key, expected: str) -> None:
    window, answers = QWidget(), []
    qtbot.addWidget(window)
    question = Question("a_dialog", "Title", "Do it?", "Do", "Leave", destroys=destroys)
    ask(window, question, lambda: answers.append("done"), lambda: answers.append("kept"))
    (box,) = window.findChildren(QMessageBox, "a_dialog")
    assert answers == []
    qtbot.keyClick(box, key)
    assert answers == [expected]
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))


def test_the_way_out_need_not_do_anything(qtbot: QtBot) -> None:
    window, done = QWidget(), []
    qtbot.addWidget(window)
    ask(window, Question("a_dialog", "Title", "Do it?", "Do", "Leave", "For good."), lambda: done.append(True))
    (box,) = window.findChildren(QMessageBox, "a_dialog")
    assert box.informativeText() == "For good."
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    assert done == []
