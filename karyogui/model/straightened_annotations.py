"""Annotations on chromosomes that are shown straightened: the same band, in the pixels of the straightened look."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell
from karyogui.model.straight import Straight, Straights, straight_of


def shown_annotations(cell: Cell, annotations: Iterable[Annotation], straights: Straights) -> tuple[Annotation, ...]:
    """Return the annotations as they belong to `shown_cell`."""
    pairs = [(a, straight_of(cell.chromosome(a.chromosome_id), straights)) for a in annotations]
    return tuple(_shown(annotation, straight) if straight else annotation for annotation, straight in pairs)


def to_straight(straight: Straight, x: float, y: float) -> tuple[float, float]:
    """Take a point of the image as it was read to the straightened look; both from the centre of the image."""
    gaps = np.hypot(*(straight.points - (x, y)).T)
    nearest = int(gaps.argmin())
    across = _across(straight, nearest)
    return float((np.array([x, y]) - straight.points[nearest]) @ across), nearest - (len(straight.points) - 1) / 2


def from_straight(straight: Straight, x: float, y: float) -> tuple[float, float]:
    """Take a point of the straightened look back to the image as it was read."""
    last = len(straight.points) - 1
    nearest = min(max(round(y + last / 2), 0), last)
    back = straight.points[nearest] + x * _across(straight, nearest)
    return float(back[0]), float(back[1])


def _shown(annotation: Annotation, straight: Straight) -> Annotation:
    x, y = to_straight(straight, annotation.x, annotation.y)
    return replace(annotation, x=x, y=y)


def _across(straight: Straight, index: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Unit vector across the line, to the right of one who looks at it from above downwards in the image."""
    before, after = max(index - 2, 0), min(index + 2, len(straight.points) - 1)
    way = straight.points[after] - straight.points[before]
    way = way / max(float(np.hypot(*way)), 1e-9)
    return np.array([way[1], -way[0]])
