"""Chromosomes in the place of others: what a cut or a join does to a cell and its karyogram. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.types import CellResult
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement, members, move, normal_degrees


def next_chromosome_id(cell: Cell) -> int:
    """Return an id that no chromosome of the cell has or had: new ones are always the highest."""
    return max((chromosome.id for chromosome in cell.chromosomes), default=-1) + 1


def with_pieces(
    cell: Cell, placements: Iterable[Placement], replaced: Sequence[int], pieces: Sequence[Chromosome]
) -> tuple[Cell, tuple[Placement, ...]]:
    """Put pieces in the place of chromosomes.

    Parameters
    ----------
    replaced
        Ids of the chromosomes that go, one or more.
    pieces
        What comes instead, the most important first: it takes the place of the largest that goes. The others go to
        the end of the tray, for nobody knows yet what they are. All are turned like it, and none is accepted.

    Returns
    -------
    tuple of Cell and of tuple of Placement
        The cell, the pieces in the order of reading where the first replaced one was; all its placements.
    """
    before = {p.chromosome_id: p for p in placements}
    largest = max(replaced, key=lambda chromosome_id: int(cell.chromosome(chromosome_id).mask.sum()))
    place = before[largest]
    stay = [p for p in before.values() if p.chromosome_id not in replaced]
    new = [replace(place, chromosome_id=pieces[0].id, accepted=False)]
    tray = len(members([*stay, *new], None)) + len(replaced)  # behind all; the gaps are closed below
    new += [
        replace(place, chromosome_id=piece.id, accepted=False, label=None, order=tray + index)
        for index, piece in enumerate(pieces[1:])
    ]
    chromosomes = [c for c in cell.chromosomes if c.id not in replaced]
    at = min(index for index, c in enumerate(cell.chromosomes) if c.id in replaced)
    chromosomes[at:at] = pieces
    return replace(cell, chromosomes=tuple(chromosomes)), _closed([*stay, *new])


def with_classified_pieces(
    cell: Cell, placements: Iterable[Placement], result: CellResult, ids: Iterable[int]
) -> tuple[Cell, tuple[Placement, ...]]:
    """Take over what the engine says of some chromosomes of the cell; all others keep place and prediction.

    A chromosome somebody has placed or accepted meanwhile gets the prediction, but stays where she put it.

    Raises
    ------
    ValueError
        The result is of another number of chromosomes.
    """
    wanted = set(ids)
    said = {c.id: p for c, p in zip(cell.chromosomes, result.chromosomes, strict=True) if c.id in wanted}
    after = {p.chromosome_id: p for p in placements}
    for chromosome_id, prediction in said.items():
        if after[chromosome_id].accepted:
            continue
        turned = replace(
            after[chromosome_id],
            rotation_deg=normal_degrees(prediction.upright_rotation_deg),
            mirrored=prediction.mirrored,
            centromere=prediction.centromere,
        )
        after[chromosome_id] = turned
        if turned.label != prediction.label:
            after.update((p.chromosome_id, p) for p in move(after.values(), {chromosome_id}, prediction.label))
            after[chromosome_id] = replace(after[chromosome_id], accepted=False)
    chromosomes = tuple(replace(c, prediction=said[c.id]) if c.id in said else c for c in cell.chromosomes)
    return replace(cell, chromosomes=chromosomes), tuple(after.values())


def _closed(placements: Sequence[Placement]) -> tuple[Placement, ...]:
    """Number each class 0..n-1 again."""
    after: list[Placement] = []
    for label in dict.fromkeys(p.label for p in placements):
        after += [replace(p, order=order) for order, p in enumerate(members(placements, label))]
    return tuple(sorted(after, key=lambda p: p.chromosome_id))
