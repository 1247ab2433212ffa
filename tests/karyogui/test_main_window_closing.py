"""Closing the window or a cell, and exporting: nothing is ever lost silently."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from karyogui.dialogs.changes_dialog import ChangesDialog
from karyogui.main_window import MainWindow

DrawFolder = Callable[..., Path]
MakeWindow = Callable[[], MainWindow]
OpenAndWait = Callable[..., None]
Act = Callable[[MainWindow], None]
Find = Callable[[MainWindow, str], Any]


def test_closing_without_changes_asks_nothing(
    window: MainWindow, draw_folder: DrawFolder, open_and_wait: OpenAndWait, home: Path
) -> None:
    open_and_wait(window, draw_folder())
    assert window.close()
    assert window.is_closed()
    assert not list((home / "data").rglob("work.json"))


@pytest.mark.parametrize("button", ["cancel_button", "discard_button", "keep_button"])
def test_closing_with_changes_asks(
    qtbot: QtBot,
    make_window: MakeWindow,
    draw_folder: DrawFolder,
    open_and_wait: OpenAndWait,
    button: str,
    home: Path,
    correct: Act,
    dialog: Find,
) -> None:
    window = make_window()
    open_and_wait(window, draw_folder())
    correct(window)
    corrected = window.session.cells()[0].document.placements()
    assert not window.close()
    box: ChangesDialog = dialog(window, "changes_dialog")
    assert "“cell a”" in box.text()
    qtbot.mouseClick(getattr(box, button), Qt.MouseButton.LeftButton)
    saved = list((home / "data").rglob("work.json"))
    if button == "cancel_button":
        assert not window.is_closed()
        return
    assert window.is_closed()
    assert len(saved) == (1 if button == "keep_button" else 0)

    again = make_window()
    again.notices.offer_leftovers()
    strip = again.messages.shown("leftovers")
    if button == "discard_button":
        assert strip is None
        return
    assert strip is not None
    assert strip.label.text() == "Kept from last time: cell a."
    qtbot.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
    entry = again.session.current()
    assert entry is not None
    assert entry.document.placements() == corrected
    assert entry.has_changes()


def test_closing_a_cell_with_changes_can_keep_it(
    qtbot: QtBot,
    make_window: MakeWindow,
    draw_folder: DrawFolder,
    open_and_wait: OpenAndWait,
    correct: Act,
    dialog: Find,
) -> None:
    window = make_window()
    open_and_wait(window, draw_folder())
    correct(window)
    window.actions_["close_cell"].trigger()
    qtbot.mouseClick(dialog(window, "changes_dialog").keep_button, Qt.MouseButton.LeftButton)
    assert window.session.cells() == ()
    assert window.close()
    again = make_window()
    again.notices.offer_leftovers()
    assert again.messages.shown("leftovers") is not None


def test_export_makes_the_work_safe(
    qtbot: QtBot,
    window: MainWindow,
    draw_folder: DrawFolder,
    open_and_wait: OpenAndWait,
    tmp_path: Path,
    correct: Act,
    dialog: Find,
) -> None:
    open_and_wait(window, draw_folder())
    correct(window)
    window.actions_["export_png"].trigger()
    asked = dialog(window, "export_dialog")
    asked.file.setText(str(tmp_path / "out.png"))
    qtbot.mouseClick(asked.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.messages.shown("exported") is not None)
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    assert not window.session.cells()[0].has_changes()
    assert window.close()


def test_export_that_fails_is_one_sentence(
    qtbot: QtBot,
    window: MainWindow,
    draw_folder: DrawFolder,
    open_and_wait: OpenAndWait,
    tmp_path: Path,
    correct: Act,
    dialog: Find,
) -> None:
    open_and_wait(window, draw_folder())
    correct(window)
    window.actions_["export_pdf"].trigger()
    asked = dialog(window, "export_dialog")
    asked.file.setText(str(tmp_path / "gone" / "out.pdf"))
    qtbot.mouseClick(asked.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.messages.shown("failures") is not None)
    assert window.session.cells()[0].has_changes()
