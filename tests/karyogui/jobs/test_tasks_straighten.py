"""The straightened look, worked out for a drawn arc."""

import numpy as np
import pytest

from engine.errors import Cancelled
from karyogui.jobs.tasks import straighten
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.straight import straight_of


class Quiet:
    """A reporter that counts, and cancels on request."""

    def __init__(self, *, cancelled: bool = False) -> None:
        self.cancelled, self.done = cancelled, 0

    def report(self, done: int, total: int, message: str = "") -> None:
        self.done = done

    def check_cancelled(self) -> None:
        if self.cancelled:
            raise Cancelled


@pytest.fixture
def arc() -> Cell:
    """Two fifths of a ring of radius 40, 10 wide, with a dark band in the middle."""
    y, x = np.mgrid[0:110, 0:110] - 54.5
    angle = np.arctan2(-y, x)
    mask = (np.abs(np.hypot(x, y) - 40) <= 5) & (np.abs(angle - np.pi / 2) < 0.4 * np.pi)
    pixels = np.where(mask, 0.4, 0.0)
    pixels[mask & (np.abs(angle - np.pi / 2) < 0.06)] = 1.0
    empty = np.zeros((6, 6), np.bool_)
    bent = Chromosome(2, "arc", pixels.astype(np.float32), mask)
    return Cell("c", "g", (bent, Chromosome(5, "empty", empty.astype(np.float32), empty)))


def test_an_arc_becomes_a_bar_of_its_length(arc: Cell) -> None:
    reporter = Quiet()
    found = straighten(arc)(reporter)
    assert reporter.done == 2
    assert set(found) == {2}  # nothing to see in the empty one
    straight = straight_of(arc.chromosomes[0], found)
    assert straight is not None
    rows, columns = (np.flatnonzero(straight.mask.any(axis=axis)) for axis in (1, 0))
    assert np.ptp(rows) + 1 == pytest.approx(0.8 * np.pi * 40, abs=6)
    assert np.ptp(columns) + 1 == pytest.approx(11, abs=3)
    dark = np.flatnonzero(straight.pixels.max(axis=1) > 0.8)
    assert dark.mean() == pytest.approx(rows.mean(), abs=2)  # the band is level, in the middle
    assert np.ptp(dark) < 10
    assert 0.0 <= straight.pixels.min() <= straight.pixels.max() <= 1.0
    ends = straight.points[[0, -1]]
    assert np.hypot(*ends.T) == pytest.approx(
        [40, 40], abs=4
    )  # both ends of the arc, origin at the centre of the image


def test_it_can_be_cancelled(arc: Cell) -> None:
    with pytest.raises(Cancelled):
        straighten(arc)(Quiet(cancelled=True))
