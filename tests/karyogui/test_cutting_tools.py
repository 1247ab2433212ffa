"""Cutting and joining from the window: keys, the selection afterwards, the pieces classified as one more step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.editor.cut_window import CutWindow
from karyogui.editor.view import KaryogramView
from karyogui.main_window import MainWindow

Dialog = Callable[[MainWindow, str], Any]
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(
    qtbot: QtBot, window: MainWindow, open_and_wait: Callable[..., None], draw_folder: Callable[..., Path]
) -> KaryogramView:
    """Six bars, classified as two each of 1, 2, 3, in the active window."""
    open_and_wait(window, draw_folder())
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    shown = window.pages.view()
    assert shown is not None
    shown.setFocus()
    return shown


def test_k_cuts_and_the_pieces_are_selected_and_classified(
    qtbot: QtBot, window: MainWindow, view: KaryogramView, dialog: Dialog
) -> None:
    entry = window.session.cells()[0]
    view.select([2])
    QTest.keyClick(view, Qt.Key.Key_K)
    cut: CutWindow = dialog(window, "cut_window")
    canvas = cut.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, PLAIN, canvas.to_widget(0, 40).toPoint())
    QTest.mouseMove(canvas, canvas.to_widget(15, 40).toPoint())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, PLAIN, canvas.to_widget(30, 40).toPoint())
    QTest.mouseClick(cut.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: entry.undo_stack.count() == 2)
    assert set(view.selected_ids()) == {6, 7}
    assert entry.undo_stack.undoText() == "Classify 2 new pieces"
    assert entry.document.placement(7).label is not None
    entry.undo_stack.undo()
    entry.undo_stack.undo()
    assert entry.document.placement(2).label == "2"


def test_j_joins_two(qtbot: QtBot, window: MainWindow, view: KaryogramView, dialog: Dialog) -> None:
    entry = window.session.cells()[0]
    view.select([2, 3])
    QTest.keyClick(view, Qt.Key.Key_J)
    QTest.keyClick(dialog(window, "cut_window").canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: entry.undo_stack.count() == 2)
    cell = entry.document.cell()
    assert cell is not None
    assert [c.id for c in cell.chromosomes] == [0, 1, 6, 4, 5]


def test_j_needs_two(window: MainWindow, view: KaryogramView) -> None:
    view.select([2])
    QTest.keyClick(view, Qt.Key.Key_J)
    assert not window.findChildren(CutWindow)


def test_another_cell_closes_the_window(
    window: MainWindow,
    view: KaryogramView,
    dialog: Dialog,
    open_and_wait: Callable[..., None],
    draw_folder: Callable[..., Path],
) -> None:
    view.select([2])
    QTest.keyClick(view, Qt.Key.Key_K)
    cut = dialog(window, "cut_window")
    assert cut.isVisible()
    open_and_wait(window, draw_folder("cell b"))
    assert not [one for one in window.findChildren(CutWindow) if one.isVisible()]


def test_an_arrow_in_the_window(window: MainWindow, view: KaryogramView) -> None:
    entry = window.session.cells()[0]
    view.select([0])
    QTest.keyClick(view, Qt.Key.Key_A)
    QTest.keyClick(view, Qt.Key.Key_Return)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "a k 1")  # letters that are keys elsewhere
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [a.text for a in entry.document.annotations()] == ["a k 1"]
    assert not window.findChildren(CutWindow)
    assert entry.has_changes()
