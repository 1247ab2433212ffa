"""Slips of the pen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.karyotype.tidy import tidied


@pytest.mark.parametrize(
    ("text", "better", "says"),
    [
        ("46XX", "46,XX", "comma"),
        ("46;XY", "46,XY", "comma"),
        ("46,xx", "46,XX", "capitals"),
        ("46,YX", "46,XY", "X stands before Y"),
        (" 47, XX, +21 ", "47,XX,+21", "blanks"),
        ("45,XX,−7", "45,XX,-7", "hyphen"),
        ("46,XX,", "46,XX", "nothing after it"),
        ("47,XX,21+", "47,XX,+21", "sign"),
        ("47,XX,mar+", "47,XX,+mar", "sign"),
        ("46,XX,DEL(5)(q13)", "46,XX,del(5)(q13)", "small letters"),
        ("46,XX,del(5)q13", "46,XX,del(5)(q13)", "brackets"),
        ("46,XX,del5q13q33", "46,XX,del(5)(q13q33)", "brackets"),
        ("46,X,iso(X)(q10)", "46,X,i(X)(q10)", "abbreviations"),
        ("46,XX,invers(9)(p12q13)", "46,XX,inv(9)(p12q13)", "abbreviations"),
        ("47,XX,mar", "47,XX,+mar", "sign"),
        ("46,XX,t(22;9)(q11.2;q34)", "46,XX,t(9;22)(q34;q11.2)", "lower number"),
        ("46,Y,t(18;X)(q11.1;p11.1)", "46,Y,t(X;18)(p11.1;q11.1)", "lower number"),
        ("46,XX,del(5)(q33q13)", "46,XX,del(5)(q13q33)", "centromere"),
        ("mos47,XX,+8[6]/46,XX[14]", "mos 47,XX,+8[6]/46,XX[14]", "mos"),
        ("mos  47,xx,+8[6] / 46,xx[14]", "mos 47,XX,+8[6]/46,XX[14]", "blanks"),
        ("46,XX,psu dic(15;13)(q12;q12)", "46,XX,psu dic(15;13)(q12;q12)", ""),
        ("46,XX,foo", "46,XX,foo", ""),
        ("45~48,XX,-7[3],+8[4][cp6]", "45~48,XX,-7[3],+8[4][cp6]", ""),
    ],
)
def test_what_is_meant_is_written_as_iscn_writes_it(text: str, better: str, says: str) -> None:
    tidy, said = tidied(text)
    assert tidy == better
    assert says in said
    assert bool(said) is (text != better)


@given(st.text(alphabet="46,XYxy+-/[]() delmosqp;.13589", max_size=40))
def test_tidy_text_stays_as_it_is(text: str) -> None:
    tidy, _ = tidied(text)
    assert tidied(tidy)[0] == tidy
