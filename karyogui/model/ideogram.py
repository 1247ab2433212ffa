"""The ideogram: where the bands of each chromosome lie, at the 400, 550 and 850 band level.

The table is UCSC's cytoBand for hg38 (public domain; 862 bands of the haploid set, the 850 level). The lower levels
follow from it: bands of one parent are merged (`p36.33` + `p36.32` + `p36.31` -> `p36.3` -> `p36`), always the thinnest
first, until the haploid set counts 550 or 400 bands. That is what a shorter chromosome does to its picture; it comes
close to the drawings of the ISCN without copying them.
"""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import inf
from typing import Literal, get_args

from engine.types import CLASS_INDEX, CLASS_LABELS
from resources import read_bytes

BandLevel = Literal[400, 550, 850]
BAND_LEVELS: tuple[BandLevel, ...] = get_args(BandLevel)

BandStain = Literal["gneg", "gpos25", "gpos50", "gpos75", "gpos100", "acen", "gvar", "stalk"]

_GREY: dict[BandStain, float] = {"gneg": 0.0, "gpos25": 0.25, "gpos50": 0.5, "gpos75": 0.75, "gpos100": 1.0}
"""How dark G banding stains a band, 0..1. Centromere, heterochromatin and stalk have no grey and are never merged."""


@dataclass(frozen=True, slots=True)
class Band:
    """One band of an ideogram; `start` and `end` are fractions of the chromosome, 0 = p end, 1 = q end."""

    name: str  # without the chromosome: "p36.33"
    start: float
    end: float
    stain: BandStain

    @property
    def arm(self) -> str:
        """`p` or `q`."""
        return self.name[0]

    @property
    def darkness(self) -> float | None:
        """0 (light) .. 1 (dark) under G banding; None for centromere, heterochromatin and stalk."""
        return _GREY.get(self.stain)


@dataclass(frozen=True, slots=True)
class Ideogram:
    """The drawn standard of one chromosome at one band level."""

    label: str
    level: BandLevel
    bands: tuple[Band, ...]  # from the p end to the q end, without gaps
    centromere: float  # 0..1, where the arms meet
    length: float  # of the longest chromosome's length, 0..1

    def band_at(self, fraction: float) -> Band | None:
        """Return the band at `fraction` of the length (0 = p end), or None outside 0..1."""
        if not 0.0 <= fraction <= 1.0:
            return None
        return next(band for band in self.bands if fraction <= band.end)


@cache
def ideogram(label: str, level: BandLevel = 550) -> Ideogram:
    """Return the ideogram of a label.

    Raises
    ------
    ValueError
        If `label` is none of the 24 classes (a marker has no ideogram) or `level` is not 400, 550 or 850.
    """
    if label not in CLASS_INDEX:
        raise ValueError(f"no ideogram for label {label!r}")
    return _haploid_set(level)[label]


@dataclass(frozen=True, slots=True)
class _Span:
    """A band in base pairs."""

    name: str
    start: int
    end: int
    stain: BandStain
    darkness: float  # exact, while merging; the stain is the nearest of the five greys

    @property
    def length(self) -> int:
        return self.end - self.start


_Spans = tuple[_Span, ...]  # of one chromosome, from the p end to the q end


@cache
def _haploid_set(level: BandLevel) -> dict[str, Ideogram]:
    if level not in BAND_LEVELS:
        raise ValueError(f"no band level {level!r}")
    chromosomes = _table()
    if level < 850:
        chromosomes = _merge_down_to(chromosomes, level)
    longest = max(spans[-1].end for spans in chromosomes.values())
    return {label: _to_ideogram(label, level, spans, longest) for label, spans in chromosomes.items()}


def _to_ideogram(label: str, level: BandLevel, spans: _Spans, longest: int) -> Ideogram:
    length = spans[-1].end
    bands = tuple(Band(span.name, span.start / length, span.end / length, span.stain) for span in spans)
    centromere = max(band.end for band in bands if band.arm == "p")
    return Ideogram(label, level, bands, centromere, length / longest)


@cache
def _table() -> dict[str, _Spans]:
    """Return the 862 bands as they stand in the table."""
    stains: dict[str, BandStain] = {stain: stain for stain in get_args(BandStain)}
    chromosomes: dict[str, list[_Span]] = {label: [] for label in CLASS_LABELS}
    for line in read_bytes("cytoband_hg38.tsv").decode("ascii").splitlines()[1:]:
        label, start, end, name, stain = line.split("\t")
        chromosomes[label].append(
            _Span(name, int(start), int(end), stains[stain], _GREY.get(stains[stain], 0.0)),
        )
    return {label: tuple(spans) for label, spans in chromosomes.items()}


def _merge_down_to(chromosomes: dict[str, _Spans], target: int) -> dict[str, _Spans]:
    """Merge families of bands, those with the thinnest bands first, until at most `target` bands are left."""
    chromosomes = dict(chromosomes)
    thinnest = {label: _thinnest_family(spans) for label, spans in chromosomes.items()}
    while sum(map(len, chromosomes.values())) > target:
        label = min(thinnest, key=lambda label: _mean_length(thinnest[label]))
        family, spans = thinnest[label], chromosomes[label]
        first = spans.index(family[0])
        chromosomes[label] = (*spans[:first], _merged(family), *spans[first + len(family) :])
        thinnest[label] = _thinnest_family(chromosomes[label])
    return chromosomes


def _thinnest_family(spans: _Spans) -> _Spans:
    """Return the next bands to merge, two or more grey neighbours of one parent; empty where there are none."""
    still_split = {_parent(_parent(span.name)) for span in spans}
    families = (
        tuple(span for span in group if span.stain in _GREY)
        for parent, group in groupby(spans, key=lambda span: _parent(span.name))
        if parent and parent not in still_split
    )
    return min((family for family in families if len(family) > 1), key=_mean_length, default=())


def _parent(name: str) -> str:
    """`p36.33` -> `p36.3` -> `p36`; a whole band has none: the empty text."""
    return name[:-1].removesuffix(".") if "." in name else ""


def _mean_length(family: _Spans) -> float:
    return sum(span.length for span in family) / len(family) if family else inf


def _merged(family: _Spans) -> _Span:
    """Join a family. Dark and light bands alternate, so the outer ones give the polarity where they agree."""
    first, last = family[0], family[-1]
    same_polarity = (first.darkness > 0) == (last.darkness > 0)
    seen = [span for span in family if (span.darkness > 0) == (first.darkness > 0)] if same_polarity else family
    darkness = sum(span.darkness * span.length for span in seen) / sum(span.length for span in seen)
    nearest = min(_GREY, key=lambda stain: abs(_GREY[stain] - darkness))
    return _Span(_parent(first.name), first.start, last.end, nearest, darkness)
