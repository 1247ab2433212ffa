"""What lies under a point of the karyogram, and where something dropped there would land."""

from collections.abc import Collection
from typing import NamedTuple

from karyogui.model.layout import KaryogramLayout, Slot


class Landing(NamedTuple):
    """Where a drop would land."""

    label: str | None
    order: int  # how many chromosomes that are not being moved stay to the left


def label_at(layout: KaryogramLayout, x: float, y: float) -> Slot | None:
    """Return the class whose label under the baseline is at (x, y), the baseline included."""
    for slot in layout.slots:
        if slot.text is not None and slot.baseline is not None:
            across = _outside(x, slot.baseline[0], slot.baseline[1])
            if across == 0.0 and slot.baseline[2] - 2.0 <= y <= slot.rect.bottom + 2.0:
                return slot
    return None


def chromosome_at(layout: KaryogramLayout, x: float, y: float, lifted: Collection[int] = ()) -> int | None:
    """Return the chromosome at (x, y) that is not among the `lifted`: the one whose middle is nearest."""
    there = [
        placed
        for placed in layout.chromosomes.values()
        if placed.chromosome_id not in lifted
        and _outside(x, placed.rect.x, placed.rect.right) == 0.0
        and _outside(y, placed.rect.y, placed.rect.bottom) == 0.0
    ]
    nearest = min(there, key=lambda placed: abs(placed.rect.centre_x - x), default=None)
    return nearest.chromosome_id if nearest else None


def insertion_at(layout: KaryogramLayout, x: float, y: float, lifted: Collection[int] = ()) -> Landing | None:
    """Say where a chromosome dropped at (x, y) would land; None outside the paper.

    Every point of the paper belongs to the nearest place, so that nobody has to aim. `lifted` are the chromosomes
    that are being moved: they do not count in `order`.
    """
    if not (0 <= x <= layout.width and 0 <= y <= layout.height) or not layout.slots:
        return None
    row = min({slot.row: slot for slot in layout.slots}.values(), key=lambda s: _outside(y, s.rect.y, s.rect.bottom))
    in_row = [slot for slot in layout.slots if slot.row == row.row]
    slot = min(in_row, key=lambda s: _outside(x, s.rect.x, s.rect.right))
    stay = [layout.chromosomes[i] for i in slot.ids if i not in lifted]
    # The tray may have several lines: all of the lines above count, and those to the left in the nearest one.
    line = min((placed.line for placed in stay), key=lambda middle: abs(middle - y), default=0.0)
    order = sum(placed.line < line or (placed.line == line and placed.rect.centre_x < x) for placed in stay)
    return Landing(slot.label, order)


def _outside(value: float, low: float, high: float) -> float:
    """Distance from a value to an interval; 0 inside."""
    return max(low - value, value - high, 0.0)
