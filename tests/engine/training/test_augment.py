"""Variation keeps shape and range, turns half of the images, repeats from its seed, and can be switched off."""

from dataclasses import fields, replace

import pytest
import torch

from engine.training.augment import Augmenter
from engine.training.config import AugmentConfig

OFF = AugmentConfig(half_turns=False, **{f.name: 0.0 for f in fields(AugmentConfig) if f.name != "half_turns"})


def images(count: int = 64) -> torch.Tensor:
    picture = torch.zeros(count, 1, 144, 48)
    picture[:, :, 30:110, 16:32] = 0.5
    picture[:, :, 30:50, 16:32] = 1.0  # bright p end
    return picture


def sizes(count: int = 64) -> torch.Tensor:
    return torch.tensor([[0.3, 0.2, 1.0]]).repeat(count, 1)


def test_shape_range_and_repeatability() -> None:
    runs = [Augmenter(AugmentConfig(), torch.Generator().manual_seed(3))(images(), sizes()) for _ in range(2)]
    for first, second in zip(*runs, strict=True):
        assert torch.equal(first, second)
    varied, size, turned = runs[0]
    assert varied.shape == (64, 1, 144, 48)
    assert size.shape == (64, 3)
    assert float(varied.min()) >= 0.0
    assert float(varied.max()) <= 1.3
    assert 16 < int(turned.sum()) < 48
    assert len({round(float(one.sum()), 3) for one in varied}) == 64  # no two alike


def test_turned_says_which_end_is_up() -> None:
    varied, _, turned = Augmenter(replace(OFF, half_turns=True), torch.Generator().manual_seed(1))(images(), sizes())
    bright_on_top = varied[:, 0, 30:50].mean(dim=(1, 2)) > varied[:, 0, 94:114].mean(dim=(1, 2))
    assert torch.equal(bright_on_top, ~turned)
    assert turned.any()
    assert not turned.all()


def test_everything_off_changes_nothing() -> None:
    varied, size, turned = Augmenter(OFF, torch.Generator().manual_seed(1))(images(), sizes())
    torch.testing.assert_close(varied, images(), atol=1e-4, rtol=0)
    assert torch.equal(size, sizes())
    assert not turned.any()


def test_hidden_size_is_all_zero() -> None:
    config = replace(OFF, size_dropout=0.5, size_noise=0.1)
    _, size, _ = Augmenter(config, torch.Generator().manual_seed(1))(images(), sizes())
    hidden = size[:, 2] == 0
    assert 16 < int(hidden.sum()) < 48
    assert not size[hidden].any()
    assert float(size[~hidden, 0].std()) == pytest.approx(0.1, rel=0.5)


def test_cut_ends_shorten_some_images_only() -> None:
    varied, _, _ = Augmenter(replace(OFF, cut_end=0.2), torch.Generator().manual_seed(1))(images(600), sizes(600))
    rows = (varied[:, 0] > 0.05).any(dim=2).sum(dim=1)
    share = float((rows < 79).float().mean())
    assert 0.08 < share < 0.25
    assert int(rows.min()) >= 62


def test_rotations_are_multiples_of_the_step_all_the_way_round() -> None:
    square = torch.zeros(200, 1, 64, 64)
    square[:, :, 4:32, 30:34] = 1.0  # a hand that points up
    config = replace(AugmentConfig.none(), rotation_step_deg=90.0)
    varied, _, turned = Augmenter(config, torch.Generator().manual_seed(2))(square, torch.zeros(200, 3))
    up, down = varied[:, 0, :28].sum(dim=(1, 2)) > 80, varied[:, 0, 36:].sum(dim=(1, 2)) > 80
    left, right = varied[:, 0, :, :28].sum(dim=(1, 2)) > 80, varied[:, 0, :, 36:].sum(dim=(1, 2)) > 80
    quarters = [int(one.sum()) for one in (up, down, left, right)]
    assert sum(quarters) == 200
    assert min(quarters) > 30
    assert torch.equal(turned | left | right, down | left | right)


def test_stretched_widens_spans_and_leaves_shares() -> None:
    usual = AugmentConfig()
    wide = usual.stretched(2.0)
    assert (wide.gamma, wide.tilt_deg, wide.blur_px) == (2 * usual.gamma, 2 * usual.tilt_deg, 2 * usual.blur_px)
    assert (wide.debris, wide.half_turns, wide.size_noise) == (usual.debris, usual.half_turns, usual.size_noise)
    assert usual.stretched(1.0) == usual
