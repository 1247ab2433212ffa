"""All copies of a chromosome over the cells of a case, as numbers: which, in which order, where they stand.

One block for each label, in it lines that are as wide as the view, in a line the cells side by side with their copies
together and their names below, the ideogram on the left, all centromeres of a line at one height. Every cell is shown
at the scale of its own karyogram: the longer chromosomes of each have one length, so that bands meet although one
metaphase is more condensed than the next, and what is too short within its cell stays too short.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from engine.types import CLASS_INDEX, CLASS_LABELS, MARKER
from karyogui.model.cell import Cell
from karyogui.model.ideogram import ideogram
from karyogui.model.karyogram import Placement, members
from karyogui.model.layout import Extent, PlacedChromosome, Rect, extent_of, typical_arms
from karyogui.model.outliers import CopyRef

ALL = "all"
"""The choice of all labels at once."""

EVERY_LABEL: tuple[str | None, ...] = (*CLASS_LABELS, MARKER, None)
"""What can be looked at, in this order; None: what is not placed."""

_MIDDLE_OF_WIDTHS = 80  # percentile: the width that columns share, so that those of two lines stand below each other


@dataclass(frozen=True, eq=False)
class CaseCell:
    """One cell of a case as the composite shows it."""

    key: int  # by which the case knows it
    name: str
    cell: Cell  # as shown; straightened chromosomes may stand in the place of those that were read
    placements: tuple[Placement, ...]  # as shown
    scale: float  # points per image pixel, `karyogui.model.layout.cell_scale` of the cell as it was read
    extents: dict[Placement, Extent] = field(default_factory=dict)  # measured before; kept from edit to edit

    def extent(self, placement: Placement) -> Extent:
        """Return how far a chromosome reaches as it is placed."""
        found = self.extents.get(placement)
        if found is None:
            chromosome = self.cell.chromosome(placement.chromosome_id)
            found = self.extents[placement] = extent_of(chromosome, placement, self.scale)
        return found


@dataclass(frozen=True, slots=True)
class CompositeOptions:
    """Measures in points."""

    length: float = 92.0  # of the longer chromosomes, as in a karyogram
    margin: float = 16.0
    side: float = 40.0  # for the ideogram and the label below it
    ideogram_width: float = 10.0
    copy_gap: float = 4.0
    copy_width: float = 18.0  # least width of one copy
    column_width: float = 40.0  # least width of a cell: its name must fit
    column_gap: float = 14.0  # between cells
    mark_height: float = 12.0  # strip between the q arms and the baseline
    name_gap: float = 3.0
    name_height: float = 11.0
    line_gap: float = 14.0
    block_gap: float = 12.0  # between labels, in addition to the line gap


@dataclass(frozen=True, slots=True)
class Column:
    """The copies of one cell in a line."""

    cell: int  # key
    name: str
    rect: Rect  # all of it, the name included
    baseline: float  # y
    copies: tuple[CopyRef, ...]  # from left to right; empty: the cell has none


@dataclass(frozen=True, slots=True)
class Line:
    """One line of cells."""

    label: str | None
    rect: Rect
    first: bool  # of its label
    centromere_y: float
    baseline: float
    ideogram: Rect | None  # None for markers and what is not placed
    columns: tuple[Column, ...]


@dataclass(frozen=True, eq=False)
class CompositeLayout:
    """Everything that is shown, from top to bottom."""

    width: float
    height: float
    lines: tuple[Line, ...] = ()
    copies: dict[CopyRef, PlacedChromosome] = field(default_factory=dict)  # in reading order
    options: CompositeOptions = CompositeOptions()

    @cached_property
    def _bottoms(self) -> list[float]:
        return [line.rect.bottom for line in self.lines]

    @cached_property
    def _line_of(self) -> dict[CopyRef, int]:
        return {ref: index for index, line in enumerate(self.lines) for column in line.columns for ref in column.copies}

    def lines_between(self, top: float, bottom: float) -> tuple[Line, ...]:
        """Return the lines that reach into a strip: all that has to be painted of it."""
        found = []
        for line in self.lines[bisect_left(self._bottoms, top) :]:
            if line.rect.y > bottom:
                break
            found.append(line)
        return tuple(found)

    def line_of(self, ref: CopyRef) -> Line:
        """Return the line a copy stands in; `KeyError` if it is not shown."""
        return self.lines[self._line_of[ref]]

    def copy_at(self, x: float, y: float) -> CopyRef | None:
        """Return the copy at a point: the one whose middle is nearest."""
        there = [
            ref
            for line in self.lines_between(y, y)
            for column in line.columns
            for ref in column.copies
            if _holds(self.copies[ref].rect, x, y)
        ]
        return min(there, key=lambda ref: abs(self.copies[ref].rect.centre_x - x), default=None)

    def column_at(self, x: float, y: float) -> Column | None:
        """Return the cell at a point."""
        columns = (column for line in self.lines_between(y, y) for column in line.columns)
        return next((column for column in columns if _holds(column.rect, x, y)), None)

    def copies_in(self, area: Rect) -> list[CopyRef]:
        """Return the copies a rectangle touches, in reading order."""
        return [
            ref
            for line in self.lines_between(area.y, area.bottom)
            for column in line.columns
            for ref in column.copies
            if _meet(self.copies[ref].rect, area)
        ]

    def walk(self, current: CopyRef | None, columns: int, rows: int) -> CopyRef | None:
        """Return the copy one step from `current`: on in reading order, or to the nearest in the next line with any."""
        order = list(self.copies)
        if not order:
            return None
        if current not in self.copies:
            return order[0]
        if columns:
            return order[min(max(order.index(current) + columns, 0), len(order) - 1)]
        filled = [index for index, line in enumerate(self.lines) if any(column.copies for column in line.columns)]
        place = filled.index(self._line_of[current]) + rows
        if not 0 <= place < len(filled):
            return current
        here = self.copies[current].rect.centre_x
        there = [ref for column in self.lines[filled[place]].columns for ref in column.copies]
        return min(there, key=lambda ref: abs(self.copies[ref].rect.centre_x - here))


def labels_of(choice: str | None) -> tuple[str | None, ...]:
    """Return the labels of a choice: one of `EVERY_LABEL`, or `ALL`."""
    return EVERY_LABEL if choice == ALL else (choice,)


def compose(
    cells: Sequence[CaseCell],
    labels: Iterable[str | None],
    width: float,
    options: CompositeOptions | None = None,
) -> CompositeLayout:
    """Lay out the copies of some labels; a label that no cell has is left out.

    Parameters
    ----------
    cells
        In the order of the case; the same for every label, so that a cell keeps its column.
    width
        To which the lines are broken, points.
    """
    options = options or CompositeOptions()
    builder = _Builder(tuple(cells), width, options)
    for label in labels:
        builder.add(label)
    return builder.layout()


def after_removal(order: Sequence[CopyRef], gone: Collection[CopyRef]) -> CopyRef | None:
    """Return what to select once some copies left the picture: the next that stays, or the last before."""
    places = [index for index, ref in enumerate(order) if ref in gone]
    if not places:
        return None
    after = [ref for ref in order[places[-1] + 1 :] if ref not in gone]
    before = [ref for ref in order[: places[0]] if ref not in gone]
    return after[0] if after else before[-1] if before else None


@dataclass(frozen=True, slots=True)
class _Group:
    """The copies of one cell, with the width each is given and that of the column."""

    cell: CaseCell
    copies: tuple[Placement, ...]
    widths: tuple[float, ...]
    width: float


class _Builder:
    """Fills the paper from top to bottom."""

    def __init__(self, cells: tuple[CaseCell, ...], width: float, options: CompositeOptions) -> None:
        self._cells, self._width, self._options = cells, width, options
        self._y = options.margin
        self._lines: list[Line] = []
        self._copies: dict[CopyRef, PlacedChromosome] = {}

    def layout(self) -> CompositeLayout:
        o = self._options
        height = self._y - o.line_gap - o.block_gap + o.margin if self._lines else 2 * o.margin
        return CompositeLayout(self._width, height, tuple(self._lines), self._copies, o)

    def add(self, label: str | None) -> None:
        """Add the block of a label."""
        o = self._options
        there = [(cell, members(cell.placements, label)) for cell in self._cells]
        if not any(copies for _, copies in there):
            return
        if label not in CLASS_INDEX:  # most cells have neither markers nor a tray: nothing is missing in them
            there = [(cell, copies) for cell, copies in there if copies]
        extents = {CopyRef(cell.key, p.chromosome_id): cell.extent(p) for cell, copies in there for p in copies}
        one = max(o.copy_width, float(np.percentile([e.width for e in extents.values()], _MIDDLE_OF_WIDTHS)))
        usual = max(1, round(float(np.median([len(copies) for _, copies in there]))))
        least = max(o.column_width, usual * (one + o.copy_gap) - o.copy_gap)  # what is missing shows as a gap
        groups = []
        for cell, copies in there:
            widths = tuple(max(extents[CopyRef(cell.key, p.chromosome_id)].width, one) for p in copies)
            taken = sum(widths) + o.copy_gap * (max(len(widths), 1) - 1)
            groups.append(_Group(cell, tuple(copies), widths, max(least, taken)))
        arms = typical_arms(label, o.length) if label is not None else (0.0, 0.0)
        above = max(arms[0], *(e.centromere - e.top for e in extents.values()))
        below = max(arms[1], *(e.bottom - e.centromere for e in extents.values()))
        indent = (least - usual * (one + o.copy_gap) + o.copy_gap) / 2
        for number, line in enumerate(self._broken(groups)):
            self._add_line(label, line, extents, (above, below), indent, usual, first=number == 0)
        self._y += o.block_gap

    def _broken(self, groups: Sequence["_Group"]) -> list[list["_Group"]]:
        """Break the cells of a label into lines."""
        o = self._options
        room = self._width - 2 * o.margin - o.side
        lines: list[list[_Group]] = [[]]
        used = 0.0
        for group in groups:
            if lines[-1] and used + group.width > room:
                lines.append([])
                used = 0.0
            lines[-1].append(group)
            used += group.width + o.column_gap
        return lines

    def _add_line(
        self,
        label: str | None,
        line: Sequence["_Group"],
        extents: dict[CopyRef, Extent],
        arms: tuple[float, float],
        indent: float,
        usual: int,
        *,
        first: bool,
    ) -> None:
        o = self._options
        top, centromere_y = self._y, self._y + arms[0]
        baseline = centromere_y + arms[1] + o.mark_height
        bottom = baseline + o.name_gap + o.name_height
        x, columns = o.margin + o.side, []
        for group in line:
            at, refs = x + (indent if len(group.copies) <= usual else 0.0), []
            for placement, width in zip(group.copies, group.widths, strict=True):
                ref = CopyRef(group.cell.key, placement.chromosome_id)
                self._copies[ref] = _placed(placement, extents[ref], at + width / 2, centromere_y, group.cell.scale)
                refs.append(ref)
                at += width + o.copy_gap
            rect = Rect(x, top, group.width, bottom - top)
            columns.append(Column(group.cell.key, group.cell.name, rect, baseline, tuple(refs)))
            x += group.width + o.column_gap
        rect = Rect(o.margin, top, self._width - 2 * o.margin, bottom - top)
        drawn = self._ideogram(label, extents, centromere_y)
        self._lines.append(Line(label, rect, first, centromere_y, baseline, drawn, tuple(columns)))
        self._y = bottom + o.line_gap

    def _ideogram(self, label: str | None, extents: dict[CopyRef, Extent], centromere_y: float) -> Rect | None:
        """As long as the copies usually are, its centromere on theirs."""
        if label not in CLASS_INDEX or label is None:
            return None
        o = self._options
        length = float(np.median([e.bottom - e.top for e in extents.values()]))
        above = length * ideogram(label, 850).centromere
        return Rect(o.margin + (o.side - 2 * o.ideogram_width) / 2, centromere_y - above, o.ideogram_width, length)


def _placed(placement: Placement, extent: Extent, middle: float, centromere_y: float, scale: float) -> PlacedChromosome:
    x, y = middle - (extent.left + extent.right) / 2, centromere_y - extent.centromere
    return PlacedChromosome(
        chromosome_id=placement.chromosome_id,
        label=placement.label,
        order=placement.order,
        x=x,
        y=y,
        scale=scale,
        rotation_deg=placement.rotation_deg,
        mirrored=placement.mirrored,
        rect=Rect(x + extent.left, y + extent.top, extent.width, extent.bottom - extent.top),
        centromere_y=centromere_y,
        line=centromere_y,
    )


def _holds(rect: Rect, x: float, y: float) -> bool:
    return rect.x <= x <= rect.right and rect.y <= y <= rect.bottom


def _meet(a: Rect, b: Rect) -> bool:
    return a.x <= b.right and b.x <= a.right and a.y <= b.bottom and b.y <= a.bottom
