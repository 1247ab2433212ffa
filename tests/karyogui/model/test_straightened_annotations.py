"""An annotation keeps its band when the chromosome is shown straightened, and comes back exactly enough."""

import numpy as np
import pytest

from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.straight import Straight
from karyogui.model.straightened_annotations import from_straight, shown_annotations, to_straight

RADIUS = 60.0


@pytest.fixture
def bent() -> Straight:
    """A quarter of a circle of radius 60 around (60, 0), sampled at 95 points: the arc's length in pixels."""
    angles = np.linspace(0.0, np.pi / 2, 95)
    points = np.column_stack([RADIUS - RADIUS * np.cos(angles), RADIUS * np.sin(angles)])
    size = (95, 20)
    return Straight(np.zeros((80, 80), np.float32), np.zeros(size, np.float32), np.ones(size, np.bool_), points)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("side", [-6.0, 0.0, 6.0])
def test_a_point_beside_the_line_lies_beside_it_when_straightened(bent: Straight, share: float, side: float) -> None:
    angle = share * np.pi / 2
    # Beside the line at a right angle: nearer to or farther from the middle of the circle.
    radius = RADIUS - side
    x, y = RADIUS - radius * np.cos(angle), radius * np.sin(angle)
    shown_x, shown_y = to_straight(bent, x, y)
    assert shown_y == pytest.approx((share - 0.5) * 94, abs=0.6)
    assert shown_x == pytest.approx(side, abs=0.3)
    assert from_straight(bent, shown_x, shown_y) == pytest.approx((x, y), abs=1.0)


def test_only_those_with_a_straightened_look_are_moved(bent: Straight) -> None:
    mask = np.ones((80, 80), np.bool_)
    straight = Chromosome(0, "a.png", bent.source, mask)
    other = Chromosome(1, "b.png", np.zeros((80, 80), np.float32), mask)
    annotations = tuple(Annotation(i, i, "text", "here", 0.0, 0.0, 9.0, 3.0) for i in (0, 1))
    moved, kept = shown_annotations(Cell("cell", "g", (straight, other)), annotations, {0: bent, 1: bent})
    assert (moved.x, moved.y) == pytest.approx((0.0, -47.0))
    assert (moved.dx, moved.dy) == (9.0, 3.0)
    assert kept == annotations[1]


def test_points_past_the_ends_stay_at_the_ends(bent: Straight) -> None:
    assert from_straight(bent, 0.0, 500.0) == pytest.approx(tuple(bent.points[-1]))
