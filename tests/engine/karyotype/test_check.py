"""The check of karyotypes, as she types them."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from iscn_authenticator import validate_karyotype

from engine.karyotype.check import check_case, check_cell, structural_terms
from engine.karyotype.clones import CellKaryotype, composite_karyotype, propose_karyotype
from engine.karyotype.counts import ChromosomeCounts, Sex
from engine.karyotype.iscn import karyotype_text, parse_numerical
from engine.karyotype.reading import read_karyotype
from engine.karyotype.terms import placed_chromosomes, read_term

numbers = st.integers(0, 6)
any_counts = st.builds(
    ChromosomeCounts, st.tuples(*[numbers] * 22), st.integers(0, 7), st.integers(0, 7), st.integers(0, 12)
)
near_diploid = st.builds(
    ChromosomeCounts, st.tuples(*[st.integers(1, 3)] * 22), st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)
)
FINDINGS = [
    "del(5)(q13q33)",
    "t(9;22)(q34;q11.2)",
    "inv(16)(p13.1q22)",
    "rob(13;14)(q10;q10)",
    "+der(22)t(9;22)(q34;q11.2)",
    "i(X)(q10)",
    "+r",
    "add(19)(p13.3)",
]


# --- the proposal against the counts --------------------------------------------------------------------------------


@given(st.one_of(any_counts, near_diploid))
def test_every_proposal_from_counts_is_accepted_and_agrees(counts: ChromosomeCounts) -> None:
    check = check_cell(karyotype_text(counts), counts)
    assert check.problems == ()
    assert check.agrees


@given(near_diploid, st.sampled_from(["XX", "XY"]))
def test_every_proposal_in_the_acquired_form_is_accepted(counts: ChromosomeCounts, sex: Sex) -> None:
    assert check_cell(karyotype_text(counts, sex=sex), counts).problems == ()


@given(near_diploid, near_diploid)
def test_a_changed_count_is_refused_and_put_right(counts: ChromosomeCounts, others: ChromosomeCounts) -> None:
    assume(counts != others)
    check = check_cell(karyotype_text(others), counts)
    assert not check.agrees
    assert {problem.about for problem in check.problems} == {"counts"}
    assert check.proposal is not None
    assert check_cell(check.proposal, counts).agrees


@given(near_diploid, st.sampled_from([*map(str, range(1, 23)), "X", "Y", "mar"]), st.booleans())
def test_one_chromosome_more_or_less_is_refused(counts: ChromosomeCounts, label: str, more: bool) -> None:
    there = [name for name in (*map(str, range(1, 23)), "X", "Y", "mar") for _ in range(counts.count(name))]
    if more:
        there.append(label)
    else:
        assume(label in there)
        there.remove(label)
    other = ChromosomeCounts.from_labels(there)
    check = check_cell(karyotype_text(counts), other)
    assert [problem.about for problem in check.problems] == ["counts"]
    assert check.proposal is not None
    assert check_cell(check.proposal, other).agrees


@given(near_diploid, st.lists(st.sampled_from(FINDINGS), unique=True, max_size=3), st.sampled_from([None, "XX", "XY"]))
def test_a_proposal_with_structural_findings_agrees_with_its_karyogram(
    whole: ChromosomeCounts, findings: list[str], sex: Sex | None
) -> None:
    assume(whole.x > 0)
    counts = placed_chromosomes(whole, [read_term(text) for text in findings])
    assume(35 <= counts.total <= 57)
    text = karyotype_text(counts, sex=sex, structural=findings)
    assert check_cell(text, counts).problems == ()
    assert sorted(structural_terms(text)) == sorted(findings)


@given(st.text(alphabet="46,XYxy+-/[]()<>n~ delmosqp;.13589", max_size=40), near_diploid)
def test_any_text_is_checked_and_a_proposal_is_better(text: str, counts: ChromosomeCounts) -> None:
    check = check_cell(text, counts)
    assert all(problem.sentence.endswith(".") for problem in check.problems)
    assert all(0 <= problem.start <= problem.end for problem in check.problems)
    if check.proposal is not None:
        assert len(check_cell(check.proposal, counts).problems) < len(check.problems)
    check_case(text)


@given(
    st.builds(
        ChromosomeCounts, st.tuples(*[st.integers(1, 3)] * 22), st.integers(1, 4), st.integers(0, 3), st.integers(0, 3)
    ),
    st.lists(st.sampled_from(FINDINGS), unique=True, max_size=3),
)
def test_the_library_that_knows_iscn_accepts_the_proposals_too(whole: ChromosomeCounts, findings: list[str]) -> None:
    counts = placed_chromosomes(whole, [read_term(text) for text in findings])
    assume(35 <= counts.total <= 57)
    text = karyotype_text(counts, structural=findings)
    assume("X" in (read_karyotype(text).clones[0].sex or ""))  # it knows no karyotype whose only X is a structural one
    assert validate_karyotype(text).errors == []


# --- sentences ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "karyogram", "says", "proposal"),
    [
        ("", "46,XX", "There is no karyotype.", "46,XX"),
        ("XX", "46,XX", "begins with the count", "46,XX"),
        ("46", "46,XX", "sex chromosomes are missing", "46,XX"),
        ("46,XX", "47,XX,+8", "The karyogram shows 3 copies of 8, not 2.", "47,XX,+8"),
        ("47,XX,+8", "46,XX", "The karyogram shows 2 copies of 8, not 3.", "46,XX"),
        ("47,XY,+8", "47,XX,+8", "The karyogram shows XX, not XY.", "47,XX,+8"),
        ("48,XX,+8", "47,XX,+8", "The count says 48, but what is listed makes 47.", "47,XX,+8"),
        ("46,XX", "48,XX,+2mar", "The karyogram shows 2 markers, not 0.", "48,XX,+2mar"),
        ("47,XX,+mar", "46,XX", "The karyogram shows no markers, not 1.", "46,XX"),
        ("50,XX,+1,+2,+3,+4", "46,XX", "2 copies of 3, not 3; 1 more.", "46,XX"),
        ("47,XX,+21,+8", "48,XX,+8,+21", "The order is X, Y, then 1 to 22", "48,XX,+8,+21"),
        ("46,XX,+8,-8", "46,XX", "Chromosome 8 is both gained and lost.", None),
        ("43,XX,-7,-7,-7", "46,XX", "loses more copies of chromosome 7 than there are", "46,XX"),
        ("46,XX,-X", "46,XX", "only the sex chromosomes that are left", "46,XX"),
        ("45,X,-Y", "46,XY", "The karyogram shows XY, not X.", "46,XY"),
        ("46,XX,21", "46,XX", "Say with + or - whether 21 is gained or lost.", None),
        ("46,XX,foo", "46,XX", "“foo” is no ISCN term.", None),
        ("46,XX,del(5)", "46,XX", "write a deletion as in del(5)(q13q33)", None),
        ("46,XX,i(X)(q10)", "46,XX", "The count says 46, but what is listed makes 47.", "46,X,i(X)(q10)"),
        ("45,XX,rob(13;14)(q10;q10)", "46,XX", "does not hold the chromosomes", None),
        ("45~47,XX,+8", "50,XX,+1,+2,+3,+4", "holds 50 chromosomes, the text says 45 to 47", None),
        ("mos 47,XX,+8[6]/46,XX[14]", "47,XX,+8", "belong to that of the case", "47,XX,+8"),
        ("46,XX[20]", "46,XX", "belong to that of the case", "46,XX"),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_and_put_right(
    text: str, karyogram: str, says: str, proposal: str | None
) -> None:
    counts = parse_numerical(karyogram)
    check = check_cell(text, counts)
    assert says in check.problems[0].sentence
    if proposal is not None:
        assert check.proposal == proposal
        assert check_cell(proposal, counts).agrees


def test_the_place_of_a_problem_is_the_term_that_is_meant() -> None:
    (problem,) = check_cell("47,XX,del(25)(q13),+8").problems
    assert "47,XX,del(25)(q13),+8"[problem.start : problem.end] == "del(25)(q13)"


def test_her_structural_findings_stay_when_counts_are_put_right() -> None:
    check = check_cell("46,XX,del(5)(q13q33)", parse_numerical("47,XX,+8"))
    assert check.proposal == "47,XX,del(5)(q13q33),+8"


def test_without_a_karyogram_the_text_alone_is_judged() -> None:
    assert check_cell("47,XX,+8").agrees
    assert not check_cell("46,XX,+8").is_iscn


def test_nothing_placed_has_no_karyotype() -> None:
    nothing = ChromosomeCounts()
    assert check_cell("", nothing).agrees
    assert "Nothing is placed" in check_cell("46,XX", nothing).problems[0].sentence


# --- the case -------------------------------------------------------------------------------------------------------


def cells_of(**sizes: int) -> Sequence[CellKaryotype]:
    cells = []
    for text, number in sizes.items():
        numerical, *structural = text.split()
        for _ in range(number):
            cells.append(CellKaryotype(f"cell {len(cells) + 1}", parse_numerical(numerical), tuple(structural)))
    return cells


MOSAIC = propose_karyotype(cells_of(**{"47,XX,+8": 6, "46,XX": 14}), constitutional=True)


@pytest.mark.parametrize(
    ("text", "says", "proposal"),
    [
        ("", "no karyotype of the case yet", MOSAIC.karyotype),
        ("mos 47,XX,+8[5]/46,XX[15]", "6 cells have 47,XX,+8, the text says 5.", MOSAIC.karyotype),
        ("mos 46,XX[14]/47,XX,+8[6]", "The normal clone stands last.", MOSAIC.karyotype),
        ("47,XX,+8/46,XX", "Each clone needs its number of cells", MOSAIC.karyotype),
        ("mos 47,XX,+9[6]/46,XX[14]", "No clone of the cells is 47,XX,+9", MOSAIC.karyotype),
        ("46,XX,t(9;22)(q34;q11.2)[14]/47,XX,+8[6]", "No clone of the cells is 46,XX,t(9;22)", MOSAIC.karyotype),
        ("46,XX", "The cells show 2 clones, the text one.", MOSAIC.karyotype),
        ("mos 47,XX,+8[20]", "mos needs several clones", MOSAIC.karyotype),
        ("47,XX,+8[6]", "The text has 6 cells, the case 20.", MOSAIC.karyotype),
    ],
)
def test_what_is_wrong_with_the_karyotype_of_a_case_is_said(text: str, says: str, proposal: str) -> None:
    check = check_case(text, MOSAIC)
    assert any(says in problem.sentence for problem in check.problems)
    assert check.proposal == proposal


@pytest.mark.parametrize(
    "text",
    [
        "46,XX,t(9;22)(q34;q11.2)[3]/47,idem,+8[17]",
        "45~48,XX,-7[3],+8[4][cp6]/46,XX[14]",
        "45,X,-Y[8]/46,XY[12]",
        "chi 46,XX[3]/46,XY[17]",
        "46,XY[3]//46,XX[17]",
        "47,XX,+8[20]",
    ],
)
def test_karyotypes_of_cases_as_they_are_written_every_day(text: str) -> None:
    assert check_case(text).agrees


clone_texts = ["46,XX", "47,XX,+8", "45,X", "46,XX del(5)(q13q33)", "45,XX,-7", "48,XX,+8,+21", "47,XX,+mar"]


@given(st.lists(st.sampled_from(clone_texts), min_size=1, max_size=25), st.booleans())
def test_every_proposal_for_a_case_is_accepted_and_agrees(texts: list[str], constitutional: bool) -> None:
    cells = [cells_of(**{text: 1})[0] for text in texts]
    named = [CellKaryotype(f"cell {i}", cell.counts, cell.structural) for i, cell in enumerate(cells)]
    case = propose_karyotype(named, constitutional=constitutional)
    assert check_case(case.karyotype, case).problems == ()
    composite = composite_karyotype(named)
    if composite is not None:
        assert check_case(composite, case).problems == ()


def test_a_composite_of_too_many_cells_is_refused() -> None:
    case = propose_karyotype(cells_of(**{"47,XX,+8": 3, "48,XX,+8,+21": 3, "46,XX": 4}), constitutional=False)
    check = check_case("47~48,XX,+8[7],+21[3][cp7]/46,XX[4]", case)
    assert [problem.sentence for problem in check.problems] == ["The text has 11 cells, the case 10."]
