"""Super-resolution as a job, with a real network."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.errors import Cancelled
from karyogui.jobs.tasks import find_superresolution, superresolve
from karyogui.model.cell import Chromosome


class Listener:
    """A reporter that notes what it is told, and cancels after some reports."""

    def __init__(self, cancel_after: int = 1000) -> None:
        self.told: list[tuple[int, int]] = []
        self._left = cancel_after

    def report(self, done: int, total: int, message: str = "") -> None:
        self.told.append((done, total))

    def check_cancelled(self) -> None:
        if len(self.told) > self._left:
            raise Cancelled


@pytest.fixture
def bars(enlarger: Path, monkeypatch: pytest.MonkeyPatch) -> list[Chromosome]:
    monkeypatch.setenv("KARYO_BUNDLES", str(enlarger))
    found = []
    for number in range(3):
        mask = np.zeros((30 + number, 12), np.bool_)
        mask[3:-3, 3:-3] = True
        found.append(Chromosome(number, f"{number}.png", mask.astype(np.float32) * 0.5, mask))
    return found


def test_it_finds_the_bundle_and_enlarges(bars: list[Chromosome]) -> None:
    listener = Listener()
    assert find_superresolution("g", "enlarger")(listener) == "enlarger"
    made = superresolve(bars, "enlarger", 4, 7)(listener)
    assert listener.told == [(4, 7), (5, 7), (6, 7), (7, 7)]
    for bar, look in zip(bars, made, strict=True):
        assert look.source is bar.pixels
        assert look.factor == 2.0
        assert look.pixels.shape == look.mask.shape
        assert look.made_by == "enlarger 2.5"


def test_a_cancel_is_answered_between_two_chromosomes(bars: list[Chromosome]) -> None:
    listener = Listener(cancel_after=1)
    with pytest.raises(Cancelled):
        superresolve(bars, "enlarger", 0, 3)(listener)
    assert listener.told == [(0, 3), (1, 3)]


def test_an_untrained_network_is_bicubic_on_the_chromosome_and_ground_around(bars: list[Chromosome]) -> None:
    pixels, mask = np.zeros((60, 50), np.float32), np.zeros((60, 50), np.bool_)
    pixels[20:45, 10:22] = np.random.default_rng(0).random((25, 12), np.float32)
    mask[20:45, 10:22] = True
    pixels[2:5, 40:45] = 0.8  # of a neighbour, away from the mask
    (large,) = superresolve([Chromosome(0, "x", pixels, mask)], "enlarger", 0, 1)(Listener())
    assert large.pixels.shape == large.mask.shape == (120, 100)
    assert large.mask.sum() == 4 * mask.sum()
    assert large.mask[40:90, 20:44].all()
    assert large.pixels[4:10, 80:90].max() == 0.0
    want = cv2.resize(pixels, (100, 120), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    np.testing.assert_allclose(large.pixels[42:88, 22:42], want[42:88, 22:42], atol=0.02)


def test_an_empty_mask_is_no_reason_to_fail(bars: list[Chromosome]) -> None:
    pixels = np.full((9, 7), 0.5, np.float32)
    (large,) = superresolve([Chromosome(0, "x", pixels, pixels > 1)], "enlarger", 0, 1)(Listener())
    assert large.pixels.shape == (18, 14)
    assert not large.mask.any()
