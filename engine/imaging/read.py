"""The files of a cell -> its chromosomes in the convention of the engine (ground 0, chromosome up to 1)."""

from typing import Literal

import numpy as np

from engine.errors import InputError
from engine.imaging.cells import CellSource, find_cells
from engine.imaging.decode import MAX_PIXELS, Floats, GreyImage, read_grey
from engine.imaging.ground import Ground, chromosome_mask, find_grounds
from engine.progress import Reporter, SilentReporter
from engine.types import CellImages, ChromosomeImage, FileWarning

__all__ = ["MAX_PIXELS", "CellSource", "find_cells", "read_cell", "read_grey"]

_DEPTHS = (8, 10, 12, 14, 16)  # bits a camera delivers, whatever the file could hold
_MIN_SPAN = 0.1  # a ground this near to the far end of the depth leaves nothing to see: the span stays usable


def read_cell(
    source: CellSource, stain: Literal["auto", "g", "q"] = "auto", reporter: Reporter | None = None
) -> CellImages:
    """Read the chromosomes of one cell.

    Parameters
    ----------
    source
        The files, as `find_cells` groups them.
    stain
        `auto` lets the files vote: dark on bright is `g`, bright on dark `q`. A stain given is taken as it is.
    reporter
        Progress by file; its cancel is asked for before each.

    Returns
    -------
    CellImages
        The chromosomes in the order of the files, pixels with one span for the whole cell; every file that could not
        be used is a warning.

    Raises
    ------
    InputError
        No file could be used.
    Cancelled
        The reporter asked to stop.
    """
    reporter = reporter or SilentReporter()
    warnings: list[FileWarning] = []
    names: list[str] = []
    decoded: list[GreyImage] = []
    for done, path in enumerate(source.files):
        reporter.check_cancelled()
        reporter.report(done, len(source.files), path.name)
        try:
            decoded.append(read_grey(path))
            names.append(path.name)
        except InputError as error:
            warnings.append(FileWarning(path.name, str(error)))
    reporter.report(len(source.files), len(source.files), source.name)
    if not decoded:
        raise _nothing(source, warnings)

    images = _common_depth(decoded)
    grounds = find_grounds(images, None if stain == "auto" else stain == "q")
    span = _span(grounds)
    chromosomes: list[ChromosomeImage] = []
    for name, image, ground in zip(names, images, grounds, strict=True):
        reporter.check_cancelled()
        depth = np.maximum(image - ground.level if ground.bright else ground.level - image, 0.0)
        mask = chromosome_mask(depth, ground.noise)
        if mask is None:
            warnings.append(FileWarning(name, f"{name} shows no chromosome: it was left out."))
            continue
        chromosomes.append(ChromosomeImage(np.minimum(depth / span, 1.0, dtype=np.float32), mask, name))
    if not chromosomes:
        raise _nothing(source, warnings)
    if stain == "auto":
        stain = "q" if 2 * sum(ground.bright for ground in grounds) > len(grounds) else "g"
    return CellImages(source.name, stain, tuple(chromosomes), tuple(warnings))


def _nothing(source: CellSource, warnings: list[FileWarning]) -> InputError:
    if len(warnings) == 1:
        return InputError(warnings[0].message)
    return InputError(f"None of the {len(source.files)} files of {source.name} could be used: {warnings[0].message}")


def _common_depth(decoded: list[GreyImage]) -> list[Floats]:
    """Bring all pictures of the cell to 0..1 of the depth that is really used: 12 bits in a 16-bit file are 12."""
    tops = [float(np.percentile(image.values, 99.9)) for image in decoded if image.deep and image.full > 1.0]
    used = 65535.0
    if tops:
        used = next((2.0**bits - 1 for bits in _DEPTHS if max(tops) <= 2**bits - 1), 65535.0)
    images = []
    for image in decoded:
        full = used if image.deep and image.full > 1.0 else image.full
        images.append(np.minimum(image.values / np.float32(full), 1.0, dtype=np.float32))
    return images


def _span(grounds: list[Ground]) -> float:
    """One span for the cell: from its ground to the far end of the depth."""
    ways = [1.0 - ground.level if ground.bright else ground.level for ground in grounds]
    return max(float(np.median(ways)), _MIN_SPAN)
