"""Ground level, direction (dark on bright or bright on dark) and mask of a chromosome picture.

Values are 0 (black) .. 1 (white of the file's depth). What a single tight crop cannot tell, the whole cell can:
levels are voted for by all files, and a file goes its own way only where it cannot share the cell's level.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Histogram = NDArray[np.float64]

SMALLEST_PART = 0.05
"""Parts of a chromosome (satellites) with at least this share of its largest part are kept."""

_BINS = 256
_NEAR = 10  # bins on each side of the cell's level in which a file's own level may lie
_SMOOTH = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
_ODD_SHARE = 0.03  # below this share of its border on the cell's level, a file has a ground of its own
_CLEAR = 0.5  # |evidence| above which a file's own direction overrules the cell's
_LOWEST_CONTRAST = 0.02  # of the full depth: less is an empty picture
_GROW = 0.45  # share of the Otsu level down to which a mask grows around what exceeds it


@dataclass(frozen=True, slots=True)
class Ground:
    """The level a chromosome lies on."""

    level: float  # 0..1
    noise: float  # standard deviation of the ground, 0..1
    bright: bool  # True: the chromosome is brighter than the ground


def find_grounds(images: Sequence[Floats], bright: bool | None = None) -> list[Ground]:
    """Estimate the ground of each picture of one cell.

    Parameters
    ----------
    images
        (H, W) each, 0..1.
    bright
        The direction expected (Q band: True), followed by every file that does not clearly say the opposite;
        None: the vote of the files.
    """
    scores = [_scores(image) for image in images]
    pooled = np.sum([border for border, _ in scores], axis=0) + 0.3 * np.sum([whole for _, whole in scores], axis=0)
    common = int(np.argmax(np.convolve(pooled, _SMOOTH, "same")))
    near = slice(max(common - _NEAR, 0), common + _NEAR + 1)
    levels = []
    for image, (border, whole) in zip(images, scores, strict=True):
        own = border + 0.3 * whole
        if border[near].sum() >= _ODD_SHARE:
            peak = near.start + int(np.argmax(np.convolve(own, _SMOOTH, "same")[near]))
        else:
            peak = int(np.argmax(np.convolve(own, _SMOOTH, "same")))
        levels.append(_refined(image, peak))
    evidence = np.array([_direction(image, *level) for image, level in zip(images, levels, strict=True)])
    vote = bool(np.median(evidence) > 0) if bright is None else bright
    return [
        Ground(level, noise, bool(sign > 0) if abs(sign) > _CLEAR else vote)
        for (level, noise), sign in zip(levels, evidence, strict=True)
    ]


def _scores(image: Floats) -> tuple[Histogram, Histogram]:
    """Histograms (256,) of border and whole picture; the corners, where a tight crop shows its ground, count double."""
    codes = np.minimum(image * (_BINS - 1) + 0.5, _BINS - 1).astype(np.uint8)
    height, width = codes.shape
    y, x = max(height // 10, 1), max(width // 10, 1)
    frame = (codes[0], codes[-1], codes[:, 0], codes[:, -1])
    corners = (codes[:y, :x], codes[:y, -x:], codes[-y:, :x], codes[-y:, -x:])
    border = sum((_histogram(part) for part in (*frame, *corners)), np.zeros(_BINS)) / 8.0
    return border, _histogram(codes)


def _histogram(codes: NDArray[np.uint8]) -> Histogram:
    return np.bincount(codes.ravel(), minlength=_BINS) / codes.size


def _refined(image: Floats, peak: int) -> tuple[float, float]:
    """Median and robust deviation of the values around a histogram peak."""
    centre = peak / (_BINS - 1)
    around = image[np.abs(image - centre) <= 6.0 / (_BINS - 1)]
    if around.size == 0:
        return centre, 0.0
    level = float(np.median(around))
    return level, float(1.4826 * np.median(np.abs(around - level)))


def _direction(image: Floats, level: float, noise: float) -> float:
    """Return -1 (all that differs from the ground is darker) .. 1 (brighter)."""
    tolerance = max(3.0 * noise, _LOWEST_CONTRAST)
    brighter = float(np.maximum(image - (level + tolerance), 0).sum())
    darker = float(np.maximum((level - tolerance) - image, 0).sum())
    return (brighter - darker) / (brighter + darker) if brighter + darker > 0 else 0.0


def chromosome_mask(depth: Floats, noise: float = 0.0) -> Mask | None:
    """Find what stands out of the ground.

    Parameters
    ----------
    depth
        (H, W) distance from the ground towards the chromosome, >= 0, in shares of the full depth.
    noise
        Standard deviation of the ground in the same unit.

    Returns
    -------
    Mask or None
        (H, W), holes filled, specks removed; None for a picture without any object.
    """
    top = float(depth.max())
    if top < max(_LOWEST_CONTRAST, 5.0 * noise):
        return None
    scale = 255.0 / top
    codes = cv2.GaussianBlur((depth * scale).astype(np.uint8), (3, 3), 0.6)
    otsu, seeds = cv2.threshold(codes, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    # Light bands lie far below the Otsu level, which mostly parts light bands from dark ones.
    low = min(max(_GROW * otsu, 4.0 * noise * scale, 2.0), otsu)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((codes > low).astype(np.uint8), connectivity=8)
    seeded = np.bincount(labels.ravel(), weights=seeds.ravel(), minlength=count) > 0
    areas = stats[:, cv2.CC_STAT_AREA] * seeded
    areas[0] = 0
    if areas.max() == 0:
        return None
    kept = areas >= max(SMALLEST_PART * areas.max(), 1)
    return _filled(kept[labels])


def _filled(mask: Mask) -> Mask:
    """Fill small holes; a large one is the inside of a ring or of a bent chromosome."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~mask).astype(np.uint8), connectivity=4)
    if count <= 2:
        return mask
    height, width = mask.shape
    x, y, w, h = (stats[:, i] for i in (cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    inside = (x > 0) & (y > 0) & (x + w < width) & (y + h < height)
    small = stats[:, cv2.CC_STAT_AREA] <= 0.1 * mask.sum()
    holes = inside & small
    holes[0] = False
    filled: Mask = mask | holes[labels]
    return filled
