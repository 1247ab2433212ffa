"""Three ways into the square, with super-resolution before them."""

import numpy as np
import pytest

from engine.imaging.adapt import iam_box
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.progress import SilentReporter
from engine.study.inputs import SrEnlarger, StudyImages, fitted, study_input


def box_of(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    pixels = np.zeros((height + 8, width + 8), np.float32)
    pixels[4:-4, 4:-4] = 0.5
    return pixels, pixels > 0


@pytest.mark.parametrize(
    ("fitting", "size", "expected"),
    [("stretch", 64, (64, 64)), ("fit", 64, (64, 16)), ("iam", 224, (40, 10)), ("iam", 112, (20, 5))],
)
def test_a_box_of_40_by_10(fitting: str, size: int, expected: tuple[int, int]) -> None:
    square = fitted(*box_of(40, 10), fitting, size)  # type: ignore[arg-type]
    assert square.shape == (size, size)
    up, down, left, right = iam_box(square > 0.25)
    assert (down - up + 1, right - left + 1) == expected


def test_relative_length_survives_iam_alone() -> None:
    lengths = {}
    for fitting in ("stretch", "fit", "iam"):
        sides = [iam_box(fitted(*box_of(height, 10), fitting, 112) > 0.25) for height in (40, 80)]  # type: ignore[arg-type]
        lengths[fitting] = [down - up + 1 for up, down, _, _ in sides]
    assert lengths == {"stretch": [112, 112], "fit": [112, 112], "iam": [20, 40]}


def test_super_resolution_doubles_what_iam_sees(bars: StudyImages) -> None:
    enlarge = SrEnlarger(Srafbn(SrafbnConfig(width=4, groups=1, steps=1)))
    pixels, mask = enlarge(bars.pixels[0], bars.masks[0])
    assert pixels.shape == mask.shape == (64, 28)
    few = StudyImages(bars.pixels[:3], bars.masks[:3], bars.labels[:3], bars.cells[:3], bars.names[:3], bars.stain)
    plain = study_input(few, "iam", 112, SilentReporter())
    large = study_input(few, "iam", 112, SilentReporter(), enlarge)
    assert plain.images.shape == large.images.shape == (3, 112, 112)
    tall = [iam_box(data.images[0] > 20)[1] - iam_box(data.images[0] > 20)[0] + 1 for data in (plain, large)]
    assert tall[0] == 13
    assert tall[1] == pytest.approx(26, abs=2)
    assert large.labels.tolist() == few.labels.tolist()
    assert large.groups.tolist() == few.names.tolist()
