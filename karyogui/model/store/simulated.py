"""A large library for measurements: one cell, copied row by row inside the database.

Every case has cells with chromosomes, placements, pictures for the list, and a trail of one line. Pixels are copied for
as many cases as are asked for: all of them would fill gigabytes, and no list ever reads one.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Table, cast, insert, literal, select
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
    ids = []
    for position in range(cells):
        changed = {"case_id": row.id, "position": position, "name": f"cell {position + 1}"}
        ids.append(_copy(session, CellRow.__table__, pattern, changed))
    for cell_id in ids:
        for table in (ThumbnailRow, ChromosomeRow, PlacementRow, *((PixelsRow,) if pixels else ())):
            _copy(session, table.__table__, pattern, {"cell_id": cell_id})
    return row.id


def _copy(session: Session, table: Any, pattern: int, changed: dict[str, Any]) -> int:
    """Copy the rows of the pattern with other values in some columns; return the id of the last new row."""
    assert isinstance(table, Table)  # noqa: S101 - what SQLAlchemy calls a FromClause is one
    own = "id" if "case_id" in changed else "cell_id"
    columns = [column for column in table.columns if column.name != "id"]
    values = [
        cast(literal(changed[c.name]), Integer if isinstance(changed[c.name], int) else c.type)
        if c.name in changed
        else c
        for c in columns
    ]
    query = insert(table).from_select(columns, select(*values).where(table.c[own] == pattern))
    if own == "id":
        session.execute(query)
        return int(session.scalars(select(table.c.id).order_by(table.c.id.desc()).limit(1)).one())
    session.execute(query)
    return 0
