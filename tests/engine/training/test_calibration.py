"""Temperatures are found again where they are known."""

import numpy as np
import pytest
from scipy.special import log_softmax

from engine.karyotype.assign import assign
from engine.karyotype.prices import AssignmentOptions
from engine.training.calibration import fit_confidence, fit_size, fit_size_weight, fit_temperature
from engine.types import CLASS_INDEX


def honest(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities (count, 24) and labels drawn from exactly them."""
    rng = np.random.default_rng(seed)
    logp = log_softmax(rng.normal(0, 3, (count, 24)), axis=1)
    labels = np.array([rng.choice(24, p=np.exp(row)) for row in logp])
    return logp, labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_a_known_temperature_is_found(temperature: float) -> None:
    logp, labels = honest(4000)
    assert fit_temperature(logp * temperature, labels) == pytest.approx(temperature, rel=0.08)


def test_nothing_to_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="without images"):
        fit_temperature(np.zeros((0, 24)), np.zeros(0, np.int64))


def test_boasting_placements_get_a_higher_temperature() -> None:
    truth = np.repeat(np.arange(23), 2)
    cells, labels = [], []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        logits = rng.normal(0, 1, (46, 24))
        logits[np.arange(46), truth] += 3.0
        boast = log_softmax(logits * 6.0, axis=1)
        cells.append(boast)
        labels.append(truth)
    options = fit_confidence(cells, labels, AssignmentOptions(), steps=5)
    assert options.confidence_temperature > 1.2
    assert options.part_confidence_temperature == 0.0  # nothing is known of parts of cells


def test_parts_of_cells_have_a_certainty_of_their_own() -> None:
    logp, truth = honest(600)
    parts = [(logp[start : start + 20], truth[start : start + 20]) for start in range(0, 600, 20)]
    before = AssignmentOptions(confidence_temperature=2.2)
    options = fit_confidence(*map(list, zip(*parts, strict=True)), before)  # type: ignore[arg-type]
    assert options.confidence_temperature == 2.2
    assert options.part_confidence_temperature == pytest.approx(1.0, rel=0.25)  # each chromosome goes alone
    placed = [(assign(rows, options=options), own) for rows, own in parts]
    given = [-1 if label is None else CLASS_INDEX[label] for found, _ in placed for label in found.labels]
    right = np.array(given) == np.concatenate([own for _, own in parts])
    stated = np.concatenate([found.confidence for found, _ in placed])
    assert float(stated.mean()) == pytest.approx(float(right.mean()), abs=0.03)
    shy = np.concatenate([assign(rows, options=before).confidence for rows, _ in parts])
    assert float(shy.mean()) < float(right.mean()) - 0.05


def test_a_handful_of_chromosomes_is_no_part_to_learn_certainty_from() -> None:
    logp, truth = honest(10)
    assert fit_confidence([logp], [truth], AssignmentOptions()) == AssignmentOptions()


def test_the_size_of_each_label_is_learned_and_weighed_by_what_it_is_worth() -> None:
    rng = np.random.default_rng(4)
    labels = np.repeat(np.arange(24), 40)
    area = (1.0 - 0.08 * labels + rng.normal(0, 0.03, len(labels))).astype(np.float32)
    size = np.stack([area, area, np.ones_like(area)], axis=1)
    term = fit_size(size, labels)
    assert term is not None
    np.testing.assert_allclose(term.mean, 1.0 - 0.08 * np.arange(24), atol=0.02)
    assert all(0.02 <= sd < 0.05 for sd in term.sd)
    silent = np.full((len(labels), 24), -np.log(24.0))
    silent[np.arange(len(labels)), labels] += 1e-9  # the images say next to nothing, the size all
    assert fit_size_weight([silent], [size], [labels], term).weight == 0.5
    sure = np.full((len(labels), 24), -12.0)
    sure[np.arange(len(labels)), labels] = 0.0
    misleading = size[rng.permutation(len(labels))]
    assert fit_size_weight([sure], [misleading], [labels], term).weight == 0.0


def test_a_label_with_too_few_sizes_gives_no_term() -> None:
    labels = np.repeat(np.arange(24), 20)
    size = np.ones((len(labels), 3), np.float32)
    size[labels == 23, 2] = 0.0  # no cell behind them
    assert fit_size(size, labels) is None
