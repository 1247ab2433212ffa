"""Drawn cells: bars of known size, so that every number of the model can be checked by hand."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from engine.types import (
    CLASS_INDEX,
    BundleRef,
    CellImages,
    CellResult,
    ChromosomeImage,
    ChromosomeResult,
    LabelAlternative,
)
from karyogui.model.cell import Cell, cell_from_images

DrawnCell = tuple[Cell, CellResult]


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
def draw() -> Callable[..., DrawnCell]:
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
def normal_cell(draw: Callable[..., DrawnCell]) -> DrawnCell:
    """46,XX."""
    return draw([str(n) for n in range(1, 23) for _ in range(2)] + ["X", "X"])
