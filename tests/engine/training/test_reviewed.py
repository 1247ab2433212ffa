"""Reviewed cells are counted, dealt by group with a fixed seed, and used once even if they come twice."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.training.reviewed import (
    Deal,
    ReviewedCell,
    deal_cells,
    label_counts,
    learned_cells,
    one_stain,
    rare_labels,
    without_duplicates,
)

Draw = Callable[..., ReviewedCell]


@pytest.fixture(scope="module")
def cells(draw_reviewed: Draw) -> list[ReviewedCell]:
    return [draw_reviewed(seed, ["1", "2", "X"]) for seed in range(40)]


def names(part: tuple[ReviewedCell, ...]) -> set[str]:
    return {cell.name for cell in part}


def test_each_group_is_in_one_part_and_the_shares_are_right(cells: list[ReviewedCell]) -> None:
    deal = deal_cells(cells)
    assert len(deal.learn) + len(deal.tune) + len(deal.judge) == 40
    assert len(deal.learn) > len(deal.judge) >= 4
    pairs = [replace(cell, group=f"case {number // 2}") for number, cell in enumerate(cells)]
    dealt = deal_cells(pairs)
    for part in (dealt.learn, dealt.tune, dealt.judge):
        assert {c.group for c in part}.isdisjoint(
            {c.group for p in (dealt.learn, dealt.tune, dealt.judge) if p is not part for c in p}
        )


def test_a_cell_keeps_its_part_when_others_come(cells: list[ReviewedCell]) -> None:
    few, many = deal_cells(cells[:20]), deal_cells(cells)
    assert names(few.judge) <= names(many.judge)
    assert names(few.learn) <= names(many.learn)
    assert names(deal_cells(cells, seed=8).judge) != names(many.judge)


@pytest.mark.parametrize("count", [3, 4, 5, 7])
def test_no_part_is_empty_however_few(cells: list[ReviewedCell], count: int) -> None:
    for first in range(0, 30, count):
        deal = deal_cells(cells[first : first + count])
        assert min(len(deal.learn), len(deal.tune), len(deal.judge)) >= 1


def test_too_few_is_said(cells: list[ReviewedCell]) -> None:
    with pytest.raises(InputError, match=r"at least three reviewed cells .* there are 2"):
        deal_cells(cells[:2])


def test_what_was_learned_is_never_judged_by(cells: list[ReviewedCell]) -> None:
    judge = deal_cells(cells).judge
    again = deal_cells(cells, learned={judge[0].digest})
    assert judge[0].name in names(again.learn)
    assert names(again.judge) == names(judge[1:])
    with pytest.raises(InputError, match="there are 2"):
        deal_cells(cells[:5], learned={cell.digest for cell in cells[2:5]})


def test_a_deal_with_a_group_on_two_sides_cannot_be_made(cells: list[ReviewedCell]) -> None:
    with pytest.raises(ValueError, match="in two parts"):
        Deal((cells[0],), (cells[0],), ())


def test_the_same_pictures_under_another_name_are_found(cells: list[ReviewedCell]) -> None:
    images = cells[3].images
    order = (2, 0, 1)
    twin = ReviewedCell(
        replace(images, name="copy", chromosomes=tuple(images.chromosomes[i] for i in order)),
        tuple(cells[3].labels[i] for i in order),
        tuple(cells[3].upright_deg[i] for i in order),
        "copy",
    )
    assert twin.digest == cells[3].digest
    kept, repeated = without_duplicates([*cells[:5], twin])
    assert kept == cells[:5]
    assert repeated == [("copy", "cell 3")]


def test_counts_and_rare_labels(draw_reviewed: Draw) -> None:
    cells = [draw_reviewed(1), draw_reviewed(3), draw_reviewed(2, ["1", "2", "3"])]
    some = replace(cells[2], labels=(0, -1, -1))
    counts = label_counts([*cells[:2], some])
    assert counts[0] == 5
    assert counts[1] == 4
    assert counts[22] == counts[23] == 2
    assert rare_labels(counts) == ()
    assert rare_labels(label_counts([draw_reviewed(1, ["1"] * 4 + ["2"] * 4 + ["3"])]))[0] == "3"
    assert "Y" in rare_labels(label_counts([draw_reviewed(2)]))  # none at all is rare, too
    assert rare_labels(np.zeros(24, np.int64))[0] == "1"


def test_one_stain_at_a_time(cells: list[ReviewedCell]) -> None:
    assert one_stain(cells[:2]) == "g"
    q_band = replace(cells[2], images=replace(cells[2].images, stain="q"))
    with pytest.raises(InputError, match="both stains"):
        one_stain([cells[0], q_band])
    with pytest.raises(InputError, match="no reviewed cell"):
        one_stain([])


@pytest.mark.parametrize("training", [None, {}, {"learned": "abc"}, {"learned": 7}])
def test_a_card_that_says_nothing_of_learned_cells(training: object) -> None:
    assert learned_cells(training) == frozenset()
    assert learned_cells({"learned": ["a", 5, "b"]}) == {"a", "b"}


def test_every_chromosome_needs_a_label(cells: list[ReviewedCell]) -> None:
    with pytest.raises(ValueError, match="a label and an orientation"):
        ReviewedCell(cells[0].images, (1,), (None,), "x")
