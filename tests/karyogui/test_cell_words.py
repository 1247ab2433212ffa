"""What is said of an open cell in a list: what was doubted, what a person looked at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from karyogui.cell_words import state_lines
from karyogui.main_window import MainWindow


@pytest.mark.parametrize(("confidence", "at_first"), [(0.97, "no doubts"), (0.5, "6 to review")])
def test_reviewed_is_said_where_a_person_looked(
    qtbot: QtBot,
    window: MainWindow,
    classifier: Any,
    draw_folder: Callable[..., Path],
    open_and_wait: Callable[..., None],
    confidence: float,
    at_first: str,
) -> None:
    classifier.confidence = confidence
    open_and_wait(window, draw_folder())
    (entry,) = window.session.cells()
    assert state_lines(entry)[1] == at_first
    view = window.pages.view()
    assert view is not None
    view.select_all()
    view.accept_selected()
    assert state_lines(entry)[1] == "✓ reviewed"
    entry.undo_stack.undo()
    assert state_lines(entry)[1] == at_first
