"""The cells of the case as values for the layout; what did not change is kept."""

from collections.abc import Mapping, Sequence

import numpy as np

from karyogui.composite.members import Member, Members
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.composite import CaseCell, CompositeLayout, compose
from karyogui.model.karyogram import Placement
from karyogui.model.layout import cell_scale
from karyogui.model.outliers import CopyRef
from karyogui.model.review import Light
from karyogui.model.straight import Straights, shown_cell, shown_placements

_NONE: Straights = {}


class Sheet:
    """Between the documents of the members and the layout; it never changes a document."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self._known: dict[int, tuple[Cell, tuple[Placement, ...], Straights, CaseCell]] = {}
        self._lights: dict[int, tuple[CaseCell, Mapping[int, Light]]] = {}
        self._straights: dict[int, Straights] = {}
        self.straightened = False

    def members(self) -> tuple[Member, ...]:
        """Return the cells that are read."""
        return self._members.members()

    def layout(self, labels: Sequence[str | None], width: float) -> CompositeLayout:
        """Return the layout of these labels over all cells that are read."""
        return compose([cell for member in self.members() if (cell := self._cell(member))], labels, width)

    def chromosome(self, ref: CopyRef) -> Chromosome:
        """Return a copy as it is shown."""
        return self._known[ref.cell][3].cell.chromosome(ref.chromosome)

    def lights(self, key: int) -> Mapping[int, Light]:
        """Return the review's lights of a cell, by chromosome id."""
        shown, known = self._known[key][3], self._lights.get(key)
        if known is None or known[0] is not shown:
            member = self._members.member(key)
            known = self._lights[key] = shown, member.document.lights() if member else {}
        return known[1]

    def usual_scale(self) -> float:
        """Return the points per image pixel of the median cell."""
        scales = [known[3].scale for known in self._known.values()]
        return float(np.median(scales)) if scales else 1.0

    def set_straights(self, key: int, straights: Straights) -> None:
        """Take over the straightened looks of a cell, for when they are asked for."""
        self._straights[key] = straights

    def forget_gone(self) -> None:
        """Drop what is kept of cells that are no longer there."""
        there = set(self._members.keys())
        for kept in (self._known, self._lights, self._straights):
            for key in [key for key in kept if key not in there]:
                del kept[key]

    def _cell(self, member: Member) -> CaseCell | None:
        cell, placements = member.document.cell(), member.document.placements()
        if cell is None:
            return None
        straights = self._straights.get(member.key, _NONE) if self.straightened else _NONE
        known = self._known.get(member.key)
        if known is not None and known[0] is cell and known[2] is straights:
            if known[1] == placements and known[3].name == member.name:
                return known[3]
            shown = known[3].cell
        else:
            shown = shown_cell(cell, straights) if straights else cell
        as_shown = shown_placements(cell, placements, straights) if straights else placements
        same = known is not None and known[3].cell is shown
        extents = known[3].extents if known is not None and same else {}
        scale = known[3].scale if known is not None and known[0] is cell else cell_scale(cell)
        made = CaseCell(member.key, member.name, shown, as_shown, scale, extents)
        self._known[member.key] = cell, placements, straights, made
        return made
