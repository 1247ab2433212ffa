"""A karyotype's text in its parts, with the place of each: clones, count, sex chromosomes, terms, number of cells.

Reading never refuses: what is missing or not understood is left empty, and `check` says so. What a clone stands for
in a karyogram is its `Expected` counts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.karyotype.counts import AUTOSOMES, ChromosomeCounts
from engine.karyotype.terms import LABEL_ORDER, REFERENCES, Term, can_hold, read_term

_PREFIX = re.compile(r"(mos|chi)\s+")
_HEAD = re.compile(r"(\d{1,3})(?:~(\d{1,3}))?(?:<(\d{0,2})n>)?")
_SEX = re.compile(r"(X*Y*)(c?)|U|\?")
_CELLS = re.compile(r"\[(cp)?(\d+)\]$")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in the text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True)
class ReadClone:
    """One clone of the text."""

    spot: Spot
    head: Spot
    least: int | None  # chromosomes; None: the count cannot be read
    most: int | None
    level: int | None  # of ploidy, where it is written
    sex: str | None  # `XY`; empty: none is listed; None: undisclosed
    terms: tuple[Term, ...]
    spots: tuple[Spot, ...]  # of the terms
    cells: int | None = None
    composite: bool = False

    @property
    def ploidy(self) -> int:
        """The level changes are counted from."""
        return self.level or max(1, ChromosomeCounts(markers=self.least or 46).ploidy)

    @property
    def is_normal(self) -> bool:
        """46,XX or 46,XY, be it with what the patient was born with."""
        return self.least == self.most == 46 and self.sex in ("XX", "XY") and not self.terms


@dataclass(frozen=True)
class Reading:
    """A whole text."""

    text: str
    prefix: str  # `mos`, `chi` or empty
    clones: tuple[ReadClone, ...]


@dataclass(frozen=True)
class Expected:
    """The chromosomes a clone says there are."""

    fixed: dict[str, int]  # label -> chromosomes that can have no other label; below 0: more is lost than there is
    flexible: tuple[frozenset[str], ...]  # one each that may be placed under several
    structural: tuple[str, ...]  # terms that counts cannot show, in order
    exact: bool  # no range, no `inc`, nothing that may be in some cells only

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.fixed.values()) + len(self.flexible)

    def agrees(self, counts: ChromosomeCounts) -> bool:
        """Whether a karyogram with these counts is what the text says."""
        rest = {label: counts.count(label) - number for label, number in self.fixed.items()}
        return can_hold(rest, self.flexible)


def read_karyotype(text: str) -> Reading:
    """Take a text apart."""
    prefix = _PREFIX.match(text)
    start = prefix.end() if prefix else 0
    found = re.finditer(r"[^/]+", text[start:])
    clones = tuple(_read_clone(text, start + match.start(), start + match.end()) for match in found)
    return Reading(text, prefix[1] if prefix else "", clones)


def expected(clones: Sequence[ReadClone], index: int) -> Expected:
    """Return the chromosomes one of the clones stands for; `idem`, `sl` and `sdl` are those of clones before it."""
    clone = clones[index]
    terms, sex = _all_terms(clones, index), _sex(clones, index)
    fixed = dict.fromkeys(LABEL_ORDER, 0) | dict.fromkeys(AUTOSOMES, clone.ploidy)
    for label in sex or "":
        fixed[label] += 1
    flexible = []
    for term in terms:
        for label in term.takes:
            if label not in "XY":  # the sex chromosomes that are listed are those that are left
                fixed[label] -= 1
        for labels in term.gives:
            if len(labels) == 1:
                fixed[next(iter(labels))] += 1
            else:
                flexible.append(labels)
    kinds = {term.kind for term in terms}
    exact = clone.least == clone.most and sex is not None and not clone.composite and not {"inc", ""} & kinds
    structural = tuple(sorted(term.body for term in terms if term.is_structural))
    return Expected(fixed, tuple(flexible), structural, exact)


def _all_terms(clones: Sequence[ReadClone], index: int) -> tuple[Term, ...]:
    clone = clones[index]
    source = _reference(clone, index)
    return clone.terms if source is None else (*_all_terms(clones, source), *clone.terms)


def _sex(clones: Sequence[ReadClone], index: int) -> str | None:
    source = _reference(clones[index], index)
    own = clones[index].sex
    return own if own != "" or source is None else _sex(clones, source)


def _reference(clone: ReadClone, index: int) -> int | None:
    """The clone before that is meant: the first one, for `sdl` the last one."""
    kind = next((term.kind for term in clone.terms if term.kind in REFERENCES), None)
    if kind is None or index == 0:
        return None
    return index - 1 if kind == "sdl" else 0


def _read_clone(text: str, start: int, end: int) -> ReadClone:
    whole = Spot(start, end)
    cells = _CELLS.search(text[start:end])
    # The number of a composite karyotype's last term stands before that of its cells: `+8[4][cp6]`.
    inner = start + cells.start() if cells else end
    spots = [Spot(start + m.start(), start + m.end()) for m in re.finditer(r"[^,]+", text[start:inner])]
    head = spots[0] if spots else Spot(start, start)
    count = _HEAD.fullmatch(text[head.start : head.end].strip())
    sex: str | None = ""
    rest = spots[1:]
    if rest and (match := _SEX.fullmatch(text[rest[0].start : rest[0].end].strip())):
        sex = None if match[0] in ("U", "?") else match[1]
        rest = rest[1:]
    return ReadClone(
        spot=whole,
        head=head,
        least=int(count[1]) if count else None,
        most=int(count[2] or count[1]) if count else None,
        level=int(count[3] or 1) if count and count[3] is not None else None,
        sex=sex,
        terms=tuple(read_term(text[spot.start : spot.end].strip()) for spot in rest),
        spots=tuple(rest),
        cells=int(cells[2]) if cells else None,
        composite=bool(cells and cells[1]),
    )
