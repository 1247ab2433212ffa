"""What the tab says: counts, progress, and why there is nothing where there is nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from karyogui.main_window import MainWindow
from karyogui.model.composite import ALL

if TYPE_CHECKING:
    from tests.karyogui.composite.conftest import Bench


def empty_text(window: MainWindow) -> str:
    label = window.composite.tab.findChild(QLabel, "composite_empty")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def test_without_cells_it_says_what_it_is_for(make_window: Callable[[], MainWindow]) -> None:
    window = make_window()
    window.actions_["show_composite"].trigger()
    assert empty_text(window).startswith("Open a case, or several cells")
    assert not window.actions_["select_all"].isEnabled()


def test_counts_of_the_label_before_her_and_of_all(bench: "Bench") -> None:
    assert bench.tab.facts.text() == "8 copies in 4 cells"
    bench.tab.show_choice(ALL)
    assert bench.tab.facts.text() == "24 copies in 4 cells"
    assert bench.tab.strip.button("X").toolTip() == "Chromosome X: 4 copies"


def test_labels_that_no_cell_has_are_named(bench: "Bench") -> None:
    for choice, text in (
        ("21", "No cell has a copy of 21."),
        ("mar", "No cell has a marker."),
        (None, "Every chromosome is placed."),
    ):
        bench.tab.show_choice(choice)
        assert empty_text(bench.window) == text
    bench.tab.show_choice("2")
    assert empty_text(bench.window) == ""


def test_a_click_on_the_strip_shows_the_label(qtbot: QtBot, bench: "Bench") -> None:
    qtbot.mouseClick(bench.tab.strip.button("2"), Qt.MouseButton.LeftButton)
    assert {line.label for line in bench.canvas.composite_layout().lines} == {"2"}
    assert bench.canvas.hasFocus()
    qtbot.mouseClick(bench.tab.strip.button(ALL), Qt.MouseButton.LeftButton)
    assert [line.label for line in bench.canvas.composite_layout().lines] == ["1", "2", "X", "Y"]


def test_the_ends_of_the_strip_are_ends(bench: "Bench") -> None:
    bench.tab.step(-1)
    assert bench.tab.choice() == "1"
    bench.tab.show_choice(ALL)
    bench.tab.step(1)
    assert bench.tab.choice() == ALL


def test_review_without_marks_says_so(qtbot: QtBot, bench: "Bench") -> None:
    qtbot.waitUntil(lambda: bench.window.composite.likeness.progress() == (4, 4), timeout=30000)
    bench.key(Qt.Key.Key_Space)
    assert bench.canvas.selected_copies() == []


def test_view_settings_of_the_karyogram_hold_here_too(bench: "Bench") -> None:
    bench.window.actions_["inverted"].trigger()
    assert bench.canvas.options().inverted
    bench.window.actions_["ideograms"].trigger()
    assert bench.tab.band_level() == 550
