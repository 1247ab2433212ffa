"""The last layers of a classifier, fitted anew on features: convex, without chance, in seconds.

The fit is held to the weights the bundle has: what a few cells do not speak of stays as it was learned from many.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax

from engine.progress import Reporter, SilentReporter

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One linear layer: features (N, D) -> logits (N, 24)."""

    weight: Floats  # (24, D)
    bias: Floats  # (24,)

    def __call__(self, features: Floats) -> Floats:
        """Return logits (N, 24)."""
        return features @ self.weight.T + self.bias


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a head learns from: N rows."""

    features: Floats  # (N, D)
    labels: Ints  # (N,) class index
    weights: Floats  # (N,) > 0, 1 on average
    upright: NDArray[np.bool_] | None = None  # (N,) for the polarity: the p arm is up


def fit_labels(start: Head, old: Head, lesson: Lesson, hold: float, reporter: Reporter | None = None) -> Head:
    """Fit a softmax layer, held to the old one.

    Parameters
    ----------
    start : where to begin; the result does not depend on it.
    old : the layer of the bundle.
    hold : how strongly a change of the logits is resisted, > 0; one spread of a feature counts 1.
    """
    spread = _spread(lesson.features)
    picked = np.zeros((len(lesson.labels), len(old.bias)))
    picked[np.arange(len(lesson.labels)), lesson.labels] = 1.0
    share = lesson.weights / lesson.weights.sum()

    def loss(head: Head) -> tuple[float, Floats]:
        logits = head(lesson.features)
        value = -float(share @ (log_softmax(logits, axis=1) * picked).sum(axis=1))
        return value, (softmax(logits, axis=1) - picked) * share[:, None]

    return _held(loss, start, old, lesson.features, spread, hold, reporter)


def fit_polarity(start: Head, old: Head, lesson: Lesson, hold: float, reporter: Reporter | None = None) -> Head:
    """Fit, for each label, which end is up; held to the old layer as in `fit_labels`."""
    assert lesson.upright is not None, "the polarity is learned where it is known"  # noqa: S101 - our own bug
    spread = _spread(lesson.features)
    rows = np.arange(len(lesson.labels))
    sign = np.where(lesson.upright, 1.0, -1.0)
    share = lesson.weights / lesson.weights.sum()

    def loss(head: Head) -> tuple[float, Floats]:
        logits = head(lesson.features)
        own = sign * logits[rows, lesson.labels]
        slope = np.zeros_like(logits)
        slope[rows, lesson.labels] = -sign * expit(-own) * share
        return float(share @ np.logaddexp(0.0, -own)), slope

    return _held(loss, start, old, lesson.features, spread, hold, reporter)


def _held(
    loss: Callable[[Head], tuple[float, Floats]],
    start: Head,
    old: Head,
    features: Floats,
    spread: Floats,
    hold: float,
    reporter: Reporter | None,
) -> Head:
    watch = reporter or SilentReporter()
    shape, size = old.weight.shape, old.weight.size
    # In units of a feature's spread the problem is round, and L-BFGS needs few steps.
    centre = features.mean(axis=0)

    def head_of(values: Floats) -> Head:
        change = values[:size].reshape(shape) / spread
        return Head(old.weight + change, old.bias + values[size:] - change @ centre)

    def value_and_slope(values: Floats) -> tuple[float, Floats]:
        watch.check_cancelled()
        value, slope = loss(head_of(values))
        value += 0.5 * hold * float(values @ values)
        by_weight = slope.T @ ((features - centre) / spread)
        return value, np.concatenate([by_weight.ravel(), slope.sum(axis=0)]) + hold * values

    change = (start.weight - old.weight) * spread
    first = np.concatenate([change.ravel(), start.bias - old.bias + (start.weight - old.weight) @ centre])
    found = minimize(value_and_slope, first, jac=True, method="L-BFGS-B", options={"maxiter": 80, "maxcor": 12})
    return head_of(found.x)


def _spread(features: Floats) -> Floats:
    """The standard deviation of each feature; where it is nearly nothing, of all on average."""
    spread = features.std(axis=0)
    usual = float(spread.mean()) or 1.0
    return np.asarray(np.maximum(spread, 0.05 * usual))
