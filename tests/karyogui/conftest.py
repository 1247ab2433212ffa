"""All window tests run without a display and far from the user's own folders."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

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
from karyogui.model.cell import Cell, Chromosome

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test its own folders for settings, recovery and logs."""
    folder = tmp_path / "karyogui-home"
    monkeypatch.setenv("KARYOGUI_HOME", str(folder))
    return folder


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
