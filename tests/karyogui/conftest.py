"""Windows that really read drawn images; the classifier is a stand-in that can be held. Folders of the test's own."""

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from engine.progress import Reporter
from engine.types import (
    CLASS_INDEX,
    CLASS_LABELS,
    BundleRef,
    CellResult,
    ChromosomeResult,
    KaryotypeAlternative,
    LabelAlternative,
)
from karyogui.document import KaryogramDocument
from karyogui.jobs.tasks import BundleChoice, Tasks
from karyogui.main_window import MainWindow
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.store.library import Library
from karyogui.settings import Folders
from karyogui.smoothness import Smoothness


@pytest.fixture(scope="session", autouse=True)
def collected_here(qapp: QApplication) -> Iterator[None]:
    """Collect garbage in this thread only, as the program does.

    Else a job's thread destroys what is left of the windows of earlier tests while this one draws, and that can crash.
    """
    keeper = Smoothness(qapp)
    yield
    keeper.stop()


@pytest.fixture(autouse=True)
def deleted_in_the_end(qapp: QApplication) -> Iterator[None]:
    """Delete at the end of each test what it asked Qt to delete later: no half of a window is left to the collector."""
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a library with nothing in it once; copying it is quicker than building its tables."""
    path = tmp_path_factory.mktemp("empty") / "library.sqlite"
    Library.open(path).close()
    return path


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, empty_library: Path) -> Path:
    """Give each test its own folders for settings, the library, recovery, logs and bundles."""
    folder = tmp_path_factory.mktemp("home")  # not in the folder of the test, which some look through
    (folder / "data").mkdir(parents=True)
    shutil.copy(empty_library, folder / "data" / "library.sqlite")
    monkeypatch.setenv("KARYOGUI_HOME", str(folder))
    monkeypatch.setenv("KARYO_BUNDLES", str(folder / "bundles"))
    return folder


DrawFolder = Callable[..., Path]


@pytest.fixture
def draw_folder(tmp_path: Path) -> DrawFolder:
    """Return a function that draws the chromosomes of a cell, bars of falling length, into a new folder."""

    def draw(name: str = "cell a", count: int = 6) -> Path:
        folder = tmp_path / "images" / name
        folder.mkdir(parents=True)
        for number in range(count):
            pixels = np.full((90 - 6 * number, 30), 255, np.uint8)
            pixels[4:-4, 9:21] = 120
            pixels[10:-10:9, 9:21] = 50
            pixels[20:23, 7:23] = 90
            Image.fromarray(pixels).save(folder / f"{number:03}.png")
        return folder

    return draw


@dataclass
class Classifier:
    """Stands in for the pipeline: a pair each of 1, 2, 3, ...; `open` lets it go on, `error` makes it fail."""

    open: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None
    confidence: float = 0.97
    asked: list[tuple[str, str]] = field(default_factory=list)  # cell, bundle

    def classify(self, cell: Cell, bundle: str) -> Callable[[Reporter], CellResult]:
        def work(reporter: Reporter) -> CellResult:
            self.asked.append((cell.name, bundle))
            reporter.report(1, len(cell.chromosomes))
            self.started.set()
            assert self.open.wait(30), "nobody opened the gate"  # a step that asks for no cancel
            reporter.check_cancelled()
            if self.error is not None:
                raise self.error
            return self.result(cell)

        return work

    def result(self, cell: Cell) -> CellResult:
        labels = [CLASS_LABELS[number // 2] for number in range(len(cell.chromosomes))]
        share = (1 - self.confidence) / 23
        chromosomes = tuple(
            ChromosomeResult(
                chromosome.source,
                label,
                self.confidence,
                label,
                tuple(self.confidence if label == other else share for other in CLASS_LABELS),
                180.0,
                False,
                0.4,
            )
            for chromosome, label in zip(cell.chromosomes, labels, strict=True)
        )
        return CellResult(cell.name, cell.stain, BundleRef("drawn", "1.0"), "", chromosomes, (), (), 0.1)

    def tasks(self) -> Tasks:
        choices = [BundleChoice("drawn", "drawn 1.0", True), BundleChoice("mine", "mine 2.1", False)]
        return Tasks(
            classify=self.classify,
            list_bundles=lambda: lambda reporter: choices,
            find_superresolution=lambda stain, preferred: lambda reporter: None,
        )


@pytest.fixture
def classifier() -> Iterator[Classifier]:
    """Return a classifier that answers at once; clear `open` to hold it."""
    made = Classifier()
    made.open.set()
    yield made
    made.open.set()  # no thread is left waiting


MakeWindow = Callable[[], MainWindow]


Windows = Callable[[Tasks], MainWindow]


@pytest.fixture
def windows(qtbot: QtBot, classifier: Classifier) -> Iterator[Windows]:
    """Return a function that shows a window with these tasks; all are closed in the end, changes discarded."""
    made: list[MainWindow] = []

    def make(tasks: Tasks) -> MainWindow:
        window = MainWindow(Folders.of_user(), tasks=tasks)
        made.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    classifier.open.set()
    for window in made:
        if not window.is_closed():
            for entry in window.session.cells():
                entry.undo_stack.setClean()
            window.close()
        window.deleteLater()


@pytest.fixture
def make_window(windows: Windows, classifier: Classifier) -> Callable[[], MainWindow]:
    """Return a function that shows a window with the stand-in for a classifier."""
    return lambda: windows(classifier.tasks())


@pytest.fixture
def make_real_window(windows: Windows) -> Callable[[], MainWindow]:
    """Return a function that shows a window with the real engine behind it."""
    return lambda: windows(Tasks())


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    """Show an empty window."""
    return make_window()


@pytest.fixture
def open_and_wait(qtbot: QtBot) -> Callable[..., None]:
    """Return a function that opens paths in a window and waits until nothing runs any more."""

    def opened(window: MainWindow, *paths: Path) -> None:
        before = len(window.session.cells())
        window.session.open_paths(list(paths))
        qtbot.waitUntil(lambda: len(window.session.cells()) > before and not window.session.is_busy())

    return opened


@pytest.fixture
def open_cell() -> Callable[..., KaryogramDocument]:
    """Return a function that opens a drawn cell: black bars of known size, upside down where the turn is 180."""

    def opened(
        labels: Sequence[str | None] = ("1", "1", "2", "21", "21", "X", "Y"),
        confidences: Sequence[float] = (),
        turns: Sequence[float] = (),
        readings: Sequence[KaryotypeAlternative] = (),
        name: str = "cell 1",
    ) -> KaryogramDocument:
        chromosomes, results = [], []
        for index, label in enumerate(labels):
            mask = np.zeros((104 - 2 * CLASS_INDEX[label or "22"], 16), dtype=np.bool_)
            mask[2:-2, 2:-2] = True
            confidence = confidences[index] if confidences else 0.99
            probabilities = [0.0] * len(CLASS_LABELS)
            probabilities[CLASS_INDEX[label or "22"]] = confidence
            result = ChromosomeResult(
                source=f"{index:03}.png",
                label=label,
                confidence=confidence,
                image_label=label or "22",
                probabilities=tuple(probabilities),
                upright_rotation_deg=turns[index] if turns else 0.0,
                mirrored=False,
                centromere=0.4,
                alternatives=(LabelAlternative("22", 0.02), LabelAlternative("9", 0.005)),
            )
            chromosomes.append(Chromosome(index, result.source, mask.astype(np.float32), mask))
            results.append(result)
        document = KaryogramDocument()
        document.set_cell(Cell(name, "g", tuple(chromosomes)))
        bundle = BundleRef("drawn", "1.2")
        document.set_result(CellResult(name, "g", bundle, "", tuple(results), tuple(readings), (), 0.1))
        return document

    return opened


@pytest.fixture
def correct(qtbot: QtBot) -> Callable[[MainWindow], None]:
    """Return a function that selects all chromosomes of the shown cell and flips them, by keyboard."""

    def flip_all(window: MainWindow) -> None:
        view = window.pages.view()
        assert view is not None
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(view, Qt.Key.Key_F)

    return flip_all


@pytest.fixture
def dialog() -> Callable[[MainWindow, str], QDialog]:
    """Return a function that finds the one visible dialog with a name."""

    def find(window: MainWindow, name: str) -> QDialog:
        (found,) = [child for child in window.findChildren(QDialog, name) if child.isVisible()]
        return found

    return find
