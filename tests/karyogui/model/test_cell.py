from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.types import BundleRef, CellImages, CellResult, ChromosomeImage, FileWarning
from karyogui.model.cell import Cell, Chromosome, cell_from_images, premultiplied_argb

Draw = Callable[..., tuple[Cell, CellResult]]


def test_a_cell_keeps_what_was_read() -> None:
    image = ChromosomeImage(np.ones((4, 3), np.float32), np.ones((4, 3), np.bool_), "a.png")
    warning = FileWarning("b.png", "It is empty.")
    cell = cell_from_images(CellImages("007", "q", (image, image), (warning,)), [Path("folder")])
    assert [c.id for c in cell.chromosomes] == [0, 1]
    assert (cell.name, cell.stain, cell.paths, cell.warnings) == ("007", "q", (Path("folder"),), (warning,))
    assert cell.chromosome(1).pixels is image.pixels
    assert cell.chromosome(1).prediction is None


def test_predictions_come_in_the_order_of_the_chromosomes(draw: Draw) -> None:
    cell, result = draw(["3", None, "X"])
    with_result = cell.with_result(result)
    assert [c.prediction.label for c in with_result.chromosomes if c.prediction] == ["3", None, "X"]
    assert with_result.chromosomes[2].pixels is cell.chromosomes[2].pixels
    assert cell.chromosomes[0].prediction is None  # the old value is as it was


def test_what_was_computed_of_the_pixels_is_taken_along(draw: Draw) -> None:
    cell, result = draw(["3", "X"])
    alpha, length = cell.chromosomes[0].alpha, cell.chromosomes[0].length
    again = cell.with_result(result).chromosomes[0]
    assert again.alpha is alpha
    assert again.length == length


def test_warmed_up_nothing_is_left_to_compute(draw: Draw) -> None:
    cell, result = draw(["3", "X"])
    cell.warm_up()
    looks = [(c.__dict__["alpha"], c.__dict__["argb"], c.__dict__["outline"]) for c in cell.chromosomes]
    for chromosome, (alpha, argb, outline) in zip(cell.with_result(result).chromosomes, looks, strict=True):
        assert chromosome.alpha is alpha
        assert chromosome.argb is argb
        assert chromosome.outline is outline


def test_the_look_as_scanned_is_dark_on_bright_and_premultiplied() -> None:
    pixels = np.array([[0.0, 0.25, 1.5]], np.float32)
    found = premultiplied_argb(1.0 - pixels, np.array([[0.0, 1.0, 0.5]]))
    assert [f"{value:08x}" for value in found[0]] == ["00000000", "ffbfbfbf", "80000000"]
    half = premultiplied_argb(np.array([[1.0]]), np.array([[0.5]]))
    assert f"{half[0, 0]:08x}" == "80808080"


def test_a_warning_of_reading_and_of_the_result_is_kept_once() -> None:
    old, new = FileWarning("a.png", "It is empty."), FileWarning("b.png", "It is too large.")
    cell = cell_from_images(CellImages("c", "g", (), (old,)))
    result = CellResult("c", "g", BundleRef("b", "1"), "", (), (), (old, new), 0.0)
    assert cell.with_result(result).warnings == (old, new)


def test_a_result_of_another_cell_is_refused(draw: Draw) -> None:
    with pytest.raises(ValueError, match="1 results for 2"):
        draw(["1", "2"])[0].with_result(draw(["1"])[1])


def test_two_chromosomes_with_one_id_are_refused(draw: Draw) -> None:
    chromosome = draw(["1"])[0].chromosomes[0]
    with pytest.raises(ValueError, match="one id"):
        Cell("c", "g", (chromosome, chromosome))


def test_the_outline_holds_every_extent(draw: Draw) -> None:
    rng = np.random.default_rng(3)
    mask = rng.random((23, 17)) > 0.9
    chromosome = Chromosome(0, "x", np.zeros(mask.shape, np.float32), mask)
    y, x = np.nonzero(mask)
    corners = np.array(
        [(i + dx - 8.5, j + dy - 11.5) for i, j in zip(x, y, strict=True) for dx in (0, 1) for dy in (0, 1)]
    )
    for angle in np.deg2rad([0, 17, 45, 90, 133]):
        direction = np.array([np.cos(angle), np.sin(angle)])
        assert (chromosome.outline @ direction).max() == pytest.approx((corners @ direction).max())
        assert (chromosome.outline @ direction).min() == pytest.approx((corners @ direction).min())


def test_an_empty_mask_counts_as_full() -> None:
    chromosome = Chromosome(0, "x", np.zeros((6, 4), np.float32), np.zeros((6, 4), np.bool_))
    assert np.abs(chromosome.outline).max(axis=0).tolist() == [2.0, 3.0]


def test_length_is_the_largest_extent() -> None:
    mask = np.zeros((60, 60), np.bool_)
    mask[np.arange(60), np.arange(60)] = True  # a diagonal line
    assert Chromosome(0, "x", np.zeros((60, 60), np.float32), mask).length == pytest.approx(60 * 2**0.5, rel=0.02)
