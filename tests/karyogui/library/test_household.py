"""The user's name, the place of the library, and a library that cannot be opened."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from karyogui.library.household import login_name
from karyogui.main_window import MainWindow

MakeWindow = Callable[[], MainWindow]
Filled = tuple[MainWindow, int, list[int]]
Ask = Callable[..., Any]
Find = Callable[[MainWindow, str], Any]


def test_the_name_is_asked_for_once_and_remembered(
    qtbot: QtBot, make_window: MakeWindow, dialog: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ann.b")
    window = make_window()
    assert window.library.user == login_name() == "ann.b"  # work can begin before anybody answers
    qtbot.waitUntil(window.library.is_open)
    window.cases.household.ask_name_once()
    qtbot.waitUntil(lambda: any(d.objectName() == "user_dialog" for d in window.findChildren(object)))
    box = dialog(window, "user_dialog")
    assert box.name.currentText() == "ann.b"
    box.name.setEditText(" ")
    assert not box.use_button.isEnabled()
    box.name.setEditText(" Dr Ann Brown ")
    qtbot.mouseClick(box.use_button, Qt.MouseButton.LeftButton)
    assert window.library.user == "Dr Ann Brown"
    window.close()
    again = make_window()
    assert again.library.user == "Dr Ann Brown"
    qtbot.waitUntil(again.library.is_open)
    again.cases.household.ask_name_once()
    assert not any(d.objectName() == "user_dialog" for d in again.findChildren(object))


def test_the_case_of_last_time_is_shown_again(qtbot: QtBot, filled: Filled, make_window: MakeWindow) -> None:
    window, case_id, _ = filled
    window.library.open_case(case_id)
    window.close()
    again = make_window()
    qtbot.waitUntil(lambda: again.library.current_case() == case_id)


def test_a_damaged_library_is_one_sentence_and_another_can_be_chosen(
    qtbot: QtBot, home: Path, make_window: MakeWindow, dialog: Find, draw_folder: Callable[..., Path]
) -> None:
    (home / "data" / "library.sqlite").write_bytes(b"no database at all" * 100)
    window = make_window()
    qtbot.waitUntil(lambda: window.messages.shown("library") is not None)
    strip = window.messages.shown("library")
    assert strip is not None
    assert "it is damaged, or no library; restore a backup." in strip.label.text()
    window.cases.take([draw_folder()])  # cells can be looked at all the same
    qtbot.waitUntil(lambda: len(window.session.cells()) == 1 and not window.session.is_busy())
    assert not window.session.cells()[0].in_library
    qtbot.mouseClick(strip.buttons[1], Qt.MouseButton.LeftButton)
    box = dialog(window, "preferences_dialog")
    other = home / "other" / "cases.sqlite"
    box.library.setText(str(other))
    box.ok_button.click()
    qtbot.waitUntil(window.library.is_open)
    assert other.exists()
    assert window.messages.shown("library") is None
    assert (home / "data" / "library.sqlite").read_bytes().startswith(b"no database")  # left for the backup to replace
    window.close()
    again = make_window()
    qtbot.waitUntil(again.library.is_open)
    assert again.library.where == str(other)


def test_preferences_are_taken_over(qtbot: QtBot, window: MainWindow, dialog: Find) -> None:
    qtbot.waitUntil(window.library.is_open)
    window.actions_["preferences"].trigger()
    box = dialog(window, "preferences_dialog")
    box.second_person.setChecked(True)
    box.classify.setChecked(False)
    box.ok_button.click()
    assert window.library.is_open()  # the library stays as it is
    assert not window.session.classify_on_open
    assert not window.actions_["auto_classify"].isChecked()
    assert window._store.now.second_person
