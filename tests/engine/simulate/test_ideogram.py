"""Band table, band levels, marker."""

import numpy as np
import pytest

from engine.simulate.ideogram import BAND_LEVELS, Ideogram, ideogram, random_marker
from engine.types import CLASS_LABELS


def assert_gapless(drawn: Ideogram) -> None:
    assert drawn.bands[0].start == 0.0
    for left, right in zip(drawn.bands, drawn.bands[1:], strict=False):
        assert left.end == right.start
    assert any(band.start == drawn.centromere for band in drawn.bands)


@pytest.mark.parametrize(("level", "count"), [(400, 400), (550, 550), (850, 862)])
def test_level_has_the_number_of_bands_it_is_named_after(level: int, count: int) -> None:
    drawn = [ideogram(label, level) for label in CLASS_LABELS]
    assert sum(len(each.bands) for each in drawn) == count
    for each in drawn:
        assert_gapless(each)


@pytest.mark.parametrize("level", BAND_LEVELS)
def test_merging_moves_neither_ends_nor_centromeres_nor_heterochromatin(level: int) -> None:
    for label in CLASS_LABELS:
        fine, coarse = ideogram(label, 850), ideogram(label, level)
        assert coarse.length == fine.length
        assert coarse.centromere == fine.centromere
        assert [b for b in coarse.bands if not b.is_grey] == [b for b in fine.bands if not b.is_grey]


def test_merging_keeps_the_ink() -> None:
    for label in CLASS_LABELS:
        inks = [sum(b.grey * b.length for b in ideogram(label, level).bands) for level in BAND_LEVELS]
        np.testing.assert_allclose(inks, inks[0])


def test_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="600"):
        ideogram("1", 600)


def test_markers_are_small_whole_and_never_alike() -> None:
    markers = [random_marker(np.random.default_rng(seed)) for seed in range(40)]
    for marker in markers:
        assert_gapless(marker)
        assert marker.length < ideogram("21").length
        assert all(band.length > 0 for band in marker.bands)
    assert len({marker.bands for marker in markers}) == 40
