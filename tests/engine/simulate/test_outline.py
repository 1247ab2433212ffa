"""Bent centre lines and each pixel's place on them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import cKDTree

from engine.simulate.look import Look
from engine.simulate.outline import CentreLine, bent_line, places, rotated

HOOKED = Look(bend_deg=25.0, strong_bend=1.0)


def line(seed: int = 0, look: Look = HOOKED, length: float = 120.0) -> CentreLine:
    return bent_line(length, 18.0, 0.4, look, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(6))
def test_line_has_the_length_asked_for_and_equal_steps(seed: int) -> None:
    steps = np.linalg.norm(np.diff(line(seed).points, axis=0), axis=1)
    assert line(seed).length == pytest.approx(120.0)
    np.testing.assert_allclose(steps, line(seed).step, rtol=0.01)


@pytest.mark.parametrize("seed", range(6))
def test_line_stands_upright_with_the_p_end_on_top(seed: int) -> None:
    points = line(seed).points
    assert points[0, 1] < points[-1, 1]
    values, vectors = np.linalg.eigh(np.cov(points.T))
    ends = points[-1] - points[0]
    along_axis = abs(vectors[1, 1]) > 0.999
    end_to_end = abs(ends[0]) < 1e-6 * np.linalg.norm(ends)
    assert along_axis or end_to_end, (values, vectors)


def test_strong_bends_turn_far_and_straight_looks_do_not_turn() -> None:
    def turn(drawn: CentreLine) -> float:
        return float(np.degrees(np.arccos(np.clip(drawn.tangents[0] @ drawn.tangents[-1], -1.0, 1.0))))

    assert max(turn(line(seed)) for seed in range(10)) > 80
    straight = replace(HOOKED, bend_deg=0.0, strong_bend=0.0)
    assert max(turn(line(seed, straight)) for seed in range(10)) < 1e-6


def test_rotation_is_counter_clockwise_on_the_screen() -> None:
    straight = line(look=replace(HOOKED, bend_deg=0.0, strong_bend=0.0))
    turned = rotated(straight, 90.0)  # what was on top goes to the left
    np.testing.assert_allclose(turned.points[0], (-60.0, 0.0), atol=1e-6)


@pytest.mark.parametrize("tilt", [0.0, 37.0, 200.0])
def test_each_pixel_finds_its_nearest_point_of_the_line(tilt: float) -> None:
    drawn = rotated(line(3), tilt)
    size = np.ceil(np.ptp(drawn.points, axis=0)).astype(int) + 40
    origin = ((size[0] - 1) / 2, (size[1] - 1) / 2)
    found = places(drawn, origin, (int(size[1]), int(size[0])))
    dense = np.concatenate(
        [drawn.points[:-1] + (drawn.points[1:] - drawn.points[:-1]) * t for t in (0, 0.25, 0.5, 0.75)]
    )
    y, x = np.mgrid[: size[1], : size[0]]
    distance, _ = cKDTree(dense + np.asarray(origin)).query(np.stack([x, y], axis=-1).reshape(-1, 2))
    distance = distance.reshape(found.across.shape)
    beside = (found.along > 0) & (found.along < drawn.length) & (distance < 9)  # within the chromosome's half width
    assert beside.sum() > 1000
    assert np.abs(np.abs(found.across) - distance)[beside].max() < 0.5


def test_places_run_from_p_to_q_with_the_left_side_apart_from_the_right() -> None:
    straight = line(look=replace(HOOKED, bend_deg=0.0, strong_bend=0.0))
    found = places(straight, (20.0, 70.0), (141, 41))
    assert found.along[10, 20] == pytest.approx(0.0, abs=1e-4)
    assert found.along[130, 20] == pytest.approx(120.0, abs=1e-4)
    assert found.along[4, 20] == pytest.approx(-6.0, abs=1e-4)
    assert found.across[70, 28] == pytest.approx(8.0)
    assert found.across[70, 12] == pytest.approx(-8.0)
