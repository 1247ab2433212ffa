"""The bands of the human chromosomes (hg38), at the 400, 550 and 850 band level."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from engine.types import MARKER
from resources import read_bytes

BAND_LEVELS = (400, 550, 850)
"""Bands of the haploid set that can be told apart, as cytogeneticists state the resolution of a preparation."""

_GREY = {"gneg": 0.0, "gpos25": 0.25, "gpos50": 0.47, "gpos75": 0.74, "gpos100": 1.0}


@dataclass(frozen=True, slots=True)
class Band:
    """One band; positions in megabases from the end of the short arm."""

    name: str  # "p36.33"
    start: float
    end: float
    stain: str  # gneg, gpos25 .. gpos100; acen, gvar and stalk are not grey levels
    grey: float  # 0 pale .. 1 dark in G banding; 0 for acen, gvar and stalk, whose look `homologue` decides

    @property
    def length(self) -> float:
        """Megabases."""
        return self.end - self.start

    @property
    def is_grey(self) -> bool:
        """Whether the band is an ordinary one that a coarser level may merge with its neighbour."""
        return self.stain.startswith("g") and self.stain != "gvar"


@dataclass(frozen=True, slots=True)
class Ideogram:
    """One chromosome as a row of bands from the p end to the q end, without gaps."""

    label: str
    bands: tuple[Band, ...]
    centromere: float  # megabases, where the arms meet

    @property
    def length(self) -> float:
        """Megabases."""
        return self.bands[-1].end

    @property
    def pale_fraction(self) -> float:
        """Share of the ordinary bands that is unstained in G banding, 0..1."""
        grey = [band for band in self.bands if band.is_grey]
        return 1.0 - sum(band.grey * band.length for band in grey) / sum(band.length for band in grey)


def ideogram(label: str, level: int = 850) -> Ideogram:
    """Return the ideogram of `1`..`22`, `X` or `Y` at a band level of `BAND_LEVELS`."""
    return _at_level(level)[label]


def random_marker(rng: np.random.Generator) -> Ideogram:
    """Return a small chromosome with random bands: a marker, which by definition resembles none of the 24."""
    length = float(rng.uniform(18.0, 45.0))
    centromere = length * float(rng.uniform(0.15, 0.5))
    cuts = np.sort(rng.uniform(0.0, length, rng.integers(3, 8)))
    cuts = cuts[np.abs(cuts - centromere) > 2.0]
    edges = [0.0, *cuts[cuts < centromere], centromere - 1.2, centromere, centromere + 1.2, *cuts[cuts > centromere]]
    bands = []
    for start, end in zip(edges, [*edges[1:], length], strict=True):
        arm = "p" if end <= centromere else "q"
        if end == centromere or start == centromere:
            bands.append(Band(f"{arm}1", start, end, "acen", 0.0))
        else:
            stain = str(rng.choice(list(_GREY)))
            bands.append(Band(f"{arm}2", start, end, stain, _GREY[stain]))
    return Ideogram(MARKER, tuple(bands), centromere)


@cache
def _at_level(level: int) -> dict[str, Ideogram]:
    if level not in BAND_LEVELS:
        raise ValueError(f"band level {level} is none of {BAND_LEVELS}")
    bands = {label: list(drawn.bands) for label, drawn in _table().items()}
    surplus = sum(map(len, bands.values())) - level
    if level == BAND_LEVELS[-1]:
        return _table()  # the table is the 850 level (862 bands with the sex chromosomes)
    for _ in range(surplus):
        thinnest = min(
            (band.length, label, index)
            for label, row in bands.items()
            for index, band in enumerate(row)
            if band.is_grey and _neighbours(row, index)
        )
        _merge(bands[thinnest[1]], thinnest[2])
    return {label: Ideogram(label, tuple(row), _table()[label].centromere) for label, row in bands.items()}


def _neighbours(row: list[Band], index: int) -> list[int]:
    near = (index - 1, index + 1)
    return [i for i in near if 0 <= i < len(row) and row[i].is_grey and row[i].name[0] == row[index].name[0]]


def _merge(row: list[Band], index: int) -> None:
    """Melt a band into the neighbour of its arm whose grey is nearest: that is what the eye no longer separates."""
    other = min(_neighbours(row, index), key=lambda i: (abs(row[i].grey - row[index].grey), row[i].length))
    first, second = sorted((index, other))
    a, b = row[first], row[second]
    grey = (a.grey * a.length + b.grey * b.length) / (a.length + b.length)
    longer = a if a.length >= b.length else b
    row[first : second + 1] = [replace(longer, start=a.start, end=b.end, grey=grey)]


@cache
def _table() -> dict[str, Ideogram]:
    rows: dict[str, list[Band]] = {}
    for line in read_bytes("cytoband_hg38.tsv").decode("ascii").splitlines()[1:]:
        label, start, end, name, stain = line.split("\t")
        rows.setdefault(label, []).append(Band(name, int(start) / 1e6, int(end) / 1e6, stain, _GREY.get(stain, 0.0)))
    return {
        label: Ideogram(label, tuple(row), next(band.start for band in row if band.name.startswith("q")))
        for label, row in rows.items()
    }
