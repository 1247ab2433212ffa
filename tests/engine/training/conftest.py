"""Labelled folders of drawn cells, small enough to train on in seconds."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.types import CellImages

WriteLabelled = Callable[..., Path]


@pytest.fixture
def write_labelled(draw_cell: Callable[..., CellImages]) -> WriteLabelled:
    """Return a function that draws cells c0, c1, ... of twelve labels into a folder, named as in the BioImLab set."""

    def write(folder: Path, cells: int = 8, bright: bool = False) -> Path:
        labels = [str(number) for number in range(1, 22, 2)] + ["X"]
        for number in range(cells):
            place = folder / f"c{number}"
            place.mkdir(parents=True)
            for label, chromosome in zip(labels, draw_cell(labels).chromosomes, strict=True):
                noise = np.random.default_rng([number, len(label)]).normal(0, 4, chromosome.pixels.shape)
                grey = np.round((255 * chromosome.pixels + noise * chromosome.mask).clip(0, 255)).astype(np.uint8)
                assert cv2.imwrite(str(place / f"{label}_1.png"), grey if bright else 255 - grey)
        return folder

    return write
