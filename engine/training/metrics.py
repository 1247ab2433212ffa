"""Figures of a classification: what counts is the share of cells that need no correction.

Everything here is plain NumPy on truth and answer, so that the same numbers serve training, evaluation and study.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.types import CLASS_INDEX, CLASS_LABELS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNPLACED = -1
"""Answer for a chromosome that was left in the tray."""


@dataclass(frozen=True, slots=True, eq=False)
class CellOutcome:
    """Truth and answer for one cell of N chromosomes."""

    cell: str
    group: str  # patient, case or cell
    truth: Ints  # (N,) class index
    image_label: Ints  # (N,) the classifier alone
    label: Ints  # (N,) with cell context, UNPLACED = tray
    image_confidence: Floats  # (N,) 0..1 of `image_label`
    confidence: Floats  # (N,) 0..1 of `label`
    turn_error_deg: Floats  # (N,) 0..180, NaN where the true orientation is unknown

    @property
    def complete(self) -> bool:
        """Whether all chromosomes are right."""
        return bool((self.label == self.truth).all())

    @property
    def counts_right(self) -> bool:
        """Whether each label was given as often as it should be."""
        size = len(CLASS_LABELS)
        placed = self.label[self.label >= 0]
        return bool((np.bincount(placed, minlength=size) == np.bincount(self.truth, minlength=size)).all())

    @property
    def normal(self) -> bool:
        """Whether the truth is two of each autosome and XX or XY."""
        return is_normal(self.truth)


def is_normal(labels: Ints) -> bool:
    """Return whether these class indices are 46,XX or 46,XY."""
    counts = np.bincount(labels[labels >= 0], minlength=len(CLASS_LABELS))
    sex = (int(counts[CLASS_INDEX["X"]]), int(counts[CLASS_INDEX["Y"]]))
    return bool((counts[:22] == 2).all()) and sex in {(2, 0), (1, 1)} and bool((labels >= 0).all())


def summary(outcomes: Sequence[CellOutcome]) -> dict[str, float | int | None]:
    """Return the figures of issue-style tables; a figure that has nothing to stand on is None.

    Parameters
    ----------
    outcomes : at least one cell.

    Returns
    -------
    Shares 0..1; `n_*` are counts; `*_confidence_error` is the expected calibration error (15 equal bins).
    """
    truth = np.concatenate([o.truth for o in outcomes])
    alone = np.concatenate([o.image_label for o in outcomes])
    context = np.concatenate([o.label for o in outcomes])
    confidence = np.concatenate([o.confidence for o in outcomes])
    image_confidence = np.concatenate([o.image_confidence for o in outcomes])
    turn = np.concatenate([o.turn_error_deg for o in outcomes])
    known = ~np.isnan(turn)
    normal = [o for o in outcomes if o.normal]
    numerical = [o for o in outcomes if not o.normal and len(o.truth) in (45, 47)]
    right = context == truth
    return {
        "n_cells": len(outcomes),
        "n_groups": len({o.group for o in outcomes}),
        "n_chromosomes": len(truth),
        "image_accuracy": float((alone == truth).mean()),
        "context_accuracy": float(right.mean()),
        "whole_cells": float(np.mean([o.complete for o in outcomes])),
        "x_context": _share(right, truth == CLASS_INDEX["X"]),
        "y_context": _share(right, truth == CLASS_INDEX["Y"]),
        "polarity": float((turn[known] < 90.0).mean()) if known.any() else None,
        "unplaced": float((context == UNPLACED).mean()),
        "n_numerical": len(numerical),
        "numerical_counts_right": sum(o.counts_right for o in numerical),
        "normal_called_abnormal": _mean([not is_normal(o.label) for o in normal]),
        "image_confidence_error": calibration_error(image_confidence, alone == truth),
        "context_confidence_error": calibration_error(confidence, right),
        "errors_in_least_certain_tenth": errors_caught(confidence, right),
    }


def calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error: |stated confidence - share right|, weighted over equal-width bins."""
    index = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    error = 0.0
    for one in np.unique(index):
        chosen = index == one
        error += chosen.mean() * abs(float(confidence[chosen].mean()) - float(right[chosen].mean()))
    return float(error)


def errors_caught(confidence: Floats, right: NDArray[np.bool_], share: float = 0.1) -> float | None:
    """Return the share of all errors that lie among the least certain `share` of chromosomes; None without errors."""
    wrong = ~right
    if not wrong.any():
        return None
    reviewed = np.argsort(confidence, kind="stable")[: round(len(confidence) * share)]
    return float(wrong[reviewed].sum() / wrong.sum())


def confusion(truth: Ints, answer: Ints) -> NDArray[np.int64]:
    """Return counts (24, 25): rows truth, columns answer; the last column is the tray."""
    matrix = np.zeros((len(CLASS_LABELS), len(CLASS_LABELS) + 1), np.int64)
    np.add.at(matrix, (truth, np.where(answer < 0, len(CLASS_LABELS), answer)), 1)
    return matrix


def spread_over_groups(
    outcomes: Sequence[CellOutcome], name: str, *, draws: int = 500, seed: int = 0
) -> tuple[float, float] | None:
    """Return the 95 % interval of a figure of `summary` when whole groups are drawn anew (bootstrap)."""
    groups: dict[str, list[CellOutcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group, []).append(outcome)
    names = sorted(groups)
    if len(names) < 2:
        return None
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(draws):
        drawn = [outcome for pick in rng.integers(0, len(names), len(names)) for outcome in groups[names[pick]]]
        value = summary(drawn)[name]
        if value is not None:
            values.append(float(value))
    if not values:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _share(right: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> float | None:
    return float(right[chosen].mean()) if chosen.any() else None


def _mean(values: Sequence[bool]) -> float | None:
    return float(np.mean(values)) if values else None
