"""Which bundle is in use for each stain, and which were before: a small file in the folder of the user's bundles.

Only the file is dealt with here, so that `engine.bundle` can ask it; `engine.promotion` changes it.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from engine.whole_file import write_whole_text

CURRENT_FILE = "current.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Turn:
    """One bundle coming into use."""

    bundle: str
    stain: str
    when: str  # ISO 8601, UTC
    replaced: str  # the bundle in use before; empty: none
    note: str = ""  # a person's words
    verdict: str = ""  # of the comparison: better, same, worse; empty: none was made
    rollback: bool = False  # an earlier bundle came back


@dataclass(frozen=True, slots=True)
class Currents:
    """The bundle in use for each stain, where one was chosen, and how it came to that."""

    in_use: Mapping[str, str]  # stain -> bundle
    turns: tuple[Turn, ...] = ()  # oldest first
    notes: Mapping[str, str] = field(default_factory=dict)  # bundle -> a person's words, written later than its turn


def read_currents(folder: Path) -> Currents:
    """Return what is in use; nothing chosen where the file is missing or damaged: the program's own are used then."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        stored = json.loads((folder / CURRENT_FILE).read_text("utf-8"))
        if stored["format"] == _FORMAT:
            known = {item.name for item in fields(Turn)}
            turns = tuple(Turn(**{key: turn[key] for key in turn if key in known}) for turn in stored["turns"])
            in_use, notes = _texts(stored["in_use"]), _texts(stored.get("notes") or {})
            return Currents(in_use, turns, notes)
    return Currents({})


def write_currents(folder: Path, currents: Currents) -> None:
    """Write the file whole; `OSError` where the folder cannot be written to."""
    values = {
        "format": _FORMAT,
        "in_use": dict(currents.in_use),
        "turns": [asdict(turn) for turn in currents.turns],
        "notes": dict(currents.notes),
    }
    write_whole_text(folder / CURRENT_FILE, json.dumps(values, indent=2, ensure_ascii=False) + "\n")


def _texts(stored: dict[str, Any]) -> dict[str, str]:
    return {name: text for name, text in stored.items() if isinstance(text, str)}


def used_names(folder: Path) -> set[str]:
    """Return every name a bundle in use ever had: results carry them, so they are not given again."""
    return {name for turn in read_currents(folder).turns for name in (turn.bundle, turn.replaced) if name}
