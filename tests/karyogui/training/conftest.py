"""A window with the training tab in front, and a hand that clicks and types in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.bundle import Bundle
from engine.promotion import promote
from engine.types import CLASS_LABELS
from karyogui.main_window import MainWindow
from karyogui.training.course import Course
from karyogui.training.tab import TrainingTab

if TYPE_CHECKING:
    from engine.training.reviewed import ReviewedCell

Draw = Callable[..., "ReviewedCell"]
LONG = 400_000  # milliseconds, on a machine that does much else


def write_cell(cell: "ReviewedCell", folder: Path) -> list[str]:
    """Write a drawn cell as a scanner would, p arm up; return the lines of its labels."""
    folder.mkdir(parents=True)
    lines = []
    for image, label, angle in zip(cell.images.chromosomes, cell.labels, cell.upright_deg, strict=True):
        pixels = image.pixels[::-1, ::-1] if angle else image.pixels
        assert cv2.imwrite(str(folder / image.source), np.round(255 * (1 - pixels)).astype(np.uint8))
        lines.append(f"{folder.name}/{image.source},{CLASS_LABELS[label]},{folder.name}")
    return lines


@pytest.fixture
def write_labelled(tmp_path: Path, draw_reviewed: Draw) -> Callable[..., Path]:
    """Return a function that writes drawn cells c00, c01, ... with labels.csv."""

    def write(name: str, seeds: Sequence[int]) -> Path:
        folder = tmp_path / name
        lines = ["path,label,cell"]
        for number, seed in enumerate(seeds):
            lines += write_cell(draw_reviewed(seed), folder / f"c{number:02}")
        (folder / "labels.csv").write_text("\n".join(lines) + "\n")
        return folder

    return write


@pytest.fixture
def labelled(write_labelled: Callable[..., Path]) -> Path:
    """A folder of fifteen drawn cells with labels.csv, p arm up."""
    return write_labelled("our cells", range(15))


@pytest.fixture(scope="session")
def read_cells(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list["ReviewedCell"]], list["ReviewedCell"]]:
    """Return a function that writes cells to files and reads them as a user's are read."""

    def read(cells: list["ReviewedCell"]) -> list["ReviewedCell"]:
        from engine.training.own_cells import reviewed_cells
        from engine.training.sources import open_source

        folder = tmp_path_factory.mktemp("cells") / "cells"
        lines = [line for number, cell in enumerate(cells) for line in write_cell(cell, folder / f"d{number}")]
        (folder / "labels.csv").write_text("\n".join(["path,label,cell", *lines]) + "\n")
        return reviewed_cells(open_source(folder, upright=True))

    return read


def taught_by_files(bundle: Bundle, draw: Draw, read: Callable[..., list["ReviewedCell"]]) -> Bundle:
    """The bundle, used to cells as they come from files."""
    from engine.training.quick import QuickConfig, train_quick
    from engine.training.reviewed import Deal

    cells = read([draw(seed) for seed in range(600, 608)])
    return train_quick(Deal(tuple(cells[:6]), tuple(cells[6:]), ()), bundle, QuickConfig(holds=(1e-2, 1e-3, 1e-4)))


@pytest.fixture(scope="session")
def wrong(pupil: Bundle, draw_reviewed: Draw, read_cells: Callable[..., list["ReviewedCell"]]) -> Bundle:
    """A bundle that knows such files, with 4 and 5 exchanged in its head on purpose."""
    from engine.training.candidate import weights_of, with_weights

    taught = taught_by_files(pupil, draw_reviewed, read_cells)
    state = weights_of(taught)
    order = [0, 1, 2, 4, 3, *range(5, 24)]
    changed = {name: state[name][order] for name in ("label_head.weight", "label_head.bias")}
    return with_weights(taught, replace(taught.card, name="confused", parent=None, training={}), changed)


@pytest.fixture(scope="session")
def whole(trained_tiny: Bundle, draw_reviewed: Draw, read_cells: Callable[..., list["ReviewedCell"]]) -> Bundle:
    """A bundle that knows such files and can be trained as a whole."""
    taught = taught_by_files(trained_tiny, draw_reviewed, read_cells)
    return replace(taught, card=replace(taught.card, name="whole", parent=None, training={}))


@dataclass
class Hand:
    """Does in the training tab what a person does, by mouse and keys."""

    qtbot: QtBot
    window: MainWindow

    @property
    def tab(self) -> TrainingTab:
        return self.window.tabs.training

    @property
    def course(self) -> Course:
        return self.tab.course

    def click(self, button: QAbstractButton) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def page(self, page: QWidget) -> None:
        bar = self.tab.pages.tabBar()
        number = (self.tab.data, self.tab.train, self.tab.watch, self.tab.decide).index(page)
        self.qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(number).center())
        assert self.tab.page() is page

    def wait(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=LONG)

    def answer_file_dialog(self, name: str, path: Path) -> None:
        """Type a path into the file dialog of that name."""
        dialog = self.tab.findChild(QFileDialog, name)
        assert dialog is not None
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setText(str(path))
        self.qtbot.keyClick(line, Qt.Key.Key_Return)

    def add_folder(self, folder: Path, cells: int) -> None:
        self.page(self.tab.data)
        self.click(self.tab.data.add_folder)
        self.answer_file_dialog("labelled_folder_dialog", folder)
        self.wait(lambda: len(self.course.material.cells) == cells)

    def check(self) -> None:
        self.page(self.tab.data)
        self.click(self.tab.data.check)
        self.wait(lambda: self.course.survey is not None and self.course.map is not None)

    def train(self) -> None:
        """Start what is chosen, and wait for the comparison."""
        self.page(self.tab.train)
        self.click(self.tab.train.start)
        self.wait(lambda: self.course.trained is not None)

    def choose(self, button: QAbstractButton) -> None:
        """Click on the mark of a radio button."""
        assert button.isEnabled()
        at = button.rect().center()
        at.setX(8)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=at)
        assert button.isChecked()

    def type_into(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        self.qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(widget, text)
        self.qtbot.keyClick(widget, Qt.Key.Key_Tab)


@pytest.fixture
def open_tab(make_real_window: Callable[[], MainWindow], home: Path, qtbot: QtBot) -> Callable[[], Hand]:
    """Return a function that opens a window and goes to its training tab."""

    def opened() -> Hand:
        window = make_real_window()
        window.resize(1400, 1000)
        window.activateWindow()
        bar = window.tabs.tabBar()
        at = bar.tabRect(window.tabs.indexOf(window.tabs.training)).center()
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at)
        assert not window.tabs.shows_karyogram()
        return Hand(qtbot, window)

    return opened


@pytest.fixture
def hand(open_tab: Callable[[], Hand], wrong: Bundle) -> Hand:
    """A hand in a window in which the confused bundle is in use."""
    promote(wrong, "g")
    return open_tab()


@pytest.fixture
def whole_hand(open_tab: Callable[[], Hand], whole: Bundle) -> Hand:
    """A hand in a window in which a bundle is in use that can be trained as a whole."""
    promote(whole, "g")
    return open_tab()
