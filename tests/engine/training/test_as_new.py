"""The variation is found at which a classifier errs on what it learned from as on new images."""

import numpy as np
import pytest
import torch

from engine.nets.classifiers import ChromosomeClassifier
from engine.training import as_new
from engine.training.as_new import STRENGTHS, strength_as_new
from engine.training.config import AugmentConfig
from engine.training.context import CLUTTER, CellEvidence
from engine.training.dataset import LabelledImages


def images(count: int, group: str = "p") -> LabelledImages:
    return LabelledImages(
        np.random.default_rng(count).integers(0, 200, (count, 32, 16)).astype(np.uint8),
        np.ones((count, 3), np.float32),
        np.arange(count) % 24,
        np.ones(count, np.bool_),
        np.array([group] * count),
        np.array([f"c{row // 4}" for row in range(count)]),
    )


@pytest.fixture
def model() -> ChromosomeClassifier:
    torch.manual_seed(0)
    return ChromosomeClassifier("resnet_tiny")


def new(model: ChromosomeClassifier, data: LabelledImages) -> list[CellEvidence]:
    """What the classifier says of images it has not learned from."""
    return as_new.varied_evidence(model, data, None)


def erring(monkeypatch: pytest.MonkeyPatch, on_new: float, per_strength: float) -> list[int]:
    """Let the classifier have the loss `on_new`, and on varied images `per_strength` times the strength."""
    looked: list[int] = []

    def evidence(_: object, data: LabelledImages, augment: AugmentConfig | None, **__: object) -> list[CellEvidence]:
        looked.append(len(data))
        loss = on_new if augment is None else per_strength * augment.gamma / AugmentConfig().gamma
        said = np.full((len(data), 24), -loss, np.float32)
        return [CellEvidence(said, np.zeros((len(data), 5), np.float32), data.size, data.labels)]

    monkeypatch.setattr(as_new, "varied_evidence", evidence)
    return looked


@pytest.mark.parametrize(
    ("on_new", "expected"),
    [(0.05, 1.0), (0.13, 1.3), (0.18, 1.8), (9.0, STRENGTHS[-1])],  # errs enough at once, on the way, never
)
def test_where_the_losses_meet(
    monkeypatch: pytest.MonkeyPatch, model: ChromosomeClassifier, on_new: float, expected: float
) -> None:
    erring(monkeypatch, on_new, per_strength=0.1)
    assert strength_as_new(model, images(30), new(model, images(12, "q")), seed=1) == pytest.approx(expected, abs=1e-6)


def test_a_sample_of_whole_cells_suffices(monkeypatch: pytest.MonkeyPatch, model: ChromosomeClassifier) -> None:
    looked = erring(monkeypatch, 9.0, per_strength=0.1)
    strength_as_new(model, images(4 * 60), new(model, images(12, "q")), seed=1)
    assert looked == [12, *[4 * 40] * len(STRENGTHS)]


def test_without_validation_cells_the_variation_is_the_usual(model: ChromosomeClassifier) -> None:
    assert strength_as_new(model, images(8), [], seed=1) == 1.0


def test_what_is_no_chromosome_has_no_say(model: ChromosomeClassifier) -> None:
    clutter = images(12)
    clutter.labels[:] = CLUTTER
    assert strength_as_new(model, images(8), new(model, clutter), seed=1) == 1.0
