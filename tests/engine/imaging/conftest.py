"""Drawn chromosomes with a known outline, in shares of the stain: 0 ground .. 1 darkest band (or brightest, Q)."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Drawn = tuple[Floats, Mask]
Draw = Callable[..., Drawn]
Follows = Callable[[Mask, Mask], bool]


def draw(length: int = 80, width: int = 16, angle: float = 0.0, margin: int = 2, bands: bool = True) -> Drawn:
    """One banded chromosome; the lightest band takes a quarter of the darkest one's stain."""
    outline = np.zeros((length + 2 * margin, width + 2 * margin), np.uint8)
    cv2.rectangle(outline, (margin + 2, margin + 3), (margin + width - 3, margin + length - 4), 1, 5)
    cv2.rectangle(outline, (margin + 3, margin + 4), (margin + width - 4, margin + length - 5), 1, -1)
    cv2.rectangle(outline, (0, margin + length // 3), (margin + 1, margin + length // 3 + 3), 0, -1)
    if angle:
        height, wide = outline.shape
        side = int(np.hypot(height, wide)) + 2
        turn = cv2.getRotationMatrix2D((wide / 2, height / 2), angle, 1.0)
        turn[:, 2] += (side - wide) / 2, (side - height) / 2
        outline = cv2.warpAffine(outline, turn, (side, side), flags=cv2.INTER_NEAREST)
    rows = np.arange(outline.shape[0], dtype=np.float32)[:, None]
    stain = 0.62 + 0.38 * np.sin(rows / 4.0) if bands else np.full_like(rows, 0.8)
    picture = cv2.GaussianBlur((outline * stain).astype(np.float32), (5, 5), 0.7)  # no microscope draws a hard edge
    return np.minimum(picture, 1.0), outline > 0


@pytest.fixture(scope="session")
def drawn() -> Draw:
    return draw


@pytest.fixture(scope="session")
def drawn_cell() -> list[Drawn]:
    """Twelve chromosomes of falling length in tight crops, as scanners export them."""
    return [draw(length, 16, margin=4) for length in range(110, 38, -6)]


def lay_out(pieces: list[Drawn], columns: int, pitch: tuple[int, int]) -> Floats:
    """Lay drawings out on one sheet, `pitch` (height, width) pixels apart, with a wide margin."""
    rows = -(-len(pieces) // columns)
    sheet = np.zeros((rows * pitch[0] + 20, columns * pitch[1] + 20), np.float32)
    for index, (stain, _) in enumerate(pieces):
        top, left = 10 + index // columns * pitch[0], 10 + index % columns * pitch[1]
        sheet[top : top + stain.shape[0], left : left + stain.shape[1]] = stain
    return sheet


@pytest.fixture(scope="session")
def laid_out() -> Callable[..., Floats]:
    return lay_out


def outline_follows(found: Mask, truth: Mask) -> bool:
    """Say whether a mask covers the truth and goes beyond it by a pixel at most, but for a few per cent."""
    wider = cv2.dilate(truth.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    covered = (found & truth).sum() / truth.sum()
    beyond = (found & ~wider).sum() / found.sum()
    return bool(covered > 0.94 and beyond < 0.04)


@pytest.fixture(scope="session")
def follows() -> Follows:
    return outline_follows
