"""Cells as files on disk, for the commands."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine import bundle
from engine.types import CellImages

Cell = Callable[..., CellImages]
WriteCell = Callable[..., Path]


@pytest.fixture
def write_cell(draw_cell: Cell) -> WriteCell:
    """Return a function that draws a cell into a folder as a scanner would: dark on white, one file each."""

    def write(folder: Path, labels: list[str], turns: list[float] | None = None) -> Path:
        folder.mkdir(parents=True)
        for chromosome in draw_cell(labels, turns).chromosomes:
            grey = np.round(255 * (1 - chromosome.pixels)).astype(np.uint8)
            assert cv2.imwrite(str(folder / chromosome.source), grey)
        return folder

    return write


@pytest.fixture
def installed(ruler_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the bundle `ruler` is installed as the user's own; no other is there."""
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    monkeypatch.setattr(bundle, "files", lambda package: shipped)
    monkeypatch.setenv("KARYO_BUNDLES", str(ruler_folder.parent))
    return ruler_folder.parent
