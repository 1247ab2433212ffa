"""Names of bands."""

import pytest

from engine.karyotype.bands import band_problem


@pytest.mark.parametrize(
    ("chromosome", "band"), [("5", "q13"), ("5", "q13.1"), ("9", "q34"), ("X", "q10"), ("1", "p3")]
)
def test_a_band_its_part_and_its_whole_are_there(chromosome: str, band: str) -> None:
    assert band_problem(chromosome, band) is None


@pytest.mark.parametrize(
    ("chromosome", "band", "says"),
    [
        ("5", "q45", "Chromosome 5 has no band q45; its long arm ends with q35.3."),
        ("21", "p45", "its short arm ends with p13"),
        ("5", "q13.9", "q13 has q13.1, q13.2, q13.3."),
        ("9", "q13.1", "q13 is not divided."),
    ],
)
def test_a_band_that_is_not_there_is_told_with_what_there_is(chromosome: str, band: str, says: str) -> None:
    assert says in (band_problem(chromosome, band) or "")
