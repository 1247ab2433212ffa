"""Cuts and joins by numbers: no pixel lost, none changed, none invented."""

import numpy as np
import pytest
from numpy.typing import NDArray

from karyogui.model.cell import Chromosome
from karyogui.model.pieces import (
    CutError,
    Problem,
    as_points,
    cut_out,
    erase,
    join,
    joining_offset,
    offset_of,
    split,
)


def drawn(mask: NDArray[np.bool_], source: str = "003.png", number: int = 3) -> Chromosome:
    """A chromosome whose every pixel has its own value."""
    values = np.linspace(0.3, 1.0, mask.size, dtype=np.float32).reshape(mask.shape)
    return Chromosome(number, source, np.where(mask, values, np.float32(0.01)), mask)


@pytest.fixture
def bar() -> Chromosome:
    """10 x 40 pixels within 20 x 50."""
    mask = np.zeros((50, 20), dtype=np.bool_)
    mask[5:45, 5:15] = True
    return drawn(mask)


@pytest.fixture
def cross() -> Chromosome:
    """Two bars that lie across each other."""
    mask = np.zeros((60, 60), dtype=np.bool_)
    mask[25:35, 5:55] = True
    mask[5:55, 25:35] = True
    return drawn(mask)


def back(whole: Chromosome, piece: Chromosome) -> NDArray[np.bool_]:
    """The piece's mask in the frame of the whole."""
    offset = offset_of(whole, piece)
    assert offset is not None
    x, y = offset
    mask = np.zeros_like(whole.mask)
    mask[y : y + piece.mask.shape[0], x : x + piece.mask.shape[1]] = piece.mask
    return mask


def test_split_gives_every_pixel_to_one_piece_at_its_own_value(bar: Chromosome) -> None:
    pieces = split(bar, as_points([(0, 15), (20, 15)]), 46)
    assert [(p.id, p.source, int(p.mask.sum())) for p in pieces] == [
        (46, "003.png/1", 300),
        (47, "003.png/2", 100),
    ]
    assert np.array_equal(back(bar, pieces[0]) ^ back(bar, pieces[1]), bar.mask)
    for piece in pieces:
        x, y = offset_of(bar, piece) or (0, 0)
        window = bar.pixels[y : y + piece.mask.shape[0], x : x + piece.mask.shape[1]]
        assert np.array_equal(piece.pixels[piece.mask], window[piece.mask])
    assert pieces[1].mask.shape == (10 + 4 + 4, 10 + 8)  # a margin of ground around what is left


def test_a_piece_does_not_show_the_other_one(bar: Chromosome) -> None:
    for piece in split(bar, as_points([(0, 25), (20, 25)]), 46):
        assert piece.pixels[~piece.mask].max() <= np.float32(0.01)


def test_a_line_that_ends_within_is_prolonged(bar: Chromosome) -> None:
    pieces = split(bar, as_points([(7, 25), (12, 25)]), 46)
    assert [int(p.mask.sum()) for p in pieces] == [200, 200]


def test_a_line_across_two_arms_makes_three_pieces() -> None:
    mask = np.zeros((40, 40), dtype=np.bool_)
    mask[5:35, 5:12] = mask[5:35, 28:35] = mask[28:35, 5:35] = True  # a U
    pieces = split(drawn(mask), as_points([(0, 15), (40, 15)]), 46)
    assert [p.id for p in pieces] == [46, 47, 48]
    assert [int(p.mask.sum()) for p in pieces] == [int(mask.sum()) - 140, 70, 70]


def test_satellites_go_with_the_nearest_piece(bar: Chromosome) -> None:
    mask = bar.mask.copy()
    mask[2:4, 8:11] = True  # above a gap
    pieces = split(drawn(mask), as_points([(0, 20), (20, 20)]), 46)
    assert [int(p.mask.sum()) for p in pieces] == [250, 156]


@pytest.mark.parametrize(
    "line", [[(0, 2), (20, 2)], [(0, 5.2), (20, 5.2)], [(30, 0), (30, 50)]], ids=["beside", "shaving", "outside"]
)
def test_a_line_that_does_not_part_is_refused(bar: Chromosome, line: list[tuple[float, float]]) -> None:
    with pytest.raises(CutError) as caught:
        split(bar, as_points(line), 46)
    assert caught.value.problem is Problem.NOT_THROUGH


def test_lasso_takes_out_a_part(cross: Chromosome) -> None:
    rest, part = cut_out(cross, as_points([(24, 0), (36, 0), (36, 24.9), (24, 24.9)]), 46)
    assert (rest.id, part.id) == (46, 47)
    assert int(part.mask.sum()) == 200
    assert np.array_equal(back(cross, rest) ^ back(cross, part), cross.mask)


def test_lasso_around_nothing_or_everything_is_refused(bar: Chromosome) -> None:
    with pytest.raises(CutError, match="nothing taken"):
        cut_out(bar, as_points([(0, 0), (3, 0), (3, 3)]), 46)
    with pytest.raises(CutError, match="nothing left"):
        cut_out(bar, as_points([(0, 0), (20, 0), (20, 50), (0, 50)]), 46)


def test_erase_takes_the_edge_away(bar: Chromosome) -> None:
    less = erase(bar, [(as_points([(5, 0), (5, 50)]), 2.0)], 46)
    assert (less.id, less.source, int(less.mask.sum())) == (46, "003.png/1", 8 * 40)
    assert less.pixels.max() == bar.pixels.max()


def test_erase_beside_or_everything_is_refused(bar: Chromosome) -> None:
    with pytest.raises(CutError, match="nothing taken"):
        erase(bar, [(as_points([(1, 1)]), 2.0)], 46)
    with pytest.raises(CutError, match="nothing left"):
        erase(bar, [(as_points([(10, 0), (10, 50)]), 20.0)], 46)


def test_join_undoes_split(cross: Chromosome) -> None:
    first, second = split(cross, as_points([(0, 20), (60, 22)]), 46)
    whole = join(first, second, joining_offset(first, second), 48)
    assert (whole.id, whole.source) == (48, "003.png/1+2")
    assert np.array_equal(back(cross, whole), cross.mask)
    x, y = offset_of(cross, whole) or (0, 0)
    window = cross.pixels[y : y + whole.mask.shape[0], x : x + whole.mask.shape[1]]
    assert np.array_equal(whole.pixels[whole.mask], window[whole.mask])


def test_pieces_of_pieces_come_together_too(bar: Chromosome) -> None:
    large, small = split(bar, as_points([(0, 15), (20, 15)]), 46)
    lower, middle = split(large, as_points([(0, 12), (20, 12)]), 48)
    whole = join(small, join(lower, middle, joining_offset(lower, middle), 50), (0, 0), 51)
    assert offset_of(bar, lower) is not None
    assert whole.id == 51
    upper = joining_offset(small, middle)
    assert upper == (0, (middle.origin or (0, 0))[1] - (small.origin or (0, 0))[1])


@pytest.mark.parametrize("sideways", [False, True])
def test_two_files_are_put_end_to_end(sideways: bool) -> None:
    mask = np.zeros((26, 18), dtype=np.bool_)
    mask[3:23, 4:14] = True
    mask = mask.T if sideways else mask
    first, second = drawn(mask, "003.png"), drawn(mask.copy(), "004.png", 4)
    dx, dy = joining_offset(first, second)
    assert sorted((abs(dx), abs(dy))) == [0, 20]
    whole = join(first, second, (dx, dy), 46)
    assert whole.source == "003.png+004.png"
    assert whole.origin is None
    assert int(whole.mask.sum()) == 400  # none covers the other
    rows, columns = np.argwhere(whole.mask).T
    assert sorted((np.ptp(rows) + 1, np.ptp(columns) + 1)) == [10, 40]


def test_join_keeps_the_darker_where_two_overlap(bar: Chromosome) -> None:
    whole = join(bar, drawn(bar.mask, "004.png"), (0, -20), 46)
    assert whole.mask.shape == (70, 20)
    assert int(whole.mask.sum()) == 600
    assert np.array_equal(whole.pixels[25:45, 5:15], np.maximum(bar.pixels[5:25, 5:15], bar.pixels[25:45, 5:15]))


def test_offset_is_unknown_between_files(bar: Chromosome) -> None:
    assert offset_of(bar, drawn(bar.mask, "004.png")) is None
