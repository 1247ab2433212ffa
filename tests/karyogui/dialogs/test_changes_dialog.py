"""The question about unsaved work: three answers, and closing it is the harmless one."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from karyogui.dialogs.changes_dialog import Answer, ChangesDialog


@pytest.mark.parametrize(
    ("button", "answer"),
    [("keep_button", Answer.KEEP), ("discard_button", Answer.DISCARD), ("cancel_button", Answer.CANCEL)],
)
def test_each_button_is_an_answer(qtbot: QtBot, button: str, answer: Answer) -> None:
    dialog = ChangesDialog(["cell 1"])
    qtbot.addWidget(dialog)
    dialog.open()
    with qtbot.waitSignal(dialog.finished):
        qtbot.mouseClick(getattr(dialog, button), Qt.MouseButton.LeftButton)
    assert dialog.answer() is answer


def test_escape_is_cancel_and_enter_keeps(qtbot: QtBot) -> None:
    for key, answer in ((Qt.Key.Key_Escape, Answer.CANCEL), (Qt.Key.Key_Return, Answer.KEEP)):
        dialog = ChangesDialog(["cell 1", "cell 2"])
        qtbot.addWidget(dialog)
        dialog.open()
        with qtbot.waitSignal(dialog.finished):
            qtbot.keyClick(dialog, key)
        assert dialog.answer() is answer


def test_many_cells_are_counted_and_the_first_named(qtbot: QtBot) -> None:
    dialog = ChangesDialog([f"cell {number}" for number in range(13)])
    qtbot.addWidget(dialog)
    assert "13 cells" in dialog.text()
    assert dialog.detailedText().splitlines()[-2:] == ["cell 9", "and 3 more"]
