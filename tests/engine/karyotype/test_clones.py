"""Clones, and the karyotype of a case."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.karyotype.check import check_case
from engine.karyotype.clones import CaseKaryotype, CellKaryotype, composite_karyotype, propose_karyotype
from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import parse_numerical


def cells_of(**numbers: int) -> list[CellKaryotype]:
    """Cells by karyotype: `cells_of(**{"46,XX": 14})`; structural terms after a blank."""
    cells = []
    for text, number in numbers.items():
        numerical, *structural = text.split()
        for _ in range(number):
            cells.append(CellKaryotype(f"cell {len(cells) + 1}", parse_numerical(numerical), tuple(structural)))
    return cells


@pytest.mark.parametrize(
    ("numbers", "karyotype"),
    [
        ({"46,XX": 20}, "46,XX"),
        ({"47,XY,+21": 20}, "47,XY,+21"),
        ({"47,XX,+8": 6, "46,XX": 14}, "mos 47,XX,+8[6]/46,XX[14]"),
        ({"46,XX": 14, "45,X": 6}, "mos 45,X[6]/46,XX[14]"),
        ({"45,X": 5, "47,XXX": 3, "46,XX": 12}, "mos 45,X[5]/47,XXX[3]/46,XX[12]"),
        ({"47,XX,+8": 2, "46,XX": 18}, "mos 47,XX,+8[2]/46,XX[18]"),
        ({"47,XX,+8": 1, "46,XX": 19}, "46,XX"),
        ({"45,XX,-7": 2, "46,XX": 18}, "46,XX"),
        ({"45,XX,-7": 3, "46,XX": 17}, "mos 45,XX,-7[3]/46,XX[17]"),
        ({"47,XY,+21": 18, "46,XY,-7,+21": 1, "46,XY,-9,+21": 1}, "47,XY,+21"),
        ({"45,X": 1}, "45,X"),
        ({"45,X": 2}, "45,X"),
        ({"69,XXY": 5}, "69,XXY"),
    ],
)
def test_constitutional_proposal(numbers: dict[str, int], karyotype: str) -> None:
    assert propose_karyotype(cells_of(**numbers), constitutional=True).karyotype == karyotype


@pytest.mark.parametrize(
    ("numbers", "karyotype"),
    [
        ({"46,XX": 20}, "46,XX[20]"),
        ({"47,XX,+8": 6, "46,XX": 14}, "47,XX,+8[6]/46,XX[14]"),
        ({"45,X": 8, "46,XY": 12}, "45,X,-Y[8]/46,XY[12]"),
        ({"48,XX,+8,+21": 9, "47,XX,+8": 4, "46,XX": 7}, "47,XX,+8[4]/48,XX,+8,+21[9]/46,XX[7]"),
        ({"47,XX,+8": 4, "47,XX,+21": 9, "46,XX": 7}, "47,XX,+21[9]/47,XX,+8[4]/46,XX[7]"),
        ({"48,XX,+8,+8": 1, "47,XX,+8": 4}, "47,XX,+8[5]"),
        ({"46,XX del(5)(q13q33)": 2, "46,XX": 18}, "46,XX,del(5)(q13q33)[2]/46,XX[18]"),
        ({"46,XX del(5)(q13q33)": 1, "46,XX": 19}, "46,XX[20]"),
        ({"48,XX,+8,+21": 1, "47,XX,+8": 5, "47,XX,+21": 3, "46,XX": 1}, "47,XX,+8[6]/47,XX,+21[3]/46,XX[1]"),
    ],
)
def test_acquired_proposal(numbers: dict[str, int], karyotype: str) -> None:
    assert propose_karyotype(cells_of(**numbers), constitutional=False).karyotype == karyotype


def test_findings_of_single_cells_are_listed_apart() -> None:
    cells = cells_of(**{"46,XX": 16, "45,XX,-7": 1, "48,XX,+3,+8": 1, "46,XX t(1;2)(p36;q21)": 1, "47,XX,+mar": 1})
    proposal = propose_karyotype(cells, constitutional=True)
    assert proposal.karyotype == "46,XX"
    assert len(proposal.clones) == 1
    assert len(proposal.clones[0].cells) == 20
    assert [(finding.cell, finding.changes) for finding in proposal.findings] == [
        ("cell 17", ("-7",)),
        ("cell 18", ("+3", "+8")),
        ("cell 19", ("t(1;2)(p36;q21)",)),
        ("cell 20", ("+mar",)),
    ]


def test_loss_of_y_in_most_cells_keeps_the_patient_male() -> None:
    cells = cells_of(**{"45,X": 18, "46,XY": 2})
    assert propose_karyotype(cells, constitutional=False).karyotype == "45,X,-Y[18]/46,XY[2]"
    known = propose_karyotype(cells_of(**{"45,X": 20}), constitutional=False, sex="XY")
    assert known.karyotype == "45,X,-Y[20]"


def test_one_stray_y_does_not_make_a_woman_a_man() -> None:
    proposal = propose_karyotype(cells_of(**{"46,XX": 19, "46,XY": 1}), constitutional=True)
    assert proposal.karyotype == "46,XX"
    assert proposal.findings[0].changes == ("-X", "+Y")


some_counts = st.builds(
    ChromosomeCounts,
    st.tuples(*[st.sampled_from([2, 2, 2, 1, 3, 4])] * 3, *[st.just(2)] * 19),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(0, 1),
)
some_cases = st.lists(some_counts, min_size=1, max_size=24).map(
    lambda found: [CellKaryotype(f"cell {number}", counts) for number, counts in enumerate(found)]
)


def check(proposal: CaseKaryotype, cells: list[CellKaryotype]) -> None:
    """Every cell is in one clone, and its clone's changes and its own findings make up its counts."""
    assert Counter(name for clone in proposal.clones for name in clone.cells) == Counter(cell.cell for cell in cells)
    findings = {finding.cell: finding.changes for finding in proposal.findings}
    counts = {cell.cell: cell.counts for cell in cells}
    for clone in proposal.clones:
        of_clone = parse_numerical(clone.karyotype)
        assert clone.is_normal == (of_clone == ChromosomeCounts.normal(proposal.sex))
        assert clone.is_normal or len(clone.cells) >= min(2, len(cells))
        for name in clone.cells:
            left = dict(of_clone.changes(proposal.sex))
            for change in findings.get(name, ()):
                left[change[1:]] = left.get(change[1:], 0) + (1 if change[0] == "+" else -1)
            assert {label: n for label, n in left.items() if n} == counts[name].changes(proposal.sex)


@given(some_cases, st.booleans())
def test_clones_and_findings_together_are_what_was_seen(cells: list[CellKaryotype], constitutional: bool) -> None:
    proposal = propose_karyotype(cells, constitutional=constitutional)
    check(proposal, cells)
    parts = proposal.karyotype.removeprefix("mos ").split("/")
    if "[" in parts[0]:
        assert sum(int(part.rstrip("]").split("[")[1]) for part in parts) == len(cells)
    assert not any(clone.is_normal for clone in proposal.clones[:-1])


@given(some_cases, st.randoms(use_true_random=False))
def test_order_of_the_cells_does_not_matter(cells: list[CellKaryotype], random: object) -> None:
    shuffled = list(cells)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    before = propose_karyotype(cells, constitutional=True)
    assert propose_karyotype(shuffled, constitutional=True).karyotype == before.karyotype


@given(some_counts, st.integers(1, 20))
def test_cells_that_agree_are_one_clone(counts: ChromosomeCounts, number: int) -> None:
    cells = [CellKaryotype(str(index), counts) for index in range(number)]
    proposal = propose_karyotype(cells, constitutional=True)
    assert len(proposal.clones) == 1
    assert proposal.findings == ()
    assert parse_numerical(proposal.karyotype) == counts


def test_no_cells_and_equal_names_are_refused() -> None:
    with pytest.raises(ValueError, match="needs cells"):
        propose_karyotype([], constitutional=True)
    with pytest.raises(ValueError, match="needs cells"):
        propose_karyotype([CellKaryotype("a", ChromosomeCounts())] * 2, constitutional=True)


def test_a_robertsonian_chromosome_is_one_change_wherever_its_cells_placed_it() -> None:
    rob = "rob(13;14)(q10;q10)"
    cells = cells_of(**{f"45,XX,-13 {rob}": 1, f"45,XX,-14 {rob}": 1, "46,XX": 18})
    proposal = propose_karyotype(cells, constitutional=True)
    assert proposal.karyotype == f"mos 45,XX,{rob}[2]/46,XX[18]"
    assert proposal.findings == ()


def test_a_derivative_explains_the_gain_it_is_counted_as() -> None:
    der = "+der(22)t(11;22)(q23;q11.2)"
    cells = cells_of(**{f"47,XX,+22 {der}": 20})
    assert propose_karyotype(cells, constitutional=True).karyotype == f"47,XX,{der}"


@pytest.mark.parametrize(
    ("numbers", "karyotype"),
    [
        (
            {"47,XX,+8": 1, "48,XX,+8,+21": 2, "46,XX,-7,+8": 3, "46,XX": 4},
            "46~48,XX,-7[3],+8[6],+21[2][cp6]/46,XX[4]",
        ),
        ({"47,XX,+8": 3, "47,XX,+8 del(5)(q13q33)": 2}, "47,XX,del(5)(q13q33)[2],+8[5][cp5]"),
        ({"45,X": 3, "46,X,+8": 2, "46,XY": 5}, "45~46,X,-Y[5],+8[2][cp5]/46,XY[5]"),
        ({"47,XX,+8": 6, "46,XX": 14}, None),
        ({"47,XX,+8": 1, "47,XX,+21": 1, "46,XX": 18}, None),
        ({"46,XX": 20}, None),
    ],
)
def test_composite_of_cells_that_are_not_alike(numbers: dict[str, int], karyotype: str | None) -> None:
    assert composite_karyotype(cells_of(**numbers)) == karyotype
    if karyotype is not None:
        assert check_case(karyotype).agrees
