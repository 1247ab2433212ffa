"""The paper's ways to adapt: IAM keeps every pixel, stretching loses length, and turning upright first is a choice."""

import numpy as np
import pytest

from engine.card import BundleCard, NetworkCard
from engine.errors import BundleError
from engine.imaging.adapt import AdaptSpec, adapt_cell
from engine.types import ChromosomeImage

PLAIN = AdaptSpec(height=64, width=64, mode="iam", upright=False)


def block(height: int, width: int) -> ChromosomeImage:
    pixels = np.zeros((60, 60), np.float32)
    grey = 0.2 + 0.6 * np.arange(height * width, dtype=np.float32).reshape(height, width) / (height * width)
    pixels[5 : 5 + height, 8 : 8 + width] = grey
    return ChromosomeImage(pixels, pixels > 0, "block.png")


def test_iam_moves_the_pixels_and_changes_none() -> None:
    adapted = adapt_cell([block(40, 10), block(20, 8)], PLAIN)
    assert adapted.images.shape == (2, 64, 64)
    np.testing.assert_array_equal(adapted.images[0, 12:52, 27:37], block(40, 10).pixels[5:45, 8:18])
    assert adapted.masks.sum(axis=(1, 2)).tolist() == [400, 160]
    assert adapted.rotation_deg.tolist() == [0.0, 0.0]


def test_a_scale_is_the_same_for_the_whole_cell() -> None:
    halved = adapt_cell([block(40, 10), block(20, 8)], AdaptSpec(32, 32, mode="iam", upright=False, iam_scale=0.5))
    assert halved.masks.any(axis=2).sum(axis=1).tolist() == [20, 10]
    assert halved.scale == 0.5


def test_stretching_fills_the_image_whatever_the_length() -> None:
    adapted = adapt_cell([block(40, 10), block(20, 8)], AdaptSpec(64, 64, mode="stretch", upright=False))
    assert adapted.masks.all()


def test_upright_first_turns_a_lying_chromosome() -> None:
    lying = block(10, 40)
    kept = adapt_cell([lying], PLAIN)
    turned = adapt_cell([lying], AdaptSpec(64, 64, mode="iam"))
    assert kept.masks[0].any(axis=1).sum() == 10
    assert turned.masks[0].any(axis=1).sum() == pytest.approx(40, abs=2)
    assert abs(turned.rotation_deg[0]) == pytest.approx(90.0, abs=1.0)


def test_an_unknown_mode_is_refused_in_a_card_too() -> None:
    with pytest.raises(ValueError, match="unknown way to adapt 'fold'"):
        AdaptSpec(mode="fold")
    with pytest.raises(ValueError, match="square"):
        AdaptSpec(mode="iam")
    card = BundleCard("b", "1", "q", {"classifier": NetworkCard("resnet50")}, adapt=PLAIN)
    assert BundleCard.from_json(card.to_json()).adapt == PLAIN
    with pytest.raises(BundleError, match="unknown way"):
        BundleCard.from_json(card.to_json().replace('"iam"', '"fold"'))
