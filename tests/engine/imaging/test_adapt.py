"""The image adaptive module: eqs. 8-13 on hand-made images; one scale and one contrast for the whole cell."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.adapt import AdaptSpec, adapt_cell, iam_box, iam_image
from engine.types import ChromosomeImage

SPEC = AdaptSpec()


def chromosome(length: int, angle: float = 90.0, grey: float = 0.6, width: int = 16) -> ChromosomeImage:
    canvas = np.zeros((200, 200), np.uint8)
    cv2.ellipse(canvas, (100, 100), (length // 2, width // 2), -angle, 0, 360, 255, -1)
    mask = canvas > 0
    bands = 0.7 + 0.3 * np.sin(np.arange(200) / 4.0)[:, None]
    return ChromosomeImage((mask * grey * bands).astype(np.float32), mask, "drawn.png")


def test_box_of_eqs_8_to_11_includes_the_last_line_and_the_satellite_behind_a_gap() -> None:
    mask = np.zeros((20, 30), np.bool_)
    mask[3, 10] = True  # satellite
    mask[7:15, 8:13] = True
    assert iam_box(mask) == (3, 14, 8, 12)
    mask[19, 29] = True
    assert iam_box(mask) == (3, 19, 8, 29)
    with pytest.raises(ValueError, match="empty"):
        iam_box(np.zeros((4, 4), np.bool_))


def test_small_images_are_only_centred() -> None:
    pixels = np.zeros((40, 40), np.float32)
    pixels[5:25, 10:16] = np.arange(120, dtype=np.float32).reshape(20, 6) / 200 + 0.1
    out = iam_image(pixels, pixels > 0, size=64)
    assert out.shape == (64, 64)
    np.testing.assert_array_equal(out[22:42, 29:35], pixels[5:25, 10:16])
    assert out.sum() == pytest.approx(pixels.sum())


@pytest.mark.parametrize("shape", [(448, 30), (30, 300), (225, 225)])
def test_large_images_are_shrunk_to_fit_and_keep_their_shape(shape: tuple[int, int]) -> None:
    out = iam_image(np.ones(shape, np.float32), np.ones(shape, np.bool_), size=224)
    up, down, left, right = iam_box(out > 0.5)
    height, width = down - up + 1, right - left + 1
    assert max(height, width) == 224
    assert height / width == pytest.approx(shape[0] / shape[1], rel=0.07)


def test_scale_is_shared_by_the_cell() -> None:
    cell = [chromosome(length) for length in (40, 50, 60, 60, 70, 80, 90, 120)]
    adapted = adapt_cell(cell, SPEC)
    lengths = adapted.masks.any(axis=2).sum(axis=1)
    ratio = lengths / np.array([40, 50, 60, 60, 70, 80, 90, 120])
    assert ratio.std() / ratio.mean() < 0.04
    areas = adapted.masks.sum(axis=(1, 2))
    assert np.median(areas) == pytest.approx(SPEC.median_area, rel=0.05)
    assert adapted.size[:, 2].tolist() == [1.0] * 8
    assert adapted.size[7, 0] == pytest.approx(np.log(120 / 65), abs=0.06)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_magnification_of_the_microscope_does_not_matter(factor: float) -> None:
    cell = [chromosome(length) for length in (40, 50, 60, 60, 70, 80, 90, 120)]
    other = []
    for item in cell:
        pixels = cv2.resize(item.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        mask = cv2.resize(item.mask.astype(np.float32), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        other.append(ChromosomeImage(np.asarray(pixels, np.float32), np.asarray(mask >= 0.5), "x"))
    a, b = adapt_cell(cell, SPEC), adapt_cell(other, SPEC)
    np.testing.assert_allclose(a.size, b.size, atol=0.08)
    assert np.abs(a.images - b.images).mean() < 0.02


@pytest.mark.parametrize(("gain", "offset"), [(0.5, 0.0), (0.6, 0.3)])
def test_contrast_of_the_scanner_does_not_matter(gain: float, offset: float) -> None:
    cell = [chromosome(length) for length in (40, 50, 60, 60, 70, 80, 90, 120)]
    pale = [ChromosomeImage(item.pixels * np.float32(gain) + np.float32(offset), item.mask, "x") for item in cell]
    np.testing.assert_allclose(adapt_cell(cell, SPEC).images, adapt_cell(pale, SPEC).images, atol=0.02)


def test_every_chromosome_stands_upright_whatever_its_angle() -> None:
    cell = [chromosome(70, angle) for angle in (90, 60, 30, 1, -30, -60, 120, 150)]
    adapted = adapt_cell(cell, SPEC)
    heights = adapted.masks.any(axis=2).sum(axis=1)
    widths = adapted.masks.any(axis=1).sum(axis=1)
    assert (heights > 3.5 * widths).all()
    for angle, rotation in zip((90, 60, 30, 1, -30, -60, 120, 150), adapted.rotation_deg, strict=True):
        assert abs((angle + rotation - 90.0 + 90.0) % 180.0 - 90.0) < 2.0


def test_a_lone_chromosome_is_scaled_by_its_width_and_has_no_size() -> None:
    adapted = adapt_cell([chromosome(80, width=32)], SPEC)
    assert adapted.size.tolist() == [[0.0, 0.0, 0.0]]
    mean_width = adapted.masks.sum() / adapted.masks.any(axis=2).sum()
    assert mean_width == pytest.approx(SPEC.median_width, rel=0.1)


def test_what_would_not_fit_is_shrunk() -> None:
    cell = [chromosome(30, width=12)] * 8 + [chromosome(190)]
    mask = adapt_cell(cell, SPEC).masks[-1]
    shrunk = (SPEC.height - 2) / 190
    assert mask.sum() == pytest.approx(cell[-1].mask.sum() * shrunk**2, rel=0.03)


def test_ground_stays_zero() -> None:
    adapted = adapt_cell([chromosome(60)] * 9, SPEC)
    outside: NDArray[np.bool_] = ~np.asarray(
        [cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0 for mask in adapted.masks]
    )
    assert float(adapted.images[outside].max()) == 0.0


def test_no_chromosome_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        adapt_cell([], SPEC)


def test_short_chromosomes_get_more_of_the_image_and_keep_their_relative_size() -> None:
    cell = [chromosome(length) for length in (30, 40, 50, 60, 60, 70, 90, 120)]
    one_scale = adapt_cell(cell, SPEC)
    spec = AdaptSpec(length_power=0.5, reference_length=120.0)
    adapted = adapt_cell(cell, spec)
    plain, shown = (found.masks.any(axis=2).sum(axis=1) for found in (one_scale, adapted))
    np.testing.assert_allclose(shown, 120.0 * (plain / 120.0) ** 0.5, rtol=0.05)
    assert (np.diff(shown) >= -1).all()  # longer stays longer
    widths = adapted.masks.any(axis=1).sum(axis=1)
    assert widths[0] / one_scale.masks.any(axis=1).sum(axis=1)[0] == pytest.approx(shown[0] / plain[0], rel=0.12)
    np.testing.assert_array_equal(adapted.size, one_scale.size)


@pytest.mark.parametrize("wrong", [{"length_power": 0.0}, {"length_power": 1.5}, {"reference_length": 0.0}])
def test_a_length_power_that_means_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="length_power"):
        AdaptSpec(**wrong)
