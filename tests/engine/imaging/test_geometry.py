"""The centre line follows bent chromosomes, straightening keeps lengths and bands, rotations are counter-clockwise."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.geometry import (
    centre_line,
    centromere_fraction,
    long_axis_rotation,
    normalise_degrees,
    rotate,
    straighten,
    upright_rotation,
)


def rod(angle_deg: float, length: int = 80, width: int = 14) -> NDArray[np.bool_]:
    """A rod whose long axis points `angle_deg` counter-clockwise from the x axis."""
    image = np.zeros((140, 140), np.uint8)
    cv2.ellipse(image, (70, 70), (length // 2, width // 2), -angle_deg, 0, 360, 255, -1)
    return image > 0


def arc(radius: float, degrees: float, width: int = 14) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """An arc of a circle and a picture whose grey grows evenly from one end to the other."""
    y, x = np.mgrid[0:160, 0:160].astype(np.float64)
    angle = np.degrees(np.arctan2(80 - y, x - 80))
    distance = np.hypot(x - 80, y - 80)
    mask = (np.abs(distance - radius) <= width / 2) & (np.abs(angle) <= degrees / 2)
    return mask, np.where(mask, (angle + degrees / 2) / degrees, 0.0).astype(np.float32)


@pytest.mark.parametrize("angle", [90.0, 60.0, 30.0, 5.0, -20.0, -70.0])
def test_long_axis_is_turned_upright(angle: float) -> None:
    rotation = long_axis_rotation(rod(angle))
    assert abs(((angle + rotation) - 90.0 + 90.0) % 180.0 - 90.0) < 1.5
    assert -90.0 < rotation <= 90.0


@pytest.mark.parametrize(("angle", "same"), [(180.0, 180.0), (-180.0, 180.0), (270.0, -90.0), (725.0, 5.0)])
def test_degrees_are_normalised(angle: float, same: float) -> None:
    assert normalise_degrees(angle) == pytest.approx(same)


def test_rotation_is_counter_clockwise_on_the_screen() -> None:
    image = np.zeros((21, 41), np.float32)
    image[10, 35] = 1.0  # to the right of the centre
    turned = rotate(image, 90.0)
    row, column = np.unravel_index(turned.argmax(), turned.shape)
    assert row < turned.shape[0] / 2  # now above it
    assert abs(column - turned.shape[1] / 2) < 2


@pytest.mark.parametrize("degrees", [60.0, 120.0, 180.0])
def test_line_follows_a_bent_chromosome(degrees: float) -> None:
    mask, _ = arc(50.0, degrees)
    line = centre_line(mask)
    assert line.length == pytest.approx(np.radians(degrees) * 50.0, rel=0.13)  # the corners of its square ends count
    assert line.width == pytest.approx(14.0, rel=0.2)
    inner = line.points[len(line.points) // 8 : -len(line.points) // 8]
    assert np.abs(np.hypot(inner[:, 0] - 80, inner[:, 1] - 80) - 50.0).max() < 4.0


def test_straightening_unrolls_the_bands_in_order() -> None:
    mask, picture = arc(50.0, 150.0)
    straight = straighten(picture, centre_line(mask), scale=1.0, height=160, width=30)
    column = straight[:, 13:17].mean(axis=1)
    rows = np.nonzero(column > 0.02)[0]
    assert len(rows) == pytest.approx(np.radians(150.0) * 50.0, rel=0.08)
    inner = column[rows[0] + 8 : rows[-1] - 8]
    steps = np.diff(inner)
    assert (steps < 0).mean() > 0.95 or (steps > 0).mean() > 0.95
    assert abs(inner[0] - inner[-1]) > 0.7


def test_too_long_for_the_image_is_cut_by_nothing_but_the_scale() -> None:
    mask = rod(40.0)
    straight = straighten(mask.astype(np.float32), centre_line(mask), scale=0.5, height=48, width=24)
    assert straight.sum() == pytest.approx(mask.sum() * 0.25, rel=0.05)


def test_upright_rotation_puts_the_last_point_on_top() -> None:
    mask = rod(150.0)
    line = centre_line(mask)
    for travelled in (line, line.turned()):
        rotation = np.radians(upright_rotation(mask, travelled))
        x, y = travelled.points[-1] - travelled.points[0]
        up = x * np.sin(rotation) + -y * np.cos(rotation)
        assert up > 0.95 * travelled.length
    difference = upright_rotation(mask, line) - upright_rotation(mask, line.turned())
    assert abs(normalise_degrees(difference)) == pytest.approx(180.0)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (6, 6)])
def test_tiny_masks_still_give_a_line(shape: tuple[int, int]) -> None:
    line = centre_line(np.ones(shape, np.bool_))
    assert np.isfinite(line.points).all()
    assert straighten(np.ones(shape, np.float32), line, scale=1.0, height=20, width=10).shape == (20, 10)


def test_empty_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        centre_line(np.zeros((5, 5), np.bool_))


def test_centromere_is_the_waist_near_the_expected_place() -> None:
    y = np.arange(100)
    half = 10 - 5 * np.exp(-(((y - 36) / 5) ** 2)) - 5 * np.exp(-(((y - 80) / 5) ** 2))
    mask = np.abs(np.arange(30)[None] - 15) <= half[:, None]
    assert centromere_fraction(mask, expected=0.40) == pytest.approx(0.365, abs=0.03)
    assert centromere_fraction(mask, expected=0.78) == pytest.approx(0.805, abs=0.03)
    assert centromere_fraction(np.zeros((5, 5), np.bool_), expected=0.3) == 0.3
