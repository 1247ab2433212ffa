"""The map of features: what is alike lies together, and the same input gives the same picture."""

import numpy as np
import pytest

from engine.training.feature_map import in_a_plane


@pytest.mark.parametrize("each", [6, 40])
def test_two_kinds_lie_apart(each: int) -> None:
    rng = np.random.default_rng(0)
    features = np.concatenate([rng.normal(0, 1, (each, 12)), rng.normal(9, 1, (each, 12))])
    points = in_a_plane(features)
    assert points.shape == (2 * each, 2)
    first, second = points[:each], points[each:]
    between = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
    assert between > 2 * max(first.std(), second.std())
    assert np.array_equal(points, in_a_plane(features))


def test_one_or_none() -> None:
    assert in_a_plane(np.ones((1, 5))).tolist() == [[0.0, 0.0]]
    assert in_a_plane(np.ones((0, 5))).shape == (0, 2)
