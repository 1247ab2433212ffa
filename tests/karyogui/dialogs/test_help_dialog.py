"""The help is read, searched and followed by its links, with mouse and keys."""

import pytest
from PySide6.QtCore import Qt, QUrl
from pytestqt.qtbot import QtBot

from karyogui.dialogs.help_dialog import HelpDialog
from karyogui.keymap import KeyMap


@pytest.fixture
def keymap(qtbot: QtBot) -> KeyMap:
    return KeyMap()


@pytest.fixture
def dialog(qtbot: QtBot, keymap: KeyMap) -> HelpDialog:
    made = HelpDialog(keymap)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(dialog: HelpDialog) -> list[str]:
    rows = range(dialog.list.count())
    return [dialog.list.item(row).text() for row in rows if not dialog.list.item(row).isHidden()]


def test_it_opens_at_the_beginning(dialog: HelpDialog) -> None:
    assert dialog.topic() == "start"
    assert dialog.page.toPlainText().startswith("First steps")
    assert len(shown(dialog)) > 8


def test_the_arrow_keys_turn_the_pages(qtbot: QtBot, dialog: HelpDialog) -> None:
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.topic() == "karyogram"
    assert dialog.page.toPlainText().startswith("The karyogram")


def test_the_search_finds_the_topic_marks_the_words_and_goes_from_place_to_place(
    qtbot: QtBot, dialog: HelpDialog
) -> None:
    qtbot.keyClicks(dialog.search, "Privacy")
    assert dialog.topic() == "privacy"
    dialog.search.clear()
    qtbot.keyClicks(dialog.search, "triangle")
    assert shown(dialog) == ["Review"]
    assert dialog.topic() == "review"
    assert [mark.cursor.selectedText() for mark in dialog.page.extraSelections()] == ["triangle"]
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.page.textCursor().selectedText() == "triangle"
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.page.textCursor().selectedText() == "triangle"  # from the end to the beginning
    assert dialog.isVisible()


def test_words_that_are_nowhere(qtbot: QtBot, dialog: HelpDialog) -> None:
    qtbot.keyClicks(dialog.search, "xyzzy")
    assert shown(dialog) == []
    assert dialog.nothing.isVisible()
    dialog.search.clear()
    assert not dialog.nothing.isVisible()
    assert len(shown(dialog)) > 8


def test_links_lead_to_topics(dialog: HelpDialog) -> None:
    dialog.page.anchorClicked.emit(QUrl("research"))
    assert dialog.topic() == "research"
    dialog.page.anchorClicked.emit(QUrl("nowhere"))
    assert dialog.topic() == "research"


def test_other_keys_are_told_at_once(dialog: HelpDialog, keymap: KeyMap) -> None:
    dialog.show_topic("karyogram")
    keymap.give("flip", ["Ctrl+B"])
    assert dialog.topic() == "karyogram"
    assert "Ctrl+B: upside down" in dialog.page.toPlainText()
