"""A karyogram of drawn bars in a real view, and the gestures of a hand on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.types import (
    CLASS_INDEX,
    BundleRef,
    CellImages,
    CellResult,
    ChromosomeImage,
    ChromosomeResult,
    LabelAlternative,
)
from karyogui.document import KaryogramDocument
from karyogui.editor.scene import KaryogramScene
from karyogui.editor.view import KaryogramView
from karyogui.model.cell import Cell, cell_from_images
from karyogui.model.karyogram import members

DrawnCell = tuple[Cell, CellResult]
Draw = Callable[..., DrawnCell]


def bar(height: int, width: int = 12) -> ChromosomeImage:
    """A bar with two dark bands and two pixels of ground around it."""
    mask = np.zeros((height + 4, width + 4), dtype=np.bool_)
    mask[2:-2, 2:-2] = True
    pixels = np.where(mask, 0.5, 0.0).astype(np.float32)
    pixels[height // 4 : height // 3, 2:-2] = 1.0
    pixels[2 * height // 3 : 3 * height // 4, 2:-2] = 0.9
    return ChromosomeImage(pixels, mask, f"{height}.png")


def said(label: str | None, confidence: float = 0.99, turn: float = 0.0) -> ChromosomeResult:
    """What the engine says of a bar."""
    probabilities = [0.0] * 24
    probabilities[CLASS_INDEX[label or "22"]] = confidence
    others = (LabelAlternative("22", 1.0 - confidence),)
    return ChromosomeResult(
        "x.png", label, confidence, label or "22", tuple(probabilities), turn, False, 0.4, alternatives=others
    )


@pytest.fixture(scope="session")
def draw() -> Draw:
    """Return a function that draws a cell of labels (None: fits nowhere) with the engine's result for it."""

    def drawn(
        labels: Sequence[str | None], confidences: Sequence[float] | None = None, turns: Sequence[float] | None = None
    ) -> DrawnCell:
        images = tuple(bar(100 - 3 * CLASS_INDEX[label or "22"]) for label in labels)
        cell = cell_from_images(CellImages("cell", "g", images))
        sure, turned = confidences or [0.99] * len(labels), turns or [0.0] * len(labels)
        results = tuple(said(*each) for each in zip(labels, sure, turned, strict=True))
        return cell, CellResult("cell", "g", BundleRef("test", "1"), "46,XX", results, (), (), 0.1)

    return drawn


@pytest.fixture(scope="session")
def normal_cell(draw: Draw) -> DrawnCell:
    """46,XX."""
    return draw([str(n) for n in range(1, 23) for _ in range(2)] + ["X", "X"])


@dataclass
class Editor:
    """The editor as the user has it before her."""

    document: KaryogramDocument
    stack: QUndoStack
    scene: KaryogramScene
    view: KaryogramView

    def at(self, chromosome_id: int) -> QPoint:
        """The middle of a chromosome, in the viewport."""
        rect = self.scene.karyogram_layout().chromosomes[chromosome_id].rect
        return self.view.mapFromScene(QPointF(rect.centre_x, rect.centre_y))

    def place(self, label: str | None, across: float = 0.5) -> QPoint:
        """A point of a class, of the markers or of the tray."""
        rect = self.scene.karyogram_layout().slot(label).rect
        return self.view.mapFromScene(QPointF(rect.x + across * rect.width, rect.centre_y))

    def label(self, chromosome_id: int) -> str | None:
        return self.document.placement(chromosome_id).label

    def ids(self, label: str | None) -> list[int]:
        """The chromosomes of a class from left to right."""
        return [p.chromosome_id for p in members(self.document.placements(), label)]

    def press(self, point: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mousePress(self.view.viewport(), Qt.MouseButton.LeftButton, modifier, point)

    def move(self, start: QPoint, end: QPoint) -> None:
        """Move in steps, as a hand does."""
        for step in (0.02, 0.3, 0.7, 1.0):
            way = QPointF(end - start) * step
            QTest.mouseMove(self.view.viewport(), start + way.toPoint())

    def release(self, point: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseRelease(self.view.viewport(), Qt.MouseButton.LeftButton, modifier, point)

    def click(self, chromosome_id: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, modifier, self.at(chromosome_id))

    def drag(self, chromosome_id: int, end: QPoint) -> None:
        start = self.at(chromosome_id)
        self.press(start)
        self.move(start, end)
        self.release(end)

    def key(self, key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifier)  # type: ignore[arg-type]

    def type(self, text: str) -> None:
        for letter in text:
            self.key(letter)


@pytest.fixture
def editor(qtbot: QtBot, normal_cell: DrawnCell) -> Editor:
    """46,XX; the id of the left copy of class n is 2n - 2, of the right one 2n - 1; X: 44, 45."""
    document, stack = KaryogramDocument(), QUndoStack()
    scene = KaryogramScene(document, stack)
    view = KaryogramView(scene)
    qtbot.addWidget(view)
    view.resize(900, 800)
    with qtbot.waitExposed(view):
        view.show()
    view.setFocus()
    document.set_cell(normal_cell[0])
    document.set_result(normal_cell[1])
    return Editor(document, stack, scene, view)
