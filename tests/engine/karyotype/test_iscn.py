"""Karyotype text from counts and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.karyotype.counts import ChromosomeCounts, Sex
from engine.karyotype.iscn import karyotype_text, parse_numerical


def counts_of(x: int, y: int, markers: int = 0, ploidy: int = 2, **changes: int) -> ChromosomeCounts:
    """Counts with changes by autosome, `c21=+1`."""
    autosomes = tuple(ploidy + changes.get(f"c{number}", 0) for number in range(1, 23))
    return ChromosomeCounts(autosomes, x, y, markers)


TEXTS = [
    (counts_of(2, 0), "46,XX"),
    (counts_of(1, 1), "46,XY"),
    (counts_of(1, 1, c21=1), "47,XY,+21"),
    (counts_of(1, 0), "45,X"),
    (counts_of(2, 1), "47,XXY"),
    (counts_of(3, 0), "47,XXX"),
    (counts_of(1, 2), "47,XYY"),
    (counts_of(2, 2), "48,XXYY"),
    (counts_of(2, 0, c7=-1), "45,XX,-7"),
    (counts_of(1, 1, c8=1, c21=1), "48,XY,+8,+21"),
    (counts_of(1, 1, c21=1, c8=1, c3=-1), "47,XY,-3,+8,+21"),
    (counts_of(2, 0, c8=2), "48,XX,+8,+8"),
    (counts_of(2, 0, 1), "47,XX,+mar"),
    (counts_of(2, 0, 2), "48,XX,+2mar"),
    (counts_of(1, 0, c21=1), "46,X,+21"),
    (counts_of(0, 1), "45,Y,-X"),
    (counts_of(0, 0), "44,-X,-Y"),
    (counts_of(0, 2), "46,Y,-X,+Y"),
    (counts_of(2, 1, ploidy=3), "69,XXY"),
    (counts_of(2, 1, ploidy=3, c21=1), "70<3n>,XXY,+21"),
    (counts_of(4, 0, ploidy=4), "92,XXXX"),
    (counts_of(2, 2, ploidy=4, c1=-1), "91<4n>,XXYY,-1"),
    (counts_of(1, 0, ploidy=1), "23,X"),
    (counts_of(1, 0, ploidy=1, c4=1, c6=1, c21=1), "26<1n>,X,+4,+6,+21"),
    (ChromosomeCounts(), "0"),
]


@pytest.mark.parametrize(("counts", "text"), TEXTS)
def test_text_and_back(counts: ChromosomeCounts, text: str) -> None:
    assert karyotype_text(counts) == text
    assert parse_numerical(text) == counts


@pytest.mark.parametrize(
    ("counts", "sex", "text"),
    [
        (counts_of(1, 0), "XY", "45,X,-Y"),
        (counts_of(1, 0), "XX", "45,X,-X"),
        (counts_of(3, 0), "XX", "47,XX,+X"),
        (counts_of(2, 1), "XY", "47,XY,+X"),
        (counts_of(2, 0), "XY", "46,X,+X,-Y"),
        (counts_of(1, 0, c8=1), "XY", "46,X,-Y,+8"),
        (counts_of(1, 1), "XY", "46,XY"),
    ],
)
def test_acquired_changes_are_written_against_the_patient(counts: ChromosomeCounts, sex: Sex, text: str) -> None:
    assert karyotype_text(counts, sex=sex) == text
    assert parse_numerical(text) == counts


@pytest.mark.parametrize(
    ("counts", "structural", "text"),
    [
        (counts_of(2, 0), ["t(9;22)(q34;q11.2)"], "46,XX,t(9;22)(q34;q11.2)"),
        (counts_of(1, 1, c8=1, c3=-1), ["del(5)(q13q33)"], "46,XY,-3,del(5)(q13q33),+8"),
        (counts_of(1, 1, 1, c5=1), ["inv(5)(p13q13)", "del(5)(q13q33)"], "48,XY,+5,del(5)(q13q33),inv(5)(p13q13),+mar"),
        (counts_of(2, 0), ["i(X)(q10)"], "46,X,i(X)(q10)"),
        (counts_of(1, 1), ["t(X;18)(p11.1;q11.1)"], "46,Y,t(X;18)(p11.1;q11.1)"),
        (counts_of(2, 0, c22=1), ["+der(22)t(11;22)(q23;q11.2)"], "47,XX,+der(22)t(11;22)(q23;q11.2)"),
        (counts_of(2, 0, 1), ["dmin"], "47,XX,dmin,+mar"),
    ],
)
def test_structural_findings_take_their_place(counts: ChromosomeCounts, structural: list[str], text: str) -> None:
    assert karyotype_text(counts, structural=structural) == text


numbers = st.integers(0, 6)
any_counts = st.builds(
    ChromosomeCounts, st.tuples(*[numbers] * 22), st.integers(0, 7), st.integers(0, 7), st.integers(0, 12)
)
near_diploid = st.builds(
    ChromosomeCounts, st.tuples(*[st.integers(1, 3)] * 22), st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)
)


@given(st.one_of(any_counts, near_diploid))
def test_every_count_survives_the_text(counts: ChromosomeCounts) -> None:
    assert parse_numerical(karyotype_text(counts)) == counts


@given(near_diploid, st.sampled_from(["XX", "XY"]))
def test_every_count_survives_the_acquired_text(counts: ChromosomeCounts, sex: Sex) -> None:
    assert parse_numerical(karyotype_text(counts, sex=sex)) == counts


def test_spaces_and_typographic_minus_are_read() -> None:
    assert parse_numerical(" 45, XX, −7 ") == counts_of(2, 0, c7=-1)
    assert parse_numerical("48,XX,+mar1,+mar2") == counts_of(2, 0, 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must begin with the count"),
        ("XX", "must begin with the count"),
        ("46", "lacks the sex chromosomes"),
        ("46,YX", "lacks the sex chromosomes"),
        ("46,+21", "lacks the sex chromosomes"),
        ("47,XX", "says 47 chromosomes, but what it lists makes 46"),
        ("46,XX,+21", "says 46 chromosomes, but what it lists makes 47"),
        ("46,XX,-X", "only the sex chromosomes that are left"),
        ("46,XX,+8,-8", "both gains and loses chromosome 8"),
        ("43,XX,-7,-7,-7", "loses more copies"),
        ("46,XX,t(9;22)(q34;q11.2)", "not a whole chromosome"),
        ("46,XX,+23", "not a whole chromosome"),
        ("47,XX,-mar", "not a whole chromosome"),
        ("46,XX,", "not a whole chromosome"),
        ("46,XX[20]", "lacks the sex chromosomes"),
        ("mos 45,X[5]/46,XX[15]", "must begin with the count"),
    ],
)
def test_what_is_not_a_numerical_karyotype_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        parse_numerical(text)


@given(st.lists(st.sampled_from(["46", "47", "<3n>", "X", "XY", "+8", "-7", "+mar", "+2mar", "-Y", "t(9;22)", " "])))
def test_any_text_is_refused_with_itself_named_or_is_read(parts: list[str]) -> None:
    text = ",".join(parts)
    refusal = ""
    try:
        counts = parse_numerical(text)
    except InputError as error:
        refusal = str(error)
    assert text in refusal if refusal else parse_numerical(karyotype_text(counts)) == counts
