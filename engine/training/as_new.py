"""How strongly training images must be varied until a classifier errs on them as it does on new ones.

What comes after a classifier learns from what it says of cells that the classifier has learned from, too. There it
is nearly always right, and whoever learned from that would trust it too much. Strongly varied images of the same
cells make it err again; how strongly, validation cells tell.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.nets.classifiers import ChromosomeClassifier
from engine.progress import Reporter
from engine.training.config import AugmentConfig
from engine.training.context import CellEvidence, cell_rows, varied_evidence
from engine.training.dataset import LabelledImages
from engine.types import CLASS_LABELS

STRENGTHS = (1.0, 1.3, 1.6, 2.0, 2.5)
"""Of the variation that are tried, until the classifier errs enough."""

_SAMPLE = 40  # training cells that are looked at for it


def strength_as_new(
    model: ChromosomeClassifier,
    train: LabelledImages,
    validation: Sequence[CellEvidence],
    *,
    seed: int,
    reporter: Reporter | None = None,
) -> float:
    """Return the factor of the usual variation at which the loss on training images is that on validation images.

    Parameters
    ----------
    train : of one laboratory; objects that are no chromosome are passed over.
    validation : what the classifier says of that laboratory's validation cells, as they are. Without any the usual
        variation is kept.
    seed : of the sample and of the variation.
    """
    if not len(train) or not len(validation):
        return STRENGTHS[0]
    wanted = _loss(validation)
    cells = cell_rows(train)
    chosen = np.random.default_rng(seed).permutation(len(cells))[:_SAMPLE]
    sample = train.take(np.concatenate([cells[index] for index in chosen]))
    before, lower = STRENGTHS[0], -np.inf
    for strength in STRENGTHS:
        varied = AugmentConfig().stretched(strength)
        loss = _loss(varied_evidence(model, sample, varied, seed=seed, reporter=reporter))
        if loss >= wanted:
            if not np.isfinite(lower):
                return strength
            return float(before + (strength - before) * (wanted - lower) / (loss - lower))
        before, lower = strength, loss
    return STRENGTHS[-1]


def _loss(cells: Sequence[CellEvidence]) -> float:
    """Mean negative log-probability of the true labels."""
    said = np.concatenate([cell.log_probabilities for cell in cells])
    labels: NDArray[np.int64] = np.concatenate([cell.labels for cell in cells])
    real = np.flatnonzero(labels < len(CLASS_LABELS))
    return -float(said[real, labels[real]].mean()) if len(real) else 0.0
