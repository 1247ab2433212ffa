"""Marks on evidence drawn by hand: tight clouds around each label, one label exchanged on purpose."""

import numpy as np
import pytest

from engine.types import CLASS_INDEX
from karyogui.model.karyogram import Placement
from karyogui.model.outliers import CopyRef, find_outliers, judge

Case = list[tuple[int, list[Placement], dict[int, np.ndarray]]]


def evidence(label: str, rng: np.random.Generator, *, twin: str | None = None) -> np.ndarray:
    """What a good classifier says of a copy of a label: nearly all on it, the rest on a label like it."""
    logits = rng.normal(-9.0, 0.7, 24)
    logits[CLASS_INDEX[label]] = 0.0
    if twin is not None:
        logits[CLASS_INDEX[twin]] = rng.normal(-5.0, 0.5)
    return (logits - np.log(np.exp(logits).sum())).astype(np.float32)


@pytest.fixture
def case() -> Case:
    """Five cells with two copies of 1, 4, 5 and 8 and one Y; ids 0, 1; 2, 3; 4, 5; 6, 7; 8."""
    rng = np.random.default_rng(5)
    labels = ["1", "1", "4", "4", "5", "5", "8", "8", "Y"]
    twins = {"4": "5", "5": "4"}
    cells = []
    for key in range(5):
        placements = [Placement(i, label, 0) for i, label in enumerate(labels)]
        said = {i: evidence(label, rng, twin=twins.get(label)) for i, label in enumerate(labels)}
        cells.append((key, placements, said))
    return cells


def relabel(case: Case, cell: int, chromosome: int, label: str | None) -> None:
    placements = case[cell][1]
    placements[chromosome] = Placement(chromosome, label, 0)


def test_a_case_in_order_has_no_marks(case: Case) -> None:
    assert find_outliers(case) == {}


def test_an_exchange_is_marked_on_both_and_their_peers_are_not(case: Case) -> None:
    relabel(case, 2, 2, "5")
    relabel(case, 2, 4, "4")
    found = find_outliers(case)
    assert set(found) == {CopyRef(2, 2), CopyRef(2, 4)}
    mark = found[CopyRef(2, 2)]
    assert (mark.label, mark.like, mark.peers) == ("5", "4", 9)
    assert mark.times is not None
    assert mark.times > 2.0
    assert mark.odds > 20.0


def test_a_copy_nobody_placed_or_looked_at_takes_no_part(case: Case) -> None:
    relabel(case, 0, 2, None)
    relabel(case, 1, 2, "mar")
    relabel(case, 2, 2, "5")
    del case[2][2][2]
    assert find_outliers(case) == {}


def test_with_few_peers_the_classifier_decides_alone(case: Case) -> None:
    two = case[:1]
    relabel(two, 0, 8, "1")
    found = find_outliers(two)
    assert set(found) == {CopyRef(0, 8)}
    assert found[CopyRef(0, 8)].times is None
    assert found[CopyRef(0, 8)].like == "Y"


def test_a_label_the_classifier_never_recognises_here_is_not_marked_as_a_whole() -> None:
    """Another laboratory: every 8 looks like an X to the classifier; they are as strange as each other."""
    rng = np.random.default_rng(2)
    cells = []
    for key in range(6):
        labels = ["1", "1", "8", "8", "X", "X"]
        said = {i: evidence("X" if label == "8" else label, rng) for i, label in enumerate(labels)}
        for i in (2, 3):
            said[i][CLASS_INDEX["7"]] = -4.0  # and a little like a 7, which no X is
        cells.append((key, [Placement(i, label, 0) for i, label in enumerate(labels)], said))
    assert find_outliers(cells) == {}


def test_nothing_to_judge_is_no_error() -> None:
    assert find_outliers([]) == {}
    alone = np.full(24, -3.0, np.float32)
    assert find_outliers([(1, [Placement(0, "1", 0)], {0: alone})]) == {}


def test_measures_are_in_typical_distances_and_leave_the_copy_itself_out() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    rows = rng.normal(-8.0, 1.0, (40, 24))
    rows[labels == 1, 1] += 6.0
    judged = judge(rows, labels)
    assert np.median(judged.own) == pytest.approx(1.0)
    assert (judged.peers == 19).all()
    assert (judged.like[labels == 0] == 1).all()
    moved = rows.copy()
    moved[0] = moved[labels == 1].mean(axis=0)
    after = judge(moved, labels)
    assert after.own[0] > 2 * judged.own[0]
    assert after.own[0] > after.nearest[0]


def test_equal_evidence_everywhere_does_not_divide_by_nothing() -> None:
    judged = judge(np.full((6, 24), -3.0), np.zeros(6, np.int64))
    assert (judged.own == 0.0).all()
    assert (judged.like == -1).all()
