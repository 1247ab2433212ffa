"""The karyotype's text (ISCN 2024) from counts, and counts from the text. What is read back is numerical only.

Rules followed: count, sex chromosomes, then changes: sex chromosomes first, autosomes in ascending order, markers
last; copies are repeated (`+8,+8`), markers are numbered (`+2mar`). Sex chromosomes are listed as they are in a
constitutional karyotype (`47,XXY`), and against the patient's own set where that is given (`45,X,-Y`: acquired).

Where the rules meet cells that no patient has, the text stays explicit and can be read back:

- Without any X (no such person lives, so it was lost) the cell is written against XY: `45,Y,-X`, `44,-X,-Y`.
- Outside 35..57 chromosomes changes are counted from the nearest ploidy level and the level is named, `70<3n>,XXY,+21`,
  unless the set is exactly that level: `69,XXY`.
- A cell in which nothing is placed is `0`.
"""

import re
from collections.abc import Sequence

from engine.errors import InputError
from engine.karyotype.counts import AUTOSOMES, ChromosomeCounts, Sex
from engine.karyotype.terms import read_term, whole_chromosomes
from engine.types import MARKER

_HEAD = re.compile(r"(\d{1,3})(?:<(\d{1,2})n>)?")
_CHANGE = re.compile(r"([+-])([1-9]|1\d|2[0-2]|X|Y)")
_MARKERS = re.compile(r"\+(?:([2-9]|[1-9]\d)mar|mar[1-9]?)")
_DASHES = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-"})  # what text processors make of a minus


def karyotype_text(counts: ChromosomeCounts, *, sex: Sex | None = None, structural: Sequence[str] = ()) -> str:
    """Write the karyotype of one cell.

    Parameters
    ----------
    counts
        What is placed; a structural finding is not seen in it.
    sex
        The patient's sex chromosomes, where changes of them are acquired: `45,X,-Y`, `47,XX,+X`. None writes
        the constitutional form: `45,X`, `47,XXX`.
    structural
        Findings made by hand, such as `del(5)(q13q33)`. Each stands for chromosomes that `counts` already holds, and
        explains what it changes in them: one listed X (`46,X,i(X)(q10)`), a gain (`47,XX,+der(22)t(11;22)(q23;q11.2)`),
        the chromosome that two joined ones lack (`45,XX,rob(13;14)(q10;q10)`).

    Returns
    -------
    str
        Such as `46,XX`, `47,XY,+21`, `48,XX,+2mar`; without structural findings `parse_numerical` reads it back to
        the same counts.
    """
    if counts.total == 0:
        return "0"
    ploidy = counts.ploidy
    terms = [read_term(text) for text in structural]
    whole = whole_chromosomes(counts, terms)
    if ploidy == 2 and whole.x == 0:
        sex = "XY"
    present, changes = _sex_part(whole, ploidy, sex)
    for label in (label for term in terms for label in term.takes):
        present = present.replace(label, "", 1) if label in ("X", "Y") else present
    for label, copies in zip(AUTOSOMES, whole.autosomes, strict=True):
        changes += _signed(label, copies - ploidy)
    if whole.markers:
        changes.append(f"+{whole.markers if whole.markers > 1 else ''}{MARKER}")
    in_order = sorted((*map(read_term, changes), *terms), key=lambda term: term.rank)
    level = f"<{ploidy}n>" if ploidy != 2 and (changes or len(present) != ploidy) else ""
    return ",".join(part for part in (f"{counts.total}{level}", present, *(term.text for term in in_order)) if part)


def parse_numerical(text: str) -> ChromosomeCounts:
    """Read a numerical karyotype, constitutional or acquired form.

    Raises
    ------
    InputError
        If it is not a karyotype, has structural or clonal parts, or contradicts itself; the message says where.
    """
    parts = [part.strip() for part in text.translate(_DASHES).strip().split(",")]
    head = _HEAD.fullmatch(parts[0])
    if head is None:
        raise InputError(f"“{text}” is not a numerical karyotype: it must begin with the count, as in 46,XX.")
    total = int(head[1])
    if total == 0 and len(parts) == 1:
        return ChromosomeCounts()
    ploidy = int(head[2]) if head[2] else max(1, ChromosomeCounts(markers=total).ploidy)
    present = parts[1] if len(parts) > 1 and re.fullmatch(r"X*Y*", parts[1]) and parts[1] else ""
    if not present and not (len(parts) > 1 and parts[1] in ("-X", "-Y")):
        raise InputError(f"“{text}” lacks the sex chromosomes after the count, as in 46,XX.")
    changes, markers = _read_changes(text, parts[2:] if present else parts[1:])
    lost = max(0, -changes.get("X", 0)) + max(0, -changes.get("Y", 0))
    if lost and len(present) + lost != ploidy:
        raise InputError(f"“{text}”: name only the sex chromosomes that are left before a loss, as in 45,X,-Y.")
    try:
        counts = ChromosomeCounts(
            tuple(ploidy + changes.get(label, 0) for label in AUTOSOMES),
            present.count("X") + max(0, changes.get("X", 0)),
            present.count("Y") + max(0, changes.get("Y", 0)),
            markers,
        )
    except ValueError:
        raise InputError(f"“{text}” loses more copies of a chromosome than there are.") from None
    if counts.total != total:
        raise InputError(f"“{text}” says {total} chromosomes, but what it lists makes {counts.total}.")
    return counts


def _sex_part(counts: ChromosomeCounts, ploidy: int, sex: Sex | None) -> tuple[str, list[str]]:
    """The sex chromosomes listed after the count, and those written as changes."""
    if ploidy != 2:
        present = counts.sex_chromosomes
        return present, ([] if present else _signed("X", -ploidy))
    if sex is None:
        return counts.sex_chromosomes, []
    x, y = sex.count("X"), sex.count("Y")
    present = "X" * min(x, counts.x) + "Y" * min(y, counts.y)
    return present, _signed("X", counts.x - x) + _signed("Y", counts.y - y)


def _signed(label: str, change: int) -> list[str]:
    """One text per copy: ISCN repeats gained and lost whole chromosomes."""
    return [f"{'+' if change > 0 else '-'}{label}"] * abs(change)


def _read_changes(text: str, parts: list[str]) -> tuple[dict[str, int], int]:
    """Net change by label, and the number of markers."""
    changes: dict[str, int] = {}
    markers = 0
    for part in parts:
        if match := _CHANGE.fullmatch(part):
            step = 1 if match[1] == "+" else -1
            if changes.get(match[2], 0) * step < 0:
                raise InputError(f"“{text}” both gains and loses chromosome {match[2]}.")
            changes[match[2]] = changes.get(match[2], 0) + step
        elif match := _MARKERS.fullmatch(part):
            markers += int(match[1] or 1)
        else:
            raise InputError(f"“{text}” is not a numerical karyotype: “{part}” is not a whole chromosome or marker.")
    return changes, markers
