"""Everything a report can say of a case, as frozen values: what a template sees, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.karyotype.clones import CellFinding
from engine.types import BundleRef
from karyogui.model.count_sheet import CountSheet, SheetLine, count_sheet
from karyogui.model.report.choice import clone_lines
from karyogui.model.store.values import Case, CellRecord, State, StoredCell

SCHEME = "karyogram:"
"""Begins the address of a karyogram in a template; the cell's id follows."""

METHOD = "Method"
"""The field of a specimen in which the method stands; it is a section of its own in the report."""

COMMENT = "Comment"
"""The field of a specimen in which the laboratory's comment stands, likewise."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line on the specimen."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One karyogram."""

    source: str  # for <img src="...">
    cell: str
    karyotype: str
    band_level: int | None
    quality: int | None


@dataclass(frozen=True, slots=True)
class CloneFacts:
    """One clone with the karyograms that stand for it."""

    karyotype: str
    size: int  # cells
    cells: tuple[str, ...]
    normal: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Mosaicism that the normal cells exclude."""

    confidence: float  # 0.95
    share: float  # 0.139


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers of the case."""

    cells: int
    counted: int
    analysed: int
    karyotyped: int
    band_levels: str  # "550", "400–550"; empty: none written down
    stains: str  # "g", "q", "gq"
    modal_number: int | None
    normal: int


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All names a template can use."""

    laboratory: tuple[str, ...]  # lines; the first one is its name
    code: str
    constitutional: bool
    created: date
    day: date  # of the report
    draft: bool
    specimen: tuple[Field, ...]
    method: tuple[str, ...]  # paragraphs
    comment: tuple[str, ...]
    karyotype: str  # hers, else the proposal
    by_hand: bool
    summary: Summary
    clones: tuple[CloneFacts, ...]
    findings: tuple[CellFinding, ...]
    left_out: tuple[str, ...]  # cells with unplaced chromosomes, which the karyotype leaves out
    not_placed: int  # cells of the case in which nothing is placed
    sheet: tuple[SheetLine, ...]
    exclusions: tuple[Exclusion, ...]
    reviewed_by: tuple[str, ...]
    approved_by: tuple[str, ...]
    approved: bool  # every reported cell
    bundles: tuple[str, ...]  # "g-default 1.2"
    program: str


def report_facts(
    case: Case,
    records: Sequence[CellRecord],
    shown: Mapping[int, StoredCell],
    *,
    bundles: Iterable[BundleRef],
    laboratory: str,
    program: str,
    day: date,
    draft: bool,
) -> ReportFacts:
    """Gather what a report says.

    Parameters
    ----------
    records
        The cells of the case.
    shown
        Those whose karyograms stand in the report, by cell id.
    bundles
        All that classified a reported cell.
    """
    sheet = count_sheet(case, records)
    reported = [record for record in records if record.counts.total]
    written = case.karyotype.strip()
    proposal = sheet.proposal
    return ReportFacts(
        laboratory=_lines(laboratory),
        code=case.code,
        constitutional=case.constitutional,
        created=case.created.date(),
        day=day,
        draft=draft,
        specimen=tuple(
            Field(name, text) for name, text in case.specimen.items() if text.strip() and name not in (METHOD, COMMENT)
        ),
        method=_lines(case.specimen.get(METHOD, "")),
        comment=_lines(case.specimen.get(COMMENT, "")),
        karyotype=written or (proposal.karyotype if proposal else ""),
        by_hand=bool(written),
        summary=_summary(sheet, reported),
        clones=_clones(sheet, shown),
        findings=proposal.findings if proposal else (),
        left_out=sheet.doubts,
        not_placed=len(records) - len(reported),
        sheet=sheet.lines,
        exclusions=tuple(Exclusion(confidence, share) for confidence, share in sheet.excluded.items()),
        reviewed_by=_names(record.reviewed_by for record in reported),
        approved_by=_names(record.approved_by for record in reported),
        approved=all(record.state is State.APPROVED for record in reported),
        bundles=tuple(sorted({f"{bundle.name} {bundle.version}" for bundle in bundles})),
        program=program,
    )


def cell_of(source: str) -> int | None:
    """Return the cell a karyogram's address stands for; None for another address."""
    number = source.removeprefix(SCHEME)
    return int(number) if source.startswith(SCHEME) and number.isdecimal() else None


def _clones(sheet: CountSheet, shown: Mapping[int, StoredCell]) -> tuple[CloneFacts, ...]:
    return tuple(
        CloneFacts(
            karyotype=clone.karyotype,
            size=len(clone.cells),
            cells=clone.cells,
            normal=clone.is_normal,
            figures=tuple(_figure(line) for line in lines if line.cell_id in shown),
        )
        for clone, lines in clone_lines(sheet)
    )


def _figure(line: SheetLine) -> Figure:
    entry = line.entry
    return Figure(f"{SCHEME}{line.cell_id}", line.name, line.karyotype, entry.band_level, entry.quality)


def _summary(sheet: CountSheet, reported: Sequence[CellRecord]) -> Summary:
    levels = sorted({line.entry.band_level for line in sheet.lines if line.entry.band_level is not None})
    return Summary(
        cells=sheet.cells,
        counted=sheet.counted,
        analysed=sheet.analysed,
        karyotyped=sheet.karyotyped,
        band_levels=f"{levels[0]}–{levels[-1]}" if len(levels) > 1 else "".join(map(str, levels)),
        stains="".join(sorted({record.stain for record in reported})),
        modal_number=sheet.modal_number,
        normal=sheet.normal_cells,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _names(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in found if name))
