"""Cutting and joining what the segmentation got wrong: pure functions on chromosomes, in the pixels they were read in.

Points are (x, y) in image pixels, (0, 0) at the upper left corner of the image: the pixel in row r and column c covers
c..c+1 and r..r+1. Nothing is resampled. Where a piece was taken away the ground is 0, so that no piece shows its
neighbour. Pieces get new ids, and a `source` that says where they come from: `003.png/1`, joined again `003.png/1+2`.
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from math import hypot

import numpy as np
from numpy.typing import NDArray

from karyogui.model.cell import Chromosome
from karyogui.model.raster import Points, components, crossed_edges, grown, inside, near

SMALLEST_PIECE = 12
"""Pixels. What is smaller is no piece but a crumb of the cut."""

_MARGIN = 4  # pixels of ground kept around a piece


class Problem(Enum):
    """Why a cut does not work."""

    NOT_THROUGH = "not through"  # the line ends within the chromosome, or passes by it
    NOTHING_TAKEN = "nothing taken"  # lasso or eraser met nothing
    NOTHING_LEFT = "nothing left"  # they took everything


class CutError(ValueError):
    """This cut cannot be made; the chromosome stays as it is."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def split(chromosome: Chromosome, line: Points, first_id: int) -> tuple[Chromosome, ...]:
    """Cut a chromosome along a drawn line.

    Parameters
    ----------
    line
        (N, 2) with N >= 2. An end within the chromosome is prolonged to its edge.
    first_id
        The pieces are numbered from here on.

    Returns
    -------
    tuple of Chromosome
        Two pieces or more, the largest first. Every pixel of the mask is in exactly one of them.

    Raises
    ------
    CutError
        The line does not cut the chromosome in two.
    """
    mask = chromosome.mask
    right_cut, down_cut = crossed_edges(mask.shape, _prolonged(mask, line))
    labels = components(mask, ~right_cut, ~down_cut)
    beside = [labels[:, :-1][right_cut], labels[:, 1:][right_cut], labels[:-1][down_cut], labels[1:][down_cut]]
    touched = set(np.concatenate(beside).tolist()) - {0}
    sizes = {label: int((labels == label).sum()) for label in touched}
    kept = sorted((label for label in touched if sizes[label] >= SMALLEST_PIECE), key=lambda label: -sizes[label])
    if len(kept) < 2:
        raise CutError(Problem.NOT_THROUGH)
    _give_to_nearest(labels, kept)
    return tuple(
        _piece(chromosome, labels == label, f"{chromosome.source}/{number}", first_id + number - 1)
        for number, label in enumerate(kept, start=1)
    )


def cut_out(chromosome: Chromosome, outline: Points, first_id: int) -> tuple[Chromosome, Chromosome]:
    """Take out the part of a chromosome within a closed outline, (N, 2) with N >= 3; return the rest and the part.

    Raises
    ------
    CutError
        There is nothing within the outline, or nothing outside.
    """
    part = chromosome.mask & inside(chromosome.mask.shape, outline)
    rest = chromosome.mask & ~part
    if part.sum() < SMALLEST_PIECE:
        raise CutError(Problem.NOTHING_TAKEN)
    if rest.sum() < SMALLEST_PIECE:
        raise CutError(Problem.NOTHING_LEFT)
    return (
        _piece(chromosome, rest, f"{chromosome.source}/1", first_id),
        _piece(chromosome, part, f"{chromosome.source}/2", first_id + 1),
    )


def erase(chromosome: Chromosome, strokes: Iterable[tuple[Points, float]], new_id: int) -> Chromosome:
    """Take away what lies near strokes: each (N, 2) with N >= 1, and a radius in pixels.

    Raises
    ------
    CutError
        The strokes met nothing, or nothing is left.
    """
    gone = np.zeros_like(chromosome.mask)
    for stroke, radius in strokes:
        gone |= near(chromosome.mask.shape, stroke, radius)
    rest = chromosome.mask & ~gone
    if rest.sum() == chromosome.mask.sum():
        raise CutError(Problem.NOTHING_TAKEN)
    if rest.sum() < SMALLEST_PIECE:
        raise CutError(Problem.NOTHING_LEFT)
    return _piece(chromosome, rest, f"{chromosome.source}/1", new_id)


def join(first: Chromosome, second: Chromosome, offset: tuple[int, int], new_id: int) -> Chromosome:
    """Make one chromosome of two.

    Parameters
    ----------
    offset
        Columns and rows from the upper left corner of the first image to that of the second; `joining_offset`
        proposes one. Where the two overlap, the darker stain (the larger value) is kept.
    """
    (height, width), (other_height, other_width) = first.mask.shape, second.mask.shape
    dx, dy = offset
    left, top = min(0, dx), min(0, dy)
    right, bottom = max(width, dx + other_width), max(height, dy + other_height)
    pixels = np.zeros((bottom - top, right - left), dtype=np.float32)
    mask = np.zeros(pixels.shape, dtype=np.bool_)
    for chromosome, x, y in ((first, 0, 0), (second, dx, dy)):
        rows, columns = chromosome.mask.shape
        place = np.s_[y - top : y - top + rows, x - left : x - left + columns]
        # Off its own mask an image may hold the same object again, or a neighbour.
        ink = np.where(grown(chromosome.mask), chromosome.pixels, 0.0)
        pixels[place] = np.maximum(pixels[place], ink)
        mask[place] |= chromosome.mask
    origin = None
    source = f"{first.source}+{second.source}"
    if _root(first) == _root(second):
        origin = _moved(first.origin, left, top)
        source = f"{first.source}+{second.source.removeprefix(_root(second) + '/')}"
    return Chromosome(id=new_id, source=source, pixels=pixels, mask=mask, origin=origin)


def joining_offset(first: Chromosome, second: Chromosome) -> tuple[int, int]:
    """Propose how two parts of one chromosome lie beside each other: (columns, rows), as `join` takes it.

    Pieces of one image come back to where they were cut. Others are pushed together from all four sides, each time to
    where they touch along the longest seam; the side that gives the most elongated chromosome is taken.
    """
    if _root(first) == _root(second) and first.origin is not None and second.origin is not None:
        return second.origin[0] - first.origin[0], second.origin[1] - first.origin[1]
    candidates = []
    for turned, sign in ((False, 1), (False, -1), (True, 1), (True, -1)):
        one, other = (first.mask.T, second.mask.T) if turned else (first.mask, second.mask)
        across, along = _docked(one[::sign], other[::sign])
        if sign < 0:
            along = one.shape[0] - other.shape[0] - along
        candidates.append((along, across) if turned else (across, along))
    return max(candidates, key=lambda offset: _elongation(first.mask, second.mask, offset))


def offset_of(whole: Chromosome, piece: Chromosome) -> tuple[int, int] | None:
    """Columns and rows from the upper left corner of `whole` to that of a piece of the same image; None if unknown."""
    if _root(whole) != _root(piece) or piece.origin is None:
        return None
    x, y = whole.origin or (0, 0)
    return piece.origin[0] - x, piece.origin[1] - y


def as_points(points: Iterable[Sequence[float]]) -> Points:
    """Return points as an array (N, 2)."""
    return np.array([tuple(point) for point in points], dtype=np.float64).reshape(-1, 2)


def _piece(parent: Chromosome, mask: NDArray[np.bool_], source: str, new_id: int) -> Chromosome:
    """The part of `parent` under `mask`, cut to size with a margin of ground."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, left = max(int(rows[0]) - _MARGIN, 0), max(int(columns[0]) - _MARGIN, 0)
    window = np.s_[top : int(rows[-1]) + 1 + _MARGIN, left : int(columns[-1]) + 1 + _MARGIN]
    pixels = np.where(parent.mask & ~mask, np.float32(0.0), parent.pixels)[window]
    return Chromosome(
        id=new_id,
        source=source,
        pixels=np.ascontiguousarray(pixels),
        mask=np.ascontiguousarray(mask[window]),
        origin=_moved(parent.origin, left, top),
    )


def _moved(origin: tuple[int, int] | None, x: int, y: int) -> tuple[int, int]:
    return (origin[0] + x, origin[1] + y) if origin else (x, y)


def _root(chromosome: Chromosome) -> str:
    """The file a piece comes from in the end."""
    return chromosome.source.partition("/")[0]


def _prolonged(mask: NDArray[np.bool_], line: Points) -> Points:
    """The line, its ends drawn out straight to where they leave the mask."""
    return np.vstack([_way_out(mask, line[::-1])[::-1], line, _way_out(mask, line)])


def _way_out(mask: NDArray[np.bool_], line: Points) -> Points:
    """(0 or 1, 2): the point where the last direction of the line leaves the mask."""
    end = line[-1]
    before = next((point for point in line[-2::-1] if hypot(*(end - point)) >= 1.0), None)
    if before is None or not _on(mask, end):
        return np.empty((0, 2))
    step = (end - before) / hypot(*(end - before)) / 2
    while _on(mask, end):
        end = end + step
    return np.array([end + step])


def _on(mask: NDArray[np.bool_], point: NDArray[np.float64]) -> bool:
    column, row = int(np.floor(point[0])), int(np.floor(point[1]))
    return 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1] and bool(mask[row, column])


def _give_to_nearest(labels: NDArray[np.int64], kept: Sequence[int]) -> None:
    """Give what is in none of the `kept` components (crumbs, satellites) to the nearest one, in place."""
    places = {label: np.argwhere(labels == label) for label in kept}
    for crumb in set(np.unique(labels).tolist()) - {0, *kept}:
        here = np.argwhere(labels == crumb)
        gaps = {label: ((here[:, None] - there[None]) ** 2).sum(axis=2).min() for label, there in places.items()}
        labels[labels == crumb] = min(gaps, key=lambda label: gaps[label])


def _docked(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[int, int]:
    """(columns, rows) that put `second` below `first`, touching it along as many columns as can be."""
    lowest = np.where(first.any(axis=0), first.shape[0] - first[::-1].argmax(axis=0), -first.shape[0])
    highest = np.where(second.any(axis=0), second.argmax(axis=0), 10**6)
    middles = [float(np.flatnonzero(mask.any(axis=0)).mean()) for mask in (first, second)]
    best = (-1.0, 0.0, 0, 0)
    for dx in range(1 - second.shape[1], first.shape[1]):
        here = np.s_[max(dx, 0) : min(dx + second.shape[1], first.shape[1])]
        there = np.s_[max(-dx, 0) : max(-dx, 0) + (here.stop - here.start)]
        both = (lowest[here] >= 0) & (highest[there] < 10**6)
        if both.any():
            reach = np.where(both, lowest[here] - highest[there], -(10**6))  # rows down until they touch
            dy = int(reach.max())
            seam = float((reach >= dy - 1).sum())
            best = max(best, (seam, -abs(middles[1] + dx - middles[0]), dx, dy))
    return best[2], best[3]


def _elongation(first: NDArray[np.bool_], second: NDArray[np.bool_], offset: tuple[int, int]) -> float:
    """How much longer than wide the two are together."""
    points = np.vstack([np.argwhere(first), np.argwhere(second) + np.array(offset[::-1])])
    small, large = np.linalg.eigvalsh(np.cov(points.T))
    return float(large / max(small, 1e-6))
