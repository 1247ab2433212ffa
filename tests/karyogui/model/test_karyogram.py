from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.types import MARKER, CellResult
from karyogui.model import karyogram
from karyogui.model.cell import Cell
from karyogui.model.karyogram import PLACES, Placement, check_placements, placements_from_result, reading_order
from karyogui.model.layout import rotation_matrix

Draw = Callable[..., tuple[Cell, CellResult]]

START = (
    Placement(0, "8", 0),
    Placement(1, "8", 1),
    Placement(2, "10", 0),
    Placement(3, "10", 1),
    Placement(4, None, 0),
)


def after(changed: Iterable[Placement], start: tuple[Placement, ...] = START) -> tuple[Placement, ...]:
    everything = {p.chromosome_id: p for p in start}
    everything.update({p.chromosome_id: p for p in changed})
    return tuple(everything.values())


def ids_in(label: str | None, placements: Iterable[Placement]) -> list[int]:
    return [p.chromosome_id for p in karyogram.members(placements, label)]


@pytest.mark.parametrize("wrong", [{"label": "23"}, {"label": "x"}, {"order": -1}, {"centromere": 1.2}])
def test_a_placement_checks_itself(wrong: dict[str, object]) -> None:
    values: dict[str, object] = {"chromosome_id": 1, "label": "1", "order": 0} | wrong
    with pytest.raises(ValueError, match=r"label|order|centromere"):
        Placement(**values)  # type: ignore[arg-type]


def test_move_makes_room_and_closes_the_gap() -> None:
    changed = karyogram.move(START, [0], "10", 1)
    assert {p.chromosome_id for p in changed} == {0, 1, 3}
    assert ids_in("10", after(changed)) == [2, 0, 3]
    assert ids_in("8", after(changed)) == [1]
    assert [p.accepted for p in sorted(changed, key=lambda p: p.chromosome_id)] == [True, False, False]


def test_several_land_side_by_side_in_reading_order() -> None:
    changed = karyogram.move(START, [4, 1, 0], "10", 1)
    assert ids_in("10", after(changed)) == [2, 0, 1, 4, 3]


def test_order_counts_the_others_only() -> None:
    assert ids_in("8", after(karyogram.move(START, [0], "8", 1))) == [1, 0]
    assert karyogram.move(START, [0], "8", 0) == ()  # its own place


def test_move_without_order_goes_to_the_end() -> None:
    assert ids_in("10", after(karyogram.move(START, [4], "10"))) == [2, 3, 4]


def test_move_to_markers_and_tray() -> None:
    marked = after(karyogram.move(START, [1], MARKER))
    assert ids_in(MARKER, marked) == [1]
    assert ids_in(None, after(karyogram.to_tray(marked, [1, 4]), marked)) == [4, 1]


def test_to_the_tray_again_changes_nothing() -> None:
    assert karyogram.to_tray(START, [4]) == ()


def test_assign_accepts_those_that_are_there() -> None:
    changed = karyogram.assign(START, [0, 2], "8")
    assert ids_in("8", after(changed)) == [0, 1, 2]
    assert {p.chromosome_id for p in after(changed) if p.accepted} == {0, 2}
    assert karyogram.assign(after(changed), [0], "8") == ()


def test_swap_exchanges_places_and_keeps_rotations() -> None:
    start = after([Placement(0, "8", 0, rotation_deg=30.0)])
    changed = after(karyogram.swap(start, 0, 3), start)
    assert ids_in("10", changed) == [2, 0]
    assert ids_in("8", changed) == [3, 1]
    assert next(p.rotation_deg for p in changed if p.chromosome_id == 0) == 30.0
    assert karyogram.swap(START, 2, 2) == ()


def test_flip_twice_is_nothing() -> None:
    start = after([Placement(0, "8", 0, rotation_deg=-40.0, centromere=0.3)])
    once = karyogram.flip(start, [0])
    assert once == (Placement(0, "8", 0, rotation_deg=140.0, centromere=0.7),)
    (twice,) = karyogram.flip(after(once, start), [0])
    assert (twice.rotation_deg, twice.centromere) == pytest.approx((-40.0, 0.3))


@pytest.mark.parametrize(("start", "turn", "end"), [(170.0, 15.0, -175.0), (-175.0, -5.0, 180.0), (0.0, 360.0, 0.0)])
def test_angles_stay_in_range(start: float, turn: float, end: float) -> None:
    placement = Placement(0, "8", 0, rotation_deg=start)
    turned = karyogram.rotate([placement], [0], turn)
    assert [p.rotation_deg for p in turned or (placement,)] == [end]


@pytest.mark.parametrize("mirrored", [False, True])
def test_mirror_swaps_left_and_right_as_shown(mirrored: bool) -> None:
    before = Placement(0, "8", 0, rotation_deg=35.0, mirrored=mirrored)
    (mirror,) = karyogram.mirror([before], [0])
    shown = np.diag([-1.0, 1.0]) @ rotation_matrix(before.rotation_deg, before.mirrored)
    assert rotation_matrix(mirror.rotation_deg, mirror.mirrored) == pytest.approx(shown)


def test_upright_is_the_engines_orientation(draw: Draw) -> None:
    cell, result = draw(["8", "8"], turns=[90.0, 270.0])
    proposed = placements_from_result(cell, result)
    assert [p.rotation_deg for p in proposed] == [90.0, -90.0]
    turned = after(karyogram.rotate(karyogram.mirror(proposed, [0]) + proposed[1:], [0, 1], 25.0), proposed)
    known = cell.with_result(result)
    assert after(karyogram.upright(known, turned, [0, 1]), turned) == proposed
    assert karyogram.upright(cell, turned, [0, 1]) == ()  # nobody classified it


def test_the_surest_copy_stands_left_and_the_unplaced_in_the_tray(draw: Draw) -> None:
    cell, result = draw(["21", "21", None, "21"], confidences=[0.5, 0.99, 0.2, 0.8])
    placements = placements_from_result(cell, result)
    assert ids_in("21", placements) == [1, 3, 0]
    assert ids_in(None, placements) == [2]
    assert [(p.centromere, p.accepted) for p in placements] == [(0.4, False)] * 4
    check_placements(cell, placements)


def test_reading_order_is_that_of_the_karyogram() -> None:
    mixed = [
        Placement(0, None, 0),
        Placement(1, "Y", 0),
        Placement(2, "X", 0),
        Placement(3, "10", 0),
        Placement(4, "9", 1),
        Placement(5, "9", 0),
        Placement(6, MARKER, 0),
    ]
    assert reading_order(mixed) == [5, 4, 3, 2, 1, 6, 0]


def test_check_finds_gaps_and_strangers(draw: Draw) -> None:
    cell, _ = draw(["1", "1"])
    with pytest.raises(ValueError, match="gaps"):
        check_placements(cell, (Placement(0, "1", 0), Placement(1, "1", 2)))
    with pytest.raises(ValueError, match="not those"):
        check_placements(cell, (Placement(0, "1", 0), Placement(7, "1", 1)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 5), min_size=1), st.sampled_from(["8", "X", MARKER, None]), st.integers(0, 7)),
        max_size=8,
    )
)
def test_any_moves_leave_a_whole_karyogram(moves: list[tuple[set[int], str | None, int]]) -> None:
    placements = tuple(Placement(i, "8" if i < 3 else None, i % 3) for i in range(6))
    for ids, label, order in moves:
        placements = after(karyogram.move(placements, ids, label, order), placements)
        assert {p.label for p in placements if p.chromosome_id in ids} == {label}
    for place in PLACES:
        assert [p.order for p in karyogram.members(placements, place)] == list(range(len(ids_in(place, placements))))
