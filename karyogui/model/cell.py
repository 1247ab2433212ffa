"""The chromosomes of one cell as the program holds them: frozen values, no Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.types import CellImages, CellResult, ChromosomeResult, FileWarning, Stain


@dataclass(frozen=True, eq=False)  # no slots: what is computed once is kept
class Chromosome:
    """One segmented object of a cell, with what the engine said of it."""

    id: int  # unique in the cell, never reused; the name by which placements and commands speak of it
    source: str  # file name, for messages and tooltips only
    pixels: NDArray[np.float32]  # (H, W), ground 0, chromosome up to 1, whatever the stain; never written to
    mask: NDArray[np.bool_]  # (H, W), True on the chromosome
    prediction: ChromosomeResult | None = None
    origin: tuple[int, int] | None = None  # of a piece: x, y of its image in the one it was cut from; None: never cut

    @cached_property
    def outline(self) -> NDArray[np.float64]:
        """Corners of the outermost mask pixels, (N, 2) as x, y in image pixels, origin at the centre of the image.

        Holds every corner of the convex hull, so the extent in any direction is exact. An empty mask
        counts as full.
        """
        height, width = self.mask.shape
        mask = self.mask if self.mask.any() else np.ones_like(self.mask)
        rows = np.flatnonzero(mask.any(axis=1))
        left = mask[rows].argmax(axis=1)
        right = width - mask[rows, ::-1].argmax(axis=1)
        x = np.concatenate([left, left, right, right]).astype(np.float64)
        y = np.concatenate([rows, rows + 1, rows, rows + 1]).astype(np.float64)
        return np.column_stack([x - width / 2, y - height / 2])

    @cached_property
    def length(self) -> float:
        """Largest extent of the mask in any direction (in steps of 5 degrees), in image pixels."""
        angles = np.deg2rad(np.arange(0, 180, 5))
        along = self.outline @ np.vstack([np.cos(angles), np.sin(angles)])
        return float(np.ptp(along, axis=0).max())

    @cached_property
    def alpha(self) -> NDArray[np.float64]:
        """How opaque each pixel is shown, (H, W), 0..1: full on the mask, fading over two pixels around it."""
        return feathered(self.mask)

    @cached_property
    def argb(self) -> NDArray[np.uint32]:
        """How it is shown as scanned, dark bands on bright ground: (H, W), `premultiplied_argb`."""
        return premultiplied_argb(1.0 - self.pixels, self.alpha)

    def with_prediction(self, prediction: ChromosomeResult) -> "Chromosome":
        """Return the same chromosome with another prediction; what was computed of its pixels is taken along."""
        made = replace(self, prediction=prediction)
        made.__dict__.update({name: self.__dict__[name] for name in _OF_THE_PIXELS if name in self.__dict__})
        return made


_OF_THE_PIXELS = ("outline", "length", "alpha", "argb")


@dataclass(frozen=True, eq=False)
class Cell:
    """One metaphase: the chromosomes of one nucleus, in the order in which they were read."""

    name: str
    stain: Stain
    chromosomes: tuple[Chromosome, ...]
    paths: tuple[Path, ...] = ()  # the folder or the files it was read from
    warnings: tuple[FileWarning, ...] = ()

    def __post_init__(self) -> None:
        if len({c.id for c in self.chromosomes}) != len(self.chromosomes):
            raise ValueError(f"cell {self.name!r}: two chromosomes with one id")

    @cached_property
    def _by_id(self) -> dict[int, Chromosome]:
        return {chromosome.id: chromosome for chromosome in self.chromosomes}

    def chromosome(self, chromosome_id: int) -> Chromosome:
        """Return one chromosome; `KeyError` if the cell has none with this id."""
        return self._by_id[chromosome_id]

    def holds_same(self, other: "Cell | None") -> bool:
        """Say whether `other` holds the same chromosomes (ids and pixels), whatever was predicted of them."""
        others = {c.id: c for c in other.chromosomes} if other else {}
        same_ids = self._by_id.keys() == others.keys()
        return same_ids and all(c.pixels is others[c.id].pixels for c in self.chromosomes)

    def warm_up(self) -> None:
        """Compute now, in this thread, what a window needs of the chromosomes at once."""
        for chromosome in self.chromosomes:
            for name in _OF_THE_PIXELS:
                getattr(chromosome, name)

    def with_result(self, result: CellResult) -> "Cell":
        """Return this cell with the engine's predictions, which come in the order of the chromosomes.

        Raises
        ------
        ValueError
            The result is of another number of chromosomes.
        """
        if len(result.chromosomes) != len(self.chromosomes):
            raise ValueError(f"{len(result.chromosomes)} results for {len(self.chromosomes)} chromosomes")
        pairs = zip(self.chromosomes, result.chromosomes, strict=True)
        return replace(
            self,
            chromosomes=tuple(chromosome.with_prediction(prediction) for chromosome, prediction in pairs),
            # The result repeats the warnings of reading; dict.fromkeys keeps each once and in order.
            warnings=tuple(dict.fromkeys((*self.warnings, *result.warnings))),
        )


def cell_from_images(images: CellImages, paths: Iterable[Path] = ()) -> Cell:
    """Make a cell of what `engine.imaging` read; chromosome ids are 0..n-1 in reading order."""
    return Cell(
        name=images.name,
        stain=images.stain,
        chromosomes=tuple(
            Chromosome(id=index, source=image.source, pixels=image.pixels, mask=image.mask)
            for index, image in enumerate(images.chromosomes)
        ),
        paths=tuple(paths),
        warnings=images.warnings,
    )


def premultiplied_argb(grey: NDArray[np.floating], alpha: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Return 0xAARRGGBB, (H, W), of grey 0..1 (what is beyond is cut off) and alpha 0..1."""
    opaque = np.rint(255.0 * alpha).astype(np.uint32)
    premultiplied = np.rint(255.0 * np.clip(grey, 0.0, 1.0) * alpha).astype(np.uint32)
    argb: NDArray[np.uint32] = opaque << 24 | premultiplied * 0x010101
    return argb


def feathered(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (H, W) alpha 0..1: the mask grown by one pixel, then smoothed over three; full where the mask is."""
    grown = _over_three(np.pad(mask, 2).astype(np.float64), np.maximum)
    alpha: NDArray[np.float64] = np.where(mask, 1.0, _over_three(grown, np.add) / 9.0)
    return alpha


def _over_three(image: NDArray[np.float64], combine: np.ufunc) -> NDArray[np.float64]:
    """Combine each 3x3 neighbourhood: (H, W) -> (H - 2, W - 2)."""
    rows = combine(combine(image[:-2], image[1:-1]), image[2:])
    whole: NDArray[np.float64] = combine(combine(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return whole
