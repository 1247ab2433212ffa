from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from karyogui.editor.hint import HintLabel


def test_it_shows_while_there_is_something_to_say_and_lets_clicks_through(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    button = QPushButton("below", window)
    button.resize(300, 40)
    hint = HintLabel(window)
    with qtbot.waitExposed(window):
        window.show()
    assert not hint.isVisible()
    hint.say("Move to 21")
    assert hint.isVisible()
    assert abs(hint.geometry().center().x() - 150) <= 1
    assert window.rect().contains(hint.geometry())
    under = window.childAt(hint.geometry().center())
    assert under is button
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(under, Qt.MouseButton.LeftButton)
    hint.say("")
    assert not hint.isVisible()
    hint.say("Chromosome 8, 2 of 2, confidence 36 %, please review, and very much more than fits")
    assert window.rect().contains(hint.geometry())
    assert hint.text().startswith("Chromosome 8")
    assert hint.text().endswith("…")
    window.resize(1200, 200)
    hint.place()
    assert hint.text().endswith("than fits")
