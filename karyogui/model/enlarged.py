"""The super-resolved look of chromosomes: more pixels than were read, to look at and for nothing else.

Super-resolution can invent bands. So the look never replaces the data: no edit, no cut and no classification sees it,
and wherever it is shown, it says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from karyogui.model.cell import Chromosome, feathered


@dataclass(frozen=True, eq=False)  # no slots: what is computed once is kept
class Enlarged:
    """One chromosome with more pixels over the same extent."""

    source: NDArray[np.float32]  # (H, W) the pixels it was made from; for others it does not hold
    pixels: NDArray[np.float32]  # (factor * H, factor * W), as `Chromosome.pixels`
    mask: NDArray[np.bool_]  # as `pixels`
    made_by: str  # name and version of the bundle

    @property
    def factor(self) -> float:
        """Its pixels for each pixel of the source, along one side."""
        return float(self.pixels.shape[0] / self.source.shape[0])

    @cached_property
    def alpha(self) -> NDArray[np.float64]:
        """How opaque each pixel is shown, as of `Chromosome`."""
        return feathered(self.mask)


Enlargements = Mapping[int, Enlarged]
"""By chromosome id; those that are missing are shown in their original pixels."""


def enlarged_of(chromosome: Chromosome, enlargements: Enlargements) -> Enlarged | None:
    """Return the super-resolved look of a chromosome, if there is one of these very pixels."""
    enlarged = enlargements.get(chromosome.id)
    return enlarged if enlarged is not None and enlarged.source is chromosome.pixels else None
