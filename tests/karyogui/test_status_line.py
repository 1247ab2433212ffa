"""The numbers of the status bar, and what it says of the work under way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from karyogui.document import KaryogramDocument
from karyogui.main_window import MainWindow
from karyogui.status_line import summary

DrawFolder = Callable[..., Path]


def test_without_a_cell_it_says_nothing(qtbot: QtBot, window: MainWindow) -> None:
    assert summary(KaryogramDocument()) == ""
    assert window.status.facts.text() == ""
    assert not window.status.is_working()


def test_the_numbers_follow_every_edit(
    qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, classifier: Any, open_and_wait: Callable[..., None]
) -> None:
    classifier.confidence = 0.5
    open_and_wait(window, draw_folder())
    view = window.pages.view()
    assert view is not None
    parts = window.status.facts.text().split("  ·  ")
    assert (parts[0], parts[1], parts[-2:]) == (
        "6 of 6 placed",
        "6 to review",
        ["bundle drawn 1.0", "original pixels"],
    )
    window.actions_["next_uncertain"].trigger()
    view.assign_selected(None)
    parts = window.status.facts.text().split("  ·  ")
    assert parts[:2] == ["5 of 6 placed", "5 to review"]
    view.select_all()
    view.assign_selected("X")
    assert "to review" not in window.status.facts.text()
    assert window.status.facts.text().split("  ·  ")[1] == "✓ reviewed"
    window.actions_["undo"].trigger()
    assert window.status.facts.text().split("  ·  ")[1] == "5 to review"
    assert window.status.zoom.text().endswith(" %")


def test_waiting_work_is_counted(qtbot: QtBot, window: MainWindow, draw_folder: DrawFolder, classifier: Any) -> None:
    classifier.open.clear()
    window.session.open_paths([draw_folder("one"), draw_folder("two"), draw_folder("three")])
    qtbot.waitUntil(lambda: window.status.work_text.text() == "Classifying one · 2 more waiting")
    qtbot.waitUntil(lambda: (window.status.bar.value(), window.status.bar.maximum()) == (1, 6))
    classifier.open.set()
    qtbot.waitUntil(lambda: not window.status.is_working())


def test_without_classifying_on_opening_the_cell_stays_in_the_tray(
    qtbot: QtBot, make_window: Callable[[], MainWindow], draw_folder: DrawFolder, open_and_wait: Callable[..., None]
) -> None:
    window = make_window()
    window.actions_["auto_classify"].trigger()
    open_and_wait(window, draw_folder())
    assert "not classified" in window.status.facts.text()
    window.close()
    assert not make_window().session.classify_on_open


def test_what_the_program_does_not_doubt_is_not_called_reviewed(
    window: MainWindow, draw_folder: DrawFolder, open_and_wait: Callable[..., None]
) -> None:
    open_and_wait(window, draw_folder())
    assert window.status.facts.text().split("  ·  ")[1] == "no doubts"
    view = window.pages.view()
    assert view is not None
    view.select_all()
    window.actions_["accept"].trigger()
    assert window.status.facts.text().split("  ·  ")[1] == "✓ reviewed"
