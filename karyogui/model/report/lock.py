"""What must be done before a report may leave the program, from what is stored of the case and its cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from karyogui.model.count_sheet import count_sheet
from karyogui.model.report.contradiction import case_contradiction, cell_contradiction
from karyogui.model.store.values import Case, CellRecord, State


class Obstacle(Enum):
    """Why a report is locked."""

    NO_CELLS = "no cells"  # nothing was placed in any cell
    UNREVIEWED = "unreviewed"  # chromosomes ask for a look
    NOT_REVIEWED = "not reviewed"  # nobody said yet that the cell is reviewed
    CELL_TEXT = "cell text"  # the karyotype of a cell, written by hand, is not what was counted
    CASE_TEXT = "case text"  # the karyotype of the case is not what its cells say
    NOT_APPROVED = "not approved"  # and the laboratory's setting asks for it


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to do, and where."""

    obstacle: Obstacle
    cell_id: int | None = None  # None: the case as a whole
    cell: str = ""  # its name
    chromosomes: tuple[int, ...] = ()  # those to look at
    detail: str = ""  # of a contradiction: what is wrong, one sentence


def reasons(
    case: Case, records: Iterable[CellRecord], unreviewed: Mapping[int, Sequence[int]], *, approved_only: bool = False
) -> tuple[Reason, ...]:
    """Say what keeps the report of a case locked; empty: nothing, it may be written.

    Parameters
    ----------
    case, records
        The case and its cells. A cell in which nothing is placed is not reported, and keeps nothing locked.
    unreviewed
        By cell id, the chromosomes that ask for a look; see `Reviews.unreviewed`.
    approved_only
        The laboratory's setting: every reported cell must be approved.

    Returns
    -------
    tuple of Reason
        Those of the case first, then by cell in the order of the case; of one cell the first thing to do comes first.
    """
    cells = [record for record in records if record.counts.total]
    if not cells:
        return (Reason(Obstacle.NO_CELLS),)
    found: list[Reason] = []
    if case.karyotype.strip():
        totals = {record.counts.total for record in cells}
        wrong = case_contradiction(case.karyotype, count_sheet(case, cells).proposal, totals)
        found += [Reason(Obstacle.CASE_TEXT, detail=wrong)] if wrong else []
    for record in cells:
        found += _of_cell(record, tuple(unreviewed.get(record.id, ())), approved_only=approved_only)
    return tuple(found)


def _of_cell(record: CellRecord, unreviewed: tuple[int, ...], *, approved_only: bool) -> Iterable[Reason]:
    if unreviewed:
        yield Reason(Obstacle.UNREVIEWED, record.id, record.name, unreviewed)
    wrong = cell_contradiction(record) if record.karyotype_by_hand else None
    if wrong:
        yield Reason(Obstacle.CELL_TEXT, record.id, record.name, detail=wrong)
    if unreviewed or wrong:
        return  # to review and approve it comes after
    if record.state not in (State.REVIEWED, State.APPROVED):
        yield Reason(Obstacle.NOT_REVIEWED, record.id, record.name)
    elif approved_only and record.state is not State.APPROVED:
        yield Reason(Obstacle.NOT_APPROVED, record.id, record.name)
