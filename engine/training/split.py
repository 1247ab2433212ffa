"""The three parts of labelled images, and the one place where it is made sure that nothing crosses between them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.training.dataset import LabelledImages, split_groups


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Training, validation and test images.

    It cannot be made with a group on two sides, nor with a synthetic image held out. Whatever makes images up
    (`engine.training.sampling`) takes a `Split` and changes its training part alone.
    """

    train: LabelledImages
    validation: LabelledImages
    test: LabelledImages

    def __post_init__(self) -> None:
        for name, part in (("validation", self.validation), ("test", self.test)):
            if part.synthetic.any():
                raise ValueError(f"the {name} part holds synthetic images; only training images may be made up")
        parts = {"training": self.train, "validation": self.validation, "test": self.test}
        names = list(parts)
        for first, second in ((0, 1), (0, 2), (1, 2)):
            shared = set(parts[names[first]].groups.tolist()) & set(parts[names[second]].groups.tolist())
            if shared:
                raise ValueError(f"{min(shared)!r} is in the {names[first]} and in the {names[second]} part")


def split_images(data: LabelledImages, fractions: Sequence[float], *, seed: int = 0) -> Split:
    """Deal images to training, validation and test by their group.

    Parameters
    ----------
    fractions : shares of the three parts; they sum to 1.
    seed : of the deal; the same group goes to the same part whatever else is in the data.

    Raises
    ------
    ValueError
        If the data hold synthetic images: they descend from images that the split may part.
    """
    if len(fractions) != 3:
        raise ValueError("a split has three parts")
    parts = split_groups(data.groups.tolist(), fractions, seed=seed)
    return split_by_part(data, np.array([parts[group] for group in data.groups.tolist()], np.int64))


def split_by_part(data: LabelledImages, part: NDArray[np.int64]) -> Split:
    """Return the split in which image n is in part 0 (training), 1 (validation) or 2 (test)."""
    if data.synthetic.any():
        raise ValueError("split first, then make images up")
    return Split(*(data.take(part == index) for index in range(3)))


def refuse_twins(split: Split) -> None:
    """Refuse a split in which the same picture lies in the training part and in a part held out.

    Raises
    ------
    InputError
        Naming the cells: the data hold one cell under two names.
    """
    known = {_digest(picture): cell for picture, cell in zip(split.train.images, split.train.cells, strict=True)}
    for part in (split.validation, split.test):
        for picture, cell in zip(part.images, part.cells, strict=True):
            twin = known.get(_digest(picture))
            if twin is not None and picture.any():
                raise InputError(
                    f"The cells {twin} and {cell} share a picture, but would be on both sides of the split; give them "
                    "one patient or remove one."
                )


def _digest(picture: NDArray[np.uint8]) -> bytes:
    return hashlib.sha256(picture.tobytes()).digest()
