"""Honest probabilities: temperatures fitted on validation cells, which neither training nor the report sees.

Label smoothing makes a network shy, too many epochs make it bold; dividing the logits by one number repairs either
without changing a single label (Guo et al., ICML 2017).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from engine.karyotype.assign import assign
from engine.karyotype.prices import AssignmentOptions
from engine.types import CLASS_INDEX

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_REACH = (0.2, 5.0)


def fit_temperature(log_probabilities: Floats, labels: Ints) -> float:
    """Return the temperature under which true labels are likeliest.

    Parameters
    ----------
    log_probabilities : (N, 24) of the classifier at temperature 1, N >= 1.
    labels : (N,) class index.
    """
    if len(labels) == 0:
        raise ValueError("a temperature cannot be fitted without images")

    def loss(temperature: float) -> float:
        scaled = log_softmax(log_probabilities / temperature, axis=1)
        return -float(scaled[np.arange(len(labels)), labels].mean())

    return float(minimize_scalar(loss, bounds=_REACH, method="bounded").x)


def fit_confidence(
    cells: Sequence[Floats], labels: Sequence[Ints], options: AssignmentOptions, steps: int = 15
) -> AssignmentOptions:
    """Return options whose confidence temperature makes the stated confidence of placements likeliest.

    The least negative log-likelihood of "right" and "wrong" over a geometric grid: an assignment has no gradient.

    Parameters
    ----------
    cells : calibrated log-probabilities (N, 24) of each validation cell.
    labels : (N,) class index of each.
    """
    best, least = options, np.inf
    for temperature in np.geomspace(0.5, 4.0, steps):
        tried = replace(options, confidence_temperature=float(temperature))
        loss, count = 0.0, 0
        for evidence, truth in zip(cells, labels, strict=True):
            placed = assign(evidence, options=tried)
            given = np.array([-1 if label is None else CLASS_INDEX[label] for label in placed.labels])
            sure = np.clip(placed.confidence, 1e-4, 1 - 1e-4)
            loss -= float(np.where(given == truth, np.log(sure), np.log(1 - sure)).sum())
            count += len(truth)
        if loss / count < least:
            best, least = tried, loss / count
    return best
