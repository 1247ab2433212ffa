"""How many of each chromosome a cell has, and what that is more or less than the normal set."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.types import CLASS_INDEX, CLASS_LABELS, MARKER

Sex = Literal["XX", "XY"]
"""Normal sex chromosome set of a patient."""

AUTOSOMES: tuple[str, ...] = CLASS_LABELS[:22]

HAPLOID = 23
"""Chromosomes of one haploid set; ploidy levels are counted in it."""


@dataclass(frozen=True, slots=True)
class ChromosomeCounts:
    """The placed chromosomes of one cell by label. What lies in the tray is not counted."""

    autosomes: tuple[int, ...] = (0,) * 22  # copies of 1..22
    x: int = 0
    y: int = 0
    markers: int = 0

    def __post_init__(self) -> None:
        if len(self.autosomes) != len(AUTOSOMES):
            raise ValueError(f"{len(self.autosomes)} autosome counts, expected {len(AUTOSOMES)}")
        if min(*self.autosomes, self.x, self.y, self.markers) < 0:
            raise ValueError("a count cannot be negative")

    @classmethod
    def from_labels(cls, labels: Iterable[str | None]) -> "ChromosomeCounts":
        """Count labels `1`..`22`, `X`, `Y`, `mar`; None (unplaced) counts for nothing.

        Raises
        ------
        ValueError
            For a label that is none of these.
        """
        found = Counter(label for label in labels if label is not None)
        unknown = sorted(label for label in found if label not in CLASS_INDEX and label != MARKER)
        if unknown:
            raise ValueError(f"unknown label: {unknown[0]!r}")
        return cls(tuple(found[label] for label in AUTOSOMES), found["X"], found["Y"], found[MARKER])

    @classmethod
    def normal(cls, sex: Sex) -> "ChromosomeCounts":
        """46,XX or 46,XY."""
        return cls((2,) * 22, x=sex.count("X"), y=sex.count("Y"))

    @property
    def total(self) -> int:
        """All placed chromosomes, markers included."""
        return sum(self.autosomes) + self.x + self.y + self.markers

    @property
    def sex_chromosomes(self) -> str:
        """All X, then all Y: `XX`, `X`, `XXY`; empty where there are none."""
        return "X" * self.x + "Y" * self.y

    @property
    def sex(self) -> Sex:
        """The normal set the cell is compared with: XY where there is a Y, else XX (45,X is compared with XX)."""
        return "XY" if self.y else "XX"

    @property
    def ploidy(self) -> int:
        """Ploidy level nearest to the count, at least 1; borders as in ISCN: 35-57 is 2, 58-80 is 3, 81-103 is 4."""
        return max(1, (2 * self.total + HAPLOID) // (2 * HAPLOID))

    @property
    def is_normal(self) -> bool:
        """True for 46,XX and 46,XY and for nothing else."""
        return self == ChromosomeCounts.normal(self.sex)

    def count(self, label: str) -> int:
        """Copies of one label (`1`..`22`, `X`, `Y`, `mar`).

        Raises
        ------
        ValueError
            For a label that is none of these.
        """
        if label == MARKER:
            return self.markers
        if label not in CLASS_INDEX:
            raise ValueError(f"unknown label: {label!r}")
        return (*self.autosomes, self.x, self.y)[CLASS_INDEX[label]]

    def changes(self, sex: Sex | None = None) -> dict[str, int]:
        """Difference to the normal diploid set by label: gains above 0, losses below; unchanged labels are left out.

        Parameters
        ----------
        sex
            The patient's normal set; by default the one the cell itself suggests (`sex`).

        Returns
        -------
        dict
            In the order of ISCN: X, Y, 1..22, mar.
        """
        reference = ChromosomeCounts.normal(sex or self.sex)
        order = ("X", "Y", *AUTOSOMES, MARKER)
        differences = {label: self.count(label) - reference.count(label) for label in order}
        return {label: difference for label, difference in differences.items() if difference}

    def gains(self, sex: Sex | None = None) -> dict[str, int]:
        """Surplus copies by label against the normal diploid set, each above 0; markers are gains."""
        return {label: change for label, change in self.changes(sex).items() if change > 0}

    def losses(self, sex: Sex | None = None) -> dict[str, int]:
        """Missing copies by label against the normal diploid set, each above 0."""
        return {label: -change for label, change in self.changes(sex).items() if change < 0}
