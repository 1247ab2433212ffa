"""The sums over the sheet, and the file for the spreadsheet."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow

Fill = Callable[..., tuple[int, list[int]]]
Ask = Callable[[Callable[..., Any]], Any]


def test_twenty_normal_cells_exclude_what_the_books_say(window: MainWindow, fill: Fill) -> None:
    fill(*["46,XX"] * 20)
    page = window.tabs.case.sheet
    assert page.sums.text().replace("\u00a0", " ").endswith("modal number 46 (46 × 20)")
    assert page.excluded.text() == (
        "20 normal cells exclude mosaicism of 10.9 % at 90 % confidence, 13.9 % at 95 % confidence, "
        "20.6 % at 99 % confidence or more."
    )


def test_with_an_abnormal_cell_nothing_is_excluded(window: MainWindow, fill: Fill) -> None:
    fill("47,XX,+8", "47,XX,+8", "46,XX")
    page = window.tabs.case.sheet
    assert page.excluded.isHidden()
    assert "modal number 47 (47 × 2, 46 × 1)" in page.sums.text().replace("\u00a0", " ")


def test_the_sheet_is_exported_and_the_trail_notes_it(
    qtbot: QtBot,
    window: MainWindow,
    fill: Fill,
    ask: Ask,
    tmp_path: Path,
    dialog: Callable[[MainWindow, str], QDialog],
) -> None:
    case_id, _ = fill("47,XX,+8", "46,XX")
    window.actions_["show_case"].trigger()
    page = window.tabs.case.sheet
    qtbot.waitUntil(page.export.isVisible)
    qtbot.mouseClick(page.export, Qt.MouseButton.LeftButton)
    chooser = dialog(window, "sheet_export_dialog")
    assert isinstance(chooser, QFileDialog)
    target = tmp_path / "sheet.csv"
    name = chooser.findChild(QLineEdit, "fileNameEdit")
    name.setText(str(target))
    save = next(b for b in chooser.findChildren(QPushButton) if "Save" in b.text())
    with qtbot.waitSignal(page.exported):
        qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["karyotype"] for row in rows] == ["47,XX,+8", "46,XX"]
    last = ask(lambda library: library.cases.trail(case_id))[-1]
    assert last.action == "exported"
    assert last.facts()["file"] == "sheet.csv"
    assert window.messages.shown("exported") is not None


def test_a_file_that_cannot_be_written_is_said(
    qtbot: QtBot, window: MainWindow, fill: Fill, ask: Ask, tmp_path: Path
) -> None:
    case_id, _ = fill("46,XX")
    window.tabs.case.sheet.export_to(tmp_path / "gone" / "sheet.csv")
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    strip = window.messages.shown("failures")
    assert strip is not None
    assert "does not exist" in strip.label.text()
    assert ask(lambda library: library.cases.trail(case_id))[-1].action != "exported"


@pytest.mark.parametrize("cells", [1, 2])
def test_sums_of_few_cells_are_in_good_english(window: MainWindow, fill: Fill, cells: int) -> None:
    fill(*["46,XY"] * cells)
    page = window.tabs.case.sheet
    assert page.sums.text().startswith("1 cell " if cells == 1 else "2 cells")
    assert page.excluded.text().startswith("1 normal cell excludes" if cells == 1 else "2 normal cells exclude")
