"""ISCN 2024 for structural terms, through the library that knows it."""

import pytest

from engine.karyotype.rules import EXAMPLES, term_problem
from engine.karyotype.terms import KINDS, read_term


def test_every_kind_has_an_example_that_is_right() -> None:
    assert EXAMPLES.keys() == KINDS.keys()
    assert {kind: term_problem(read_term(text)) for kind, text in EXAMPLES.items()} == dict.fromkeys(EXAMPLES)


@pytest.mark.parametrize(
    "text",
    [
        "t(8;21)(q22;q22)",
        "t(15;17)(q24;q21)",
        "inv(16)(p13.1q22)",
        "inv(3)(q21q26.2)",
        "t(9;22;10)(q34;q11.2;q22)",
        "del(15)(q11.2q13)",
        "del(5)(q1?3)",
        "del(5)(q13~14q33)",
        "add(5)(?q13)",
        "del(X)(pter)",
        "t(9;?)(q34;?)",
        "i(Xq)",
        "r(7)",
        "dup(1)(q32q22)",
        "der(13;14)(q10;q10)",
        "+der(1)t(1;3)(p32;q21)t(1;11)(q25;q13)",
        "rec(6)dup(6p)inv(6)(p22.2q25.2)dmat",
    ],
)
def test_terms_as_they_are_written_every_day_are_right(text: str) -> None:
    assert term_problem(read_term(text)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("del(5)", "del(5) is not complete: write a deletion as in del(5)(q13q33)."),
        ("add(5)(q13", "write additional material as in"),
        ("del(25)(q13)", "There is no chromosome 25"),
        ("del(5)(q13p12)", "lie on one arm, as in del(5)(q13q33); del(5)(q13p12) has q and p"),
        ("r(7)(p22p12)", "lie on both arms"),
        ("t(9;22)(q34)", "each of the 2 chromosomes needs a breakpoint"),
        ("t(9;22)(q34q11)", "“q34q11” in t(9;22)(q34q11) is no band"),
        ("inv(9)(q12)", "an inversion needs two breakpoints, as in inv(9)(p12q13)"),
        ("ins(2)(q13)", "an insertion needs three breakpoints"),
        ("r(7)(p22)", "a ring chromosome needs two breakpoints"),
        ("der(22)", "does not say what made it"),
        ("der(22)foo", "“foo” in der(22)foo is not understood"),
        ("der(22)foo(9)(q34)", "“foo(9)(q34)” in der(22)foo(9)(q34) is no structural change"),
        ("der(22)t(9;22)(q34)", "t(9;22)(q34): each of the 2 chromosomes"),
        ("der(13;14)(q10)", "each of the 2 chromosomes needs a breakpoint"),
        ("del(5)(q45)", "Chromosome 5 has no band q45; its long arm ends with q35.3."),
        ("t(9;22)(q34;q19)", "Chromosome 22 has no band q19"),
    ],
)
def test_what_is_wrong_is_said_with_an_example(text: str, says: str) -> None:
    assert says in (term_problem(read_term(text)) or "")
