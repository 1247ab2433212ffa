"""The review: which chromosomes ask for a look, how urgently, and in which order one goes through them."""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum

from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement

REVIEW_BELOW = 0.9
"""A placement with less confidence than this asks for a look."""

_UNSURE_BELOW = 0.6  # more likely than not still, but hardly


class Light(Enum):
    """How sure the engine was of a placement nobody has decided on yet: a traffic light."""

    SURE = "sure"
    DOUBTFUL = "doubtful"  # asks for a look
    UNSURE = "unsure"  # asks for a look first; also what the engine could place nowhere, or has not seen


ASKING = (Light.DOUBTFUL, Light.UNSURE)
"""The lights that ask for a look."""


def light(chromosome: Chromosome, placement: Placement) -> Light | None:
    """Return the light of a chromosome of a classified cell; None where a person decided."""
    prediction = chromosome.prediction
    return light_of(prediction.confidence if prediction else None, placement.label, accepted=placement.accepted)


def light_of(confidence: float | None, label: str | None, *, accepted: bool) -> Light | None:
    """Return the same from the three values it hangs on.

    Parameters
    ----------
    confidence
        None: a piece that was cut, and that the engine has not seen.
    """
    if accepted:
        return None
    if confidence is None or label is None or confidence < _UNSURE_BELOW:
        return Light.UNSURE
    return Light.DOUBTFUL if confidence < REVIEW_BELOW else Light.SURE


def certainty(label: str | None, confidence: float | None) -> float:
    """Return what the review is ordered by, from what the engine said of a chromosome.

    What it could place nowhere (no label) comes first, what it was never asked about (no confidence) last.
    """
    if confidence is None:
        return 2.0
    return confidence if label is not None else -1.0


def by_certainty(cell: Cell) -> list[int]:
    """Return all chromosome ids, least certain first: the same order however far the review has come."""

    def key(chromosome: Chromosome) -> tuple[float, int]:
        said = chromosome.prediction
        return (certainty(said.label, said.confidence) if said else certainty(None, None)), chromosome.id

    return [chromosome.id for chromosome in sorted(cell.chromosomes, key=key)]


def ids_to_review(cell: Cell, placements: Mapping[int, Placement]) -> list[int]:
    """Return the chromosomes of a classified cell that ask for a look, least certain first; placements by id."""
    return [i for i in by_certainty(cell) if light(cell.chromosome(i), placements[i]) in ASKING]


def next_to_review(order: Sequence[int], left: Collection[int], current: int | None, step: int = 1) -> int | None:
    """Return where the review goes from `current`.

    Parameters
    ----------
    order
        All chromosomes of the cell, `by_certainty`; so one that was just accepted still has its place in it.
    left
        Those that still ask for a look.
    current
        Where the review stands; None, or one that is not in `order`: before the first.
    step
        +1 to the more certain, -1 back; past the end it goes round.

    Returns
    -------
    int or None
        A chromosome of `left`, `current` itself only if it is the last one; None if nothing is left.
    """
    ahead = [i for i in order if i in left]
    if not ahead:
        return None
    way = ahead if step > 0 else ahead[::-1]
    if current not in order:
        return way[0]
    here = order.index(current)
    return next((i for i in way if (order.index(i) - here) * step > 0), way[0])
