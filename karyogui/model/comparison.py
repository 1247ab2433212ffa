"""Two homologs against each other: which two, and where they differ."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from karyogui.model.karyogram import Placement, members


def pair_of(placements: Sequence[Placement], selected: Sequence[int], current: int | None) -> tuple[int, ...]:
    """Return the chromosomes to compare, left to right: at most two.

    Two selected ones are compared whatever their labels; otherwise the chosen one with the homolog on its right, or
    on its left if it is the last. A chromosome in the tray, and one without a homolog, stand alone.
    """
    if len(selected) == 2:
        return tuple(selected)
    placement = next((p for p in placements if p.chromosome_id == current), None)
    if placement is None:
        return ()
    if placement.label is None:
        return (placement.chromosome_id,)
    ids = [p.chromosome_id for p in members(placements, placement.label)]
    first = min(ids.index(placement.chromosome_id), max(len(ids) - 2, 0))
    return tuple(ids[first : first + 2])


def difference(
    left: NDArray[np.float32], right: NDArray[np.float32], centromeres: tuple[float, float]
) -> NDArray[np.float32]:
    """Return where the left one is darker (positive) and where the right one is: (H, W) of the left, -1..1.

    The right one is stretched arm by arm to the arms of the left, and to its width, so that the same bands meet.

    Parameters
    ----------
    left, right
        (H, W) and (H', W') upright, ground 0, cut to the extent of the chromosomes.
    centromeres
        Of both, 0 (top) .. 1 (bottom).
    """
    height, width = left.shape
    row = (np.arange(height) + 0.5) / height
    mine, other = (min(max(c, 1e-3), 1 - 1e-3) for c in centromeres)
    place = np.interp(row, [0.0, mine, 1.0], [0.0, other, 1.0])
    column = (np.arange(width) + 0.5) / width
    met = _sampled(right, place * right.shape[0] - 0.5, column * right.shape[1] - 0.5)
    return np.clip(left - met, -1.0, 1.0).astype(np.float32)


def _sampled(image: NDArray[np.float32], y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bilinear values on the grid of rows y and columns x, pixel centres at whole numbers."""
    by_row = _between(image.astype(np.float64), y)
    sampled: NDArray[np.float64] = _between(by_row.T, x).T
    return sampled


def _between(image: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(at, 0.0, image.shape[0] - 1.0)
    below = np.minimum(inside.astype(np.intp) + 1, image.shape[0] - 1)
    above = inside.astype(np.intp)
    share = (inside - above)[:, None]
    between: NDArray[np.float64] = (1 - share) * image[above] + share * image[below]
    return between
