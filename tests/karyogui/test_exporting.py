"""Clipboard and print preview of the shown cell; what was stated of a cell stays with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewWidget
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.export.content import content_of
from karyogui.export.options import ExportOptions
from karyogui.export.pdf import page_orientation, paint_on_printer
from karyogui.main_window import MainWindow


@pytest.fixture
def opened(window: MainWindow, open_and_wait: Callable[..., None], draw_folder: Callable[..., Path]) -> MainWindow:
    open_and_wait(window, draw_folder())
    return window


def test_the_karyogram_is_copied(qtbot: QtBot, opened: MainWindow) -> None:
    QApplication.clipboard().clear()
    with qtbot.waitSignal(opened.exporting.copied) as said:
        opened.actions_["copy"].trigger()
    assert said.args == ["cell a"]
    image: QImage = QApplication.clipboard().image()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    ink = np.frombuffer(grey.constBits(), np.uint8)
    assert image.width() > 1000
    assert ink.min() < 100


def test_without_a_cell_nothing_is_copied_or_printed(window: MainWindow) -> None:
    assert not window.actions_["copy"].isEnabled()
    assert window.exporting.print_preview() is None


def test_print_preview_shows_the_page(qtbot: QtBot, opened: MainWindow) -> None:
    dialog = opened.exporting.print_preview()
    assert dialog is not None
    (preview,) = dialog.findChildren(QPrintPreviewWidget)
    qtbot.waitUntil(lambda: preview.pageCount() == 1)
    assert dialog.windowTitle() == "Print cell a"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_what_is_printed_is_the_page_with_its_text(tmp_path: Path, opened: MainWindow) -> None:
    document = opened.session.cells()[0].document
    content, options = content_of(document), ExportOptions(case="24-0113")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    path = tmp_path / "printed.pdf"
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setPageOrientation(page_orientation(content, options))
    paint_on_printer(printer, content, options)
    (page,) = PdfReader(path).pages
    text = page.extract_text().replace("\t", " ")
    assert "Case 24-0113" in text
    assert "Research use only" in text
    assert len(page.images) == 6


def test_case_and_level_stay_with_the_cell_and_are_written_nowhere(
    qtbot: QtBot, opened: MainWindow, dialog: Callable[[MainWindow, str], Any], tmp_path: Path, home: Path
) -> None:
    opened.exporting.ask("png")
    asked = dialog(opened, "export_dialog")
    asked.case.setText("24-0113")
    asked.band_level.setCurrentIndex(asked.band_level.findData(550))
    asked.bits.setCurrentIndex(1)
    asked.file.setText(str(tmp_path / "x.png"))
    with qtbot.waitSignal(opened.exporting.exported):
        asked.accept()
    opened.exporting.ask("png")
    again = dialog(opened, "export_dialog").options()
    assert (again.case, again.band_level, again.depth) == ("24-0113", 550, 16)
    dialog(opened, "export_dialog").reject()
    preferences = next(home.rglob("preferences.json")).read_text()
    assert "24-0113" not in preferences
