from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from engine.types import CLASS_LABELS, MARKER, CellResult
from karyogui.model import karyogram
from karyogui.model.arrangement import ARRANGEMENTS
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.ideogram import ideogram
from karyogui.model.karyogram import Placement, placements_from_result, unplaced
from karyogui.model.layout import (
    KaryogramLayout,
    LayoutOptions,
    Rect,
    cell_scale,
    compute_layout,
)
from karyogui.model.layout import turned as turned_about_the_middle

Drawn = tuple[Cell, CellResult]
Draw = Callable[..., Drawn]

ROWS_READ = ["1 2 3 4 5", "6 7 8 9 10 11 12", "13 14 15 16 17 18", f"19 20 21 22 X Y {MARKER}"]


def turned(cell: Cell, result: CellResult) -> tuple[Placement, ...]:
    """The engine's karyogram with every chromosome turned by some angle and its own centromere."""
    rng = np.random.default_rng(5)
    return tuple(
        replace(p, rotation_deg=float(rng.uniform(-179, 180)), centromere=float(rng.uniform(0, 1)))
        for p in placements_from_result(cell, result)
    )


def overlap(a: Rect, b: Rect) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def contains(outer: Rect, inner: Rect) -> bool:
    slack = 1e-6
    return (
        outer.x - slack <= inner.x
        and inner.right <= outer.right + slack
        and outer.y - slack <= inner.y
        and inner.bottom <= outer.bottom + slack
    )


def proposed(drawn: Drawn) -> KaryogramLayout:
    """The layout of the engine's karyogram."""
    return compute_layout(drawn[0], placements_from_result(*drawn))


def test_rows_are_those_of_the_convention(normal_cell: Drawn) -> None:
    layout = proposed(normal_cell)
    rows = [[slot for slot in layout.slots if slot.row == row] for row in range(4)]
    assert [" ".join(str(slot.label) for slot in row) for row in rows] == ROWS_READ
    assert layout.slots[-1].label is None
    for row in rows:
        assert [slot.rect.x for slot in row] == sorted(slot.rect.x for slot in row)
    for upper, lower in zip(rows, [*rows[1:], [layout.slots[-1]]], strict=True):
        assert max(slot.rect.bottom for slot in upper) < min(slot.rect.y for slot in lower)


def test_groups_stand_further_apart_than_classes(normal_cell: Drawn) -> None:
    layout = proposed(normal_cell)

    def gap(left: str, right: str) -> float:
        return layout.slot(right).rect.x - layout.slot(left).rect.right

    assert gap("3", "4") > 2 * gap("2", "3")
    assert gap("20", "21") > 1.5 * gap("19", "20")


def test_centromeres_lie_on_one_line_per_row(normal_cell: Drawn) -> None:
    cell = normal_cell[0]
    layout = compute_layout(cell, turned(*normal_cell))
    for slot in layout.slots[:-1]:
        for chromosome_id in slot.ids:
            assert layout.chromosomes[chromosome_id].centromere_y == pytest.approx(slot.centromere_y)
    lines = {slot.row: {s.centromere_y for s in layout.slots if s.row == slot.row} for slot in layout.slots[:-1]}
    assert [len(line) for line in lines.values()] == [1, 1, 1, 1]


def test_the_centromere_is_at_its_fraction_of_the_extent(normal_cell: Drawn) -> None:
    placements = turned(*normal_cell)
    layout = compute_layout(normal_cell[0], placements)
    for placement in placements:
        placed = layout.chromosomes[placement.chromosome_id]
        assert (placed.centromere_y - placed.rect.y) / placed.rect.height == pytest.approx(placement.centromere)


def test_nothing_overlaps_and_all_is_on_the_paper(normal_cell: Drawn) -> None:
    cell, result = normal_cell
    placements = turned(cell, result)
    crowded = {p.chromosome_id: p for p in placements}
    crowded.update({p.chromosome_id: p for p in karyogram.move(placements, range(5), "20", 1)})
    moved = tuple(crowded.values())
    crowded.update({p.chromosome_id: p for p in karyogram.move(moved, range(20, 44), None)})
    layout = compute_layout(cell, tuple(crowded.values()))
    paper = Rect(0, 0, layout.width, layout.height)
    for a, b in combinations(layout.chromosomes.values(), 2):
        assert not overlap(a.rect, b.rect)
    for a_slot, b_slot in combinations(layout.slots, 2):
        assert not overlap(a_slot.rect, b_slot.rect)
    for slot in layout.slots:
        assert contains(paper, slot.rect)
        for chromosome_id in slot.ids:
            rect = layout.chromosomes[chromosome_id].rect
            assert contains(slot.rect, rect)
            assert slot.baseline is None or rect.bottom < slot.baseline[2]


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0, -135.0, 180.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_extent_is_that_of_the_turned_mask(angle: float, mirrored: bool) -> None:
    mask = np.zeros((40, 26), np.bool_)
    mask[3:37, 4:10] = mask[3:9, 4:21] = True  # an L: every mirror image and turn looks different
    cell = Cell("c", "g", (Chromosome(0, "L", mask.astype(np.float32), mask),))
    placed = compute_layout(cell, (Placement(0, "1", 0, rotation_deg=angle, mirrored=mirrored),)).chromosomes[0]
    rows, columns = np.nonzero(mask)
    x = np.concatenate([columns, columns + 1, columns, columns + 1]) - 13.0
    y = np.concatenate([rows, rows, rows + 1, rows + 1]) - 20.0
    x = -x if mirrored else x
    # Counter-clockwise as seen, with y down.
    theta = np.deg2rad(angle)
    shown_x, shown_y = x * np.cos(theta) + y * np.sin(theta), -x * np.sin(theta) + y * np.cos(theta)
    assert placed.rect.x == pytest.approx(placed.x + placed.scale * shown_x.min())
    assert placed.rect.right == pytest.approx(placed.x + placed.scale * shown_x.max())
    assert placed.rect.y == pytest.approx(placed.y + placed.scale * shown_y.min())
    assert placed.rect.bottom == pytest.approx(placed.y + placed.scale * shown_y.max())


def test_one_scale_that_no_edit_changes(normal_cell: Drawn) -> None:
    cell, result = normal_cell
    layout = compute_layout(cell, placements_from_result(cell, result))
    in_tray = compute_layout(cell, unplaced(cell))
    assert {p.scale for p in (*layout.chromosomes.values(), *in_tray.chromosomes.values())} == {layout.scale}
    lengths = sorted((c.length for c in cell.chromosomes), reverse=True)
    assert layout.scale * lengths[5] == pytest.approx(layout.options.length, rel=0.02)


def test_a_cluster_does_not_shrink_the_rest(normal_cell: Drawn) -> None:
    cell = normal_cell[0]
    cluster = Chromosome(99, "cluster", np.ones((900, 700), np.float32), np.ones((900, 700), np.bool_))
    bigger = replace(cell, chromosomes=(*cell.chromosomes, cluster))
    assert cell_scale(bigger) == pytest.approx(cell_scale(cell), rel=0.03)


def test_twice_the_resolution_is_the_same_karyogram(draw: Draw) -> None:
    cell, result = draw(["1", "1", "2", "X"])
    doubled = tuple(
        replace(
            c, pixels=np.kron(c.pixels, np.ones((2, 2), np.float32)), mask=np.kron(c.mask, np.ones((2, 2), np.bool_))
        )
        for c in cell.chromosomes
    )
    placements = placements_from_result(cell, result)
    one, two = compute_layout(cell, placements), compute_layout(replace(cell, chromosomes=doubled), placements)
    assert two.scale == pytest.approx(one.scale / 2)
    assert (two.width, two.height) == pytest.approx((one.width, one.height))
    assert two.chromosomes[3].rect.x == pytest.approx(one.chromosomes[3].rect.x)


def test_a_place_grows_for_a_third_copy(draw: Draw) -> None:
    two = proposed(draw(["21", "21", "9"]))
    three = proposed(draw(["21", "21", "21"]))
    assert three.slot("21").rect.width > two.slot("21").rect.width + 20
    assert three.slot("9").rect.width == two.slot("9").rect.width  # empty or not


def test_empty_classes_keep_their_places(draw: Draw) -> None:
    cell, result = draw(["1", "1"])
    layout = compute_layout(cell, placements_from_result(cell, result))
    assert {slot.label for slot in layout.slots} == {*CLASS_LABELS, MARKER, None}
    assert all(slot.rect.width >= 2 * layout.options.copy_width for slot in layout.slots)


def test_labels_are_centred_under_the_baselines(normal_cell: Drawn) -> None:
    layout = proposed(normal_cell)
    for slot in layout.slots[:-1]:
        assert slot.baseline is not None
        assert slot.text is not None
        assert slot.text.y > slot.baseline[2]
        assert slot.text.centre_x == pytest.approx((slot.baseline[0] + slot.baseline[1]) / 2)
        middle = np.mean([layout.chromosomes[i].rect.centre_x for i in slot.ids]) if slot.ids else slot.text.centre_x
        assert slot.text.centre_x == pytest.approx(float(middle), abs=6)


def test_without_a_cell_there_is_the_empty_form() -> None:
    layout = compute_layout(None, ())
    assert len(layout.slots) == 26
    assert layout.chromosomes == {}


def test_an_empty_tray_is_left_out_on_request(draw: Draw) -> None:
    cell, result = draw(["1", None])
    without = compute_layout(*draw(["1"])[:1], placements_from_result(*draw(["1"])), LayoutOptions(empty_tray=False))
    assert without.tray is None
    full = compute_layout(cell, placements_from_result(cell, result), LayoutOptions(empty_tray=False))
    assert full.tray is not None
    assert full.tray.ids == (1,)


def test_a_full_tray_breaks_into_lines(normal_cell: Drawn) -> None:
    layout = compute_layout(normal_cell[0], unplaced(normal_cell[0]))
    lines = {placed.line for placed in layout.chromosomes.values()}
    assert len(lines) >= 2
    assert layout.tray is not None
    assert layout.tray.ids == tuple(range(46))


# --- ways to look at it ------------------------------------------------------------------------------------------


def test_the_other_arrangement_keeps_everything(normal_cell: Drawn) -> None:
    placements = placements_from_result(*normal_cell)
    layout = compute_layout(normal_cell[0], placements, LayoutOptions(rows=ARRANGEMENTS["sex_in_groups"]))
    assert layout.slot("X").row == layout.slot("12").row
    assert layout.slot("Y").row == layout.slot("22").row
    assert {slot.label for slot in layout.slots} == {*CLASS_LABELS, MARKER, None}
    assert sorted(layout.chromosomes) == list(range(46))


def test_ideograms_stand_beside_each_class_at_its_size(normal_cell: Drawn) -> None:
    placements = placements_from_result(*normal_cell)
    layout = compute_layout(normal_cell[0], placements, LayoutOptions(ideograms=True))
    plain = compute_layout(normal_cell[0], placements)
    assert all(slot.ideogram is None for slot in plain.slots)
    for slot in layout.slots:
        if slot.label not in CLASS_LABELS:
            assert slot.ideogram is None
            continue
        assert slot.ideogram is not None
        assert slot.centromere_y is not None
        drawn = ideogram(slot.label, 850)
        assert slot.ideogram.y + drawn.centromere * slot.ideogram.height == pytest.approx(slot.centromere_y)
        assert slot.baseline is not None
        assert slot.ideogram.bottom <= slot.baseline[2]
        for chromosome_id in slot.ids:
            rect = layout.chromosomes[chromosome_id].rect
            assert slot.ideogram.right < rect.x
            assert slot.ideogram.height == pytest.approx(rect.height)
    assert layout.scale == plain.scale


def test_group_letters_stand_over_their_first_class(normal_cell: Drawn) -> None:
    layout = compute_layout(normal_cell[0], placements_from_result(*normal_cell), LayoutOptions(group_letters=True))
    assert [letter for letter, _, _ in layout.letters] == list("ABCDEFG")
    for (_, x, y), first in zip(layout.letters, ("1", "4", "6", "13", "16", "19", "21"), strict=True):
        assert x == layout.slot(first).rect.x
        assert 0 <= y < layout.slot(first).rect.y
    assert proposed(normal_cell).letters == ()


def test_a_free_turn_keeps_the_middle(normal_cell: Drawn) -> None:
    cell, _ = normal_cell
    placed = proposed(normal_cell).chromosomes[14]
    seen = turned_about_the_middle(placed, cell.chromosome(14), 90.0)
    assert (seen.rect.centre_x, seen.rect.centre_y) == pytest.approx((placed.rect.centre_x, placed.rect.centre_y))
    assert (seen.rect.width, seen.rect.height) == pytest.approx((placed.rect.height, placed.rect.width))
