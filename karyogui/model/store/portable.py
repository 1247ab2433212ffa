"""Everything of one case as one value, apart from any database: what a case file holds."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.karyotype.counts import Sex
from engine.types import CLASS_INDEX, BundleRef, ChromosomeResult, FileWarning, KaryotypeAlternative, Stain
from karyogui.model.annotation import Annotation
from karyogui.model.karyogram import PLACES, Placement, members
from karyogui.model.store.trail import Entry, check_entries
from karyogui.model.store.values import Correction, SheetEntry, State

_HASH = re.compile(r"[0-9a-f]{64}")
_UID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class PortableChromosome:
    """A chromosome by the hashes of its pixels."""

    number: int
    source: str
    retired: bool
    sha256: str
    mask_sha256: str
    origin: tuple[int, ...] | None = None  # of a piece: x, y in the picture it was cut from

    def __post_init__(self) -> None:
        if self.origin is not None and len(self.origin) != 2:
            raise ValueError("an origin is x and y")


@dataclass(frozen=True, slots=True)
class PortablePrediction:
    """What a bundle said of one chromosome."""

    number: int
    result: ChromosomeResult


@dataclass(frozen=True, slots=True)
class PortableClassification:
    """One run of a bundle over a cell."""

    at: datetime
    bundle: BundleRef
    shown: bool
    alternatives: tuple[KaryotypeAlternative, ...]
    predictions: tuple[PortablePrediction, ...]


@dataclass(frozen=True, slots=True)
class PortableCell:
    """One cell. Its counts follow from its placements, and so does its karyotype unless it was written by hand."""

    name: str
    stain: Stain
    state: State
    added: datetime
    karyotype: str | None  # hers
    structural: tuple[str, ...]
    sheet: SheetEntry
    reviewed_by: str | None
    approved_by: str | None
    paths: tuple[str, ...]
    warnings: tuple[FileWarning, ...]
    chromosomes: tuple[PortableChromosome, ...]
    placements: tuple[Placement, ...]
    classifications: tuple[PortableClassification, ...] = ()
    corrections: tuple[Correction, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    view: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PortableCase:
    """One case with all its cells."""

    uid: str
    code: str
    created: datetime
    constitutional: bool
    sex: Sex | None
    karyotype: str
    note: str
    specimen: dict[str, str]
    cells: tuple[PortableCell, ...]
    trail: tuple[Entry, ...]  # empty where it was made anonymous


def check_case(case: PortableCase) -> None:
    """Raise `ValueError` unless everything in it fits together and its trail is whole."""
    _need(_UID.fullmatch(case.uid) is not None, "the name of the case")
    _need(bool(case.code.strip()), "a code")
    if case.trail:
        _need(check_entries(case.trail) is None, "the trail")
        _need(case.trail[0].facts().get("case") == case.uid, "the trail of this case")
    for cell in case.cells:
        _check_cell(cell)


def anonymised(case: PortableCase, uid: str, code: str, now: datetime) -> PortableCase:
    """Return a case without anything that tells whose it is or who worked on it.

    Left out: code, notes, specimen, annotations, names of cells, files, folders and people, times, the trail, and how
    it was looked at. Kept: pictures, placements, what bundles said, corrections, count sheets, karyotypes.
    """
    cells = tuple(_anonymous_cell(cell, number, now) for number, cell in enumerate(case.cells, start=1))
    return replace(case, uid=uid, code=code, created=now, note="", specimen={}, cells=cells, trail=())


def _anonymous_cell(cell: PortableCell, number: int, now: datetime) -> PortableCell:
    runs = tuple(
        replace(
            run,
            at=now,
            predictions=tuple(
                PortablePrediction(each.number, replace(each.result, source=_file(each.number)))
                for each in run.predictions
            ),
        )
        for run in cell.classifications
    )
    return replace(
        cell,
        name=f"{number}",
        added=now,
        sheet=replace(cell.sheet, note=""),
        reviewed_by=None,
        approved_by=None,
        paths=(),
        warnings=(),
        chromosomes=tuple(replace(each, source=_file(each.number)) for each in cell.chromosomes),
        classifications=runs,
        corrections=tuple(replace(each, user="", at=now) for each in cell.corrections),
        annotations=(),
        view={},
    )


def _file(number: int) -> str:
    return f"{number + 1}.png"


def _check_cell(cell: PortableCell) -> None:
    numbers = {chromosome.number for chromosome in cell.chromosomes}
    _need(len(numbers) == len(cell.chromosomes) and min(numbers, default=0) >= 0, "the chromosomes")
    for chromosome in cell.chromosomes:
        hashes = (chromosome.sha256, chromosome.mask_sha256)
        _need(all(_HASH.fullmatch(digest) for digest in hashes), "the hashes of the pixels")
    placed = [placement.chromosome_id for placement in cell.placements]
    present = sorted(chromosome.number for chromosome in cell.chromosomes if not chromosome.retired)
    _need(sorted(placed) == present, "the placements")
    for label in PLACES:
        orders = [placement.order for placement in members(cell.placements, label)]
        _need(orders == list(range(len(orders))), "the order of the placements")
    _need(sum(run.shown for run in cell.classifications) <= 1, "the classifications")
    for run in cell.classifications:
        _check_run(run, numbers)
    for correction in cell.corrections:
        _need(correction.chromosome_id in numbers, "the corrections")
        _need(correction.label_before in PLACES and correction.label_after in PLACES, "the labels of the corrections")
    _need(len({note.id for note in cell.annotations}) == len(cell.annotations), "the annotations")
    _need(all(note.chromosome_id in set(placed) for note in cell.annotations), "the annotations")


def _check_run(run: PortableClassification, numbers: set[int]) -> None:
    said = [each.number for each in run.predictions]
    _need(len(set(said)) == len(said) and set(said) <= numbers, "the predictions")
    for each in run.predictions:
        labels = [each.result.image_label, *(other.label for other in each.result.alternatives)]
        _need(all(label in CLASS_INDEX for label in labels), "the labels of the predictions")
    for reading in run.alternatives:
        _need(all(label in PLACES for label in reading.labels), "the labels of the readings")


def _need(fits: bool, what: str) -> None:
    if not fits:
        raise ValueError(f"{what} do not fit")
