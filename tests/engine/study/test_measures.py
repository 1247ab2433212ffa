"""Equations 18-22 by hand, and sums that must hold for any confusion matrix."""

import numpy as np
import pytest

from engine.study.measures import accuracy, confusion_matrix, equation_22, label_figures


def test_figures_of_one_label_by_hand() -> None:
    truth = np.array([0, 0, 0, 1, 1, 2])
    answer = np.array([0, 0, 1, 1, 0, 2])
    first, second, third, *others = label_figures(confusion_matrix(truth, answer))
    assert (first.true_positive, first.false_positive, first.false_negative, first.true_negative) == (2, 1, 1, 2)
    assert first.accuracy == pytest.approx(4 / 6)
    assert first.precision == pytest.approx(2 / 3)
    assert first.recall == pytest.approx(2 / 3)
    assert first.f1 == pytest.approx(2 / 3)
    assert second.precision == pytest.approx(1 / 2)
    assert third.f1 == 1.0
    assert all((row.precision, row.recall, row.f1) == (None, None, None) for row in others)


def test_figures_add_up() -> None:
    """What the paper's table 4 does not: there are as many false positives as false negatives, one each per error."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 24, 900)
    answer = np.where(rng.random(900) < 0.8, truth, rng.integers(0, 24, 900))
    matrix = confusion_matrix(truth, answer)
    rows = label_figures(matrix)
    errors = int((truth != answer).sum())
    assert sum(row.false_positive for row in rows) == sum(row.false_negative for row in rows) == errors
    assert sum(row.true_positive for row in rows) == 900 - errors
    assert sum(row.images for row in rows) == 900
    for row in rows:
        assert row.true_positive + row.false_positive + row.false_negative + row.true_negative == 900
        assert row.f1 == pytest.approx(2 * row.precision * row.recall / (row.precision + row.recall))  # type: ignore[operator]
    assert accuracy(matrix) == pytest.approx(1 - errors / 900)
    assert equation_22(matrix) == pytest.approx(1 - 2 * errors / (24 * 900))
    assert equation_22(matrix) > 0.98 > accuracy(matrix)
