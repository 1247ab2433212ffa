"""Whether a karyotype's text is ISCN and says what the karyogram shows: sentences, and a text that puts it right.

A check takes about a millisecond, so a window may ask with every key, in its own thread.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.karyotype.clones import CaseKaryotype
from engine.karyotype.counts import ChromosomeCounts, Sex
from engine.karyotype.iscn import karyotype_text
from engine.karyotype.reading import Expected, ReadClone, Reading, expected, read_karyotype
from engine.karyotype.rules import term_problem
from engine.karyotype.terms import LABEL_ORDER, REFERENCES, Term
from engine.karyotype.tidy import tidied
from engine.types import MARKER

_NO_COUNT = "A karyotype begins with the count, as in 46,XX."
_ROUNDS = 8  # of putting right: each takes away one problem at least


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a text."""

    about: Literal["iscn", "counts"]  # how it is written, or what it says
    sentence: str
    start: int = 0  # text[start:end] is what is meant; all of it where nothing smaller is
    end: int = 0
    proposal: str | None = None  # the whole text with this put right


@dataclass(frozen=True, slots=True)
class Check:
    """What is to be said of a text."""

    text: str
    problems: tuple[Problem, ...] = ()  # the first to put right first
    proposal: str | None = None  # the text with all put right that can be

    @property
    def is_iscn(self) -> bool:
        """Whether it is written as ISCN writes."""
        return not any(problem.about == "iscn" for problem in self.problems)

    @property
    def agrees(self) -> bool:
        """Whether it is ISCN and says what the karyogram or the cells show."""
        return not self.problems


def check_cell(text: str, counts: ChromosomeCounts | None = None) -> Check:
    """Check the karyotype of one cell.

    Parameters
    ----------
    counts
        What is placed in its karyogram; None checks the text alone.
    """
    return _checked(text, lambda wanted: _cell_problems(wanted, counts))


def check_case(text: str, case: CaseKaryotype | None = None) -> Check:
    """Check the karyotype of a case.

    Parameters
    ----------
    case
        What follows from its cells; None checks the text alone.
    """
    return _checked(text, lambda wanted: _case_problems(wanted, case))


def structural_terms(text: str) -> tuple[str, ...]:
    """Return what counts cannot show in a text of one clone: `del(5)(q13q33)`, `+der(22)t(9;22)(q34;q11.2)`."""
    reading = read_karyotype(text)
    return tuple(term.text for term in reading.clones[0].terms if term.is_structural) if reading.clones else ()


def _checked(text: str, problems_of: Callable[[str], Iterable[Problem]]) -> Check:
    problems = tuple(problems_of(text))
    better, left = text, problems
    for _ in range(_ROUNDS):
        offered = next((problem.proposal for problem in left if problem.proposal is not None), None)
        if offered is None:
            break
        better, left = offered, tuple(problems_of(offered))
    useful = better != text and len(left) < max(1, len(problems))
    return Check(text, problems, better if useful else None)


def _cell_problems(text: str, counts: ChromosomeCounts | None) -> Iterator[Problem]:
    if counts is not None and counts.total == 0:
        if text.strip() not in ("", "0"):
            yield Problem("counts", "Nothing is placed in the karyogram yet.", 0, len(text))
        return
    own = karyotype_text(counts) if counts else None
    if not text.strip():
        yield Problem("iscn", "There is no karyotype.", proposal=own)
        return
    better, said = tidied(text)
    if said:
        yield Problem("iscn", said, 0, len(text), better)
    reading = read_karyotype(better)
    if not reading.clones:
        yield Problem("iscn", _NO_COUNT, 0, len(text), own)
        return
    if len(reading.clones) > 1 or reading.prefix or reading.clones[0].cells is not None:
        first = better[reading.clones[0].spot.start : reading.clones[0].spot.end].partition("[")[0]
        sentence = "A cell has one karyotype; mos, / and numbers of cells belong to that of the case."
        yield Problem("iscn", sentence, 0, len(text), own or first)
        return
    yield from _clone_problems(reading, 0, counts)


def _case_problems(text: str, case: CaseKaryotype | None) -> Iterator[Problem]:
    own = case.karyotype if case else None
    if not text.strip():
        yield Problem("iscn", "There is no karyotype of the case yet.", proposal=own)
        return
    better, said = tidied(text)
    if said:
        yield Problem("iscn", said, 0, len(text), better)
    reading = read_karyotype(better)
    if not reading.clones:
        yield Problem("iscn", _NO_COUNT, 0, len(text), own)
    found = [problem for index in range(len(reading.clones)) for problem in _clone_problems(reading, index, None)]
    yield from found
    yield from _mosaic_problems(reading, own)
    if case is not None and not found:
        yield from _size_problems(reading, case)


def _clone_problems(reading: Reading, index: int, counts: ChromosomeCounts | None) -> Iterator[Problem]:
    """Check one clone, with `counts` against those of a karyogram."""
    clone, text = reading.clones[index], reading.text
    own = _from_counts(counts, clone) if counts else None
    if clone.least is None or clone.most is None:
        yield Problem("iscn", _NO_COUNT, clone.head.start, clone.head.end, own)
        return
    found = list(_term_problems(reading, clone))
    kinds = {term.kind for term in clone.terms}
    involved = {label for term in clone.terms for label in term.chromosomes}
    if clone.sex == "" and not ({"X", "Y"} & involved or kinds & REFERENCES):
        sentence = "The sex chromosomes are missing after the count, as in 46,XX."
        yield Problem("iscn", sentence, clone.head.start, clone.head.end, own)
        return
    yield from found
    if found:
        return
    yield from _order_problems(text, clone)
    yield from _sum_problems(reading, index, counts, own)


def _term_problems(reading: Reading, clone: ReadClone) -> Iterator[Problem]:
    gained: dict[str, str] = {}
    for term, spot in zip(clone.terms, clone.spots, strict=True):
        if not term.kind:
            yield Problem("iscn", _not_understood(term), spot.start, spot.end)
        elif (sentence := term_problem(term)) is not None:
            yield Problem("iscn", sentence, spot.start, spot.end)
        elif term.kind == "whole":
            label = term.chromosomes[0]
            if gained.setdefault(label, term.sign) != term.sign:
                yield Problem("iscn", f"Chromosome {label} is both gained and lost.", spot.start, spot.end)


def _not_understood(term: Term) -> str:
    if term.body in LABEL_ORDER:
        return f"Say with + or - whether {term.body} is gained or lost."
    return f"“{term.text}” is no ISCN term."


def _order_problems(text: str, clone: ReadClone) -> Iterator[Problem]:
    def key(term: Term) -> tuple[int, int, str]:
        return (*term.rank[:2], term.kind)

    in_order = sorted(clone.terms, key=key)
    if [key(term) for term in clone.terms] == [key(term) for term in in_order]:
        return
    start, end = clone.spots[0].start, clone.spots[-1].end
    better = text[:start] + ",".join(term.text for term in in_order) + text[end:]
    sentence = "The order is X, Y, then 1 to 22, then markers."
    yield Problem("iscn", sentence, start, end, better)


def _sum_problems(reading: Reading, index: int, counts: ChromosomeCounts | None, own: str | None) -> Iterator[Problem]:
    clone, head, spot = reading.clones[index], reading.clones[index].head, reading.clones[index].spot
    says = expected(reading.clones, index)
    lost = next((label for label in LABEL_ORDER if says.fixed[label] < 0), None)
    if lost is not None:
        sentence = f"The text loses more copies of chromosome {lost} than there are."
        yield Problem("iscn", sentence, spot.start, spot.end, own)
    elif _too_many_sex_chromosomes(clone):
        sentence = "Before a loss stand only the sex chromosomes that are left, as in 45,X,-Y."
        yield Problem("iscn", sentence, spot.start, spot.end, own)
    elif says.exact and says.total != clone.least:
        better = reading.text[: head.start] + _head(says.total, clone) + reading.text[head.end :]
        sentence = f"The count says {clone.least}, but what is listed makes {says.total}."
        yield Problem("iscn", sentence, head.start, head.end, own or better)
    if counts is None:
        return
    if says.exact and not says.agrees(counts):
        yield Problem("counts", _difference(says.fixed, says.flexible, counts), spot.start, spot.end, own)
    elif not says.exact and not (clone.least or 0) <= counts.total <= (clone.most or 0):
        sentence = f"The karyogram holds {counts.total} chromosomes, the text says {_range(clone)}."
        yield Problem("counts", sentence, head.start, head.end, own)


def _mosaic_problems(reading: Reading, own: str | None) -> Iterator[Problem]:
    clones, text = reading.clones, reading.text
    if reading.prefix and len(clones) == 1:
        sentence = f"{reading.prefix} needs several clones, as in mos 45,X[6]/46,XX[14]."
        yield Problem("iscn", sentence, 0, len(text), text[len(reading.prefix) :].lstrip())
    unsized = next((clone for clone in clones if clone.cells is None), None)
    if len(clones) > 1 and unsized is not None:
        sentence = "Each clone needs its number of cells, as in 45,X[6]/46,XX[14]."
        yield Problem("iscn", sentence, unsized.spot.start, unsized.spot.end, own)
    early = next((clone for clone in clones[:-1] if clone.is_normal), None)
    if early is not None and not clones[-1].is_normal and "//" not in text:
        pieces = [text[clone.spot.start : clone.spot.end] for clone in clones]
        ordered = sorted(pieces, key=lambda piece: pieces.index(piece) == clones.index(early))
        better = text[: clones[0].spot.start] + "/".join(ordered)
        yield Problem("iscn", "The normal clone stands last.", early.spot.start, early.spot.end, better)


def _size_problems(reading: Reading, case: CaseKaryotype) -> Iterator[Problem]:
    """Hold the clones of the text against those of the cells."""
    listed = sum(clone.cells or 0 for clone in reading.clones)
    there = sum(len(clone.cells) for clone in case.clones)
    known = [(read_karyotype(clone.karyotype), len(clone.cells)) for clone in case.clones]
    composed = any(clone.composite for clone in reading.clones)  # it draws the line to normal cells in its own way
    for index, clone in enumerate(reading.clones):
        says = expected(reading.clones, index)
        if not says.exact or composed:
            continue
        same = [number for other, number in known if _same(says, expected(other.clones, 0))]
        written = reading.text[clone.spot.start : clone.spot.end].partition("[")[0]
        if not same:
            sentence = f"No clone of the cells is {written}; they say {case.karyotype}."
            yield Problem("counts", sentence, clone.spot.start, clone.spot.end, case.karyotype)
        elif clone.cells is not None and clone.cells not in (*same, sum(same)):
            cells = "1 cell has" if same[0] == 1 else f"{same[0]} cells have"
            sentence = f"{cells} {written}, the text says {clone.cells}."
            yield Problem("counts", sentence, clone.spot.start, clone.spot.end, case.karyotype)
    if listed and listed != there:
        sentence = f"The text has {listed} cells, the case {there}."
        yield Problem("counts", sentence, 0, len(reading.text), case.karyotype)
    elif not listed and len(case.clones) > 1:
        sentence = f"The cells show {len(case.clones)} clones, the text one."
        yield Problem("counts", sentence, 0, len(reading.text), case.karyotype)


def _same(one: Expected, other: Expected) -> bool:
    """Whether two texts say the same, however they are written."""
    if one.structural != other.structural or one.fixed != other.fixed:
        return False
    return sorted(map(sorted, one.flexible)) == sorted(map(sorted, other.flexible))


def _from_counts(counts: ChromosomeCounts, clone: ReadClone) -> str:
    """Write what the karyogram shows, with the structural findings of the text and in its form."""
    terms = [term for term in clone.terms if term.is_structural and term_problem(term) is None]
    return karyotype_text(counts, sex=_patient(clone), structural=[term.text for term in terms])


def _patient(clone: ReadClone) -> Sex | None:
    """The patient's own set, where the text writes sex chromosomes as changes: `45,X,-Y` is of an XY."""
    changed = [term for term in clone.terms if term.kind == "whole" and term.chromosomes[0] in ("X", "Y")]
    if not changed:
        return None
    own = clone.sex or ""
    x, y = own.count("X"), own.count("Y")
    x += sum(term.copies for term in changed if term.sign == "-" and term.chromosomes == ("X",))
    y += sum(term.copies for term in changed if term.sign == "-" and term.chromosomes == ("Y",))
    return "XX" if (x, y) == (2, 0) else "XY" if (x, y) == (1, 1) else None


def _too_many_sex_chromosomes(clone: ReadClone) -> bool:
    lost = sum(term.copies for term in clone.terms if term.sign == "-" and set(term.takes) & {"X", "Y"})
    structural = any(set(term.chromosomes) & {"X", "Y"} for term in clone.terms if term.kind != "whole")
    inherited = clone.composite or any(term.kind in REFERENCES for term in clone.terms)
    return (
        bool(lost)
        and not structural
        and not inherited
        and clone.sex is not None
        and (len(clone.sex) + lost != clone.ploidy)
    )


def _difference(fixed: dict[str, int], flexible: Sequence[frozenset[str]], counts: ChromosomeCounts) -> str:
    """Say which chromosomes differ, the first three of them."""
    open_labels: frozenset[str] = frozenset().union(*flexible)
    said, sex = [], "".join(label * fixed[label] for label in "XY")
    if not open_labels & {"X", "Y"} and sex != counts.sex_chromosomes:
        said.append(f"{counts.sex_chromosomes or 'no sex chromosomes'}, not {sex or 'none'}")
    for label in LABEL_ORDER[2:]:
        there, least = counts.count(label), fixed[label]
        most = least + sum(label in labels for labels in flexible)
        if not least <= there <= most:
            said.append(f"{_copies(there, label)}, not {least if there < least else most}")
    if not said:
        return "The karyogram does not hold the chromosomes that the text lists."
    more = f"; {len(said) - 3} more" if len(said) > 3 else ""
    return f"The karyogram shows {'; '.join(said[:3])}{more}."


def _copies(number: int, label: str) -> str:
    if label == MARKER:
        return f"{number or 'no'} marker{'s' if number != 1 else ''}"
    return f"{number or 'no'} cop{'y' if number == 1 else 'ies'} of {label}"


def _head(total: int, clone: ReadClone) -> str:
    return f"{total}" if clone.level is None else f"{total}<{clone.level}n>"


def _range(clone: ReadClone) -> str:
    return f"{clone.least}" if clone.least == clone.most else f"{clone.least} to {clone.most}"
