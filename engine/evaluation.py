"""How good a bundle is on labelled cells: the whole way from files to result, orientation unknown.

The same code answers `karyo evaluate` and the gate of the training tab, so that a figure means one thing.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Bundle
from engine.errors import InputError
from engine.imaging.geometry import normalise_degrees, rotate
from engine.imaging.read import find_cells, read_cell
from engine.pipeline import classify_cell
from engine.progress import Reporter, SilentReporter
from engine.training.dataset import LabelledCell, split_groups
from engine.training.metrics import UNPLACED, CellOutcome
from engine.types import CLASS_INDEX, CellImages, CellResult, ChromosomeImage, Stain

PARTS = ("train", "validation", "test")

Change = Callable[[NDArray[np.float32], np.random.Generator], NDArray[np.float32]]


def held_out(cells: Sequence[LabelledCell], bundle: Bundle, part: str) -> list[LabelledCell]:
    """Return the cells that were in one part of the split the bundle was trained with.

    Raises
    ------
    InputError
        If the bundle's card does not say how its data were split, or no cell is in that part.
    """
    if part == "all":
        return list(cells)
    split = bundle.card.training.get("split")
    if not isinstance(split, dict) or "fractions" not in split:
        raise InputError(
            f"The bundle {bundle.card.name} does not say how its training data were split; use --part all on cells "
            "it never saw."
        )
    parts = split_groups([cell.group for cell in cells], split["fractions"], seed=split["seed"])
    chosen = [cell for cell in cells if parts[cell.group] == PARTS.index(part)]
    if not chosen:
        raise InputError(f"None of the {len(cells)} cells is in the {part} part of the bundle's split.")
    return chosen


def evaluate(
    cells: Sequence[LabelledCell],
    bundle: Bundle,
    *,
    stain: Stain | None = None,
    turn: bool = True,
    seed: int = 0,
    reporter: Reporter | None = None,
    read: Callable[[Path], CellImages] | None = None,
) -> Iterator[CellOutcome]:
    """Classify labelled cells and yield truth beside answer; unlabelled and unreadable files are left out.

    Parameters
    ----------
    stain : given to the reader; None lets the files vote, as for a user.
    turn : turn every chromosome by a random angle before the engine sees it.
    seed : of the angles; each cell has its own, so a cell's figures do not depend on which others are measured.
    """
    watch = reporter or SilentReporter()
    for number, cell in enumerate(cells):
        watch.check_cancelled()
        watch.report(number, len(cells), cell.name)
        images = (read or (lambda folder: read_folder(folder, stain)))(cell.folder)
        rng = np.random.default_rng([seed, *cell.name.encode()])
        angles = rng.uniform(-180.0, 180.0, len(images.chromosomes)) if turn else np.zeros(len(images.chromosomes))
        shown = turned(images, angles) if turn else images
        yield outcome(cell, classify_cell(shown, bundle), angles)
    watch.report(len(cells), len(cells))


def read_folder(folder: Path, stain: Stain | None = None) -> CellImages:
    """Read one cell folder."""
    (source,) = find_cells([folder])
    return read_cell(source, stain or "auto")


def turned(images: CellImages, angles: NDArray[np.float64]) -> CellImages:
    """Return the cell with each chromosome turned counter-clockwise by its angle (N,), degrees."""
    chromosomes = []
    for chromosome, angle in zip(images.chromosomes, angles, strict=True):
        pixels = np.clip(rotate(chromosome.pixels, float(angle)), 0.0, 1.0)
        mask = rotate(chromosome.mask.astype(np.float32), float(angle)) >= 0.5
        chromosomes.append(ChromosomeImage(pixels, mask, chromosome.source))
    return CellImages(images.name, images.stain, tuple(chromosomes), images.warnings)


def outcome(cell: LabelledCell, result: CellResult, angles: NDArray[np.float64]) -> CellOutcome:
    """Lay truth and answer side by side; chromosomes without a true label are left out."""
    kept = [
        (chromosome, angle)
        for chromosome, angle in zip(result.chromosomes, angles, strict=True)
        if cell.labels.get(chromosome.source, -1) >= 0
    ]
    off = [abs(normalise_degrees(c.upright_rotation_deg + angle)) for c, angle in kept]
    return CellOutcome(
        cell=cell.name,
        group=cell.group,
        truth=np.array([cell.labels[c.source] for c, _ in kept], np.int64),
        image_label=np.array([CLASS_INDEX[c.image_label] for c, _ in kept], np.int64),
        label=np.array([UNPLACED if c.label is None else CLASS_INDEX[c.label] for c, _ in kept], np.int64),
        image_confidence=np.array([max(c.probabilities) for c, _ in kept], np.float64),
        confidence=np.array([c.confidence for c, _ in kept], np.float64),
        turn_error_deg=np.array(off if cell.upright else [np.nan] * len(kept), np.float64),
    )
