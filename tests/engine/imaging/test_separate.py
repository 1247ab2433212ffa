"""A sheet is cut into its chromosomes, and nothing vanishes without a word."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.ground import chromosome_mask
from engine.imaging.separate import looks_like_sheet, objects_apart, separate
from engine.types import ChromosomeImage

Floats = NDArray[np.float32]
Draw = Callable[..., tuple[Floats, NDArray[np.bool_]]]
LayOut = Callable[..., Floats]


def as_image(pixels: Floats) -> ChromosomeImage:
    mask = chromosome_mask(pixels)
    assert mask is not None
    return ChromosomeImage(pixels, mask, "sheet.png")


def test_each_chromosome_of_a_sheet_is_found_in_reading_order(drawn: Draw, laid_out: LayOut) -> None:
    lengths = [*range(110, 38, -6)]
    sheet = laid_out([drawn(length, 16) for length in lengths], columns=4, pitch=(118, 40))
    separation = separate(as_image(sheet))
    assert separation.debris == 0
    assert [piece.source for piece in separation.chromosomes] == [f"sheet.png#{n}" for n in range(1, 13)]
    for piece, length in zip(separation.chromosomes, lengths, strict=True):
        rows = np.flatnonzero(piece.mask.any(axis=1))
        assert abs((rows[-1] - rows[0] + 1) - length) <= 2
        assert piece.pixels.dtype == np.float32
        assert piece.pixels[~piece.mask].sum() < 0.02 * piece.pixels.sum()


def test_no_pixel_of_a_neighbour_inside_the_box(drawn: Draw) -> None:
    stain, mask = drawn(120, 16, angle=45)
    side = len(stain)
    sheet = np.zeros((side + 40, side + 340), np.float32)
    for index in range(8):  # leaning side by side: every box contains a good part of the next
        window = sheet[20 : 20 + side, 10 + 32 * index : 10 + 32 * index + side]
        np.maximum(window, stain, out=window)
    separation = separate(as_image(sheet))
    assert len(separation.chromosomes) == 8
    for piece in separation.chromosomes:
        assert 0 <= piece.mask.sum() - mask.sum() < 0.12 * mask.sum()  # the halo, not the neighbour
        assert piece.pixels.sum() == pytest.approx(stain.sum(), rel=0.01)


def test_a_satellite_goes_with_its_chromosome_and_lonely_specks_are_counted(drawn: Draw, laid_out: LayOut) -> None:
    sheet = laid_out([drawn(80, 16)] * 10, columns=5, pitch=(130, 60))
    sheet[96:101, 15:26] = 0.7  # 4 pixels below the first
    sheet[120:125, 200:205] = 0.7  # between the rows, far from all
    plain = separate(as_image(laid_out([drawn(80, 16)] * 10, columns=5, pitch=(130, 60))))
    separation = separate(as_image(sheet))
    assert len(separation.chromosomes) == 10
    assert separation.debris == 1
    first, without = separation.chromosomes[0], plain.chromosomes[0]
    assert first.mask.sum() - without.mask.sum() >= 40
    assert first.pixels.shape[0] > without.pixels.shape[0]


def test_a_small_marker_far_from_all_is_a_piece_of_its_own(drawn: Draw, laid_out: LayOut) -> None:
    sheet = laid_out([drawn(80, 16)] * 9 + [drawn(18, 14)], columns=5, pitch=(110, 60))
    separation = separate(as_image(sheet))
    assert len(separation.chromosomes) == 10
    assert separation.debris == 0


def test_what_is_a_sheet_and_what_is_not(drawn: Draw, laid_out: LayOut) -> None:
    single = as_image(drawn(80, 16)[0])
    assert not looks_like_sheet(single.mask)
    assert objects_apart(single.mask) == 1

    with_satellites = np.zeros((100, 40), np.float32)
    with_satellites[15:99, 6:34] = drawn(80, 24)[0]
    with_satellites[1:12, 8:18] = with_satellites[1:12, 23:33] = 0.6  # each 5 to 6 % of the body
    mask = as_image(with_satellites).mask
    assert mask[6, 12], "satellites belong to the mask"
    assert mask[6, 28], "satellites belong to the mask"
    assert not looks_like_sheet(mask)
    assert objects_apart(mask) == 1

    pair = as_image(laid_out([drawn(80, 16)] * 2, columns=2, pitch=(90, 60))).mask
    assert not looks_like_sheet(pair)
    assert objects_apart(pair) == 2

    assert looks_like_sheet(as_image(laid_out([drawn(80, 16)] * 6, columns=6, pitch=(90, 40))).mask)


def test_an_empty_sheet_has_no_pieces() -> None:
    empty = ChromosomeImage(np.zeros((50, 60), np.float32), np.zeros((50, 60), bool), "empty.png")
    assert separate(empty).chromosomes == ()
    assert not looks_like_sheet(empty.mask)
    assert objects_apart(empty.mask) == 0
