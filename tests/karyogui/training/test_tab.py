"""The whole way through the tab by mouse and keys: a model that confuses two labels is right afterwards, and in use."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.bundle import Bundle, default_bundle, load_bundle
from engine.pipeline import classify_cell
from engine.promotion import promote
from engine.types import CLASS_INDEX, CLASS_LABELS
from karyogui.main_window import MainWindow

if TYPE_CHECKING:
    from engine.training.reviewed import ReviewedCell

Draw = Callable[..., "ReviewedCell"]
SEEDS = tuple(range(15))
LONG = 120_000  # milliseconds, on a busy machine


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
def labelled(tmp_path: Path, draw_reviewed: Draw) -> Path:
    """A folder of fifteen drawn cells with labels.csv, p arm up."""
    folder = tmp_path / "our cells"
    lines = ["path,label,cell"]
    for seed in SEEDS:
        lines += write_cell(draw_reviewed(seed), folder / f"c{seed:02}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    return folder


def read_cells(folder: Path, cells: list["ReviewedCell"]) -> list["ReviewedCell"]:
    """Write cells to files and read them as a user's are read."""
    from engine.training.own_cells import reviewed_cells
    from engine.training.sources import open_source

    lines = [line for number, cell in enumerate(cells) for line in write_cell(cell, folder / f"d{number}")]
    (folder / "labels.csv").write_text("\n".join(["path,label,cell", *lines]) + "\n")
    return reviewed_cells(open_source(folder, upright=True))


@pytest.fixture
def unseen(tmp_path: Path, draw_reviewed: Draw) -> "ReviewedCell":
    """A cell that is in no folder of the user's."""
    return read_cells(tmp_path / "another", [draw_reviewed(4242)])[0]


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory, pupil: Bundle, draw_reviewed: Draw) -> Bundle:
    """A bundle that knows such files, with 4 and 5 exchanged in its head on purpose."""
    from engine.training.candidate import weights_of, with_weights
    from engine.training.quick import QuickConfig, train_quick
    from engine.training.reviewed import Deal

    cells = read_cells(tmp_path_factory.mktemp("taught") / "cells", [draw_reviewed(s) for s in range(600, 608)])
    taught = train_quick(Deal(tuple(cells[:6]), tuple(cells[6:]), ()), pupil, QuickConfig(holds=(1e-2, 1e-3, 1e-4)))
    state = weights_of(taught)
    order = [0, 1, 2, 4, 3, *range(5, 24)]
    changed = {name: state[name][order] for name in ("label_head.weight", "label_head.bias")}
    return with_weights(taught, replace(taught.card, name="confused", parent=None, training={}), changed)


@pytest.fixture
def tab_window(make_real_window: Callable[[], MainWindow], wrong: Bundle, home: Path, qtbot: QtBot) -> MainWindow:
    """A window in which the confused bundle is in use; the training tab is in front."""
    promote(wrong, "g")
    window = make_real_window()
    window.activateWindow()
    bar = window.tabs.tabBar()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert not window.tabs.shows_karyogram()
    return window


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def page(qtbot: QtBot, window: MainWindow, number: int) -> None:
    bar = window.tabs.training.pages.tabBar()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(number).center())
    assert window.tabs.training.pages.currentIndex() == number


def add_folder(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    tab = window.tabs.training
    click(qtbot, tab.data.add_folder)
    dialog = tab.data.findChild(QFileDialog, "labelled_folder_dialog")
    assert dialog is not None
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    name.setText(str(folder))
    qtbot.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(tab.course.cells) == len(SEEDS), timeout=LONG)


def check(qtbot: QtBot, window: MainWindow) -> None:
    tab = window.tabs.training
    click(qtbot, tab.data.check)
    qtbot.waitUntil(lambda: tab.course.survey is not None and tab.course.map is not None, timeout=LONG)


def hits(bundle: Bundle, cell: "ReviewedCell", labels: tuple[str, ...]) -> float:
    said = np.array([CLASS_INDEX[row.label or "1"] for row in classify_cell(cell.images, bundle).chromosomes])
    wanted = np.isin(cell.truth, [CLASS_INDEX[label] for label in labels])
    return float((said == cell.truth)[wanted].mean())


def test_confused_labels_are_right_after_quick_and_back_again(
    qtbot: QtBot, tab_window: MainWindow, labelled: Path, unseen: "ReviewedCell"
) -> None:
    tab, course = tab_window.tabs.training, tab_window.tabs.training.course
    assert not tab.train.start.isEnabled()
    add_folder(qtbot, tab_window, labelled)
    assert "labels from table" in tab.data.preview.text()
    assert tab.data.bars.bars()["1"] == 2 * len(SEEDS)
    check(qtbot, tab_window)

    # Data: both labels are doubted in every cell; one key keeps a label.
    doubts = course.suspects()
    assert {(s.given, s.said) for s in doubts} >= {("4", "5"), ("5", "4")}
    assert sum(s.given in {"4", "5"} for s in doubts) > len(doubts) / 2
    assert tab.data.suspects.picture.pixmap().width() > 0
    tab.data.suspects.setFocus()
    qtbot.keyClick(tab.data.suspects, Qt.Key.Key_K)
    assert len(course.suspects()) == len(doubts) - 1
    roles = course.survey.roles if course.survey else ()
    assert roles.count("learn") >= 5
    assert roles.count("judge") >= 4
    shown = {tab.data.table.item(row, 3).text() for row in range(len(SEEDS))}
    assert shown == {"learn from", "tune on", "judge by"}

    # Train: by click; the window stays free, and shows what is reached.
    page(qtbot, tab_window, 1)
    assert "about" in tab.train.quick_words.text()
    assert not tab.train.thorough.isEnabled()  # its network is none of the program's
    click(qtbot, tab.train.start)
    assert tab.pages.currentWidget() is tab.watch
    qtbot.waitUntil(lambda: course.trained is not None, timeout=LONG)
    curve = tab.watch.accuracy.points()
    assert len(curve) >= 3
    assert curve[-1][2] > curve[0][2] + 5
    assert tab.watch.map.count() == 46 * len(SEEDS)

    # Decide: better, with pictures; used from now on.
    assert tab.pages.currentWidget() is tab.decide
    assert tab.decide.verdict.text().startswith("▲  Better")
    assert len(tab.decide.better.pictures()) >= 8
    tab.decide.note.setText("fifteen cells of ours")
    click(qtbot, tab.decide.promote)
    qtbot.waitUntil(lambda: default_bundle("g") == "g-own-1" and course.trained is None, timeout=LONG)
    assert hits(load_bundle("confused"), unseen, ("4", "5")) == 0.0
    assert hits(load_bundle("g-own-1"), unseen, ("4", "5")) == 1.0
    assert tab_window.session.bundle == ""  # the default, which is the new one

    # And back again, by the list of models.
    shelf = tab.decide.shelf
    qtbot.waitUntil(lambda: any(row.name == "g-own-1" and row.used_for for row in course.shelf), timeout=LONG)
    note = next(row.note for row in course.shelf if row.name == "g-own-1")
    assert note == "fifteen cells of ours"
    shelf.choose("g-own-1")
    assert not shelf.delete.isEnabled()
    assert "learned from" in shelf.facts.text()
    shelf.choose("confused")
    click(qtbot, shelf.use)
    qtbot.waitUntil(lambda: default_bundle("g") == "confused", timeout=LONG)


def test_a_wrong_label_is_corrected_by_one_key(qtbot: QtBot, tab_window: MainWindow, labelled: Path) -> None:
    table = labelled / "labels.csv"
    table.write_text(table.read_text().replace("c03/000.png,1,", "c03/000.png,16,"))
    tab, course = tab_window.tabs.training, tab_window.tabs.training.course
    add_folder(qtbot, tab_window, labelled)
    check(qtbot, tab_window)
    tab.data.suspects.setFocus()
    while course.suspects():
        suspect = course.suspects()[0]
        key = Qt.Key.Key_C if suspect.given == "16" else Qt.Key.Key_K
        qtbot.keyClick(tab.data.suspects, key)
    changed = next(cell for cell in course.used if cell.name == "c03")
    at = [image.source for image in changed.images].index("000.png")
    assert changed.labels[at] == "1"
    assert sum(cell.labels.count("1") for cell in course.used) == 2 * len(SEEDS)
    assert "16," in table.read_text().partition("c03/000.png,")[2]  # the file stays as it was
    assert course.survey is not None


def test_stop_leaves_the_model_in_use_and_another_start_works(
    qtbot: QtBot, tab_window: MainWindow, labelled: Path
) -> None:
    tab, course = tab_window.tabs.training, tab_window.tabs.training.course
    add_folder(qtbot, tab_window, labelled)
    check(qtbot, tab_window)
    page(qtbot, tab_window, 1)
    click(qtbot, tab.train.start)
    page(qtbot, tab_window, 1)
    click(qtbot, tab.train.stop)
    assert course.running is None
    assert course.trained is None
    assert default_bundle("g") == "confused"
    click(qtbot, tab.train.start)
    qtbot.waitUntil(lambda: course.trained is not None, timeout=LONG)
    page(qtbot, tab_window, 3)
    click(qtbot, tab.decide.discard)
    assert course.trained is None
    assert tab.decide.decision.isHidden()


def test_too_few_cells_are_said_in_a_sentence(qtbot: QtBot, tab_window: MainWindow, labelled: Path) -> None:
    tab, course = tab_window.tabs.training, tab_window.tabs.training.course
    add_folder(qtbot, tab_window, labelled)
    for row in range(2, len(SEEDS)):  # leave only two
        tab.data.table.item(row, 0).setCheckState(Qt.CheckState.Unchecked)
    assert len(course.used) == 2
    check(qtbot, tab_window)
    assert "at least three reviewed cells" in tab.data.facts.text()
    assert not tab.train.start.isEnabled()
    assert "at least three" in tab.train.state.text()


def test_a_folder_without_labels_is_said_in_a_sentence(qtbot: QtBot, tab_window: MainWindow, tmp_path: Path) -> None:
    tab = tab_window.tabs.training
    (tmp_path / "empty").mkdir()
    tab.course.add_folder(tmp_path / "empty", upright=True)
    qtbot.waitUntil(lambda: "holds no labelled images" in tab.line.text(), timeout=LONG)


def test_keys_of_the_karyogram_rest_while_training_is_in_front(qtbot: QtBot, tab_window: MainWindow) -> None:
    for name in ("flip", "export", "zoom_in", "to_tray"):
        assert not tab_window.actions_[name].isEnabled()
    tab_window.actions_["show_training"].trigger()
    assert tab_window.tabs.shows_karyogram()


def test_field_of_the_confusion_shows_its_chromosomes(qtbot: QtBot, tab_window: MainWindow, labelled: Path) -> None:
    tab, course = tab_window.tabs.training, tab_window.tabs.training.course
    add_folder(qtbot, tab_window, labelled)
    check(qtbot, tab_window)
    page(qtbot, tab_window, 1)
    click(qtbot, tab.train.start)
    qtbot.waitUntil(lambda: course.trained is not None, timeout=LONG)
    page(qtbot, tab_window, 2)
    counts: Any = tab.watch.confusion.counts()
    assert counts[0, 0] >= 2
    at = tab.watch.confusion.field("1", "1").toPoint()
    qtbot.mouseClick(widget(tab.watch.confusion), Qt.MouseButton.LeftButton, pos=QPoint(at))
    assert len(tab.watch.strip.pictures()) == counts[0, 0]
    assert "label 1" in tab.watch.strip_words.text()


def widget(view: QWidget) -> QWidget:
    return view
