import numpy as np
import pytest

from karyogui.model.comparison import difference, pair_of
from karyogui.model.karyogram import Placement

PLACEMENTS = [
    Placement(5, "21", 0),
    Placement(6, "21", 1),
    Placement(7, "21", 2),
    Placement(8, "X", 0),
    Placement(9, None, 0),
]


@pytest.mark.parametrize(
    ("selected", "current", "pair"),
    [
        ([5], 5, (5, 6)),
        ([6], 6, (6, 7)),
        ([7], 7, (6, 7)),
        ([8], 8, (8,)),
        ([9], 9, (9,)),
        ([5, 8], 8, (5, 8)),
        ([5, 6, 8], 5, (5, 6)),
        ([], None, ()),
    ],
)
def test_the_pair(selected: list[int], current: int | None, pair: tuple[int, ...]) -> None:
    assert pair_of(PLACEMENTS, selected, current) == pair


def banded(height: int, bands: list[float], width: int = 10) -> np.ndarray:
    """Bands at shares of the length, a tenth of it long."""
    image = np.full((height, width), 0.3, np.float32)
    for place in bands:
        image[round((place - 0.05) * height) : round((place + 0.05) * height)] = 0.9
    return image


def test_alike_at_another_length_is_no_difference() -> None:
    left, right = banded(200, [0.2, 0.7]), banded(140, [0.2, 0.7], width=14)
    found = difference(left, right, (0.4, 0.4))
    assert found.shape == left.shape
    assert np.abs(found).mean() < 0.01


def test_the_arms_are_stretched_each_to_its_own() -> None:
    left, right = banded(200, [0.2, 0.7]), banded(200, [0.3, 0.8])
    # p arm 0.4 against 0.6: 0.2 meets 0.3; in the q arm 0.7 meets 0.8.
    assert np.abs(difference(left, right, (0.4, 0.6))).mean() < 0.05
    assert np.abs(difference(left, right, (0.5, 0.5))).mean() > 0.15


def test_the_sign_says_which_is_darker() -> None:
    left, right = banded(200, [0.2]), banded(200, [0.7])
    found = difference(left, right, (0.5, 0.5))
    assert found[40, 5] == pytest.approx(0.6, abs=0.01)
    assert found[140, 5] == pytest.approx(-0.6, abs=0.01)
    assert found[100, 5] == 0.0
