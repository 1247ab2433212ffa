"""What a library of cases teaches: the cells a person has reviewed, with their corrections and confirmations."""

from collections.abc import Callable, Collection
from pathlib import Path

from engine.types import Stain
from karyogui.model.store.errors import StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.values import State
from karyogui.model.teaching import LIBRARY, TeachingCell, from_document

_LOOKED_AT = (State.IN_REVIEW, State.REVIEWED, State.APPROVED)
_DONE = (State.REVIEWED, State.APPROVED)


def library_lessons(
    library: Library,
    *,
    stain: Stain | None = None,
    without: Collection[int] = (),
    report: Callable[[int, int, str], None] | None = None,
) -> list[TeachingCell]:
    """Return the cells of a library somebody stands behind, by case.

    Of a reviewed or approved cell every placed chromosome counts; of one in review, those a person moved or accepted.

    Parameters
    ----------
    stain : only of this one.
    without : ids of cells that are not wanted.
    report : told done, total and the case; may raise to stop.

    Raises
    ------
    StoreError
        If the library cannot be read.
    """
    found = []
    cases = library.cases.find()
    for number, summary in enumerate(cases):
        case = summary.case
        if report is not None:
            report(number, len(cases), case.code)
        if not any(state in summary.states for state in _LOOKED_AT):
            continue
        for record in library.cells.records(case.id):
            if record.state not in _LOOKED_AT or record.id in without or (stain and record.stain != stain):
                continue
            stored = library.cells.load(record.id)
            cell = from_document(
                stored.cell,
                stored.placements,
                reviewed=record.state in _DONE,
                confirmed=record.state in _DONE,
                key=(LIBRARY, record.id),
                name=f"{case.code} / {record.name}",
                group=case.code,
                origin=LIBRARY,
            )
            if cell is not None:
                found.append(cell)
    return found


def read_library(where: str) -> list[TeachingCell]:
    """Return what the library at a file or URL teaches: for `karyo train --library`.

    Raises
    ------
    StoreError
        If it is none, or cannot be read.
    """
    if "://" not in where and not Path(where).is_file():  # opening would make one
        raise StoreError(f"There is no library at {where}; name its file or the address of its database.")
    library = Library.open(where)
    try:
        return library_lessons(library)
    finally:
        library.close()
