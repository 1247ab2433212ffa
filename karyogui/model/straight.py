"""The straightened display: chromosomes resampled along their axes, and how placements translate to it.

Only what is shown changes. Every edit still speaks of the chromosome as it was read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.layout import rotation_matrix


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """One chromosome sampled along its centre line, at the scale of its image."""

    source: NDArray[np.float32]  # the pixels it was made from; for others it does not hold
    pixels: NDArray[np.float32]  # (H, W), as `Chromosome.pixels`; row 0 is one end
    mask: NDArray[np.bool_]  # (H, W)
    points: NDArray[np.float64]  # (M, 2) the line in the source from the upper row down; x, y, origin at its centre


Straights = Mapping[int, Straight]
"""By chromosome id; those that are missing are shown as they are."""


def straight_of(chromosome: Chromosome, straights: Straights) -> Straight | None:
    """Return the straightened look of a chromosome, if there is one of these very pixels."""
    straight = straights.get(chromosome.id)
    return straight if straight is not None and straight.source is chromosome.pixels else None


def shown_cell(cell: Cell, straights: Straights) -> Cell:
    """Return the cell with straightened chromosomes in the place of those that have a straightened look."""
    shown = []
    for chromosome in cell.chromosomes:
        straight = straight_of(chromosome, straights)
        shown.append(replace(chromosome, pixels=straight.pixels, mask=straight.mask) if straight else chromosome)
    return replace(cell, chromosomes=tuple(shown))


def shown_placements(cell: Cell, placements: Iterable[Placement], straights: Straights) -> tuple[Placement, ...]:
    """Return the placements of `shown_cell`: upright with the same end on top, centromere at the same band.

    Parameters
    ----------
    cell
        As it was read.
    placements
        All placements of the document.
    """
    pairs = [(p, straight_of(cell.chromosome(p.chromosome_id), straights)) for p in placements]
    return tuple(_shown(cell.chromosome(p.chromosome_id), p, straight) if straight else p for p, straight in pairs)


def centromere_behind(chromosome: Chromosome, placement: Placement, straights: Straights, fraction: float) -> float:
    """Return the centromere of a placement whose straightened look has it at `fraction`, 0 (top) .. 1 (bottom)."""
    straight = straight_of(chromosome, straights)
    if straight is None:
        return fraction
    line = _as_placed(straight, placement)
    if line[0, 1] > line[-1, 1]:
        line = line[::-1]
    y = float(np.interp(fraction * (len(line) - 1), np.arange(len(line)), line[:, 1]))
    top, bottom = _extent(chromosome, placement)
    return min(max((y - top) / (bottom - top), 0.0), 1.0)


def _shown(chromosome: Chromosome, placement: Placement, straight: Straight) -> Placement:
    line = _as_placed(straight, placement)
    place = _place_on_line(line, _level(chromosome, placement))
    if line[0, 1] > line[-1, 1]:
        return replace(placement, rotation_deg=180.0, centromere=1.0 - place)
    return replace(placement, rotation_deg=0.0, centromere=place)


def _as_placed(straight: Straight, placement: Placement) -> NDArray[np.float64]:
    """(M, 2) the line as the placement turns it."""
    return straight.points @ rotation_matrix(placement.rotation_deg, placement.mirrored).T


def _extent(chromosome: Chromosome, placement: Placement) -> tuple[float, float]:
    y = (chromosome.outline @ rotation_matrix(placement.rotation_deg, placement.mirrored).T)[:, 1]
    return float(y.min()), float(y.max())


def _level(chromosome: Chromosome, placement: Placement) -> float:
    """Height of the centromere as placed."""
    top, bottom = _extent(chromosome, placement)
    return top + placement.centromere * (bottom - top)


def _place_on_line(line: NDArray[np.float64], y: float) -> float:
    """Share of the line, 0..1 from its first point, at which it comes nearest to a height."""
    return float(np.abs(line[:, 1] - y).argmin()) / max(len(line) - 1, 1)
