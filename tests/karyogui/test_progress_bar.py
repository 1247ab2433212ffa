"""Progress is shown without painting the window in the middle of something else."""

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from karyogui.progress_bar import ProgressBar


class Canvas(QWidget):
    """Counts how often it is painted."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1


@pytest.mark.parametrize(("kind", "at_once"), [(QProgressBar, True), (ProgressBar, False)])
def test_what_waits_to_be_painted_waits_on(qtbot: QtBot, kind: type[QProgressBar], at_once: bool) -> None:
    window, canvas, bar = QWidget(), Canvas(), kind()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(canvas, 1)
    column.addWidget(bar)
    window.resize(300, 200)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: canvas.painted > 0)
    before = canvas.painted
    canvas.update()
    if isinstance(bar, ProgressBar):
        bar.show_progress(30, 40)
    else:
        bar.setRange(0, 40)
        bar.setValue(30)
    assert (canvas.painted > before) is at_once
    qtbot.waitUntil(lambda: canvas.painted > before)
    assert (bar.maximum(), bar.value()) == (40, 30)


@pytest.mark.parametrize(("done", "total", "shown"), [(3, 8, (8, 3)), (9, 8, (8, 8)), (0, 0, (0, 0)), (2, -1, (0, 0))])
def test_numbers_beyond_the_end(qtbot: QtBot, done: int, total: int, shown: tuple[int, int]) -> None:
    bar = ProgressBar()
    qtbot.addWidget(bar)
    bar.show_progress(done, total)
    assert (bar.maximum(), max(bar.value(), 0)) == shown
    assert bar.updatesEnabled()
