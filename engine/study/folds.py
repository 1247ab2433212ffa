"""Folds by cell or by image. Validation is never the test part, whatever the paper did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.training.dataset import split_groups

Protocol = Literal["by-cell", "by-image"]

_VALIDATION = 8  # one group in eight of what is not tested
_SEED = 20220501  # of the deal: the same folds for every method and every seed of a network


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Which part each of N images is in: 0 training, 1 validation, 2 test."""

    number: int  # from 0
    part: NDArray[np.int64]


def group_names(protocol: Protocol, groups: Sequence[str], cells: Sequence[str]) -> NDArray[np.str_]:
    """Return what a split must not cut (N,): patient, case or cell; by image it is the image alone, as in the paper."""
    if protocol == "by-cell":
        return np.array(groups)
    return np.array([f"{cell}/{number}" for number, cell in enumerate(cells)])


def make_folds(protocol: Protocol, names: NDArray[np.str_], labels: NDArray[np.int64], count: int) -> list[Fold]:
    """Deal images to `count` folds; each is the test part once.

    By image every label is dealt evenly ("in a ratio of 4:1 categories", section 4.1). By cell, whole groups are.

    Raises
    ------
    InputError
        If there are fewer groups than folds, or fewer than three folds' worth of parts.
    """
    groups = np.unique(names)
    if count < 2 or len(groups) < max(count, 3):
        raise InputError(f"{len(groups)} groups cannot be dealt to {count} folds with a validation part each.")
    rng = np.random.default_rng(_SEED)
    fold_of = np.zeros(len(names), np.int64)
    if protocol == "by-cell":
        dealt = dict(zip(groups[rng.permutation(len(groups))], np.arange(len(groups)) % count, strict=True))
        fold_of[:] = [dealt[name] for name in names]
    else:
        start = 0
        for label in np.unique(labels):
            own = rng.permutation(np.nonzero(labels == label)[0])
            fold_of[own] = (start + np.arange(len(own))) % count
            start += len(own)
    folds = []
    for number in range(count):
        part = np.where(fold_of == number, 2, 0)
        rest = np.unique(names[part == 0])
        validated = rng.permutation(rest)[: max(len(rest) // _VALIDATION, 1)]
        part[np.isin(names, validated) & (part == 0)] = 1
        folds.append(Fold(number, part.astype(np.int64)))
    return folds


def fold_of_split(names: NDArray[np.str_], fractions: Sequence[float], seed: int) -> Fold:
    """Return the one fold in which every group is where a training run with this split had it.

    Parameters
    ----------
    fractions : shares of training, validation and test, as on the card of a bundle.

    Raises
    ------
    InputError
        If a part is empty.
    """
    part_of = split_groups(names.tolist(), fractions, seed=seed)
    part = np.array([part_of[name] for name in names.tolist()], np.int64)
    if len(np.unique(part)) < 3:
        raise InputError(f"{len(part_of)} groups are too few for the split of the bundle; a part would be empty.")
    return Fold(0, part)
