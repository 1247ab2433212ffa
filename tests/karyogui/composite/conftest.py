"""A window on a case of drawn cells in a library; what the classifier sees is drawn, too."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.progress import Reporter
from engine.types import CLASS_INDEX, BundleRef, CellResult, ChromosomeResult
from karyogui.composite.canvas import CompositeCanvas
from karyogui.composite.tab import CompositeTab
from karyogui.document import KaryogramDocument
from karyogui.jobs.tasks import CellEvidence, Tasks
from karyogui.main_window import MainWindow
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import placements_from_result
from karyogui.model.outliers import CopyRef
from karyogui.model.recovery import Work
from karyogui.model.store.library import Library
from karyogui.settings import Folders

LABELS = ("1", "1", "2", "2", "X", "Y")


def draw_cell(name: str, labels: Sequence[str | None], truth: Sequence[str] = ()) -> tuple[Cell, CellResult]:
    """Bars of the length of `truth` (else of their labels) with the result that says `labels`."""
    chromosomes, results = [], []
    for index, label in enumerate(labels):
        true = truth[index] if truth else label or "22"
        mask = np.zeros((104 - 2 * CLASS_INDEX[true], 18), dtype=np.bool_)
        mask[2:-2, 2:-2] = True
        pixels = np.where(mask, 0.5, 0.0).astype(np.float32)
        pixels[10 : 14 + CLASS_INDEX[true], 2:-2] = 1.0
        probabilities = [0.001] * 24
        probabilities[CLASS_INDEX[label or "22"]] = 0.977
        source = f"{index:03}-{true}.png"
        results.append(ChromosomeResult(source, label, 0.98, label or "22", tuple(probabilities), 0.0, False, 0.4))
        chromosomes.append(Chromosome(index, source, pixels, mask))
    cell = Cell(name, "g", tuple(chromosomes))
    return cell, CellResult(name, "g", BundleRef("drawn", "1.0"), "", tuple(results), (), (), 0.1)


@pytest.fixture(scope="session")
def drawn_cell() -> Callable[..., tuple[Cell, CellResult]]:
    """`draw_cell`."""
    return draw_cell


@dataclass
class Seer:
    """Stands in for the classifier's eye: sees what the bar was drawn as; `open` lets it go on."""

    open: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    error: Exception | None = None

    def see(self, cell: Cell, bundle: str) -> Callable[[Reporter], CellEvidence]:
        def work(reporter: Reporter) -> CellEvidence:
            self.asked.append(cell.name)
            assert self.open.wait(30), "nobody opened the gate"
            reporter.check_cancelled()
            if self.error is not None:
                raise self.error
            rng = np.random.default_rng(len(cell.name))
            seen = {}
            for chromosome in cell.chromosomes:
                row = rng.normal(-9.0, 0.5, 24).astype(np.float32)
                row[CLASS_INDEX[chromosome.source[4:-4]]] = -0.01
                seen[chromosome.id] = row
            return CellEvidence(BundleRef("drawn", "1.0"), seen)

        return work


@dataclass
class Bench:
    """The composite as the user has it before her."""

    window: MainWindow
    keys: list[int]  # of the cells, in their order
    seer: Seer

    @property
    def tab(self) -> CompositeTab:
        return self.window.composite.tab

    @property
    def canvas(self) -> CompositeCanvas:
        return self.tab.canvas

    def document(self, cell: int) -> KaryogramDocument:
        member = self.window.composite.members.member(self.keys[cell])
        assert member is not None
        return member.document

    def label(self, cell: int, chromosome: int) -> str | None:
        return self.document(cell).placement(chromosome).label

    def ref(self, cell: int, chromosome: int) -> CopyRef:
        return CopyRef(self.keys[cell], chromosome)

    def at(self, ref: CopyRef) -> QPoint:
        return self.canvas.rect_of(ref).center().toPoint()

    def click(self, ref: CopyRef, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifier, self.at(ref))

    def key(self, key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.canvas, key, modifier)  # type: ignore[arg-type]

    def drag(self, ref: CopyRef, end: QPoint, *, drop: bool = True) -> None:
        """Carry a copy to a point of the viewport, as a hand does."""
        viewport, start = self.canvas.viewport(), self.at(ref)
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        for share in (0.1, 0.5, 0.9, 1.0):
            QTest.mouseMove(viewport, start + (QPointF(end - start) * share).toPoint())
        if drop:
            QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)

    def on_strip(self, label: str | None) -> QPoint:
        """The middle of a label of the strip, in the viewport."""
        button = self.tab.strip.button(label)
        return self.canvas.viewport().mapFromGlobal(button.mapToGlobal(button.rect().center()))

    def select(self, *refs: CopyRef) -> None:
        self.canvas.select(list(refs), refs[-1])


MakeBench = Callable[..., Bench]


@pytest.fixture
def seer() -> Seer:
    """What sees; it answers at once."""
    made = Seer()
    made.open.set()
    return made


@pytest.fixture
def fill_library() -> Callable[..., tuple[int, list[int]]]:
    """Return a function that makes a case of drawn cells in the user's library: its id and those of the cells."""

    def fill(*cells: tuple[Cell, CellResult], code: str = "26-1") -> tuple[int, list[int]]:
        folders = Folders.of_user()
        folders.data.mkdir(parents=True, exist_ok=True)
        library = Library.open(folders.library_file)
        case = library.cases.create(code, "Ann")
        keys = []
        for cell, result in cells:
            record = library.cells.add(case.id, cell, "Ann")
            placements = placements_from_result(cell, result)
            library.cells.save_result(record.id, Work(cell.with_result(result), placements, result.bundle), "Ann")
            keys.append(record.id)
        library.close()
        return case.id, keys

    return fill


@pytest.fixture
def make_bench(
    qtbot: QtBot,
    windows: Callable[[Tasks], MainWindow],
    seer: Seer,
    fill_library: Callable[..., tuple[int, list[int]]],
) -> MakeBench:
    """Return a function that shows a case of cells with these labels in the composite."""

    def make(*labels: Sequence[str | None], wrong: dict[int, Sequence[str]] | None = None) -> Bench:
        cells = [
            draw_cell(f"cell {number + 1}", each, (wrong or {}).get(number, ()))
            for number, each in enumerate(labels or [LABELS] * 4)
        ]
        case, keys = fill_library(*cells)
        window = windows(replace(Tasks(), see=seer.see))
        window.resize(1300, 800)
        bench = Bench(window, keys, seer)
        window.library.user = "Ann"
        qtbot.waitUntil(window.library.is_open, timeout=30000)
        window.library.open_case(case)
        window.actions_["show_composite"].trigger()
        members = window.composite.members
        qtbot.waitUntil(lambda: len(members.members()) == len(keys), timeout=30000)
        qtbot.waitUntil(
            lambda: bench.canvas.composite_layout().copies != {} or bench.tab.choice() != "1", timeout=30000
        )
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=30000)
        bench.canvas.setFocus()
        return bench

    return make


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """Four cells of 1, 1, 2, 2, X, Y (ids 0 to 5), with 1 before her."""
    return make_bench()
