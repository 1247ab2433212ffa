"""Figures of a confusion matrix by label (equations 18-22), from one matrix, so that they add up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.types import CLASS_LABELS

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One line of table 4. Shares 0..1; None where there is nothing to divide by."""

    label: str
    images: int
    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    @property
    def accuracy(self) -> float:
        """Equation 18. Above 0.99 for almost any classifier: 23 of 24 labels are true negatives."""
        right = self.true_positive + self.true_negative
        return right / (right + self.false_positive + self.false_negative)

    @property
    def precision(self) -> float | None:
        """Equation 19."""
        said = self.true_positive + self.false_positive
        return self.true_positive / said if said else None

    @property
    def recall(self) -> float | None:
        """Equation 20; what the paper's column "Acc." of table 4 seems to mean."""
        return self.true_positive / self.images if self.images else None

    @property
    def f1(self) -> float | None:
        """Equation 21."""
        divisor = 2 * self.true_positive + self.false_positive + self.false_negative
        return 2 * self.true_positive / divisor if divisor else None


def confusion_matrix(truth: Ints, answer: Ints) -> Ints:
    """Return counts (24, 24), rows truth, columns answer."""
    size = len(CLASS_LABELS)
    matrix = np.zeros((size, size), np.int64)
    np.add.at(matrix, (truth, answer), 1)
    return matrix


def label_figures(matrix: Ints) -> list[LabelFigures]:
    """Return the figures of every label."""
    total = int(matrix.sum())
    rows = []
    for index, label in enumerate(CLASS_LABELS):
        tp = int(matrix[index, index])
        fn, fp = int(matrix[index].sum()) - tp, int(matrix[:, index].sum()) - tp
        rows.append(LabelFigures(label, tp + fn, tp, fp, fn, total - tp - fn - fp))
    return rows


def accuracy(matrix: Ints) -> float:
    """Return the share of images that are right: what the paper's tables must mean by Acc."""
    return float(np.trace(matrix) / matrix.sum())


def equation_22(matrix: Ints) -> float:
    """Return the value of the paper's formula: it counts every true negative 23 times, and stays above 0.99."""
    rows = label_figures(matrix)
    right = sum(row.true_positive + row.true_negative for row in rows)
    return right / (int(matrix.sum()) * len(rows))
