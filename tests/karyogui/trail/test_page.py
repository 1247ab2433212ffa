"""The trail of the open case."""

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from karyogui.model.store.library import Library
from karyogui.model.store.values import SheetEntry
from karyogui.trail.page import TrailPage

Desk = Any


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> TrailPage:
    made = TrailPage(desk.window.library)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.table.rowCount() == 3)
    return made


def shown(page: TrailPage) -> list[str]:
    return [page.filter.data(page.filter.index(row, 4)) for row in range(page.filter.rowCount())]


def test_it_tells_who_did_what(page: TrailPage) -> None:
    assert shown(page) == ["Case A-1 begun", "Imported with 3 chromosomes from 0 files", "counted"]
    assert [entry.user for entry in page.table.entries()] == ["Ann", "Ann", "Bo"]


def test_it_grows_with_the_case(qtbot: QtBot, desk: Desk, page: TrailPage) -> None:
    desk.window.library.change(
        "Save",
        lambda library: library.cells.save_sheet(desk.cell_id, SheetEntry(quality=4), "Ann"),
        case_id=desk.case_id,
    )
    qtbot.waitUntil(lambda: shown(page)[-1] == "not counted, quality: 4")


def test_filters_by_keyboard(qtbot: QtBot, page: TrailPage) -> None:
    qtbot.keyClick(page.cell, Qt.Key.Key_Down)
    assert page.cell.currentText() == "cell 1"
    assert shown(page) == ["Imported with 3 chromosomes from 0 files", "counted"]
    qtbot.keyClick(page.kind, Qt.Key.Key_Down)
    assert page.kind.currentText() == "Import"
    assert shown(page) == ["Imported with 3 chromosomes from 0 files"]


def test_a_whole_trail_is_called_whole(qtbot: QtBot, page: TrailPage) -> None:
    qtbot.mouseClick(page.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.check.isEnabled)
    assert page.verdict.text() == "The trail is whole: none of its 3 lines was changed or taken away."


def test_a_changed_line_is_named_and_shown(qtbot: QtBot, desk: Desk, page: TrailPage) -> None:
    def attack(library: Library) -> None:
        with library.database.writing() as session:
            session.execute(text("DROP TRIGGER trail_no_update"))
            session.execute(text("UPDATE trail SET user = 'Cy' WHERE number = 2"))

    desk.asked(attack)
    page.kind.setCurrentIndex(2)
    qtbot.mouseClick(page.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.check.isEnabled)
    assert "line 2 was changed" in page.verdict.text()
    (row,) = page.view.selectionModel().selectedRows()
    assert row.data() == 2


def test_csv_holds_the_lines_and_its_export_is_noted(qtbot: QtBot, desk: Desk, page: TrailPage, tmp_path: Path) -> None:
    path = tmp_path / "trail.csv"
    with qtbot.waitSignal(page.exported):
        page.export_to(path)
    with path.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [line["action"] for line in table] == ["case created", "cell added", "sheet changed"]
    qtbot.waitUntil(lambda: shown(page)[-1] == "Trail written to trail.csv")


def test_a_file_that_cannot_be_written(qtbot: QtBot, page: TrailPage, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with qtbot.waitSignal(page.failed) as failed:
        page.export_to(tmp_path / "file" / "trail.csv")
    assert "cannot be written" in str(failed.args[1])


def test_the_dialog_proposes_the_case_s_name(qtbot: QtBot, page: TrailPage) -> None:
    qtbot.mouseClick(page.export, Qt.MouseButton.LeftButton)
    (dialog,) = [child for child in page.children() if child.objectName() == "trail_file_dialog"]
    assert Path(dialog.selectedFiles()[0]).name == "A-1 trail.csv"
    dialog.reject()


def test_another_case_and_none(qtbot: QtBot, desk: Desk, page: TrailPage) -> None:
    other = desk.asked(lambda library: library.cases.create("A-2", "Ann").id)
    desk.window.library.open_case(other)
    qtbot.waitUntil(lambda: shown(page) == ["Case A-2 begun"])
    desk.window.library.open_case(None)
    assert shown(page) == []
    assert not page.check.isEnabled()


def test_a_hidden_page_reads_when_it_is_seen(qtbot: QtBot, desk: Desk) -> None:
    page = TrailPage(desk.window.library)
    qtbot.addWidget(page)
    desk.asked(lambda library: None)
    assert page.table.rowCount() == 0
    page.show()
    qtbot.waitUntil(lambda: page.table.rowCount() == 3)


def test_its_action_shows_it_as_a_section_of_the_case(qtbot: QtBot, desk: Desk) -> None:
    window = desk.window
    window.actions_["show_trail"].trigger()
    qtbot.waitUntil(window.trail.isVisible)
    qtbot.waitUntil(lambda: window.trail.table.rowCount() == 3)
    window.actions_["show_trail"].trigger()
    assert window.tabs.shows_karyogram()
    window.library.open_case(None)
    assert not window.actions_["show_trail"].isEnabled()
