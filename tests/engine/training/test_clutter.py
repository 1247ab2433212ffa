"""Objects that are no single chromosome: what they are made of, and how they look."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.training.clutter import KINDS, clutter
from engine.types import CellImages


def test_every_kind_is_an_object_on_ground(draw_cell: Callable[..., CellImages], normal_labels: list[str]) -> None:
    chromosomes = draw_cell(normal_labels).chromosomes
    made = clutter(chromosomes, 60, np.random.default_rng(0))
    assert {each.source for each in made} == set(KINDS)
    areas = {kind: np.median([each.mask.sum() for each in made if each.source == kind]) for kind in KINDS}
    usual = np.median([chromosome.mask.sum() for chromosome in chromosomes])
    assert areas["dirt"] < areas["piece"] < usual < areas["clump"]
    assert areas["nucleus"] > usual
    for each in made:
        assert each.pixels.shape == each.mask.shape
        assert each.pixels.dtype == np.float32
        assert 0.0 <= each.pixels.min() <= each.pixels.max() <= 1.0
        assert each.mask.any()
        assert not each.pixels[:3].any()  # ground all round
        assert not each.mask[:, -3:].any()


def test_a_clump_holds_two_chromosomes(draw_cell: Callable[..., CellImages]) -> None:
    chromosomes = draw_cell(["1", "2"]).chromosomes
    both = sum(int(chromosome.mask.sum()) for chromosome in chromosomes)
    clumps = [each for each in clutter(chromosomes, 40, np.random.default_rng(1)) if each.source == "clump"]
    for clump in clumps:
        assert 0.6 * both < clump.mask.sum() < 1.1 * both


def test_the_same_seed_makes_the_same(draw_cell: Callable[..., CellImages]) -> None:
    chromosomes = draw_cell(["1", "5", "9"]).chromosomes
    one, other = (clutter(chromosomes, 10, np.random.default_rng(3)) for _ in range(2))
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(one, other, strict=True))
    with pytest.raises(ValueError, match="two chromosomes"):
        clutter(chromosomes[:1], 1, np.random.default_rng(0))
