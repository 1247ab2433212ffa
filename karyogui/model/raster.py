"""Lines and areas on the pixels of a mask, with NumPy alone.

Points are (x, y), arrays of them (N, 2); the pixel in row r and column c covers c..c+1 and r..r+1, and counts by its
centre.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(N, 2): x, y."""


def crossed_edges(shape: tuple[int, ...], line: Points) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which neighbours the line parts: (H, W - 1) with the pixel to the right, (H - 1, W) with the one below."""
    height, width = shape
    right, down = np.zeros((height, width - 1), dtype=np.bool_), np.zeros((height - 1, width), dtype=np.bool_)
    for start, end in pairwise(line):
        low, high = np.minimum(start, end) - 1.5, np.maximum(start, end) + 1.5
        x0, y0 = (int(v) for v in np.clip(np.floor(low), 0, (width, height)))
        x1, y1 = (int(v) for v in np.clip(np.ceil(high), 0, (width, height)))
        if x1 <= x0 or y1 <= y0:
            continue
        x, y = np.meshgrid(np.arange(x0, x1) + 0.5, np.arange(y0, y1) + 0.5)
        way = end - start
        side = way[0] * (y - start[1]) - way[1] * (x - start[0])  # > 0 on one side, <= 0 on the other
        along = (way[0] * (x - start[0]) + way[1] * (y - start[1])) / max(float(way @ way), 1e-12)
        for cut, first, second in (
            (right[y0:y1, x0 : x1 - 1], np.s_[:, :-1], np.s_[:, 1:]),
            (down[y0 : y1 - 1, x0:x1], np.s_[:-1], np.s_[1:]),
        ):
            a, b = side[first], side[second]
            parted = (a > 0) != (b > 0)
            share = np.where(parted, a / np.where(parted, a - b, 1.0), 0.0)
            at = along[first] + share * (along[second] - along[first])
            np.logical_or(cut, parted & (at >= -1e-9) & (at <= 1 + 1e-9), out=cut)
    return right, down


def components(
    mask: NDArray[np.bool_], right_open: NDArray[np.bool_], down_open: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """(H, W): 0 off the mask; pixels that open edges join (up, down, left, right) share a number."""
    right, down = mask[:, :-1] & mask[:, 1:] & right_open, mask[:-1] & mask[1:] & down_open
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        new = labels.copy()
        for edge, first, second in ((right, np.s_[:, :-1], np.s_[:, 1:]), (down, np.s_[:-1], np.s_[1:])):
            low = np.where(edge, np.minimum(new[first], new[second]), mask.size + 1)
            new[first] = np.minimum(new[first], low)
            new[second] = np.minimum(new[second], low)
        # Follow each number to the pixel it names, and take over that one's: far faster than pixel by pixel.
        new = np.concatenate([[0], new.ravel()])[new]
        if np.array_equal(new, labels):
            return labels
        labels = new


def inside(shape: tuple[int, ...], outline: Points) -> NDArray[np.bool_]:
    """Which pixel centres lie within a closed outline (even-odd rule)."""
    x, y = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    inside = np.zeros(shape, dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y0 != y1:
            inside ^= ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return inside


def near(shape: tuple[int, ...], stroke: Points, radius: float) -> NDArray[np.bool_]:
    """Which pixel centres lie within `radius` of a stroke."""
    x, y = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    near = np.zeros(shape, dtype=np.bool_)
    ends = stroke[1:] if len(stroke) > 1 else stroke
    for (x0, y0), (x1, y1) in zip(stroke, ends, strict=False):
        way = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-12)
        t = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / way, 0.0, 1.0)
        near |= (x - x0 - t * (x1 - x0)) ** 2 + (y - y0 - t * (y1 - y0)) ** 2 <= radius**2
    return near


def grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask and two pixels around it: the soft edge of the picture belongs to the chromosome."""
    for _ in range(2):
        padded = np.pad(mask, 1)
        mask = mask | padded[2:, 1:-1] | padded[:-2, 1:-1] | padded[1:-1, 2:] | padded[1:-1, :-2]
    return mask
