"""Which cells stand for a clone in the report: the best ones, until she chooses others."""

from engine.karyotype.clones import Clone
from karyogui.model.count_sheet import CountSheet, SheetLine
from karyogui.model.store.values import State

MOST = 2
"""Karyograms of one clone that are proposed; she may take more."""

_FAR = {State.APPROVED: 2, State.REVIEWED: 1}


def clone_lines(sheet: CountSheet) -> tuple[tuple[Clone, tuple[SheetLine, ...]], ...]:
    """Return the clones of a case with their cells, the best cell first."""
    if sheet.proposal is None:
        return ()
    lines = {line.cell_id: line for line in sheet.lines}
    return tuple(
        (clone, tuple(sorted((lines[sheet.ids[name]] for name in clone.cells), key=_rank)))
        for clone in sheet.proposal.clones
    )


def proposed_cells(sheet: CountSheet) -> tuple[int, ...]:
    """Return the cells whose karyograms are proposed.

    Two of a clone if she marked so many as karyotyped, else one.
    """
    chosen: list[int] = []
    for _, lines in clone_lines(sheet):
        marked = sum(line.entry.karyotyped for line in lines)
        chosen += [line.cell_id for line in lines[: max(1, min(MOST, marked))]]
    return tuple(chosen)


def _rank(line: SheetLine) -> tuple[bool, int, int, int]:
    """The better, the smaller: marked as karyotyped, quality, band level, how far it is; then as in the case."""
    entry = line.entry
    return not entry.karyotyped, -(entry.quality or 0), -(entry.band_level or 0), -_FAR.get(line.state, 0)
