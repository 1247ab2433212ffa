"""Labelled folders as reviewed cells: what a laboratory brings from before it used this program."""

from engine.errors import InputError
from engine.progress import Reporter, SilentReporter
from engine.training.dataset import LabelledCell
from engine.training.reviewed import NO_LABEL, ReviewedCell
from engine.training.sources import LabelledSource


def reviewed_cells(source: LabelledSource, reporter: Reporter | None = None, *, limit: int = 0) -> list[ReviewedCell]:
    """Read the cells of a labelled folder; those that cannot be read are left out.

    Parameters
    ----------
    limit : read only so many cells; 0 = all.

    Raises
    ------
    InputError
        If no cell can be used.
    """
    watch = reporter or SilentReporter()
    wanted = source.cells[:limit] if limit else source.cells
    found: list[ReviewedCell] = []
    for number, cell in enumerate(wanted):
        watch.check_cancelled()
        watch.report(number, len(wanted), cell.name)
        one = reviewed_cell(source, cell)
        if one is not None:
            found.append(one)
    if not found:
        raise InputError(f"No cell of {source.folder} can be used: none of its labelled images can be read.")
    return found


def reviewed_cell(source: LabelledSource, cell: LabelledCell) -> ReviewedCell | None:
    """Read one cell of a labelled folder; None if it cannot be read, or holds no labelled chromosome."""
    try:
        images = source.read(cell.folder)
    except InputError:
        return None
    labels = tuple(cell.labels.get(chromosome.source, NO_LABEL) for chromosome in images.chromosomes)
    if not any(label >= 0 for label in labels):
        return None
    return ReviewedCell(images, labels, (0.0 if cell.upright else None,) * len(labels), cell.group)
