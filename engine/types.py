"""Values that cross the border between engine and program. Frozen, checked, NumPy at most.

The one table of labels lives here; no class index is ever derived from a folder listing.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

CLASS_LABELS: tuple[str, ...] = (*map(str, range(1, 23)), "X", "Y")
"""The 24 classes in the order of every probability vector."""

CLASS_INDEX: dict[str, int] = {label: index for index, label in enumerate(CLASS_LABELS)}

MARKER = "mar"
"""Label of a marker chromosome: placed, but in none of the 24 classes. The classifier never gives it."""

Stain = Literal["g", "q"]
"""`g`: G band, dark bands on bright ground. `q`: Q band, bright bands on dark ground."""


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth value
class ChromosomeImage:
    """One segmented chromosome as the engine sees it, in the pixels it was read with (no resampling).

    `pixels` is linear in the grey values of the file, with one span for the whole cell, so that
    `1 - pixels` shows a G-band chromosome as it was scanned.
    """

    pixels: NDArray[np.float32]  # (H, W), ground 0, chromosome up to 1, whatever the stain
    mask: NDArray[np.bool_]  # (H, W), True on the chromosome
    source: str  # file name (a piece of a sheet: "sheet.png#7"), for messages only; never read for a label

    def __post_init__(self) -> None:
        if self.pixels.ndim != 2 or self.pixels.shape != self.mask.shape:
            raise ValueError(f"pixels {self.pixels.shape} and mask {self.mask.shape} must be one (H, W)")


@dataclass(frozen=True, slots=True)
class FileWarning:
    """A file that was left out or needs a look; the rest of the cell goes on."""

    file: str
    message: str  # one sentence for the user


@dataclass(frozen=True, slots=True, eq=False)
class CellImages:
    """The chromosomes of one cell as read from disk."""

    name: str
    stain: Stain
    chromosomes: tuple[ChromosomeImage, ...]
    warnings: tuple[FileWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelAlternative:
    """Another label the chromosome may have."""

    label: str
    probability: float  # 0..1


@dataclass(frozen=True, slots=True)
class ChromosomeResult:
    """What the engine says of one chromosome. In `CellResult.chromosomes` in the order of the cell's images."""

    source: str
    label: str | None  # with cell context; None = fits nowhere, goes to the tray
    confidence: float  # 0..1, of the placement: with cell context
    image_label: str  # the classifier alone
    probabilities: tuple[float, ...]  # (24,), calibrated, image alone, in the order of CLASS_LABELS
    upright_rotation_deg: float  # counter-clockwise degrees that bring the p arm up, in (-180, 180]
    mirrored: bool
    centromere: float  # 0 (p end) .. 1 (q end) along the upright chromosome
    alternatives: tuple[LabelAlternative, ...] = ()  # likeliest first, without `label`

    def __post_init__(self) -> None:
        if self.label is not None and self.label not in CLASS_INDEX:
            raise ValueError(f"unknown class label: {self.label!r}")
        if len(self.probabilities) != len(CLASS_LABELS):
            raise ValueError(f"{len(self.probabilities)} probabilities for {len(CLASS_LABELS)} labels")


@dataclass(frozen=True, slots=True)
class KaryotypeAlternative:
    """Another reading of the whole cell whose likelihood is close."""

    karyotype: str
    log_likelihood_gap: float  # >= 0, natural logarithm, to the chosen reading
    labels: tuple[str | None, ...]  # one per chromosome


@dataclass(frozen=True, slots=True)
class BundleRef:
    """Which trained model gave a result."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class CellResult:
    """What the engine says of one cell. Frozen values; the document of the program is built from it."""

    cell: str
    stain: Stain
    bundle: BundleRef
    karyotype: str  # ISCN text that follows from the counts
    chromosomes: tuple[ChromosomeResult, ...]
    alternatives: tuple[KaryotypeAlternative, ...]
    warnings: tuple[FileWarning, ...]
    seconds: float  # wall time from images to result
