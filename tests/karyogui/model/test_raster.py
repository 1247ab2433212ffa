"""Lines and areas on pixels, against counting by hand."""

import numpy as np
import pytest

from karyogui.model.raster import components, crossed_edges, grown, inside, near


def test_a_vertical_line_parts_only_the_pixels_on_its_two_sides() -> None:
    right, down = crossed_edges((4, 6), np.array([[3.0, -1.0], [3.0, 5.0]]))
    assert np.argwhere(right).tolist() == [[row, 2] for row in range(4)]
    assert not down.any()


def test_a_line_through_pixel_centres_leaves_no_hole() -> None:
    mask = np.ones((6, 6), dtype=np.bool_)
    right, down = crossed_edges(mask.shape, np.array([[-1.0, 2.5], [7.0, 2.5]]))
    assert len(np.unique(components(mask, ~right, ~down))) == 2


@pytest.mark.parametrize("seed", range(5))
def test_a_freehand_line_from_edge_to_edge_always_parts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.linspace(-1, 31, 40)
    line = np.column_stack([x, 15 + rng.normal(0, 2, 40)])
    mask = np.ones((30, 30), dtype=np.bool_)
    right, down = crossed_edges(mask.shape, line)
    labels = components(mask, ~right, ~down)
    assert labels[0, 15] != labels[29, 15]


def test_components_follow_a_winding_way() -> None:
    mask = np.zeros((7, 40), dtype=np.bool_)
    mask[::2] = True
    mask[1, -1] = mask[3, 0] = mask[5, -1] = True  # one snake
    every = (np.ones((7, 39), dtype=np.bool_), np.ones((6, 40), dtype=np.bool_))
    assert np.unique(components(mask, *every)).tolist() == [0, 1]


def test_inside_counts_pixel_centres() -> None:
    square = np.array([[1.0, 1.0], [4.0, 1.0], [4.0, 3.0], [1.0, 3.0]])
    found = inside((5, 6), square)
    assert found.sum() == 6
    assert found[1:3, 1:4].all()


def test_near_a_point_and_near_a_stroke() -> None:
    assert near((5, 5), np.array([[2.5, 2.5]]), 1.0).sum() == 5
    assert near((3, 8), np.array([[0.5, 1.5], [7.5, 1.5]]), 0.4).sum() == 8


def test_grown_by_two_pixels() -> None:
    mask = np.zeros((9, 9), dtype=np.bool_)
    mask[4, 4] = True
    assert grown(mask).sum() == 13
