"""The rules of ISCN 2024 for one structural term, in plain sentences: the border to `iscn-authenticator`.

Nothing else imports that library. It judges kinds and breakpoints of a term; it says little of whole texts (0.2.1: only
the first clone is judged, a term it does not know passes, `46,XX,+21` passes), so those are read in `reading` and
judged in `check`. Not asked are its rules that are narrower than ISCN: a count of 23 to 92 (a hypohaploid cell has 22),
an X in every cell (`45,Y,-X` is a lost X), no `?`, `~`, `cen` or `ter` in breakpoints, a ring with its breakpoints.
"""

import re
from functools import lru_cache

from iscn_authenticator import validate_karyotype

from engine.karyotype.bands import band_problem
from engine.karyotype.counts import AUTOSOMES
from engine.karyotype.terms import KINDS, Term, read_term

EXAMPLES: dict[str, str] = {
    "ace": "ace(5)(q13q33)",
    "add": "add(19)(p13.3)",
    "del": "del(5)(q13q33)",
    "der": "der(22)t(9;22)(q34;q11.2)",
    "dic": "dic(13;15)(q22;q24)",
    "dup": "dup(1)(q22q25)",
    "fis": "fis(10)(p10)",
    "fra": "fra(X)(q27.3)",
    "hsr": "hsr(1)(p22)",
    "i": "i(17)(q10)",
    "idic": "idic(15)(q13)",
    "ins": "ins(5;2)(p14;q21q31)",
    "inv": "inv(9)(p12q13)",
    "neo": "neo(14)(q32)",
    "psu dic": "psu dic(15;13)(q12;q12)",
    "qdp": "qdp(1)(q23q32)",
    "r": "r(7)(p22q36)",
    "rec": "rec(6)dup(6p)inv(6)(p22.2q25.2)",
    "rob": "rob(13;14)(q10;q10)",
    "t": "t(9;22)(q34;q11.2)",
    "tas": "tas(12;13)(q24;q34)",
    "trc": "trc(4;12;9)(q31;q22;p24)",
    "trp": "trp(1)(q21q32)",
}
"""How each kind is written."""

_SHAPES = {"trc": "dic", "der": "dic"}  # judged as what has the same shape: as many bands as chromosomes
_PARTS = re.compile(r"(psu dic|[a-z]+)\([^()]*\)(?:\([^()]*\))?")
_BANDS = re.compile(r"[pq]\d+(?:\.\d+)?")
_LOOSE = ((re.compile(r"\?|~[pq]?[\d.]+"), ""), (re.compile(r"\b[pq]ter|\bcen"), "q10"))


@lru_cache(maxsize=512)
def term_problem(term: Term) -> str | None:
    """Return one sentence on what is wrong with a structural term; None for a good one."""
    if term.kind not in KINDS:
        return None
    unknown = next((label for label in term.chromosomes if label not in (*AUTOSOMES, "X", "Y", "?")), None)
    if unknown is not None:
        return f"There is no chromosome {unknown or '“”'} in {term.body}."
    if "?" in term.chromosomes:
        return None  # she does not know; there is nothing to hold it against
    if term.kind == "r" and not term.details:
        return None
    if term.kind in ("der", "rec") and not term.details.startswith("("):
        return _problem_of_parts(term)
    return _problem_of_breakpoints(term) or _problem_of_bands(term)


def _problem_of_breakpoints(term: Term) -> str | None:
    kind = _SHAPES.get(term.kind, term.kind)
    bare = f"{kind}({';'.join(term.chromosomes)}){term.details}"
    for pattern, better in _LOOSE:
        bare = pattern.sub(better, bare)
    found = validate_karyotype(f"46,XX,{bare}")
    return None if found.valid else _sentence(term, found.errors[0])


def _problem_of_parts(term: Term) -> str | None:
    """A derivative is told by the changes that made it: `der(1)t(1;3)(p32;q21)del(1)(q31)`."""
    rest = _PARTS.sub("", term.details)
    if not term.details:
        return f"{term.body} does not say what made it; add that, as in {EXAMPLES[term.kind]}."
    if rest:
        return f"“{rest}” in {term.body} is not understood; write it as in {EXAMPLES[term.kind]}."
    for match in _PARTS.finditer(term.details):
        part = read_term(match[0])
        if not part.kind:
            return f"“{match[0]}” in {term.body} is no structural change."
        if part.details and (problem := term_problem(part)):
            return problem
    return None


def _problem_of_bands(term: Term) -> str | None:
    if any(mark in term.details for mark in "?~"):
        return None
    groups = term.details.strip("()").split(";")
    chromosomes = term.chromosomes if len(groups) == len(term.chromosomes) else term.chromosomes[:1] * len(groups)
    for chromosome, group in zip(chromosomes, groups, strict=True):
        for band in _BANDS.findall(group):
            if problem := band_problem(chromosome, band):
                return problem
    return None


def _sentence(term: Term, message: str) -> str:
    """Say in plain words what the library says."""
    name, example = KINDS[term.kind], EXAMPLES[term.kind]
    if match := re.match(r"Invalid breakpoint format: '(.*)'", message):
        return f"“{match[1]}” in {term.body} is no band: write an arm and a number, as in {example}."
    if match := re.search(r"has (\d+) chromosomes but (\d+) breakpoints", message):
        return f"{term.body}: each of the {match[1]} chromosomes needs a breakpoint, as in {example}."
    if match := re.search(r"must be on (same arm|different arms), found ([pq]) and ([pq])", message):
        where = "one arm" if match[1] == "same arm" else "both arms"
        return f"The breakpoints of {name} lie on {where}, as in {example}; {term.body} has {match[2]} and {match[3]}."
    if match := re.search(r"requires (.+? breakpoints?)", message):
        return f"{term.body}: {name} needs {match[1]}, as in {example}."
    if message.startswith("Invalid insertion breakpoints"):
        return f"{term.body}: {name} needs three breakpoints, as in {example}."
    if message.startswith("Invalid ") and " format" in message:
        return f"{term.body} is not complete: write {name} as in {example}."
    return f"{term.body}: {message}."
