"""From a homologue to pixels."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.simulate.homologue import Homologue
from engine.simulate.look import Look
from engine.simulate.render import Drawing, draw

CLEAN = Look(
    length_px=120.0, bend_deg=0.0, strong_bend=0.0, tilt_deg=0.0, noise=0.0, uneven=0.0, grain=0.0, jagged=0.0,
    depth_spread=0.0, chromatids=0.0, sharpen=0.0, fuzzy_ends=0.0, blur_px=0.7,
)  # fmt: skip


def staff(dark_at: float = 0.25, centromere: float = 0.4) -> Homologue:
    """A chromosome with one dark band and a waist, to find again."""
    place = np.linspace(0.0, 1.0, 500)
    density = np.exp(-(((place - dark_at) / 0.03) ** 2))
    return Homologue("1", 1.0, centromere, density, 1.0 - 0.5 * np.exp(-(((place - centromere) / 0.03) ** 2)))


def upright(drawing: Drawing, ground: float = 255.0) -> NDArray[np.float64]:
    """Darkness (H, W) after turning by the stated rotation, cut to the chromosome."""
    dark = ground - np.pad(drawing.image.astype(np.float64), 60, constant_values=ground)
    height, width = dark.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), drawing.upright_rotation_deg, 1.0)
    turned = np.asarray(cv2.warpAffine(dark, matrix, (width, height), flags=cv2.INTER_CUBIC))
    rows, columns = np.flatnonzero(turned.max(axis=1) > 30), np.flatnonzero(turned.max(axis=0) > 30)
    return turned[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("seed", range(8))
def test_turning_by_the_truth_brings_the_p_arm_up(seed: int) -> None:
    look = replace(CLEAN, tilt_deg=180.0, bend_deg=10.0)
    picture = upright(draw(staff(), "g", look, 1.0, np.random.default_rng(seed)))
    middle = picture[:, picture.shape[1] // 2 - 4 : picture.shape[1] // 2 + 5].mean(axis=1)
    assert picture.shape[0] == pytest.approx(120, abs=6)
    assert int(middle.argmax()) / len(middle) == pytest.approx(0.25, abs=0.03)


def test_waist_is_where_the_centromere_is_said_to_be() -> None:
    picture = upright(draw(staff(dark_at=0.8), "g", CLEAN, 1.0, np.random.default_rng(0)))
    widths = (picture > 60).sum(axis=1)[8:-8]
    assert (int(widths.argmin()) + 8) / len(picture) == pytest.approx(0.4, abs=0.03)
    assert widths.min() < 0.75 * np.median(widths)


def test_half_of_the_chromosomes_lie_upside_down_and_all_rotations_occur() -> None:
    look = replace(CLEAN, length_px=40.0, tilt_deg=180.0)
    turns = [draw(staff(), "g", look, 1.0, np.random.default_rng(seed)).upright_rotation_deg for seed in range(200)]
    assert all(-180.0 < turn <= 180.0 for turn in turns)
    assert 70 < sum(abs(turn) > 90 for turn in turns) < 130
    assert len(np.unique(np.floor(np.array(turns) / 30))) == 12


def test_g_is_dark_on_bright_and_q_is_bright_on_black() -> None:
    rng = np.random.default_rng(1)
    g = draw(staff(), "g", replace(CLEAN, margin_px=(3, 3)), 0.9, rng).image
    q = draw(staff(), "q", replace(CLEAN, margin_px=(3, 3), ground=0), 0.9, rng).image
    assert (g[:3] == 255).all()
    assert g.min() < 60
    assert (q[:3] == 0).all()
    assert q.max() > 195


def test_cut_is_tight_without_a_margin_and_keeps_the_margin_asked_for() -> None:
    tight = draw(staff(), "g", CLEAN, 1.0, np.random.default_rng(2)).image
    roomy = draw(staff(), "g", replace(CLEAN, margin_px=(5, 5)), 1.0, np.random.default_rng(2)).image
    assert (tight.shape[0] + 10, tight.shape[1] + 10) == roomy.shape
    np.testing.assert_array_equal(roomy[5:-5, 5:-5], tight)
    assert (tight[0] < 255).any()


def test_ground_other_than_white_is_kept() -> None:
    image = draw(staff(), "g", replace(CLEAN, ground=220, margin_px=(4, 4)), 1.0, np.random.default_rng(3)).image
    assert (image[0] == 220).all()
    assert image.max() == 220


def test_chromatids_come_apart_when_the_look_says_so() -> None:
    def groove(chromatids: float) -> float:
        rng = np.random.default_rng(4)
        flat = replace(staff(), density=np.full(500, 0.6))
        picture = upright(draw(flat, "g", replace(CLEAN, chromatids=chromatids), 1.0, rng))
        across = picture[len(picture) * 6 // 10 : len(picture) * 9 // 10].mean(axis=0)
        middle = len(across) // 2
        return float(across[middle] / across.max())

    assert groove(0.0) > 0.95
    assert groove(0.8) < 0.85


def test_picture_that_was_not_cut_out_is_noisy_ground_all_around() -> None:
    look = replace(CLEAN, ground=4, ground_noise=1.0, cut_level=0.0, noise=1.0)
    image = draw(staff(), "q", look, 0.8, np.random.default_rng(5)).image
    assert 0 < image[:2].std() < 3
