"""What a person decided on doubtful labels: kept for good, by the pictures, so that nothing is asked twice."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.types import CLASS_INDEX, ChromosomeImage
from engine.whole_file import write_whole_text
from karyogui.model.teaching import TeachingCell

_FORMAT = 1

Mark = tuple[str, str]
"""Digest of a picture, and the label it came with."""


def mark_of(image: ChromosomeImage, label: str) -> Mark:
    """Return the mark of a labelled picture: the same in whatever folder it lies."""
    digest = hashlib.sha256(repr(image.pixels.shape).encode())
    digest.update(np.ascontiguousarray(image.pixels, np.float32).tobytes())
    return digest.hexdigest()[:16], label


class LabelDecisions:
    """Label by mark: the same label means that she stands by it."""

    def __init__(self, decided: Mapping[Mark, str] | None = None) -> None:
        self._decided = dict(decided or {})
        self._order: list[dict[Mark, str | None]] = []  # what each decision of this session replaced

    def __len__(self) -> int:
        return len(self._decided)

    def of(self, mark: Mark) -> str | None:
        """Return the label that was decided; None: nothing was."""
        return self._decided.get(mark)

    def decide(self, labels: Mapping[Mark, str]) -> None:
        """Decide on one picture: under the label it came with, and under the one it is given."""
        self._order.append({mark: self._decided.get(mark) for mark in labels})
        self._decided.update(labels)

    def take_back(self) -> bool:
        """Take the last decision of this session back; False if there is none."""
        if not self._order:
            return False
        for mark, before in self._order.pop().items():
            if before is None:
                self._decided.pop(mark, None)
            else:
                self._decided[mark] = before
        return True

    def can_take_back(self) -> bool:
        """Whether there is a decision of this session."""
        return bool(self._order)

    def applied(self, cell: TeachingCell) -> TeachingCell:
        """Return a cell with the labels that were decided."""
        if not self._decided:
            return cell
        labels = tuple(
            label if label is None else self._decided.get(mark_of(image, label), label)
            for image, label in zip(cell.images, cell.labels, strict=True)
        )
        return cell if labels == cell.labels else replace(cell, labels=labels)

    def copy(self) -> "LabelDecisions":
        """Return the decisions of now, for a thread to save."""
        return LabelDecisions(self._decided)

    def save(self, path: Path) -> None:
        """Write all decisions; `OSError` where that is not possible."""
        rows = [[*mark, label] for mark, label in self._decided.items()]
        write_whole_text(path, json.dumps({"format": _FORMAT, "decisions": rows}) + "\n")

    @classmethod
    def load(cls, path: Path) -> "LabelDecisions":
        """Read what `save` wrote; a missing or damaged file holds no decision."""
        try:
            values = json.loads(path.read_text("utf-8"))
            if values["format"] != _FORMAT:
                return cls()
            return cls(
                {
                    (str(digest), str(given)): label
                    for digest, given, label in values["decisions"]
                    if label in CLASS_INDEX
                }
            )
        except (OSError, ValueError, KeyError, TypeError):
            return cls()
