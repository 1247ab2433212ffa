"""A bent chromosome drawn along a known arc, so that the straightened look can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement, flip, mirror
from karyogui.model.straight import Straight, centromere_behind, shown_cell, shown_placements, straight_of


def bent() -> tuple[Chromosome, Straight]:
    """A quarter of a ring of radius 40, 9 wide, from the left (x -40, y 0) over to the top (x 0, y -40)."""
    y, x = np.mgrid[0:100, 0:100] - 49.5
    radius = np.hypot(x, y)
    mask = (np.abs(radius - 40) <= 4.5) & (x <= 0) & (y <= 0)
    chromosome = Chromosome(3, "bent", mask.astype(np.float32), mask)
    angles = np.linspace(np.pi / 2, np.pi, 64)  # from the top down to the left
    points = 40 * np.column_stack([np.cos(angles), -np.sin(angles)])
    look = np.ones((63, 9), np.bool_)
    return chromosome, Straight(chromosome.pixels, look.astype(np.float32), look, points)


CHROMOSOME, STRAIGHT = bent()


def shown(placement: Placement) -> Placement:
    (result,) = shown_placements(Cell("c", "g", (CHROMOSOME,)), [placement], {3: STRAIGHT})
    return result


def test_it_stands_upright_with_the_same_end_on_top() -> None:
    placement = Placement(3, "1", 0, rotation_deg=45.0, centromere=0.5)
    assert shown(placement).rotation_deg == 0.0
    (flipped,) = flip([placement], [3])
    assert shown(flipped).rotation_deg == 180.0
    (mirrored,) = mirror([placement], [3])
    assert shown(mirrored).mirrored
    assert (shown(placement).label, shown(placement).order) == ("1", 0)


def test_the_centromere_stays_at_its_band() -> None:
    # As drawn, y of the line falls as the cosine: a centromere at half the height is a third along the arc ...
    upright = Placement(3, "1", 0, centromere=0.5)
    y = np.interp(shown(upright).centromere * 63, np.arange(64), STRAIGHT.points[:, 1])
    top, bottom = CHROMOSOME.outline[:, 1].min(), CHROMOSOME.outline[:, 1].max()
    assert y == pytest.approx((top + bottom) / 2, abs=1.0)
    # ... and back again.
    straights = {3: STRAIGHT}
    for fraction in (0.2, 0.5, 0.8):
        placement = replace(upright, centromere=fraction)
        assert centromere_behind(CHROMOSOME, placement, straights, shown(placement).centromere) == pytest.approx(
            fraction, abs=0.03
        )
    (flipped,) = flip([replace(upright, centromere=0.3)], [3])
    assert centromere_behind(CHROMOSOME, flipped, straights, shown(flipped).centromere) == pytest.approx(0.7, abs=0.03)


def test_the_cell_has_the_straightened_pixels() -> None:
    other = replace(CHROMOSOME, id=4)
    cell = Cell("c", "g", (CHROMOSOME, other))
    looked_at = shown_cell(cell, {3: STRAIGHT})
    assert looked_at.chromosome(3).pixels is STRAIGHT.pixels
    assert looked_at.chromosome(3).mask is STRAIGHT.mask
    assert looked_at.chromosome(4) is other


def test_a_look_of_other_pixels_does_not_hold() -> None:
    cut = replace(CHROMOSOME, pixels=CHROMOSOME.pixels.copy())
    assert straight_of(CHROMOSOME, {3: STRAIGHT}) is STRAIGHT
    assert straight_of(cut, {3: STRAIGHT}) is None
    placement = Placement(3, "1", 0, rotation_deg=10.0)
    assert shown_placements(Cell("c", "g", (cut,)), [placement], {3: STRAIGHT}) == (placement,)
    assert centromere_behind(cut, placement, {3: STRAIGHT}, 0.3) == 0.3
