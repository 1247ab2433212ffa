"""Small labelled cells for the study: bars whose band tells the label."""

import numpy as np
import pytest

from engine.study.inputs import StudyImages
from engine.types import CLASS_INDEX

LABELS = ("1", "5", "12", "X", "X")


def bar(label: str, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    pixels = np.zeros((32, 14), np.float32)
    pixels[3:29, 4:10] = 0.3 + rng.normal(0, 0.02, (26, 6))
    place = 5 + 5 * ("1", "5", "12", "X", "Y").index(label)
    pixels[place : place + 4, 4:10] = 0.9
    return pixels.clip(0, 1)


@pytest.fixture(scope="session")
def bars() -> StudyImages:
    """Nine cells of five; two of three have a Y in place of the second X."""
    labels, pixels, cells = [], [], []
    for cell in range(9):
        own = (*LABELS[:4], "Y") if cell % 3 else LABELS
        for number, label in enumerate(own):
            labels.append(CLASS_INDEX[label])
            pixels.append(bar(label, 10 * cell + number))
            cells.append(f"cell{cell}")
    masks = tuple(image > 0.1 for image in pixels)
    return StudyImages(tuple(pixels), masks, np.array(labels), np.array(cells), np.array(cells), "q")
