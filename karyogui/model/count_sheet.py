"""The count sheet of a case: what was found in each cell, and what all cells together say."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.karyotype.clones import CaseKaryotype, CellKaryotype, composite_karyotype, propose_karyotype
from engine.karyotype.counts import Sex
from engine.karyotype.mosaicism import excluded_mosaicism
from engine.karyotype.terms import read_term, whole_chromosomes
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State

CONFIDENCES: tuple[float, ...] = (0.90, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One cell."""

    cell_id: int
    name: str
    state: State
    count: int  # placed chromosomes, markers included
    unplaced: int  # in the tray: the count is not final
    sex: str  # XX, XY, X, XXY ...; empty while no sex chromosome is placed
    gains: tuple[str, ...]  # "+8", one for each surplus copy that no structural finding explains
    losses: tuple[str, ...]  # "-7", one for each missing copy, likewise
    structural: tuple[str, ...]
    karyotype: str
    entry: SheetEntry

    @property
    def normal(self) -> bool:
        """Nothing gained, lost or structurally changed, nothing unplaced."""
        return self.count > 0 and not (self.unplaced or self.gains or self.losses or self.structural)


@dataclass(frozen=True, slots=True)
class CountSheet:
    """One case. A cell belongs to it as soon as a chromosome of it is placed; its marks are hers to set."""

    lines: tuple[SheetLine, ...]
    cells: int  # with anything placed
    counted: int
    analysed: int
    karyotyped: int
    counts: Mapping[int, int]  # chromosomes -> cells with so many, the most frequent first
    modal_number: int | None  # the most frequent count; of two as frequent the one nearer to 46; None: no cells
    normal_cells: int
    excluded: Mapping[float, float] = field(default_factory=dict)  # confidence -> share; see `count_sheet`
    proposal: CaseKaryotype | None = None
    composite: str | None = None  # of acquired changes, where the abnormal cells are not alike
    doubts: tuple[str, ...] = ()  # names of cells with unplaced chromosomes: the proposal leaves them out
    ids: Mapping[str, int] = field(default_factory=dict)  # name in the proposal -> cell


def count_sheet(case: Case, records: Iterable[CellRecord]) -> CountSheet:
    """Fill in the count sheet of a case.

    Parameters
    ----------
    records
        The cells of the case.

    Returns
    -------
    CountSheet
        The mosaicism that is excluded is told only where every complete cell is normal: with an abnormal cell there is
        nothing to exclude. Cells with unplaced chromosomes are neither normal nor abnormal, and stand in `doubts`.
    """
    cells = [record for record in records if record.counts.total]
    sex = case.sex or _sex(cells)
    lines = tuple(_line(record, sex) for record in cells)
    whole = [record for record in cells if record.chromosomes == record.counts.total]
    complete = [line for line in lines if not line.unplaced]
    normal = sum(line.normal for line in complete)
    frequent = Counter(line.count for line in complete)
    # The nearer to 46 first, so that most_common, which keeps the order of equals, prefers it.
    counts = dict(Counter({n: frequent[n] for n in sorted(frequent, key=lambda n: (abs(n - 46), n))}).most_common())
    all_normal = bool(complete) and normal == len(complete)
    return CountSheet(
        lines=lines,
        cells=len(lines),
        counted=sum(line.entry.counted for line in lines),
        analysed=sum(line.entry.analysed for line in lines),
        karyotyped=sum(line.entry.karyotyped for line in lines),
        counts=counts,
        modal_number=next(iter(counts), None),
        normal_cells=normal,
        excluded={level: excluded_mosaicism(normal, level) for level in CONFIDENCES} if all_normal else {},
        proposal=_proposal(case, whole),
        composite=None if case.constitutional or not whole else composite_karyotype(_named(whole), sex=case.sex),
        doubts=tuple(line.name for line in lines if line.unplaced),
        ids={named.cell: record.id for named, record in zip(_named(whole), whole, strict=True)},
    )


def _line(record: CellRecord, sex: Sex | None) -> SheetLine:
    counts = record.counts
    changed = whole_chromosomes(counts, [read_term(text) for text in record.structural])
    return SheetLine(
        cell_id=record.id,
        name=record.name,
        state=record.state,
        count=counts.total,
        unplaced=record.chromosomes - counts.total,
        sex=counts.sex_chromosomes,
        gains=_signed("+", changed.gains(sex)),
        losses=_signed("-", changed.losses(sex)),
        structural=record.structural,
        karyotype=record.karyotype,
        entry=record.sheet,
    )


def _signed(sign: str, changes: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(f"{sign}{label}" for label, copies in changes.items() for _ in range(copies))


def _sex(cells: Sequence[CellRecord]) -> Sex | None:
    """The patient's set as the proposal sees it, so that lines and proposal count from the same one."""
    complete = [record for record in cells if record.chromosomes == record.counts.total] or list(cells)
    return propose_karyotype(_named(complete), constitutional=True).sex if complete else None


def _proposal(case: Case, complete: Sequence[CellRecord]) -> CaseKaryotype | None:
    if not complete:
        return None
    return propose_karyotype(_named(complete), constitutional=case.constitutional, sex=case.sex)


def _named(records: Sequence[CellRecord]) -> list[CellKaryotype]:
    """Cells for the proposal; of two with one name the second gets its place in the case added."""
    seen: set[str] = set()
    cells = []
    for record in records:
        name = record.name if record.name not in seen else f"{record.name} ({record.position + 1})"
        while name in seen:
            name += "'"
        seen.add(name)
        cells.append(CellKaryotype(name, record.counts, record.structural))
    return cells
