"""What comes out of the library: frozen values, cheap to list; pixels only in `StoredCell`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.karyotype.counts import ChromosomeCounts, Sex
from engine.types import BundleRef, KaryotypeAlternative, Stain
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell
from karyogui.model.karyogram import Placement

BAND_LEVELS = range(100, 1201)
"""Bands per haploid set that can be written down."""

QUALITIES = range(1, 6)
"""1 = barely usable .. 5 = excellent."""


class State(StrEnum):
    """How far a cell is."""

    NEW = "new"
    CLASSIFIED = "classified"
    IN_REVIEW = "in review"
    REVIEWED = "reviewed"
    APPROVED = "approved"


def must_be_another(reviewed_by: str | None, user: str, *, second_person: bool) -> bool:
    """Whether somebody else must approve a cell: the laboratory wants a second person, and `user` reviewed it."""
    return second_person and reviewed_by == user.strip()


@dataclass(frozen=True, slots=True)
class Case:
    """One specimen of one patient, without its cells."""

    id: int
    uid: str  # stays the same through export and import
    code: str
    created: datetime
    constitutional: bool = True
    sex: Sex | None = None  # the patient's normal set; None: as the cells suggest
    karyotype: str = ""  # hers; empty: none written yet
    note: str = ""
    specimen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; what is left at its default asks for nothing. Texts are found anywhere, in any case."""

    code: str = ""
    state: State | None = None  # at least one cell is in it
    karyotype: str = ""  # of the case or of one of its cells
    text: str = ""  # in the code or in a karyotype
    since: datetime | None = None  # made at or after
    until: datetime | None = None  # made before


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One line of the list of cases."""

    case: Case
    cells: int
    states: Mapping[State, int]  # those that occur
    karyotypes: Mapping[str, int]  # of its cells, the most frequent first; unplaced cells left out


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """What she writes down of a cell on the count sheet."""

    counted: bool = False
    analysed: bool = False
    karyotyped: bool = False
    band_level: int | None = None  # bands per haploid set, 550
    quality: int | None = None  # 1..5
    note: str = ""

    def __post_init__(self) -> None:
        if self.band_level is not None and self.band_level not in BAND_LEVELS:
            raise ValueError(f"band level outside {BAND_LEVELS[0]}..{BAND_LEVELS[-1]}: {self.band_level}")
        if self.quality is not None and self.quality not in QUALITIES:
            raise ValueError(f"quality outside {QUALITIES[0]}..{QUALITIES[-1]}: {self.quality}")


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One cell of a case, without its chromosomes."""

    id: int
    case_id: int
    position: int
    name: str
    stain: Stain
    state: State
    revision: int  # hand it back with a change, to hear of changes by others
    added: datetime
    chromosomes: int  # how many it has; those placed are `counts.total`
    counts: ChromosomeCounts
    karyotype: str  # hers, or what follows from the counts; empty while nothing is placed
    karyotype_by_hand: bool
    structural: tuple[str, ...]
    sheet: SheetEntry
    reviewed_by: str | None
    approved_by: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's change of label or orientation."""

    chromosome_id: int
    at: datetime
    user: str
    label_before: str | None
    label_after: str | None
    rotation_before: float
    rotation_after: float
    mirrored_before: bool
    mirrored_after: bool


@dataclass(frozen=True, eq=False)
class StoredCell:
    """Everything of one cell, pixels included: what is opened in the editor."""

    record: CellRecord
    cell: Cell
    placements: tuple[Placement, ...]  # by chromosome id
    bundle: BundleRef | None
    alternatives: tuple[KaryotypeAlternative, ...]
    annotations: tuple[Annotation, ...]
    view: Mapping[str, Any]
