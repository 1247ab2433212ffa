"""Figures on small cases whose answer is known by hand."""

import numpy as np
import pytest

from engine.training.metrics import (
    UNPLACED,
    CellOutcome,
    calibration_error,
    confusion,
    errors_caught,
    is_normal,
    spread_over_groups,
    summary,
)

NORMAL_XX = np.repeat(np.arange(23), 2)


def outcome(truth: np.ndarray, label: np.ndarray, *, group: str = "p", turn: float = 3.0) -> CellOutcome:
    count = len(truth)
    confidence = np.where(label == truth, 0.99, 0.5)
    return CellOutcome("c", group, truth, label, label, confidence, confidence, np.full(count, turn))


def test_normal_is_two_of_each_and_xx_or_xy() -> None:
    assert is_normal(NORMAL_XX)
    xy = NORMAL_XX.copy()
    xy[-1] = 23
    assert is_normal(xy)
    assert not is_normal(np.append(NORMAL_XX, 20))
    assert not is_normal(NORMAL_XX[:-1])
    missing = NORMAL_XX.copy()
    missing[0] = UNPLACED
    assert not is_normal(missing)


def test_summary_of_a_perfect_and_a_swapped_cell() -> None:
    swapped = NORMAL_XX.copy()
    swapped[[0, 2]] = swapped[[2, 0]]  # a 1 and a 2 exchanged: counts stay right, two chromosomes are wrong
    figures = summary([outcome(NORMAL_XX, NORMAL_XX), outcome(NORMAL_XX, swapped, turn=170.0)])
    assert figures["n_chromosomes"] == 92
    assert figures["context_accuracy"] == pytest.approx(90 / 92)
    assert figures["whole_cells"] == 0.5
    assert figures["x_context"] == 1.0
    assert figures["y_context"] is None
    assert figures["polarity"] == 0.5
    assert figures["normal_called_abnormal"] == 0.0
    assert figures["errors_in_least_certain_tenth"] == 1.0


def test_counts_of_abnormal_cells() -> None:
    trisomy = np.append(NORMAL_XX, 20)
    wrong = trisomy.copy()
    wrong[-1] = 21
    figures = summary([outcome(trisomy, trisomy), outcome(trisomy, wrong)])
    assert figures["n_numerical"] == 2
    assert figures["numerical_counts_right"] == 1
    assert figures["normal_called_abnormal"] is None


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False, True, False])
    assert calibration_error(confidence, right) == pytest.approx(4 / 6 * 0.20 + 2 / 6 * 0.05)


def test_errors_caught_among_the_least_certain() -> None:
    confidence = np.linspace(0, 1, 100)
    right = np.ones(100, np.bool_)
    right[[2, 5, 50, 99]] = False
    assert errors_caught(confidence, right) == 0.5
    assert errors_caught(confidence, np.ones(100, np.bool_)) is None


def test_confusion_adds_up_and_shows_the_tray() -> None:
    matrix = confusion(np.array([0, 0, 5]), np.array([0, UNPLACED, 4]))
    assert matrix.sum() == 3
    assert (matrix[0, 0], matrix[0, 24], matrix[5, 4]) == (1, 1, 1)


def test_spread_is_drawn_over_groups() -> None:
    wrong = NORMAL_XX.copy()
    wrong[0] = 5
    cells = [outcome(NORMAL_XX, NORMAL_XX if i % 2 else wrong, group=f"p{i}") for i in range(20)]
    low_high = spread_over_groups(cells, "whole_cells")
    assert low_high is not None
    assert 0.2 < low_high[0] < 0.5 < low_high[1] < 0.8
    assert spread_over_groups(cells[:1], "whole_cells") is None
