"""The karyotype of a case from those of its cells: clones, their sizes, and what was seen in too few cells to count.

A gain or a structural change seen in two cells, a loss seen in three, is clonal (ISCN); chromosomes are lost by
accident when a cell bursts, hence the third cell. A cell belongs to the clone whose changes it has all of; what it has
beyond them is listed as a finding of that cell. Where no two abnormal cells are alike, a composite karyotype (`cp`) is
offered beside the clones. The short forms `sl` and `idem` are not proposed: they are hers to write.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.karyotype.counts import AUTOSOMES, ChromosomeCounts, Sex
from engine.karyotype.iscn import karyotype_text
from engine.karyotype.terms import placed_chromosomes, read_term, whole_chromosomes
from engine.types import MARKER

CELLS_FOR_GAIN = 2
CELLS_FOR_LOSS = 3


@dataclass(frozen=True, slots=True)
class CellKaryotype:
    """What one cell brings to the case."""

    cell: str
    counts: ChromosomeCounts
    structural: tuple[str, ...] = ()  # made by hand, one ISCN term each: "del(5)(q13q33)"


@dataclass(frozen=True, slots=True)
class Clone:
    """Cells with the same clonal changes."""

    karyotype: str
    cells: tuple[str, ...]
    is_normal: bool


@dataclass(frozen=True, slots=True)
class CellFinding:
    """What a single cell has beyond its clone: not clonal, not part of the karyotype."""

    cell: str
    changes: tuple[str, ...]  # "-7", "+8", "del(5)(q13q33)"


@dataclass(frozen=True, slots=True)
class CaseKaryotype:
    """Proposal for a case; she has the last word."""

    karyotype: str
    sex: Sex  # the patient's normal set the changes are counted from
    clones: tuple[Clone, ...]  # in the order of the text
    findings: tuple[CellFinding, ...]  # in the order of the cells


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """A structural finding (`copy` 0), or the n-th surplus (> 0) or missing (< 0) copy of a label."""

    name: str
    copy: int = 0

    @property
    def text(self) -> str:
        return self.name if self.copy == 0 else f"{'+' if self.copy > 0 else '-'}{self.name}"


_Profile = frozenset[_Change]


def propose_karyotype(cells: Sequence[CellKaryotype], *, constitutional: bool, sex: Sex | None = None) -> CaseKaryotype:
    """Group the cells of a case into clones and write its karyotype.

    Parameters
    ----------
    cells
        At least one, with names of their own. With fewer cells than a rule asks for, what all of them have is clonal.
    constitutional
        True: `47,XY,+21`, `mos 45,X[6]/46,XX[14]`. False (acquired changes): sizes always, sex chromosomes against the
        patient's own: `45,X,-Y[8]/46,XY[12]`.
    sex
        The patient's normal set; by default XY where two cells, or half of them, have a Y.

    Returns
    -------
    CaseKaryotype
        Abnormal clones first, the normal one last. Clones with a common change are ordered by their number of changes
        if acquired, all others by size.

    Raises
    ------
    ValueError
        For no cells, or two of one name.
    """
    names = [cell.cell for cell in cells]
    if not cells or len(set(names)) != len(names):
        raise ValueError("a karyotype needs cells, each with a name of its own")
    sex = sex or _sex(cells)
    profiles = [_profile(cell, sex) for cell in cells]
    clonal = _clonal(profiles)
    groups: dict[_Profile, list[int]] = {}
    for index, profile in enumerate(profiles):
        groups.setdefault(profile & clonal, []).append(index)
    _dissolve_small(groups, len(cells))
    clones, findings = [], {}
    for profile in _ordered(groups, constitutional):
        members = sorted(groups[profile])
        clones.append(Clone(_text(profile, sex, constitutional), tuple(names[i] for i in members), not profile))
        for index in members:
            if extra := profiles[index] - profile:
                findings[index] = CellFinding(names[index], tuple(change.text for change in _sorted(extra)))
    sized = not constitutional or len(clones) > 1
    text = "/".join(f"{clone.karyotype}[{len(clone.cells)}]" if sized else clone.karyotype for clone in clones)
    mosaic = "mos " if constitutional and len(clones) > 1 else ""
    return CaseKaryotype(mosaic + text, sex, tuple(clones), tuple(findings[index] for index in sorted(findings)))


def composite_karyotype(cells: Sequence[CellKaryotype], *, sex: Sex | None = None) -> str | None:
    """Write acquired changes of all abnormal cells as one composite karyotype: `45~48,XX,-7[3],+8[4][cp6]/46,XX[14]`.

    Parameters
    ----------
    sex
        As in `propose_karyotype`.

    Returns
    -------
    str or None
        Each change that is clonal, with the number of cells that have it. None where a composite says no more than
        clones do: the abnormal cells are alike or fewer than two, or none of their changes is clonal.
    """
    sex = sex or _sex(cells)
    profiles = {index: _profile(cell, sex) for index, cell in enumerate(cells)}
    clonal = _clonal(list(profiles.values()))
    abnormal = [index for index, profile in profiles.items() if profile & clonal]
    if len(abnormal) < CELLS_FOR_GAIN or len({profiles[index] & clonal for index in abnormal}) == 1:
        return None
    seen = Counter(change for index in abnormal for change in profiles[index] & clonal)
    everywhere = [change.name for change, number in seen.items() if change.copy < 0 and number == len(abnormal)]
    present: str = sex
    for label in everywhere:
        present = present.replace(label, "", 1) if label in ("X", "Y") else present
    terms = sorted(seen, key=lambda change: read_term(change.text).rank)
    totals = [cells[index].counts.total for index in abnormal]
    count = f"{min(totals)}" if min(totals) == max(totals) else f"{min(totals)}~{max(totals)}"
    listed = ",".join((count, present, *(f"{change.text}[{seen[change]}]" for change in terms)))
    normal = len(cells) - len(abnormal)
    rest = f"/{karyotype_text(ChromosomeCounts.normal(sex))}[{normal}]" if normal else ""
    return f"{listed}[cp{len(abnormal)}]{rest}"


def _sex(cells: Sequence[CellKaryotype]) -> Sex:
    with_y = sum(cell.counts.y > 0 for cell in cells)
    return "XY" if with_y >= 2 or 2 * with_y >= len(cells) else "XX"


def _profile(cell: CellKaryotype, sex: Sex) -> _Profile:
    """All changes of a cell; a double gain holds the single one, so that cells with one and two share it.

    What a structural finding explains (`rob(13;14)`: one chromosome less) is no change of its own.
    """
    whole = whole_chromosomes(cell.counts, [read_term(text) for text in cell.structural])
    numerical = (
        _Change(label, copy if change > 0 else -copy)
        for label, change in whole.changes(sex).items()
        for copy in range(1, abs(change) + 1)
    )
    return frozenset((*numerical, *map(_Change, cell.structural)))


def _clonal(profiles: Sequence[_Profile]) -> _Profile:
    seen = Counter(change for profile in profiles for change in profile)
    return frozenset(change for change, cells in seen.items() if cells >= _needed([change], len(profiles)))


def _needed(changes: Iterable[_Change], cells: int) -> int:
    """Cells that make changes clonal: three if they are losses only; never more than there are."""
    rule = CELLS_FOR_LOSS if all(change.copy < 0 for change in changes) else CELLS_FOR_GAIN
    return min(rule, cells)


def _dissolve_small(groups: dict[_Profile, list[int]], cells: int) -> None:
    """Give the cells of groups too small for a clone to the next simpler group, in place.

    Groups with most changes go first, so that what they give away counts for those that receive it.
    """
    for profile in sorted(groups, key=lambda p: (-len(p), _sorted(p))):
        if not profile:
            continue
        simpler = [other for other in groups if other < profile]
        parent = min(simpler, key=lambda p: (-len(p), -len(groups[p]), _sorted(p)), default=frozenset[_Change]())
        if len(groups[profile]) < _needed(profile - parent, cells):
            groups.setdefault(parent, []).extend(groups.pop(profile))


def _ordered(groups: dict[_Profile, list[int]], constitutional: bool) -> list[_Profile]:
    abnormal = [profile for profile in groups if profile]
    related = not constitutional and bool(abnormal) and bool(frozenset.intersection(*abnormal))
    abnormal.sort(key=lambda p: (len(p) if related else 0, -len(groups[p]), _sorted(p)))
    return [*abnormal, *(profile for profile in groups if not profile)]


def _sorted(profile: Iterable[_Change]) -> list[_Change]:
    """Sex chromosomes, autosomes, markers, structural findings by name."""
    order = {label: rank for rank, label in enumerate(("X", "Y", *AUTOSOMES, MARKER))}
    return sorted(profile, key=lambda change: (change.copy == 0, order.get(change.name, 0), change))


def _text(profile: _Profile, sex: Sex, constitutional: bool) -> str:
    normal = ChromosomeCounts.normal(sex)
    change = dict.fromkeys(("X", "Y", *AUTOSOMES, MARKER), 0)
    for item in profile:
        if item.copy:
            change[item.name] += 1 if item.copy > 0 else -1
    whole = ChromosomeCounts(
        tuple(2 + change[label] for label in AUTOSOMES),
        normal.x + change["X"],
        normal.y + change["Y"],
        change[MARKER],
    )
    structural = sorted(item.name for item in profile if not item.copy)
    counts = placed_chromosomes(whole, [read_term(text) for text in structural])
    return karyotype_text(counts, sex=None if constitutional else sex, structural=structural)
