"""A training on disk: its cells, how it is taught, and what came of it, so that closing the program loses nothing.

A folder holds one training. `lesson.json` is written last and deleted first: without it nothing is there.
"""

import contextlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import InputError
from engine.types import ChromosomeImage
from engine.whole_file import write_whole, write_whole_text
from karyogui.model.teaching import Changed, Decision, Figure, Lesson, TeachingCell

LESSON_FILE, CELLS_FILE, DECISION_FILE = "lesson.json", "cells.npz", "decision.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A training that was begun: unfinished, or finished and not decided on."""

    lesson: Lesson
    started: str  # ISO 8601, UTC
    cells: int
    decided_on: bool  # it came to its end; a candidate waits


def begin(folder: Path, cells: Sequence[TeachingCell], lesson: Lesson, started: str) -> None:
    """Write a training down before it begins, in place of an older one; `OSError` where that is not possible."""
    forget(folder)
    folder.mkdir(parents=True, exist_ok=True)
    images = [image for cell in cells for image in cell.images]
    pixels = np.concatenate([np.ascontiguousarray(image.pixels, np.float32).ravel() for image in images])
    masks = np.packbits(np.concatenate([np.ascontiguousarray(image.mask).ravel() for image in images]))

    write_whole(folder / CELLS_FILE, lambda stream: np.savez_compressed(stream, pixels=pixels, masks=masks))
    rows = []
    for cell in cells:
        row = {item.name: getattr(cell, item.name) for item in fields(cell) if item.name != "images"}
        row["images"] = [[image.source, *image.pixels.shape] for image in cell.images]
        rows.append(row)
    values = {"format": _FORMAT, "started": started, "lesson": asdict(lesson), "cells": rows}
    write_whole_text(folder / LESSON_FILE, json.dumps(values, ensure_ascii=False) + "\n")


def look(folder: Path) -> KeptRun | None:
    """Return which training lies in a folder; None if there is none, or it is damaged."""
    try:
        values = _read(folder)
        done = (folder / DECISION_FILE).is_file()
        return KeptRun(Lesson(**values["lesson"]), str(values["started"]), len(values["cells"]), done)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def cells_of(folder: Path) -> tuple[TeachingCell, ...]:
    """Return the cells of the training, to the pixel as they were.

    Raises
    ------
    InputError
        If the files are damaged.
    """
    try:
        rows = _read(folder)["cells"]
        with (folder / CELLS_FILE).open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            pixels, masks = stored["pixels"], np.unpackbits(stored["masks"]).astype(np.bool_)
        found, at = [], 0
        for row in rows:
            images = []
            for source, height, width in row["images"]:
                end = at + height * width
                shape = (height, width)
                images.append(ChromosomeImage(pixels[at:end].reshape(shape), masks[at:end].reshape(shape), source))
                at = end
            lists = {name: tuple(row[name]) for name in ("labels", "upright_deg", "key", "ids")}
            found.append(TeachingCell(**{**row, **lists, "images": tuple(images)}))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise InputError("The training that was kept is damaged and cannot be taken up; begin it anew.") from None
    return tuple(found)


def keep_decision(folder: Path, decision: Decision) -> None:
    """Write down what came of the training."""
    write_whole_text(folder / DECISION_FILE, json.dumps(asdict(decision), ensure_ascii=False) + "\n")


def decision_of(folder: Path) -> Decision:
    """Return what came of the training.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    try:
        values = json.loads((folder / DECISION_FILE).read_text("utf-8"))
        values["figures"] = tuple(Figure(**row) for row in values["figures"])
        values["labels"] = tuple(tuple(row) for row in values["labels"])
        for name in ("better", "worse"):
            values[name] = tuple(Changed(**row) for row in values[name])
        return Decision(**values)
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("The new model that was kept is damaged; train it again.") from None


def forget(folder: Path) -> None:
    """Delete the training; what cannot be deleted is left."""
    for name in (LESSON_FILE, DECISION_FILE, CELLS_FILE):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def _read(folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((folder / LESSON_FILE).read_text("utf-8"))
    if values["format"] != _FORMAT:
        raise ValueError("written by another version")
    return values
