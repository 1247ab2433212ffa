"""A text in its parts."""

import pytest

from engine.karyotype.iscn import parse_numerical
from engine.karyotype.reading import Spot, expected, read_karyotype


def test_a_mosaic_is_read_with_the_place_of_each_part() -> None:
    text = "mos 47,XX,+8,del(5)(q13q33)[6]/46,XX[14]"
    reading = read_karyotype(text)
    assert (reading.prefix, len(reading.clones)) == ("mos", 2)
    first, second = reading.clones
    assert (first.least, first.most, first.sex, first.cells) == (47, 47, "XX", 6)
    assert [text[spot.start : spot.end] for spot in first.spots] == ["+8", "del(5)(q13q33)"]
    assert text[first.head.start : first.head.end] == "47"
    assert text[second.spot.start : second.spot.end] == "46,XX[14]"
    assert (first.is_normal, second.is_normal) == (False, True)


def test_ranges_levels_and_composites_are_read() -> None:
    (clone,) = read_karyotype("68~70<3n>,XXY,-7[3],+8[4][cp6]").clones
    assert (clone.least, clone.most, clone.level, clone.ploidy) == (68, 70, 3, 3)
    assert (clone.cells, clone.composite) == (6, True)
    assert [term.cells for term in clone.terms] == [3, 4]


@pytest.mark.parametrize(
    ("text", "sex"), [("46,XX", "XX"), ("46,U", None), ("46,t(X;Y)(p22;q11)", ""), ("46,XXYc", "XXY")]
)
def test_sex_chromosomes_listed_undisclosed_or_in_a_term(text: str, sex: str | None) -> None:
    assert read_karyotype(text).clones[0].sex == sex


@pytest.mark.parametrize("text", ["", "foo", "[3]", ",", "46", "mos "])
def test_anything_is_read_without_complaint(text: str) -> None:
    for clone in read_karyotype(text).clones:
        assert isinstance(clone.spot, Spot)
        assert 0 <= clone.spot.start <= clone.spot.end <= len(text)


@pytest.mark.parametrize(
    ("text", "karyogram"),
    [
        ("45,X,-Y", "45,X"),
        ("46,X,i(X)(q10)", "46,XX"),
        ("46,XX,t(9;22)(q34;q11.2)", "46,XX"),
        ("47,XX,+der(22)t(11;22)(q23;q11.2)", "47,XX,+22"),
        ("45,XX,rob(13;14)(q10;q10)", "45,XX,-13"),
        ("45,XX,rob(13;14)(q10;q10)", "45,XX,-14"),
        ("46,XX,+1,der(1;7)(q10;p10)", "46,XX,+1,-7"),
        ("47,XX,+r", "47,XX,+mar"),
        ("47,XX,-10,+fis(10)(p10),+fis(10)(q10)", "47,XX,+10"),
        ("46,XX,dmin", "46,XX"),
    ],
)
def test_what_a_clone_stands_for_in_a_karyogram(text: str, karyogram: str) -> None:
    says = expected(read_karyotype(text).clones, 0)
    assert says.exact
    assert says.total == parse_numerical(karyogram).total
    assert says.agrees(parse_numerical(karyogram))
    assert not says.agrees(parse_numerical("47,XX,+3"))


def test_idem_and_sdl_stand_for_clones_before() -> None:
    clones = read_karyotype("46,XX,t(9;22)(q34;q11.2)[3]/47,sl,+8[17]/48,sdl,+9[3]/46,XX[1]").clones
    assert expected(clones, 1).agrees(parse_numerical("47,XX,+8"))
    assert expected(clones, 2).agrees(parse_numerical("48,XX,+8,+9"))
    assert expected(clones, 2).structural == ("t(9;22)(q34;q11.2)",)
    assert not expected(clones, 3).structural


@pytest.mark.parametrize("text", ["45~47,XX", "46,U", "46,XX,inc", "46,XX,+8[2],-7[3][cp4]", "46,XX,foo"])
def test_what_leaves_labels_open_is_not_exact(text: str) -> None:
    assert not expected(read_karyotype(text).clones, 0).exact
