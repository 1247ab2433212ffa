"""Slips of the pen in a karyotype: what is meant is clear, but it is not written as ISCN writes it."""

import re
from collections.abc import Callable
from difflib import get_close_matches

from engine.karyotype.terms import KINDS, LABEL_ORDER, read_term

_DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "，": ",", "；": ";"})
_SYNONYMS = {"iso": "i", "ring": "r", "trans": "t", "tra": "t", "isodic": "idic", "rcp": "t"}
_LOOSE = re.compile(r"([+-]?)(psu dic|[a-z]+)\(?(\d{1,2}|[XY])\)?\(?((?:[pq][\d.]+)+)\)?")
_PAIR = re.compile(r"([+-]?(?:t|rob))\((\w+);(\w+)\)\(([^;()]+);([^;()]+)\)(.*)")
_DELETION = re.compile(r"(.*del\(\w+\))\(([pq])([\d.]+)\2([\d.]+)\)(.*)")


def tidied(text: str) -> tuple[str, str]:
    """Return the text as ISCN writes it, and one sentence on the first slip; an empty one if there is none."""
    said = ""
    for sentence, step in _STEPS:
        better = step(text)
        if better != text:
            text, said = better, said or sentence
    return text, said


def _each_part(change: Callable[[str], str]) -> Callable[[str], str]:
    """Change what stands between commas and slashes; the number of cells at its end stays."""

    def changed(text: str) -> str:
        pieces = re.split(r"([,/]|\[[^\]]*\]|^(?:mos|chi) )", text)
        return "".join(piece if index % 2 else change(piece) for index, piece in enumerate(pieces))

    return changed


def _blank_after_mos(text: str) -> str:
    return re.sub(r"^\s*(mos|chi)(?=\d)", r"\1 ", text)


def _without_blanks(text: str) -> str:
    prefix = re.match(r"\s*(mos|chi)\s+(?=\d)", text)
    body = text[prefix.end() :] if prefix else text
    body = re.sub(r"\s+", "", body).replace("psudic", "psu dic")
    return f"{prefix[1]} {body}" if prefix else body


def _without_empty_parts(text: str) -> str:
    return re.sub(r",+(?=[,/\[]|$)", "", text)


def _comma_after_count(text: str) -> str:
    return re.sub(r"(^|/|\s)(\d+(?:<\d*n>)?)[;.]?(?=[XxYy])", r"\1\2,", text)


def _capitals(part: str) -> str:
    return part.upper() if re.fullmatch(r"[+-]?[xyXY]+", part) else re.sub(r"\(([xy])(?=[);])", _upper, part)


def _upper(match: re.Match[str]) -> str:
    return match[0].upper()


def _x_first(part: str) -> str:
    return "X" * part.count("X") + "Y" * part.count("Y") if re.fullmatch(r"[XY]+", part) else part


def _small(part: str) -> str:
    word = re.match(r"[+-]?\d?([A-Za-z]+)", part)
    if word and word[1].lower() in {*KINDS, "mar", "dmin", "idem", "sl"} and word[1] != word[1].lower():
        return part[: word.start(1)] + word[1].lower() + part[word.end(1) :]
    return part


def _sign_first(part: str) -> str:
    match = re.fullmatch(r"(\d{1,2}|[XY]|mar)([+-])", part)
    return f"{match[2]}{match[1]}" if match else "+mar" if part == "mar" else part


def _known_word(part: str) -> str:
    match = re.match(r"([+-]?\d?)([a-z ]{2,})(?=\(|$|\d)", part)
    if match is None or read_term(part).kind:
        return part
    known = [*KINDS, "dmin", "idem"]
    close = [_SYNONYMS[match[2]]] if match[2] in _SYNONYMS else get_close_matches(match[2], known, 1, 0.6)
    return match[1] + close[0] + part[match.end() :] if close else part


def _brackets(part: str) -> str:
    match = _LOOSE.fullmatch(part)
    return f"{match[1]}{match[2]}({match[3]})({match[4]})" if match and match[2] in KINDS else part


def _lower_chromosome_first(part: str) -> str:
    match = _PAIR.fullmatch(part)
    if match is None or not {match[2], match[3]} <= set(LABEL_ORDER):
        return part
    if LABEL_ORDER.index(match[2]) <= LABEL_ORDER.index(match[3]):
        return part
    return f"{match[1]}({match[3]};{match[2]})({match[5]};{match[4]}){match[6]}"


def _inner_band_first(part: str) -> str:
    match = _DELETION.fullmatch(part)
    if match is None or match[3].strip(".") != match[3] or match[4].strip(".") != match[4]:
        return part
    if match[3].count(".") > 1 or match[4].count(".") > 1 or float(match[3]) <= float(match[4]):
        return part
    return f"{match[1]}({match[2]}{match[4]}{match[2]}{match[3]}){match[5]}"


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("ISCN writes a plain hyphen as minus, and plain commas.", lambda text: text.translate(_DASHES)),
    ("A blank stands after mos and chi.", _blank_after_mos),
    ("ISCN writes no blanks between terms.", _without_blanks),
    ("There is a comma with nothing after it.", _without_empty_parts),
    ("A comma stands between the count and the sex chromosomes.", _comma_after_count),
    ("X and Y are written in capitals.", _each_part(_capitals)),
    ("X stands before Y.", _each_part(_x_first)),
    ("Abbreviations are written in small letters.", _each_part(_small)),
    ("A sign stands before the chromosome.", _each_part(_sign_first)),
    ("One of the abbreviations is not that of ISCN.", _each_part(_known_word)),
    ("Chromosome and breakpoints stand in brackets of their own.", _each_part(_brackets)),
    ("The sex chromosome or the lower number stands first in a translocation.", _each_part(_lower_chromosome_first)),
    ("The breakpoint nearer to the centromere stands first.", _each_part(_inner_band_first)),
)
