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

from engine.card import SizeTerm
from engine.imaging.adapt import SIZE_FEATURES
from engine.karyotype.assign import assign
from engine.karyotype.prices import INCOMPLETE_BELOW, AssignmentOptions
from engine.pipeline import with_size
from engine.types import CLASS_INDEX, CLASS_LABELS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_REACH = (0.2, 5.0)
_LEAST_PART = 12  # chromosomes; a smaller part of a cell has next to no context
_FEWEST_SIZES = 10  # chromosomes of a label that its spread can be taken from


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


def fit_size(size: NDArray[np.float32], labels: Ints) -> SizeTerm | None:
    """Return mean and spread of the relative area of each label, with the weight 1; None where a label has too few.

    Parameters
    ----------
    size : (N, S) `SIZE_FEATURES` of training chromosomes.
    labels : (N,) class index.
    """
    known = size[:, SIZE_FEATURES.index("known")] > 0
    area = size[:, SIZE_FEATURES.index("log_area")]
    groups = [area[known & (labels == label)].astype(np.float64) for label in range(len(CLASS_LABELS))]
    if min(len(group) for group in groups) < _FEWEST_SIZES:
        return None
    return SizeTerm(1.0, tuple(float(g.mean()) for g in groups), tuple(max(float(g.std()), 0.02) for g in groups))


def fit_size_weight(
    cells: Sequence[Floats], sizes: Sequence[NDArray[np.float32]], labels: Sequence[Ints], term: SizeTerm
) -> SizeTerm:
    """Return the term with the weight under which the true labels of validation cells are likeliest.

    Parameters
    ----------
    cells : calibrated log-probabilities (N, 24) of each cell.
    sizes : (N, S) of each.
    labels : (N,) class index of each.
    """

    def loss(weight: float) -> float:
        tried = replace(term, weight=weight)
        said = zip(cells, sizes, labels, strict=True)
        return -float(sum(with_size(p, s, tried)[np.arange(len(own)), own].sum() for p, s, own in said))

    weights = np.linspace(0.0, 0.5, 11)
    return replace(term, weight=float(weights[int(np.argmin([loss(float(weight)) for weight in weights]))]))


def fit_confidence(
    cells: Sequence[Floats], labels: Sequence[Ints], options: AssignmentOptions, steps: int = 15
) -> AssignmentOptions:
    """Return options whose confidence temperatures make the stated confidence of placements likeliest.

    The least negative log-likelihood of "right" and "wrong" over a geometric grid: an assignment has no gradient.
    Whole cells and parts of cells have a temperature each; where there are none of a kind, its own stays.

    Parameters
    ----------
    cells : calibrated log-probabilities (N, 24) of each validation cell; less than a dozen objects are passed over.
    labels : (N,) class index of each.
    """
    known = [pair for pair in zip(cells, labels, strict=True) if len(pair[1]) >= _LEAST_PART]
    whole = [pair for pair in known if len(pair[1]) >= INCOMPLETE_BELOW]
    parts = [pair for pair in known if len(pair[1]) < INCOMPLETE_BELOW]
    grid = [float(temperature) for temperature in np.geomspace(0.5, 4.0, steps)]
    if whole:
        tried = [replace(options, confidence_temperature=temperature) for temperature in grid]
        options = min(tried, key=lambda candidate: _loss_of_confidence(whole, candidate))
    if parts:
        tried = [replace(options, part_confidence_temperature=temperature) for temperature in grid]
        options = min(tried, key=lambda candidate: _loss_of_confidence(parts, candidate))
    return options


def _loss_of_confidence(cells: Sequence[tuple[Floats, Ints]], options: AssignmentOptions) -> float:
    """Negative log-likelihood of "right" and "wrong", a chromosome."""
    loss, count = 0.0, 0
    for evidence, truth in cells:
        placed = assign(evidence, options=options)
        given = np.array([-1 if label is None else CLASS_INDEX[label] for label in placed.labels])
        sure = np.clip(placed.confidence, 1e-4, 1 - 1e-4)
        loss -= float(np.where(given == truth, np.log(sure), np.log(1 - sure)).sum())
        count += len(truth)
    return loss / count
