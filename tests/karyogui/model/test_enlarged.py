"""An enlarged look holds for the pixels it was made from, and for no others."""

from dataclasses import replace

import numpy as np

from karyogui.model.cell import Chromosome
from karyogui.model.enlarged import Enlarged, enlarged_of


def test_it_belongs_to_its_own_pixels() -> None:
    pixels = np.full((10, 6), 0.5, np.float32)
    chromosome = Chromosome(3, "x", pixels, pixels > 0)
    large = np.full((20, 12), 0.5, np.float32)
    enlarged = Enlarged(pixels, large, large > 0, "bundle 1")
    assert enlarged.factor == 2.0
    assert enlarged.alpha.shape == (20, 12)
    assert enlarged_of(chromosome, {3: enlarged}) is enlarged
    assert enlarged_of(chromosome, {2: enlarged}) is None
    assert enlarged_of(replace(chromosome, pixels=pixels.copy()), {3: enlarged}) is None
    assert enlarged_of(replace(chromosome, prediction=None), {3: enlarged}) is enlarged
