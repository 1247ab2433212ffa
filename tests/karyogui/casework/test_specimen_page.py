"""What is known of the specimen."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from karyogui.casework.specimen_page import SpecimenPage
from karyogui.main_window import MainWindow
from karyogui.model.specimen import SPECIMEN_FIELDS

Fill = Callable[..., tuple[int, list[int]]]
Ask = Callable[[Callable[..., Any]], Any]


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, fill: Fill) -> tuple[SpecimenPage, int]:
    """The section of the specimen of a case, in front of her."""
    case_id, _ = fill("46,XX", specimen={"Culture": "72 h", "Ward": "3B"}, note="urgent")
    window.actions_["show_case"].trigger()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    window.tabs.case.show_section(window.tabs.case.specimen)
    qtbot.waitUntil(window.tabs.case.specimen.isVisible)
    return window.tabs.case.specimen, case_id


Page = tuple[SpecimenPage, int]


def test_the_usual_fields_and_her_own_are_shown(page: Page) -> None:
    shown, _ = page
    assert list(shown.fields) == [*SPECIMEN_FIELDS, "Ward"]
    assert (shown.fields["Culture"].text(), shown.fields["Ward"].text()) == ("72 h", "3B")
    assert shown.note.toPlainText() == "urgent"


def test_a_field_is_kept_when_it_is_left(qtbot: QtBot, page: Page, ask: Ask) -> None:
    shown, case_id = page
    shown.fields["Patient code"].setFocus()
    qtbot.keyClicks(shown.fields["Patient code"], "P-118")
    qtbot.keyClick(shown.fields["Patient code"], Qt.Key.Key_Tab)
    assert shown.fields["Specimen type"].hasFocus()
    assert ask(lambda library: library.cases.get(case_id)).specimen == {
        "Patient code": "P-118",
        "Culture": "72 h",
        "Ward": "3B",
    }


def test_fields_of_her_own_come_and_go(qtbot: QtBot, page: Page, ask: Ask) -> None:
    shown, case_id = page
    qtbot.keyClicks(shown.new_name, "Ward")
    assert not shown.add.isEnabled()  # there is one
    qtbot.keyClicks(shown.new_name, " 2")
    qtbot.keyClick(shown.new_name, Qt.Key.Key_Return)
    assert shown.fields["Ward 2"].hasFocus()
    qtbot.keyClicks(shown.fields["Ward 2"], "4A")
    qtbot.keyClick(shown.fields["Ward 2"], Qt.Key.Key_Return)
    assert ask(lambda library: library.cases.get(case_id)).specimen["Ward 2"] == "4A"
    remove = next(b for b in shown.findChildren(QToolButton) if b.toolTip() == "Remove the field Ward")
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert "Ward" not in shown.fields
    assert ask(lambda library: library.cases.get(case_id)).specimen == {"Culture": "72 h", "Ward 2": "4A"}


def test_the_note_is_kept_when_it_is_left(qtbot: QtBot, page: Page, ask: Ask) -> None:
    shown, case_id = page
    shown.note.setFocus()
    qtbot.keyClick(shown.note, Qt.Key.Key_End)
    qtbot.keyClicks(shown.note, ", call back")
    qtbot.keyClick(shown.note, Qt.Key.Key_Tab)
    assert ask(lambda library: library.cases.get(case_id)).note == "urgent, call back"


def test_what_is_being_typed_does_not_go_into_another_case(
    qtbot: QtBot, window: MainWindow, page: Page, ask: Ask
) -> None:
    shown, _ = page
    shown.fields["Banding"].setFocus()
    qtbot.keyClicks(shown.fields["Banding"], "GTG")
    other = ask(lambda library: library.cases.create("A-2", "Ann", note="of another").id)
    window.library.open_case(other)
    qtbot.waitUntil(lambda: shown.note.toPlainText() == "of another")
    assert shown.fields["Banding"].text() == ""
    shown.fields["Culture"].setFocus()
    assert ask(lambda library: library.cases.get(other)).specimen == {}


def test_what_is_being_typed_at_the_end_is_stored(qtbot: QtBot, window: MainWindow, page: Page, home: Any) -> None:
    from karyogui.model.store.library import Library

    shown, case_id = page
    shown.fields["Banding"].setFocus()
    qtbot.keyClicks(shown.fields["Banding"], "GTG")
    window.close()
    library = Library.open(home / "data" / "library.sqlite")
    assert library.cases.get(case_id).specimen["Banding"] == "GTG"
    library.close()
