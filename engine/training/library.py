"""Reviewed cells of a library of cases. The engine has none: it knows no database.

A package that keeps cases draws attention to its reader by an entry point of the group `karyo.libraries`; karyogui
does. So the engine runs without it, and says so where a library is named.
"""

from collections.abc import Iterable
from importlib.metadata import entry_points
from typing import Protocol

from engine.errors import EngineError, InputError
from engine.training.reviewed import NO_LABEL, ReviewedCell
from engine.types import CLASS_INDEX, CellImages, ChromosomeImage, Stain

GROUP = "karyo.libraries"


class TaughtCell(Protocol):
    """A cell with the labels a person stands behind."""

    @property
    def name(self) -> str:
        """Of the cell."""

    @property
    def stain(self) -> Stain:
        """Of the cell."""

    @property
    def images(self) -> tuple[ChromosomeImage, ...]:
        """N chromosomes."""

    @property
    def labels(self) -> tuple[str | None, ...]:
        """N of CLASS_LABELS; None: nobody stands behind it."""

    @property
    def upright_deg(self) -> tuple[float | None, ...]:
        """N counter-clockwise degrees that bring the p arm up; None: nobody knows."""

    @property
    def group(self) -> str:
        """The case."""


class LibraryReader(Protocol):
    """Reads what a library teaches."""

    def __call__(self, where: str) -> Iterable[TaughtCell]:
        """Return the cells of the library at a file or URL; raise `EngineError` if it cannot be read."""


def find_library_reader() -> LibraryReader:
    """Return the installed reader, the first by name if there are several.

    Raises
    ------
    EngineError
        If none is installed, or it does not start.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            reader: LibraryReader = entry.load()
        except ImportError as error:
            raise EngineError(f"No library can be read here: {error}.") from None
        return reader
    raise EngineError("No library can be read: karyogui is not installed beside the engine; use --data instead.")


def library_cells(where: str, stain: str = "") -> list[ReviewedCell]:
    """Return the reviewed cells of a library.

    Parameters
    ----------
    stain : only of this stain; empty: of both.

    Raises
    ------
    EngineError
        If the library cannot be read.
    InputError
        If no person has reviewed a cell in it.
    """
    found = [reviewed(cell) for cell in find_library_reader()(where) if not stain or cell.stain == stain]
    if not found:
        raise InputError(
            f"The library {where} holds no reviewed cell{f' of {stain.upper()} bands' if stain else ''} yet."
        )
    return found


def reviewed(cell: TaughtCell) -> ReviewedCell:
    """Return a taught cell as the training takes it."""
    labels = tuple(NO_LABEL if label is None else CLASS_INDEX[label] for label in cell.labels)
    return ReviewedCell(CellImages(cell.name, cell.stain, cell.images), labels, cell.upright_deg, cell.group)
