"""The files of a cell -> its chromosomes in the convention of the engine (ground 0, chromosome up to 1)."""

from typing import Literal

from engine.errors import InputError
from engine.imaging.cells import CellSource, find_cells
from engine.imaging.convention import Prepared, to_convention
from engine.imaging.decode import MAX_PIXELS, GreyImage, read_grey
from engine.imaging.separate import looks_like_sheet, objects_apart, separate
from engine.progress import Reporter, SilentReporter
from engine.types import CellImages, ChromosomeImage, FileWarning

__all__ = ["MAX_PIXELS", "CellSource", "find_cells", "read_cell", "read_grey"]


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
        The chromosomes in the order of the files, pixels with one span for the whole cell; a sheet is cut into its
        chromosomes. Every file that could not be used, or needs a look, is a warning.

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
    reporter.check_cancelled()
    if not decoded:
        raise _nothing(source, warnings)
    prepared, found_stain = to_convention(decoded, None if stain == "auto" else stain)
    chromosomes: list[ChromosomeImage] = []
    for name, picture in zip(names, prepared, strict=True):
        reporter.check_cancelled()
        pieces, remarks = _chromosomes(name, picture)
        chromosomes.extend(pieces)
        warnings.extend(remarks)
    if not chromosomes:
        raise _nothing(source, warnings)
    reporter.report(len(source.files), len(source.files), source.name)
    return CellImages(source.name, found_stain, tuple(chromosomes), tuple(warnings))


def _chromosomes(name: str, picture: Prepared) -> tuple[tuple[ChromosomeImage, ...], list[FileWarning]]:
    """The chromosomes of one file, and what the user must know about it."""
    if picture.mask is None:
        return (), [FileWarning(name, f"{name} shows no chromosome: it was left out.")]
    image = ChromosomeImage(picture.pixels, picture.mask, name)
    if not looks_like_sheet(picture.mask):
        apart = objects_apart(picture.mask)
        if apart < 2:
            return (image,), []
        return (image,), [FileWarning(name, f"{name} shows {apart} objects and was taken as one chromosome: check it.")]
    separation = separate(image, picture.noise)
    if not separation.debris:
        return separation.chromosomes, []
    count = "1 object" if separation.debris == 1 else f"{separation.debris} objects"
    message = f"{name} shows {count} too small for a chromosome: left out, check the sheet."
    return separation.chromosomes, [FileWarning(name, message)]


def _nothing(source: CellSource, warnings: list[FileWarning]) -> InputError:
    if len(warnings) == 1:
        return InputError(warnings[0].message)
    return InputError(f"None of the {len(source.files)} files of {source.name} could be used: {warnings[0].message}")
