"""One copy of a chromosome before it is drawn."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from engine.simulate.homologue import Homologue, draw_homologue, relative_length
from engine.simulate.ideogram import ideogram
from engine.simulate.look import Look
from engine.types import CLASS_LABELS, Stain


def drawn(label: str, stain: Stain = "g", seed: int = 0, level: int = 850) -> Homologue:
    return draw_homologue(ideogram(label, level), stain, Look(), np.random.default_rng(seed))


def at(homologue: Homologue, megabase: float, around: float = 1.0) -> float:
    """Mean density near a place of the table, leaving out that this copy is stretched."""
    place = megabase / ideogram(homologue.label).length
    low, high = (int((place + side * around / 250) * len(homologue.density)) for side in (-1, 1))
    return float(homologue.density[low : high + 1].mean())


def test_lengths_follow_the_ideogram() -> None:
    lengths = [np.mean([drawn(label, seed=seed).length for seed in range(12)]) for label in CLASS_LABELS]
    megabases = [ideogram(label).length for label in CLASS_LABELS]
    assert spearmanr(lengths, megabases).statistic > 0.98
    assert lengths[0] == pytest.approx(1.0, abs=0.05)
    assert lengths[0] > lengths[2] > lengths[5] > lengths[12] > lengths[17] > lengths[20]


def test_pale_chromosomes_are_longer_than_their_megabases() -> None:
    assert relative_length(ideogram("19")) / 58.6 > relative_length(ideogram("18")) / 80.4 > 0


def test_centromere_divides_the_arms_as_the_ideogram_does() -> None:
    for label in ("1", "3", "7", "11", "X"):
        expected = ideogram(label).centromere / ideogram(label).length
        found = np.mean([drawn(label, seed=seed).centromere for seed in range(12)])
        assert found == pytest.approx(expected, abs=0.05)


def test_waist_lies_at_the_centromere() -> None:
    for label in ("1", "2", "8", "17", "X"):
        copy = drawn(label)
        waist = int(copy.width.argmin()) / (len(copy.width) - 1)
        assert waist == pytest.approx(copy.centromere, abs=0.03)


def test_dark_bands_are_dark() -> None:
    # 1p31.1 (77 Mb) is the darkest band of 1p, its end 1p36 (15 Mb) the palest stretch
    assert np.mean([at(drawn("1", seed=s), 77) - at(drawn("1", seed=s), 9) for s in range(8)]) > 0.4


def test_heteromorphisms_differ_between_copies() -> None:
    assert np.std([drawn("Y", seed=seed).length for seed in range(20)]) > 0.015
    assert np.std([drawn("21", seed=seed).centromere for seed in range(20)]) > 0.02


def test_q_banding_makes_yq_brilliant_and_19_dull() -> None:
    brightest = np.mean([drawn("Y", "q", seed).density.max() for seed in range(8)])
    dullest = np.mean([drawn("19", "q", seed).density.max() for seed in range(8)])
    assert brightest > 1.2 > 0.7 > dullest


def test_coarse_level_shows_fewer_bands() -> None:
    def turns(level: int) -> int:
        slope = np.diff(drawn("1", level=level).density)
        return int((np.diff(np.sign(slope[np.abs(slope) > 1e-5])) != 0).sum())

    assert turns(850) > 1.3 * turns(400)
