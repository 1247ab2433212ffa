"""Ground, direction and mask on drawn chromosomes with known truth."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.ground import chromosome_mask, find_grounds, without_shading

Floats = NDArray[np.float32]
Drawn = tuple[Floats, NDArray[np.bool_]]
Draw = Callable[..., Drawn]
Follows = Callable[[NDArray[np.bool_], NDArray[np.bool_]], bool]


LEVELS = (0.0, 0.004, 0.35, 0.7, 0.95, 1.0)
CONTRASTS = (-0.7, -0.3, 0.3, 0.7)


@pytest.mark.parametrize(("level", "contrast"), [(a, b) for a in LEVELS for b in CONTRASTS if 0.0 <= a + b <= 1.0])
def test_level_and_direction_of_a_cell_of_tight_crops(level: float, contrast: float, drawn_cell: list[Drawn]) -> None:
    grounds = find_grounds([level + contrast * stain for stain, _ in drawn_cell])
    for ground in grounds:
        assert ground.level == pytest.approx(level, abs=0.002)
        assert ground.bright == (contrast > 0)
        assert ground.noise < 0.004


def test_noise_is_measured_beside_pale_bands(drawn: Draw) -> None:
    random = np.random.default_rng(3)
    images = [(0.7 - 0.3 * drawn(80, 16, margin=8)[0] + random.normal(0, 0.012, (96, 32))).astype(np.float32)] * 4
    for ground in find_grounds(images):
        assert ground.level == pytest.approx(0.7, abs=0.01)
        assert 0.008 < ground.noise < 0.016


def test_one_file_with_a_ground_of_its_own_does_not_sway_the_cell(drawn_cell: list[Drawn]) -> None:
    images = [1.0 - 0.8 * stain for stain, _ in drawn_cell]
    images[3] = 0.8 * drawn_cell[3][0]  # inverted
    grounds = find_grounds(images)
    assert [ground.bright for ground in grounds] == [index == 3 for index in range(len(images))]
    assert grounds[3].level == pytest.approx(0.0, abs=0.002)
    assert all(ground.level > 0.998 for index, ground in enumerate(grounds) if index != 3)


def test_a_crop_that_shows_hardly_any_ground_follows_the_cell(drawn_cell: list[Drawn]) -> None:
    images = [1.0 - 0.8 * stain for stain, _ in drawn_cell]
    tight = images[0][4:-4, 5:-5].copy()
    tight[0, :6] = 1.0  # all that is left of the ground
    grounds = find_grounds([*images, tight])
    assert grounds[-1].level > 0.998
    assert not grounds[-1].bright


@pytest.mark.parametrize("angle", [0, 30, 75])
def test_mask_follows_the_outline_through_pale_bands(angle: float, drawn: Draw, follows: Follows) -> None:
    stain, mask = drawn(90, 16, angle=angle)
    found = chromosome_mask(stain * np.float32(0.6))
    assert found is not None
    assert follows(found, mask)


def test_mask_of_a_flat_pale_chromosome_in_noise(drawn: Draw, follows: Follows) -> None:
    stain, mask = drawn(90, 18, bands=False, margin=12)
    noisy = 0.12 * stain + np.random.default_rng(0).normal(0, 0.012, stain.shape)
    found = chromosome_mask(np.maximum(noisy, 0).astype(np.float32), noise=0.012)
    assert found is not None
    assert follows(found, mask)


def test_holes_are_filled_and_rings_are_not(drawn: Draw) -> None:
    stain = drawn(90, 20)[0].copy()
    stain[40:44, 10:13] = 0.0
    found = chromosome_mask(stain)
    assert found is not None
    assert found[41, 11]
    y, x = np.mgrid[:60, :60]
    radius = np.hypot(y - 30, x - 30)
    ring = chromosome_mask(((radius > 12) & (radius < 22)).astype(np.float32))
    assert ring is not None
    assert not ring[30, 30]


def test_satellites_stay_and_specks_go() -> None:
    depth = np.zeros((100, 40), np.float32)
    depth[20:90, 10:30] = 0.6
    depth[5:14, 12:20] = 0.5  # 5 % of the area
    depth[95:98, 2:5] = 0.6
    mask = chromosome_mask(depth)
    assert mask is not None
    assert mask[9, 16]
    assert not mask[96, 3]


def test_a_hot_pixel_does_not_hide_the_chromosome(drawn: Draw, follows: Follows) -> None:
    stain, mask = drawn(80, 16, margin=6)
    depth = stain * np.float32(0.05)
    depth[1, 1] = 1.0
    found = chromosome_mask(depth)
    assert found is not None
    assert follows(found, mask)


def test_pictures_without_an_object_have_no_mask() -> None:
    random = np.random.default_rng(0)
    assert chromosome_mask(np.zeros((40, 30), np.float32)) is None
    noise = np.abs(random.normal(0, 0.02, (200, 200))).astype(np.float32)
    assert chromosome_mask(noise, noise=0.02) is None


def test_shading_is_taken_out_of_a_large_picture_and_only_there(drawn: Draw) -> None:
    y, x = np.mgrid[:400, :500]
    shade = 0.06 * (x / 500 - 0.5) + 0.04 * ((y / 400 - 0.5) ** 2)
    sheet = np.full((400, 500), 0.85)
    stain = drawn(80, 16)[0]
    for left in range(20, 460, 60):
        sheet[150 : 150 + stain.shape[0], left : left + stain.shape[1]] -= 0.6 * stain
    flat = without_shading((sheet + shade).astype(np.float32))
    assert np.ptp(flat[:130]) < 0.004
    assert np.abs((flat - np.median(flat)) - (sheet - 0.85)).max() < 0.01
    small = (sheet + shade).astype(np.float32)[:200]
    np.testing.assert_array_equal(without_shading(small), small)
