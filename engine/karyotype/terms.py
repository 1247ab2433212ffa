"""One term of a karyotype, and which chromosomes of the karyogram it stands for.

A term takes whole chromosomes out of the set and puts others in their place: `+8` puts in one that is counted as 8;
`t(9;22)(q34;q11.2)` takes a 9 and a 22 and puts in two that are counted so again; `rob(13;14)(q10;q10)` takes both and
puts in one, which she may have placed as 13 or as 14. Counts, texts and checks all follow from that.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.karyotype.counts import AUTOSOMES, ChromosomeCounts
from engine.types import MARKER

LABEL_ORDER: tuple[str, ...] = ("X", "Y", *AUTOSOMES, MARKER)
"""The order of ISCN."""

KINDS: dict[str, str] = {
    "ace": "an acentric fragment",
    "add": "additional material",
    "del": "a deletion",
    "der": "a derivative chromosome",
    "dic": "a dicentric chromosome",
    "dup": "a duplication",
    "fis": "a fission",
    "fra": "a fragile site",
    "hsr": "a homogeneously staining region",
    "i": "an isochromosome",
    "idic": "an isodicentric chromosome",
    "ins": "an insertion",
    "inv": "an inversion",
    "neo": "a neocentromere",
    "psu dic": "a pseudodicentric chromosome",
    "qdp": "a quadruplication",
    "r": "a ring chromosome",
    "rec": "a recombinant chromosome",
    "rob": "a Robertsonian translocation",
    "t": "a translocation",
    "tas": "a telomeric association",
    "trc": "a tricentric chromosome",
    "trp": "a triplication",
}
"""Structural abbreviations that are read, in words."""

REFERENCES = frozenset({"idem", "sl", "sdl"})
"""Terms that stand for all terms of another clone."""

_JOINING = frozenset({"dic", "psu dic", "rob", "trc", "der", "rec"})  # several chromosomes become one
_UNCOUNTED = frozenset({"ace", "dmin", "inc", "hsr"})  # no chromosome of their own in the count

_TAIL = re.compile(r"(?:\s*[x×](?P<copies>[2-9]))?(?P<origin>d?mat|d?pat|d?inh|dn|c)?(?:\[(?P<cells>\d+)\])?$")
_WHOLE = re.compile(r"([+-])([1-9]|1\d|2[0-2]|X|Y)")
_UNKNOWN = re.compile(r"\+(?:([2-9]|[1-9]\d)(?:mar|r)|(?:mar|r)\d?)")  # markers, and rings of unknown origin
_REFERENCE = re.compile(r"(idem|sl|sdl)\d?")
_UNCOUNTED_TERM = re.compile(r"[+]?(?:\d+~)?\d*(dmin|hsr|inc|ace)")
_STRUCTURAL = re.compile(r"([+-])?(psu dic|[a-z]+)\(([0-9XY?;]+)([pq])?\)(.*)", re.DOTALL)


@dataclass(frozen=True)  # no slots: cached_property keeps its value in the instance
class Term:
    """One term as it was written, and what it is."""

    text: str
    body: str = ""  # without doubt, copies, origin and number of cells
    sign: str = ""  # "+", "-" or empty
    kind: str = ""  # of KINDS; "whole", "mar", "idem", "sl", "dmin" ...; empty: not understood
    chromosomes: tuple[str, ...] = ()  # "9", "22"; "?" where she does not know
    details: str = ""  # what follows the chromosomes: "(q34;q11.2)"
    copies: int = 1
    cells: int | None = None  # of a composite karyotype: in how many cells

    @property
    def is_structural(self) -> bool:
        """Whether counts alone cannot show it."""
        return self.kind in KINDS or self.kind in _UNCOUNTED or (self.kind == "mar" and "mar" not in self.body)

    @cached_property
    def takes(self) -> tuple[str, ...]:
        """Labels of the whole chromosomes in whose place it stands."""
        if self.kind == "whole":
            return self.chromosomes * self.copies if self.sign == "-" else ()
        if self.sign == "+" or self.kind not in KINDS or self.kind in _UNCOUNTED:
            return ()
        taken = self.chromosomes[:1] if self.sign == "-" else self.chromosomes
        return tuple(label for label in taken if label != "?") * self.copies

    @cached_property
    def gives(self) -> tuple[frozenset[str], ...]:
        """What it puts in their place: for each chromosome the labels it may be placed under."""
        if self.sign == "-":
            return ()
        if self.kind == "whole":
            return (frozenset(self.chromosomes),) * self.copies
        if self.kind == "mar":
            return (frozenset({MARKER}),) * self.copies
        if self.kind not in KINDS or self.kind in _UNCOUNTED:
            return ()
        labels = [frozenset({label if label != "?" else MARKER}) for label in self.chromosomes]
        if len(labels) > 1 and (self.kind in _JOINING or self.sign == "+"):
            labels = [frozenset[str]().union(*labels)]
        return tuple(labels) * self.copies

    @property
    def rank(self) -> tuple[int, int, str]:
        """Place in the order of ISCN: X, Y, 1..22, unknown, markers; whole chromosomes first, then by abbreviation."""
        if self.kind in REFERENCES:
            return (-1, 0, "")
        if self.kind == "mar":
            return (len(LABEL_ORDER) + 1, 0, "")
        label = self.chromosomes[0] if self.chromosomes else ""
        if label in LABEL_ORDER:
            return LABEL_ORDER.index(label), int(self.kind != "whole"), "" if self.kind == "whole" else self._name
        return (len(LABEL_ORDER) + 2 if self.kind == "inc" else len(LABEL_ORDER), 1, self._name)

    @property
    def _name(self) -> str:
        return self.body.lstrip("+-")


@lru_cache(maxsize=4096)
def read_term(text: str) -> Term:
    """Read one term between commas; what is not understood has no `kind`."""
    tail = _TAIL.search(text)
    body = text[: tail.start()] if tail else text
    body = body.strip().removeprefix("?")
    copies = int(tail["copies"] or 1) if tail else 1
    cells = int(tail["cells"]) if tail and tail["cells"] else None
    if match := _WHOLE.fullmatch(body):
        return Term(text, body, match[1], "whole", (match[2],), "", copies, cells)
    if match := _UNKNOWN.fullmatch(body):
        return Term(text, body, "+", "mar", (), "", int(match[1] or 1) * copies, cells)
    if match := _REFERENCE.fullmatch(body):
        return Term(text, body, "", match[1], (), "", copies, cells)
    if match := _UNCOUNTED_TERM.fullmatch(body):
        return Term(text, body, "", match[1], (), "", copies, cells)
    match = _STRUCTURAL.fullmatch(body)
    if match and match[2] in KINDS:
        details = (f"({match[4]}10)" if match[4] else "") + match[5]
        return Term(text, body, match[1] or "", match[2], tuple(match[3].split(";")), details, copies, cells)
    return Term(text, body, copies=copies, cells=cells)


def whole_chromosomes(counts: ChromosomeCounts, structural: Sequence[Term]) -> ChromosomeCounts:
    """Return the counts as if every structural chromosome were the whole one in whose place it stands.

    Of the labels a joined chromosome may have, the one is meant that leaves the counts nearest to a normal set.
    """
    number = {label: counts.count(label) for label in LABEL_ORDER}
    for term in structural:
        for label in term.takes:
            number[label] += 1
        for labels in term.gives:
            number[max(labels, key=lambda label: (number[label], -LABEL_ORDER.index(label)))] -= 1
    return _counts(number)


def placed_chromosomes(whole: ChromosomeCounts, structural: Sequence[Term]) -> ChromosomeCounts:
    """Return the counts of a karyogram: the opposite of `whole_chromosomes`."""
    number = {label: whole.count(label) for label in LABEL_ORDER}
    for term in structural:
        for label in term.takes:
            number[label] -= 1
        for labels in term.gives:
            number[min(labels, key=LABEL_ORDER.index)] += 1
    return _counts(number)


def can_hold(counts: Mapping[str, int], wanted: Iterable[frozenset[str]]) -> bool:
    """Whether chromosomes that may have one of several labels each make up exactly these counts."""
    chromosomes = list(wanted)
    places = [label for label, number in counts.items() for _ in range(number)]
    if len(places) != len(chromosomes) or min(counts.values(), default=0) < 0:
        return False
    holder: dict[int, int] = {}

    def find(chromosome: int, seen: set[int]) -> bool:
        for place, label in enumerate(places):
            if label in chromosomes[chromosome] and place not in seen:
                seen.add(place)
                if place not in holder or find(holder[place], seen):
                    holder[place] = chromosome
                    return True
        return False

    return all(find(chromosome, set()) for chromosome in range(len(chromosomes)))


def _counts(number: Mapping[str, int]) -> ChromosomeCounts:
    """A finding in the place of a chromosome that is not there leaves less than none; no count can say so."""
    kept = Counter({label: max(0, copies) for label, copies in number.items()})
    return ChromosomeCounts(tuple(kept[label] for label in AUTOSOMES), kept["X"], kept["Y"], kept[MARKER])
