"""Nothing crosses between training, validation and test: not a group, not a made image, not a picture."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.training.dataset import LabelledImages
from engine.training.split import Split, refuse_twins, split_by_part, split_images


def cells(count: int, each: int = 4, seed: int = 0) -> LabelledImages:
    total = count * each
    names = np.repeat([f"cell{index}" for index in range(count)], each)
    pictures = np.random.default_rng(seed).integers(0, 255, (total, 6, 4)).astype(np.uint8)
    size = np.zeros((total, 3), np.float32)
    return LabelledImages(pictures, size, np.zeros(total, np.int64), np.ones(total, np.bool_), names, names)


def test_all_images_of_a_cell_go_to_one_part_and_none_is_lost() -> None:
    data = cells(60)
    split = split_images(data, (0.6, 0.2, 0.2), seed=3)
    sides = [set(part.groups.tolist()) for part in (split.train, split.validation, split.test)]
    assert sides[0] | sides[1] | sides[2] == set(data.groups.tolist())
    assert sum(map(len, sides)) == 60
    assert len(split.train) + len(split.validation) + len(split.test) == len(data)
    assert len(split.train) > len(split.test) > 0


def test_a_group_on_two_sides_is_refused() -> None:
    data = cells(3)
    with pytest.raises(ValueError, match="'cell1' is in the training and in the test part"):
        split_by_part(data, np.array([0] * 5 + [1] * 0 + [2] * 7))
    with pytest.raises(ValueError, match="validation and in the test"):
        Split(data.take(np.arange(4)), data.take(np.arange(4, 8)), data.take(np.arange(6, 12)))


def test_made_images_are_refused_where_they_would_be_held_out() -> None:
    data = cells(3)
    made = replace(data, synthetic=np.ones(12, np.bool_))
    with pytest.raises(ValueError, match="the test part holds synthetic images"):
        Split(data.take(np.arange(4)), data.take(np.arange(4, 8)), made.take(np.arange(8, 12)))
    with pytest.raises(ValueError, match="split first"):
        split_images(made, (0.6, 0.2, 0.2))


def test_one_picture_under_two_names_is_refused() -> None:
    data = cells(3)
    data.images[9] = data.images[2]
    with pytest.raises(InputError, match="cell0 and cell2 share a picture"):
        refuse_twins(split_by_part(data, np.repeat([0, 1, 2], 4)))
    refuse_twins(split_by_part(data, np.repeat([0, 1, 0], 4)))
