"""A large library for measurements: one cell, copied row by row inside the database.

Every case has cells with chromosomes, placements, pictures for the list, and a trail of one line. Pixels are copied for
as many cases as are asked for: all of them would fill gigabytes, and no list ever reads one.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import cast, insert, literal, select
from sqlalchemy.orm import Session

from karyogui.model.cell import Cell
from karyogui.model.karyogram import Placement
from karyogui.model.store import trail
from karyogui.model.store.library import Library
from karyogui.model.store.schema import CaseRow, CellRow, ChromosomeRow, PixelsRow, PlacementRow, ThumbnailRow


def fill(
    library: Library,
    cell: Cell,
    placements: tuple[Placement, ...],
    *,
    cases: int = 1000,
    cells: int = 20,
    with_pixels: int = 10,
) -> list[int]:
    """Fill a new library, and return its cases in the order they were made.

    Parameters
    ----------
    cell, placements
        The cell of which all are copies.
    with_pixels
        How many cases, the last ones, get pixels too; cells of the others can be listed and not opened.
    """
    first = library.cases.create("pattern", "bench")
    pattern = library.cells.add(first.id, cell, "bench").id
    library.cells.save_placements(pattern, placements, "bench", "Simulate")
    library.cells.refresh_thumbnail(pattern)
    made = []
    for number in range(cases):
        with library.database.writing() as session:
            made.append(_copy_case(session, pattern, number, cells, pixels=number >= cases - with_pixels))
    library.cases.delete(first.id, "bench")
    return made


def _copy_case(session: Session, pattern: int, number: int, cells: int, *, pixels: bool) -> int:
    row = CaseRow(
        uid=uuid.uuid4().hex,
        code=f"S-{number:05}",
        chain=uuid.uuid4().hex,
        created=datetime.now(UTC) - timedelta(minutes=number),
        constitutional=True,
        sex=None,
        karyotype="",
        note="",
        specimen={},
    )
    session.add(row)
    session.flush()
    trail.append(session, row.chain, "bench", "case created", case=row.uid, code=row.code, sex=None)
    _copy_cells(session, pattern, row.id, cells)
    for table in (ThumbnailRow, ChromosomeRow, PlacementRow, *((PixelsRow,) if pixels else ())):
        _copy_rows(session, table.__table__, pattern, row.id)
    return row.id


def _copy_cells(session: Session, pattern: int, case_id: int, cells: int) -> None:
    columns = [column for column in _columns(CellRow.__table__) if column.name != "id"]
    for position in range(cells):
        changed = {"case_id": case_id, "position": position, "name": f"cell {position + 1}"}
        values = [cast(literal(changed[c.name]), c.type) if c.name in changed else c for c in columns]
        query = select(*values).where(CellRow.id == pattern)
        session.execute(insert(CellRow).from_select([c.name for c in columns], query))


def _copy_rows(session: Session, table: Any, pattern: int, case_id: int) -> None:
    """Copy what belongs to the pattern, once for each cell of the case."""
    columns = _columns(table)
    values = [CellRow.id if column.name == "cell_id" else column for column in columns]
    each = select(*values).select_from(table).join(CellRow, CellRow.case_id == case_id)  # every row with every cell
    query = each.where(table.c.cell_id == pattern)
    session.execute(insert(table).from_select([c.name for c in columns], query))


def _columns(table: Any) -> list[Any]:
    return list(table.columns)
