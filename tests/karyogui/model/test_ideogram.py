"""The band table and what the lower band levels make of it."""

import pytest

from engine.types import CLASS_LABELS
from karyogui.model.ideogram import BAND_LEVELS, BandLevel, ideogram


@pytest.mark.parametrize("level", BAND_LEVELS)
@pytest.mark.parametrize("label", CLASS_LABELS)
def test_bands_cover_the_chromosome_without_gaps(label: str, level: BandLevel) -> None:
    drawn = ideogram(label, level)
    assert drawn.bands[0].start == 0.0
    assert drawn.bands[-1].end == 1.0
    assert all(band.end == after.start for band, after in zip(drawn.bands, drawn.bands[1:], strict=False))
    assert all(band.start < band.end for band in drawn.bands)
    assert len({band.name for band in drawn.bands}) == len(drawn.bands)


@pytest.mark.parametrize(("level", "expected"), [(400, 400), (550, 550), (850, 862)])
def test_haploid_set_counts_its_level(level: BandLevel, expected: int) -> None:
    count = sum(len(ideogram(label, level).bands) for label in CLASS_LABELS)
    assert expected - 2 <= count <= expected  # a family of three merges two bands at once


@pytest.mark.parametrize("level", BAND_LEVELS)
def test_centromere_lies_where_the_arms_meet(level: BandLevel) -> None:
    drawn = ideogram("1", level)
    assert drawn.centromere == pytest.approx(123_400_000 / 248_956_422)
    assert {band.arm for band in drawn.bands if band.end <= drawn.centromere} == {"p"}
    assert {band.arm for band in drawn.bands if band.start >= drawn.centromere} == {"q"}
    assert [band.stain for band in drawn.bands].count("acen") == 2


def test_lengths_are_relative_to_the_longest() -> None:
    assert ideogram("1").length == 1.0
    assert ideogram("21").length == pytest.approx(46_709_983 / 248_956_422)


def test_merging_keeps_the_alternation_of_dark_and_light() -> None:
    """The arm 1p at the 400 level as every cytogenetics course draws it."""
    names = {band.name: band for band in ideogram("1", 400).bands}
    assert [names[name].darkness for name in ("p36.3", "p36.2", "p36.1")] == [0.0, 0.5, 0.0]
    assert names["p22"].darkness == 0.0  # light, dark, light
    assert names["p21"].darkness == 0.75  # dark, light, dark


def test_centromere_heterochromatin_and_stalk_are_never_merged() -> None:
    for label in CLASS_LABELS:
        fixed = [band for band in ideogram(label, 850).bands if band.darkness is None]
        assert [band for band in ideogram(label, 400).bands if band.darkness is None] == fixed


def test_band_at_finds_the_band_under_a_place() -> None:
    drawn = ideogram("21", 850)
    assert [band.name for band in (drawn.band_at(0.0), drawn.band_at(0.99), drawn.band_at(1.0)) if band] == [
        "p13",
        "q22.3",
        "q22.3",
    ]
    assert drawn.band_at(-0.01) is None
    assert drawn.band_at(1.01) is None


def test_a_marker_has_no_ideogram() -> None:
    with pytest.raises(ValueError, match="mar"):
        ideogram("mar")


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="1000"):
        ideogram("1", 1000)  # type: ignore[arg-type]
