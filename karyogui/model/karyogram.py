"""Placements: where each chromosome lies in the karyogram, and the edits of them as pure functions.

Every edit takes all placements of the cell and returns only the changed ones, ready for one command. Within
a class (and within the tray and the marker area) the orders are always 0..n-1.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from engine.types import CLASS_LABELS, MARKER, CellResult
from karyogui.model.cell import Cell

PLACES: tuple[str | None, ...] = (*CLASS_LABELS, MARKER, None)
"""All places in reading order: the classes, the marker area, the tray (None)."""

_PLACE_INDEX = {label: index for index, label in enumerate(PLACES)}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one chromosome lies in the karyogram, and which way up.

    The original image is mirrored first (left and right swapped, if `mirrored`), then rotated.
    """

    chromosome_id: int
    label: str | None  # one of CLASS_LABELS, or MARKER; None = unplaced, in the tray
    order: int  # 0 = leftmost in its class
    rotation_deg: float = 0.0  # counter-clockwise, in (-180, 180]
    mirrored: bool = False
    centromere: float = 0.5  # 0 (top) .. 1 (bottom) of the vertical extent as it is shown
    accepted: bool = False  # a person decided on this label, or confirmed it

    def __post_init__(self) -> None:
        if self.label not in _PLACE_INDEX:
            raise ValueError(f"unknown class label: {self.label!r}")
        if self.order < 0:
            raise ValueError(f"negative order: {self.order}")
        if not 0.0 <= self.centromere <= 1.0:
            raise ValueError(f"centromere outside 0..1: {self.centromere}")


def members(placements: Iterable[Placement], label: str | None) -> list[Placement]:
    """Return the placements of one class (None: of the tray) from left to right."""
    return sorted((p for p in placements if p.label == label), key=lambda p: p.order)


def reading_order(placements: Iterable[Placement]) -> list[int]:
    """Return the chromosome ids as one reads a karyogram: 1..22, X, Y, markers, tray; left to right."""
    ordered = sorted(placements, key=lambda p: (_PLACE_INDEX[p.label], p.order))
    return [p.chromosome_id for p in ordered]


def move(
    placements: Iterable[Placement], ids: Collection[int], label: str | None, order: int | None = None
) -> tuple[Placement, ...]:
    """Move chromosomes to a class (None: to the tray), close the gaps they leave and make room.

    Parameters
    ----------
    placements
        All placements of the cell.
    ids
        The chromosomes to move; they land side by side, in reading order.
    label
        One of `CLASS_LABELS`, `MARKER`, or None for the tray.
    order
        How many of the *other* chromosomes of the class stay to the left of them; None: all.

    Returns
    -------
    tuple of Placement
        Every placement that changed. Moved ones are `accepted`; a move to the own place changes nothing.
    """
    before = {p.chromosome_id: p for p in placements}
    moved = [chromosome_id for chromosome_id in reading_order(before.values()) if chromosome_id in ids]
    touched = {label, *(before[chromosome_id].label for chromosome_id in moved)}
    after: list[Placement] = []
    for place in touched:
        stay = [p.chromosome_id for p in members(before.values(), place) if p.chromosome_id not in ids]
        if place == label:
            at = len(stay) if order is None else order
            stay[at:at] = moved
        after += [replace(before[i], label=place, order=index) for index, i in enumerate(stay)]
    changed = [p for p in after if p != before[p.chromosome_id]]
    return tuple(replace(p, accepted=True) if p.chromosome_id in ids else p for p in changed)


def assign(placements: Iterable[Placement], ids: Collection[int], label: str | None) -> tuple[Placement, ...]:
    """Give chromosomes a label: they go to the end of the class; those already there stay and are accepted."""
    everything = {p.chromosome_id: p for p in placements}
    there = {i for i in ids if everything[i].label == label}
    moved = move(everything.values(), set(ids) - there, label)
    confirmed = tuple(replace(everything[i], accepted=True) for i in sorted(there) if not everything[i].accepted)
    return (*moved, *confirmed)


def to_tray(placements: Iterable[Placement], ids: Collection[int]) -> tuple[Placement, ...]:
    """Take chromosomes out of their classes; those already in the tray stay where they are."""
    everything = tuple(placements)
    return move(everything, {p.chromosome_id for p in everything if p.label is not None} & set(ids), None)


def accept(placements: Iterable[Placement], ids: Collection[int]) -> tuple[Placement, ...]:
    """Confirm chromosomes where they lie, in the tray too."""
    return tuple(replace(p, accepted=True) for p in placements if p.chromosome_id in ids and not p.accepted)


def swap(placements: Iterable[Placement], first: int, second: int) -> tuple[Placement, ...]:
    """Exchange the places of two chromosomes; each keeps its own rotation. Both are accepted."""
    by_id = {p.chromosome_id: p for p in placements}
    a, b = by_id[first], by_id[second]
    if first == second:
        return ()
    return (
        replace(a, label=b.label, order=b.order, accepted=True),
        replace(b, label=a.label, order=a.order, accepted=True),
    )


def swap_classes(placements: Iterable[Placement], first: str | None, second: str | None) -> tuple[Placement, ...]:
    """Exchange all chromosomes of two classes, each in its order; all of them are accepted."""
    if first == second:
        return ()
    other = {first: second, second: first}
    return tuple(replace(p, label=other[p.label], accepted=True) for p in placements if p.label in other)


def rotate(placements: Iterable[Placement], ids: Collection[int], degrees: float) -> tuple[Placement, ...]:
    """Turn chromosomes counter-clockwise; the centromere keeps its fraction of the extent."""
    chosen = [p for p in placements if p.chromosome_id in ids]
    turned = [replace(p, rotation_deg=normal_degrees(p.rotation_deg + degrees)) for p in chosen]
    return tuple(after for before, after in zip(chosen, turned, strict=True) if after != before)


def flip(placements: Iterable[Placement], ids: Collection[int]) -> tuple[Placement, ...]:
    """Turn chromosomes upside down: half a turn, p arm and q arm change ends."""
    half = rotate(placements, ids, 180.0)
    return tuple(replace(p, centromere=1.0 - p.centromere) for p in half)


def mirror(placements: Iterable[Placement], ids: Collection[int]) -> tuple[Placement, ...]:
    """Swap left and right of chromosomes as they are shown."""
    # Mirroring after a turn is the opposite turn after mirroring.
    return tuple(
        replace(p, rotation_deg=normal_degrees(-p.rotation_deg), mirrored=not p.mirrored)
        for p in placements
        if p.chromosome_id in ids
    )


def upright(cell: Cell, placements: Iterable[Placement], ids: Collection[int]) -> tuple[Placement, ...]:
    """Give chromosomes the engine's orientation back; those without a prediction stay as they are."""
    after: list[Placement] = []
    for placement in placements:
        prediction = cell.chromosome(placement.chromosome_id).prediction
        if placement.chromosome_id not in ids or prediction is None:
            continue
        turned = replace(
            placement,
            rotation_deg=normal_degrees(prediction.upright_rotation_deg),
            mirrored=prediction.mirrored,
            centromere=prediction.centromere,
        )
        if turned != placement:
            after.append(turned)
    return tuple(after)


def unplaced(cell: Cell) -> tuple[Placement, ...]:
    """Return the placements of a cell nobody has classified: all in the tray, as they were read."""
    return tuple(Placement(chromosome.id, None, order) for order, chromosome in enumerate(cell.chromosomes))


def placements_from_result(cell: Cell, result: CellResult) -> tuple[Placement, ...]:
    """Return the karyogram the engine proposes for `cell`, whose chromosomes are in the order of `result`.

    Within a class the surest stands left, so that a doubtful surplus copy is found on the right.
    """
    pairs = list(zip(cell.chromosomes, result.chromosomes, strict=True))
    pairs.sort(key=lambda pair: (-pair[1].confidence, pair[0].id))
    counts: dict[str | None, int] = {}
    placements: list[Placement] = []
    for chromosome, prediction in pairs:
        order = counts.get(prediction.label, 0)
        counts[prediction.label] = order + 1
        placements.append(
            Placement(
                chromosome_id=chromosome.id,
                label=prediction.label,
                order=order,
                rotation_deg=normal_degrees(prediction.upright_rotation_deg),
                mirrored=prediction.mirrored,
                centromere=prediction.centromere,
            )
        )
    return tuple(sorted(placements, key=lambda p: p.chromosome_id))


def check_placements(cell: Cell, placements: Sequence[Placement]) -> None:
    """Raise `ValueError` unless every chromosome has one placement and every class the orders 0..n-1."""
    if sorted(p.chromosome_id for p in placements) != sorted(c.id for c in cell.chromosomes):
        raise ValueError(f"cell {cell.name!r}: the placements are not those of its chromosomes")
    for label in PLACES:
        if [p.order for p in members(placements, label)] != list(range(len(members(placements, label)))):
            raise ValueError(f"cell {cell.name!r}: gaps in the order of {label or 'the tray'}")


def normal_degrees(degrees: float) -> float:
    """Bring an angle into (-180, 180]."""
    turned = degrees % 360.0
    return turned - 360.0 if turned > 180.0 else turned
