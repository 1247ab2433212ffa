"""Folds: every image is tested once, nothing is cut that must not be, validation is never test."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.study.folds import fold_of_split, group_names, make_folds
from engine.training.dataset import split_groups

CELLS = np.repeat([f"c{n}" for n in range(20)], 12)
LABELS = np.tile(np.arange(12), 20)


@pytest.mark.parametrize("protocol", ["by-cell", "by-image"])
def test_every_image_is_tested_once_and_validated_elsewhere(protocol: str) -> None:
    names = group_names(protocol, CELLS.tolist(), CELLS.tolist())  # type: ignore[arg-type]
    folds = make_folds(protocol, names, LABELS, 5)  # type: ignore[arg-type]
    assert sum((fold.part == 2).astype(int) for fold in folds).tolist() == [1] * 240
    for fold in folds:
        sides = [set(names[fold.part == part].tolist()) for part in range(3)]
        assert all(sides)
        assert not sides[0] & sides[1]
        assert not sides[0] & sides[2]
        assert not sides[1] & sides[2]
        assert len(sides[0]) > 4 * len(sides[1])
    again = make_folds(protocol, names, LABELS, 5)  # type: ignore[arg-type]
    assert all(np.array_equal(a.part, b.part) for a, b in zip(folds, again, strict=True))


def test_by_cell_no_cell_is_on_two_sides_and_by_image_most_are() -> None:
    cut = {}
    for protocol in ("by-cell", "by-image"):
        names = group_names(protocol, CELLS.tolist(), CELLS.tolist())  # type: ignore[arg-type]
        fold = make_folds(protocol, names, LABELS, 5)[0]  # type: ignore[arg-type]
        cut[protocol] = len(set(CELLS[fold.part == 0].tolist()) & set(CELLS[fold.part == 2].tolist()))
    assert cut["by-cell"] == 0
    assert cut["by-image"] > 15


def test_by_image_every_label_is_dealt_evenly() -> None:
    names = group_names("by-image", CELLS.tolist(), CELLS.tolist())
    for fold in make_folds("by-image", names, LABELS, 5):
        assert np.bincount(LABELS[fold.part == 2]).tolist() == [4] * 12


def test_too_few_groups_are_said() -> None:
    with pytest.raises(InputError, match="2 groups cannot be dealt to 5 folds"):
        make_folds("by-cell", np.array(["a", "b"]), np.array([0, 1]), 5)


def test_the_split_of_a_bundle_is_one_fold() -> None:
    names = np.array([f"cell{number // 3}" for number in range(120)])
    fold = fold_of_split(names, (0.6, 0.2, 0.2), 11)
    part_of = split_groups(names.tolist(), (0.6, 0.2, 0.2), seed=11)
    assert fold.part.tolist() == [part_of[name] for name in names]
    assert set(fold.part.tolist()) == {0, 1, 2}
    with pytest.raises(InputError, match="1 groups are too few"):
        fold_of_split(names[:3], (0.6, 0.2, 0.2), 11)
