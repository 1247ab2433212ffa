"""Pixels to PNG and back, thumbnails, and files that are no pictures of chromosomes."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from engine.types import CellResult
from karyogui.model.cell import Cell
from karyogui.model.karyogram import placements_from_result, rotate, unplaced
from karyogui.model.layout import LayoutOptions, compute_layout
from karyogui.model.store.pictures import (
    LARGEST_SIDE,
    THUMBNAIL_WIDTH,
    decode_mask,
    decode_pixels,
    encode_mask,
    encode_pixels,
    levels,
    sha256,
    thumbnail,
)

DrawnCell = tuple[Cell, CellResult]


def test_every_grey_level_of_sixteen_bits_survives() -> None:
    every = (np.arange(65536, dtype=np.float64) / 65535).astype(np.float32).reshape(256, 256)
    png = encode_pixels(every)
    np.testing.assert_array_equal(decode_pixels(png.data), every, strict=True)
    assert png.sha256 == sha256(png.data)
    assert encode_pixels(decode_pixels(png.data)) == png


def test_pixels_between_two_levels_move_by_less_than_a_hundred_thousandth() -> None:
    pixels = np.random.default_rng(1).random((31, 17), dtype=np.float32)
    back = decode_pixels(encode_pixels(pixels).data)
    assert np.abs(back - pixels).max() < 1e-5
    np.testing.assert_array_equal(levels(back), levels(pixels))


def test_what_no_pixel_should_be_is_ground_or_full() -> None:
    odd = np.array([[np.nan, -1.0, 2.0, np.inf]], dtype=np.float32)
    np.testing.assert_array_equal(decode_pixels(encode_pixels(odd).data), [[0.0, 0.0, 1.0, 1.0]])


def test_masks_survive() -> None:
    mask = np.random.default_rng(2).random((13, 9)) > 0.5
    np.testing.assert_array_equal(decode_mask(encode_mask(mask).data), mask, strict=True)


def png_of(array: NDArray[np.uint8], mode: str | None = None) -> bytes:
    stream = io.BytesIO()
    image = Image.fromarray(array)
    (image.convert(mode) if mode else image).save(stream, "PNG")
    return stream.getvalue()


def test_other_pictures_are_refused() -> None:
    grey = np.zeros((4, 4), np.uint8)
    for data in (b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(40), png_of(grey), png_of(grey, "RGB")):
        with pytest.raises(ValueError, match="not a picture of a chromosome"):
            decode_pixels(data)
    with pytest.raises(ValueError, match="mode I;16"):
        decode_mask(encode_pixels(np.ones((3, 3), np.float32)).data)


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (LARGEST_SIDE + 1, 1), (8000, 8000)])
def test_sizes_that_are_none(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="pixels"):
        encode_mask(np.zeros(shape, np.bool_))


def test_a_picture_that_claims_to_be_huge_is_never_unpacked() -> None:
    small = bytearray(encode_mask(np.zeros((4, 4), np.bool_)).data)
    small[16:24] = (100_000).to_bytes(4, "big") * 2
    with pytest.raises(ValueError, match="100000 x 100000"):
        decode_mask(bytes(small))


WHOLE = encode_pixels(np.random.default_rng(3).random((12, 8), dtype=np.float32)).data


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255), st.booleans())
def test_a_damaged_png_is_a_value_error_or_a_picture(place: int, flip: int, cut: bool) -> None:
    damaged = WHOLE[:place] + bytes([WHOLE[place] ^ flip]) + (b"" if cut else WHOLE[place + 1 :])
    try:
        pixels = decode_pixels(damaged)
    except ValueError as error:
        assert "not a picture of a chromosome" in str(error)  # noqa: PT017 - either way is right
    else:
        assert pixels.ndim == 2
        assert pixels.dtype == np.float32


def test_a_thumbnail_is_small_and_shows_the_karyogram(draw: Callable[..., DrawnCell], normal_cell: DrawnCell) -> None:
    cell, result = normal_cell
    placed = placements_from_result(cell, result)
    data = thumbnail(cell, placed)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.mode == "L"
        assert picture.width == THUMBNAIL_WIDTH
        ink = 255 - np.asarray(picture, dtype=np.int64)
    assert len(data) < 20_000
    # The ink of all chromosomes is there: their own, shrunk by the square of the scale.
    drawn = sum(float((c.pixels * c.mask).sum()) for c in cell.chromosomes)
    layout = compute_layout(cell, placed, LayoutOptions(empty_tray=False))
    factor = layout.scale * THUMBNAIL_WIDTH / layout.width
    assert ink.sum() / 255 == pytest.approx(drawn * factor**2, rel=0.2)
    assert thumbnail(cell, unplaced(cell)) != data
    turned = {p.chromosome_id: p for p in placed} | {p.chromosome_id: p for p in rotate(placed, {0}, 90)}
    assert thumbnail(cell, tuple(turned.values())) != data
