"""SMOTE: samples between neighbours, counts as asked for, and nothing on the other side of the split."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.training.config import SamplingConfig
from engine.training.dataset import LabelledImages, concatenate
from engine.training.sampling import class_weights, oversample, targets_for, with_smote
from engine.training.split import Split
from engine.types import CLASS_INDEX

X, Y = CLASS_INDEX["X"], CLASS_INDEX["Y"]


def images(counts: dict[int, int], group: str, level: int = 60, seed: int = 0, known: bool = True) -> LabelledImages:
    """Random small pictures around one grey level."""
    labels = np.concatenate([np.full(count, label, np.int64) for label, count in counts.items()])
    rng = np.random.default_rng(seed)
    pictures = rng.integers(level - 20, level + 20, (len(labels), 12, 6)).astype(np.uint8)
    size = np.stack([rng.normal(0, 0.3, len(labels)), rng.normal(0, 0.2, len(labels)), np.ones(len(labels))], axis=1)
    return LabelledImages(
        pictures,
        size.astype(np.float32),
        labels,
        np.full(len(labels), known),
        np.array([f"{group}{index}" for index in range(len(labels))]),
        np.full(len(labels), group),
    )


def test_a_sample_lies_on_the_segment_between_neighbours() -> None:
    """Equation 17, with the neighbours of equations 14 and 15."""
    own = np.random.default_rng(4).normal(size=(9, 5)).astype(np.float32)
    made, labels = oversample(own, np.full(9, X), {X: 60}, seed=2, neighbours=3)
    assert len(made) == 51
    assert set(labels.tolist()) == {X}
    for sample in made:
        fits = 0
        for start in own:
            distance = np.linalg.norm(own - start, axis=1)
            for end in own[np.argsort(distance)[1:4]]:
                part = float((sample - start) @ (end - start) / ((end - start) @ (end - start)))
                off = np.linalg.norm(sample - (start + part * (end - start)))
                fits += off < 1e-5 and -1e-6 <= part <= 1 + 1e-6
        assert fits >= 1


def test_neighbours_are_as_many_as_there_can_be() -> None:
    pair = np.array([[0.0, 0.0], [1.0, 2.0]], np.float32)
    made, _ = oversample(pair, np.full(2, Y), {Y: 8}, seed=0, neighbours=5)
    np.testing.assert_allclose(made[:, 1], 2 * made[:, 0], atol=1e-6)
    assert float(made[:, 0].min()) >= 0
    with pytest.raises(InputError, match=r"at least two .*; Y has 1"):
        oversample(pair[:1], np.full(1, Y), {Y: 8}, seed=0)


def test_targets_are_explicit_or_the_median_of_the_others() -> None:
    labels = np.repeat([0, 1, 2, X, Y], [10, 12, 11, 8, 2])
    assert targets_for(labels, SamplingConfig("smote_pixels")) == {X: 10, Y: 10}
    assert targets_for(labels, SamplingConfig("smote_pixels", {"X": 11, "1": 5})) == {X: 11}
    with pytest.raises(InputError, match=r"targets: Z = 4"):
        SamplingConfig("smote_pixels", {"Z": 4})


def test_only_the_training_part_grows_and_only_from_itself() -> None:
    """The validation and test pictures are of other grey levels: any mixture with them would show."""
    train = images({0: 20, 1: 20, X: 6, Y: 3}, "t", level=60)
    split = Split(train, images({X: 9, Y: 9}, "v", level=140), images({X: 9, Y: 9}, "e", level=220))
    grown = with_smote(split, SamplingConfig("smote_pixels"), seed=1)
    assert grown.validation is split.validation
    assert grown.test is split.test
    new = grown.train.take(grown.train.synthetic)
    assert np.bincount(grown.train.labels, minlength=24)[[0, 1, X, Y]].tolist() == [
        20,
        20,
        13,
        13,
    ]
    assert len(new) == 17
    for label in (X, Y):
        own = train.take(train.labels == label)
        made = new.take(new.labels == label)
        assert (made.images >= own.images.min(axis=0)).all()
        assert (made.images <= own.images.max(axis=0)).all()
        assert (made.size >= own.size.min(axis=0) - 1e-6).all()
    np.testing.assert_array_equal(grown.train.take(~grown.train.synthetic).images, train.images)
    again = with_smote(split, SamplingConfig("smote_pixels"), seed=1)
    np.testing.assert_array_equal(again.train.images, grown.train.images)
    assert not np.array_equal(
        with_smote(split, SamplingConfig("smote_pixels"), seed=2).train.images, again.train.images
    )


def test_pixels_and_size_are_drawn_out_by_one_factor() -> None:
    train = images({0: 9, Y: 2}, "t")
    grown = with_smote(
        Split(train, images({0: 1}, "v"), images({0: 1}, "e")), SamplingConfig("smote_pixels", {"Y": 6}), seed=3
    )
    first, last = train.take(train.labels == Y).images.astype(float)
    sizes = train.take(train.labels == Y).size
    for picture, size in zip(grown.train.images[-4:].astype(float), grown.train.size[-4:], strict=True):
        part = ((picture - first) * (last - first)).sum() / ((last - first) ** 2).sum()
        assert size[0] == pytest.approx(sizes[0, 0] + part * (sizes[1, 0] - sizes[0, 0]), abs=0.02)


def test_upside_down_pictures_are_no_parents() -> None:
    bright = images({Y: 5}, "u", level=200, known=False)
    train = concatenate([images({0: 12, Y: 3}, "t", level=60), bright])
    grown = with_smote(Split(train, images({0: 1}, "v"), images({0: 1}, "e")), SamplingConfig("smote_pixels"), seed=3)
    made = grown.train.take(grown.train.synthetic)
    assert len(made) == 2  # the median of 12 and 8 is 10
    assert int(made.images.max()) < 100
    assert made.polarity_known.all()
    unknown = replace(train, polarity_known=np.zeros(len(train), np.bool_))
    with pytest.raises(InputError, match="known polarity; Y has 0"):
        with_smote(Split(unknown, images({0: 1}, "v"), images({0: 1}, "e")), SamplingConfig("smote_pixels"), seed=3)


def test_weights_raise_what_is_rare_and_keep_the_mean() -> None:
    labels = np.repeat([0, 1, X, Y], [10, 10, 5, 2])
    weights = class_weights(labels, SamplingConfig("class_weights", {"X": 10, "Y": 10}))
    assert weights[X] / weights[0] == pytest.approx(2.0)
    assert weights[Y] / weights[0] == pytest.approx(5.0)
    assert float(weights[labels].mean()) == pytest.approx(1.0)
