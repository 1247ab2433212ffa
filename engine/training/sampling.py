"""Rare labels: SMOTE through imbalanced-learn, or weights (section 3.4, equations 14-17).

The paper raises X and Y to the number of the autosomes; its rate eta (equation 16) is 0.23 for X, which makes no image
at all, so target counts are given outright. Its accuracies of X only fit a test set with made images in it; here
images are made from the training part of a `Split` and put into it, and a `Split` refuses them anywhere else.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.training.config import SamplingConfig
from engine.training.dataset import LabelledImages, concatenate
from engine.training.split import Split
from engine.types import CLASS_INDEX, CLASS_LABELS

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SYNTHETIC = "synthetic"
"""Group and cell of an image that was made."""


def targets_for(labels: Ints, config: SamplingConfig) -> dict[int, int]:
    """Return class index -> wanted count, only for labels that have fewer.

    Parameters
    ----------
    labels : (N,) class index of the training images.
    config : its targets; without any, every label present is raised to the median count of those present.
    """
    counts = np.bincount(labels, minlength=len(CLASS_LABELS))
    if config.targets:
        wanted = {CLASS_INDEX[label]: count for label, count in config.targets.items()}
    else:
        present = np.nonzero(counts)[0]
        middle = int(np.median(counts[present])) if len(present) else 0
        wanted = {int(index): middle for index in present}
    return {index: count for index, count in wanted.items() if count > counts[index]}


def oversample(
    features: Floats, labels: Ints, targets: Mapping[int, int], *, seed: int, neighbours: int = 5
) -> tuple[Floats, Ints]:
    """Make samples of the **training** part by SMOTE; each lies on the segment between two neighbours of one label.

    Parameters
    ----------
    features : (N, F) float32.
    labels : (N,) class index.
    targets : class index -> count wanted in the end.
    neighbours : k; n - 1 where a label has fewer than k + 1 samples.

    Returns
    -------
    The new samples alone: (M, F) and (M,), by label.

    Raises
    ------
    InputError
        If a label has fewer than two samples: there is nothing to lie between.
    """
    from imblearn.over_sampling import SMOTE  # here: it brings scikit-learn, seconds that most runs need not pay

    made = [np.zeros((0, features.shape[1]), np.float32)]
    made_labels = [np.zeros(0, np.int64)]
    for index, target in sorted(targets.items()):
        own = features[labels == index]
        if target <= len(own):
            continue
        if len(own) < 2:
            raise InputError(
                f"SMOTE needs at least two training images of known polarity; {CLASS_LABELS[index]} has {len(own)}. "
                "Add images or choose another sampling."
            )
        # SMOTE wants a second class to compare the count with, and never reads its values.
        stranger = np.zeros((1, features.shape[1]), np.float32)
        smote = SMOTE(
            sampling_strategy={1: target}, k_neighbors=min(neighbours, len(own) - 1), random_state=seed * 31 + index
        )
        balanced, _ = smote.fit_resample(
            np.concatenate([own, stranger]), np.concatenate([np.ones(len(own), np.int64), np.zeros(1, np.int64)])
        )
        new = np.asarray(balanced[len(own) + 1 :], np.float32)
        made.append(new)
        made_labels.append(np.full(len(new), index, np.int64))
    return np.concatenate(made), np.concatenate(made_labels)


def with_smote(split: Split, config: SamplingConfig, *, seed: int) -> Split:
    """Return the split with made images in its training part.

    Pixels after adaptation and the relative size are drawn out together, with one factor. Images of unknown polarity
    do not take part: halfway between two chromosomes of which one is upside down lies no chromosome.

    Raises
    ------
    InputError
        If a label has too few images.
    """
    train = split.train
    targets = targets_for(train.labels, config)
    usable = train.polarity_known & ~train.synthetic
    missing = {index: count - int((train.labels == index).sum()) for index, count in targets.items()}
    donors = train.take(usable & np.isin(train.labels, list(targets)))
    count, pixels = len(donors), int(np.prod(train.images.shape[1:]))
    flat = np.concatenate([donors.images.reshape(count, pixels).astype(np.float32), donors.size], axis=1)
    wanted = {index: int((donors.labels == index).sum()) + extra for index, extra in missing.items()}
    made, labels = oversample(flat, donors.labels, wanted, seed=seed, neighbours=config.neighbours)
    size = made[:, pixels:]
    size = np.where(size[:, 2:3] > 1.0 - 1e-3, size, 0.0).astype(np.float32)  # known only where both parents' is
    new = LabelledImages(
        np.round(made[:, :pixels]).clip(0, 255).astype(np.uint8).reshape(-1, *train.images.shape[1:]),
        size,
        labels,
        np.ones(len(labels), np.bool_),
        np.full(len(labels), SYNTHETIC),
        np.full(len(labels), SYNTHETIC),
        np.ones(len(labels), np.bool_),
    )
    return replace(split, train=concatenate([train, new]))


def class_weights(labels: Ints, config: SamplingConfig) -> Floats:
    """Return a weight for each label (24,): as many times as SMOTE would raise it; 1 on average over the images."""
    counts = np.bincount(labels, minlength=len(CLASS_LABELS)).astype(np.float64)
    weights = np.ones(len(CLASS_LABELS))
    for index, target in targets_for(labels, config).items():
        weights[index] = target / max(counts[index], 1.0)
    weights *= counts.sum() / max(float((weights * counts).sum()), 1.0)
    return weights.astype(np.float32)
