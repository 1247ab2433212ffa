"""Three ways into the square, with super-resolution before them."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle import Bundle, load_bundle
from engine.imaging.adapt import iam_box
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.progress import SilentReporter
from engine.sr_stage import cut_out
from engine.study.inputs import (
    BundleEnlarger,
    SrEnlarger,
    StudyImages,
    bicubic_twice,
    fitted,
    remembered,
    study_input,
)
from engine.training.sr_run import sr_network, with_superresolution
from engine.types import ChromosomeImage


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


def test_what_was_enlarged_is_not_enlarged_again(bars: StudyImages) -> None:
    seen: list[int] = []

    def count(pixels: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen.append(pixels.size)
        return bicubic_twice(pixels, mask)

    enlarge = remembered(count)
    first, again = (enlarge(bars.pixels[0], bars.masks[0]) for _ in range(2))
    assert first[0] is again[0]
    enlarge(bars.pixels[1], bars.masks[1])
    assert len(seen) == 2
    assert first[0].shape == first[1].shape == (64, 28)
    assert first[1].sum() == pytest.approx(4 * bars.masks[0].sum(), rel=0.05)


def test_a_bundle_enlarges_as_its_pipeline_does(bars: StudyImages, ruler: Bundle, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = Srafbn(SrafbnConfig(width=4, groups=1, steps=1)).eval()
    with_superresolution(ruler, model, sr_network(model), {"test": {}}, tmp_path / "sr")
    pixels, mask = (np.pad(array[0], 4) for array in (bars.pixels, bars.masks))
    large, covered = BundleEnlarger(load_bundle(tmp_path / "sr"))(pixels, mask)
    want = SrEnlarger(model)(*(cut_out(ChromosomeImage(pixels, mask, "")).pixels, mask))[0]
    assert large.shape == covered.shape == want.shape
    np.testing.assert_allclose(large[8:-8, 8:-8], want[8:-8, 8:-8], atol=5e-3)
