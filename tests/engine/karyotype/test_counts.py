"""Counts by label and their difference to the normal set."""

import pytest

from engine.karyotype.counts import ChromosomeCounts
from engine.types import CLASS_LABELS

NORMAL_XY = [*CLASS_LABELS[:22] * 2, "X", "Y"]


def test_normal_male_is_normal() -> None:
    counts = ChromosomeCounts.from_labels(NORMAL_XY)
    assert counts == ChromosomeCounts.normal("XY")
    assert counts.is_normal
    assert counts.total == 46
    assert counts.changes() == {}


def test_unplaced_chromosomes_are_not_counted() -> None:
    counts = ChromosomeCounts.from_labels([*NORMAL_XY, None, None])
    assert counts.total == 46
    assert counts.is_normal


def test_gains_and_losses_are_told_apart_in_iscn_order() -> None:
    labels = [*NORMAL_XY, "21", "8", "8", "X", "mar"]
    labels.remove("7")
    counts = ChromosomeCounts.from_labels(labels)
    assert list(counts.changes().items()) == [("X", 1), ("7", -1), ("8", 2), ("21", 1), ("mar", 1)]
    assert counts.gains() == {"X": 1, "8": 2, "21": 1, "mar": 1}
    assert counts.losses() == {"7": 1}
    assert not counts.is_normal


def test_single_x_is_compared_with_xx_unless_the_patient_is_male() -> None:
    counts = ChromosomeCounts((2,) * 22, x=1)
    assert counts.losses() == {"X": 1}
    assert counts.losses("XY") == {"Y": 1}


def test_a_marker_makes_a_cell_abnormal() -> None:
    assert not ChromosomeCounts((2,) * 22, x=2, markers=1).is_normal


@pytest.mark.parametrize(("total", "ploidy"), [(0, 1), (34, 1), (35, 2), (57, 2), (58, 3), (80, 3), (81, 4), (103, 4)])
def test_ploidy_has_the_borders_of_iscn(total: int, ploidy: int) -> None:
    assert ChromosomeCounts((total, *(0,) * 21)).ploidy == ploidy


def test_count_by_label() -> None:
    counts = ChromosomeCounts(tuple(range(22)), x=30, y=31, markers=32)
    assert [counts.count(label) for label in ("1", "22", "X", "Y", "mar")] == [0, 21, 30, 31, 32]


@pytest.mark.parametrize("label", ["23", "x", "", "0"])
def test_unknown_label_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="unknown label"):
        ChromosomeCounts.from_labels(["1", label])
    with pytest.raises(ValueError, match="unknown label"):
        ChromosomeCounts().count(label)


@pytest.mark.parametrize("arguments", [((2,) * 21,), ((2,) * 22, -1), ((2,) * 21 + (-1,),)])
def test_impossible_counts_are_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"counts|negative"):
        ChromosomeCounts(*arguments)  # type: ignore[arg-type]
