"""Annotations stay on their point of the chromosome, whatever is done to it."""

import numpy as np
import pytest

from karyogui.model.annotation import (
    Annotation,
    anchor_point,
    carried_over,
    check_annotations,
    image_point,
    next_annotation_id,
    with_annotation,
    without_annotations,
)
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.layout import compute_layout
from karyogui.model.pieces import as_points, erase, split


@pytest.fixture
def chromosome() -> Chromosome:
    mask = np.zeros((60, 20), dtype=np.bool_)
    mask[5:55, 5:15] = True
    return Chromosome(0, "a.png", mask.astype(np.float32), mask)


def remark(number: int = 0, **changes: object) -> Annotation:
    values: dict[str, object] = {
        "id": number,
        "chromosome_id": 0,
        "kind": "text",
        "text": "inv(9)",
        "x": 2.0,
        "y": -20.0,
        "dx": 10.0,
        "dy": 0.0,
    }
    return Annotation(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("turn", "mirrored"), [(0.0, False), (180.0, False), (35.0, True), (-90.0, True)])
def test_point_and_place_are_inverse(chromosome: Chromosome, turn: float, mirrored: bool) -> None:
    cell = Cell("cell", "g", (chromosome,))
    placed = compute_layout(cell, [Placement(0, "1", 0, turn, mirrored)]).chromosomes[0]
    assert image_point(placed, *anchor_point(remark(), placed)) == pytest.approx((2.0, -20.0))


def test_half_a_turn_takes_the_point_to_the_other_end(chromosome: Chromosome) -> None:
    cell = Cell("cell", "g", (chromosome,))
    upright = compute_layout(cell, [Placement(0, "1", 0)]).chromosomes[0]
    flipped = compute_layout(cell, [Placement(0, "1", 0, 180.0)]).chromosomes[0]
    (x0, y0), (x1, y1) = anchor_point(remark(), upright), anchor_point(remark(), flipped)
    assert (y0 - upright.y) == pytest.approx(-(y1 - flipped.y))
    assert (x0 - upright.x) == pytest.approx(-(x1 - flipped.x))
    assert y0 - upright.y == pytest.approx(-20.0 * upright.scale)


def test_values_check_themselves() -> None:
    with pytest.raises(ValueError, match="without text"):
        remark(text="")
    with pytest.raises(ValueError, match="unknown kind"):
        remark(kind="circle")
    with pytest.raises(ValueError, match="201 letters"):
        remark(text="x" * 201)
    assert remark(kind="arrow", text="").text == ""


def test_add_change_and_take_out() -> None:
    one, two = remark(0), remark(1)
    both = with_annotation([one], two)
    assert both == (one, two)
    changed = remark(0, text="del(5)")
    assert with_annotation(both, changed) == (changed, two)
    assert without_annotations(both, {0}) == (two,)
    assert (next_annotation_id(both), next_annotation_id(())) == (2, 0)


def test_a_cell_refuses_annotations_of_nobody(chromosome: Chromosome) -> None:
    cell = Cell("cell", "g", (chromosome,))
    check_annotations(cell, (remark(0), remark(1)))
    with pytest.raises(ValueError, match="one id"):
        check_annotations(cell, (remark(0), remark(0)))
    with pytest.raises(ValueError, match="not there"):
        check_annotations(cell, (remark(0, chromosome_id=7),))


def test_after_a_cut_an_annotation_is_on_the_piece_that_holds_its_point(chromosome: Chromosome) -> None:
    pieces = split(chromosome, as_points([(0, 40), (20, 40)]), 1)
    upper, other = carried_over([remark(0), remark(1, chromosome_id=9)], [chromosome], pieces)
    assert upper.chromosome_id == pieces[0].id
    assert other == remark(1, chromosome_id=9)
    height, width = chromosome.mask.shape
    left, top = pieces[0].origin or (0, 0)
    piece_height, piece_width = pieces[0].mask.shape
    assert left + piece_width / 2 + upper.x == width / 2 + 2.0
    assert top + piece_height / 2 + upper.y == height / 2 - 20.0


def test_an_erased_point_goes_to_the_nearest_ink(chromosome: Chromosome) -> None:
    less = erase(chromosome, [(as_points([(10, 5), (10, 12)]), 8.0)], 1)
    (moved,) = carried_over([remark()], [chromosome], [less])
    row = int(moved.y + less.mask.shape[0] / 2)
    column = int(moved.x + less.mask.shape[1] / 2)
    assert less.mask[row, column]
