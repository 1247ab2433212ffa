"""What the engine is asked to do. Each function returns the work for a `Job`; the engine is imported when it runs.

The import is inside because it costs seconds and must not delay the window. Nothing here knows a widget.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.progress import Reporter
from engine.types import BundleRef, CellImages, CellResult, ChromosomeImage, Stain
from karyogui.model.cell import Cell, Chromosome, cell_from_images
from karyogui.model.enlarged import Enlarged
from karyogui.model.straight import Straight

if TYPE_CHECKING:
    from engine.bundle import Bundle
    from engine.imaging.cells import CellSource


_MARGIN = 6
"""Pixels of ground that super-resolution sees around a chromosome."""


@dataclass(frozen=True, slots=True)
class BundleChoice:
    """An installed bundle, for the menu."""

    name: str
    text: str  # name, version, stain
    shipped: bool


def find_cells(paths: Sequence[Path]) -> "Callable[[Reporter], list[CellSource]]":
    """Find which files and folders hold which cells."""

    def work(reporter: Reporter) -> "list[CellSource]":
        from engine.imaging.read import find_cells as find

        return find(paths)

    return work


def read_cell(source: "CellSource") -> Callable[[Reporter], Cell]:
    """Read the chromosomes of one cell."""

    def work(reporter: Reporter) -> Cell:
        from engine.imaging.read import read_cell as read

        cell = cell_from_images(read(source, reporter=reporter), source.files)
        cell.warm_up()
        return cell

    return work


def classify(cell: Cell, bundle: str = "") -> Callable[[Reporter], CellResult]:
    """Classify the chromosomes of one cell with a bundle; without a name, with the default for the cell's stain."""

    def work(reporter: Reporter) -> CellResult:
        from engine.bundle import default_bundle
        from engine.pipeline import classify_cell

        reporter.report(0, 1, "")
        return classify_cell(images_of(cell), _bundle(bundle or default_bundle(cell.stain)), reporter)

    return work


@dataclass(frozen=True, eq=False)
class CellEvidence:
    """What one bundle sees in one cell, for comparing copies over a case; a classification does not keep it."""

    bundle: BundleRef
    by_id: Mapping[int, NDArray[np.float32]]  # chromosome id -> (24,) log probabilities, of image and size


def see(cell: Cell, bundle: str = "") -> Callable[[Reporter], CellEvidence]:
    """Look at the chromosomes of one cell with a bundle; without a name, with the default for the cell's stain."""

    def work(reporter: Reporter) -> CellEvidence:
        from engine.bundle import default_bundle
        from engine.pipeline import see as look
        from engine.pipeline import with_size

        if not cell.chromosomes:
            return CellEvidence(BundleRef("", ""), {})
        model = _bundle(bundle or default_bundle(cell.stain))
        seen = look(images_of(cell), model, reporter)
        said = with_size(seen.log_probabilities, seen.adapted.size, model.card.calibration.size).astype(np.float32)
        return CellEvidence(model.ref, {c.id: row for c, row in zip(cell.chromosomes, said, strict=True)})

    return work


def list_bundles() -> Callable[[Reporter], list[BundleChoice]]:
    """List the installed bundles; a damaged one is listed by its name, and says what is wrong when it is used."""

    def work(reporter: Reporter) -> list[BundleChoice]:
        from engine.bundle import list_bundles as entries
        from engine.bundle import read_card
        from engine.errors import BundleError

        choices = []
        for entry in entries():
            try:
                ref = read_card(entry.path).ref
                text = f"{ref.name} {ref.version}"
            except BundleError:
                text = entry.name
            choices.append(BundleChoice(entry.name, text, entry.shipped))
        _bundle.cache_clear()  # one may have been replaced under its name
        return choices

    return work


def straighten(cell: Cell) -> "Callable[[Reporter], dict[int, Straight]]":
    """Sample the chromosomes of a cell along their axes, for the straightened display; by chromosome id."""

    def work(reporter: Reporter) -> dict[int, Straight]:
        found = {}
        for done, chromosome in enumerate(cell.chromosomes):
            reporter.check_cancelled()
            if chromosome.mask.any():
                found[chromosome.id] = _straightened(chromosome)
            reporter.report(done + 1, len(cell.chromosomes))
        return found

    return work


def find_superresolution(stain: Stain, preferred: str = "") -> Callable[[Reporter], str | None]:
    """Find the installed bundle that enlarges chromosomes of a stain; None if there is none."""

    def work(reporter: Reporter) -> str | None:
        from engine.superresolution import enlarging_bundle

        return enlarging_bundle(stain, preferred)

    return work


def superresolve(
    chromosomes: Sequence[Chromosome], bundle: str, done: int, total: int
) -> Callable[[Reporter], list[Enlarged]]:
    """Enlarge chromosomes with the network of a bundle, one by one, so that a cancel is answered soon.

    `done` of `total` were enlarged before, for the progress that is reported.
    """

    def work(reporter: Reporter) -> list[Enlarged]:
        from engine.superresolution import enlarge

        reporter.report(done, total)
        loaded, found = _bundle(bundle), []
        made_by = f"{loaded.ref.name} {loaded.ref.version}"
        for number, c in enumerate(chromosomes, start=1):
            reporter.check_cancelled()
            rows, columns = _around(c.mask)  # what lies further out costs time and shows nothing
            large = enlarge(ChromosomeImage(c.pixels[rows, columns], c.mask[rows, columns], c.source), loaded)
            found.append(_enlarged(c, (rows, columns), large, made_by))
            reporter.report(done + number, total)
        return found

    return work


def _around(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Rows and columns of the chromosome with a margin of ground; of an empty mask, all."""
    if not mask.any():
        return slice(0, mask.shape[0]), slice(0, mask.shape[1])
    ends = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    rows, columns = (slice(max(int(there[0]) - _MARGIN, 0), int(there[-1]) + 1 + _MARGIN) for there in ends)
    return rows, columns


def _enlarged(chromosome: Chromosome, place: tuple[slice, slice], large: ChromosomeImage, made_by: str) -> Enlarged:
    """Put an enlarged part back where it was in the picture of the chromosome; around it is ground."""
    part = chromosome.pixels[place]
    factor = large.pixels.shape[0] // part.shape[0]
    shape = (factor * chromosome.pixels.shape[0], factor * chromosome.pixels.shape[1])
    pixels, mask = np.zeros(shape, np.float32), np.zeros(shape, np.bool_)
    top, left = (factor * along.start for along in place)
    there = slice(top, top + large.pixels.shape[0]), slice(left, left + large.pixels.shape[1])
    pixels[there], mask[there] = large.pixels, large.mask
    return Enlarged(chromosome.pixels, pixels, mask, made_by)


def images_of(cell: Cell) -> CellImages:
    """Return the cell as the engine sees it, in the order of its chromosomes."""
    return CellImages(
        cell.name,
        cell.stain,
        tuple(ChromosomeImage(c.pixels, c.mask, c.source) for c in cell.chromosomes),
        cell.warnings,
    )


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks as the window needs them; a test hands in others."""

    find_cells: "Callable[[Sequence[Path]], Callable[[Reporter], list[CellSource]]]" = find_cells
    read_cell: "Callable[[CellSource], Callable[[Reporter], Cell]]" = read_cell
    classify: Callable[[Cell, str], Callable[[Reporter], CellResult]] = classify
    list_bundles: Callable[[], Callable[[Reporter], list[BundleChoice]]] = list_bundles
    see: Callable[[Cell, str], Callable[[Reporter], CellEvidence]] = see
    straighten: Callable[[Cell], Callable[[Reporter], dict[int, Straight]]] = straighten
    find_superresolution: Callable[[Stain, str], Callable[[Reporter], str | None]] = find_superresolution
    superresolve: Callable[[Sequence[Chromosome], str, int, int], Callable[[Reporter], list[Enlarged]]] = superresolve


def _straightened(chromosome: Chromosome) -> Straight:
    from engine.imaging.geometry import centre_line
    from engine.imaging.geometry import straighten as sample

    line = centre_line(chromosome.mask)
    # Not wider than the chromosome needs: beyond it, a bent one would be seen twice.
    height, width = round(line.length) + 5, round(2.2 * line.width) + 6
    pixels = sample(chromosome.pixels, line, scale=1.0, height=height, width=width)
    mask = sample(chromosome.mask.astype(np.float32), line, scale=1.0, height=height, width=width) >= 0.5
    rows, columns = chromosome.mask.shape
    centred = line.points[::-1] - np.array([(columns - 1) / 2, (rows - 1) / 2])
    return Straight(chromosome.pixels, np.clip(pixels, 0.0, 1.0), mask, centred)


@lru_cache(maxsize=3)  # of both stains, and one that enlarges
def _bundle(name: str) -> "Bundle":
    from engine.bundle import load_bundle

    return load_bundle(name)
