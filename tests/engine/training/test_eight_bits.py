"""A bundle in 8 bits says what it said before, up to rounding, and does not let itself be trained."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle import Bundle, load_bundle, write_bundle
from engine.card import CLASSIFIER, CONTEXT, FLOAT32, INT8, SUPERRESOLUTION, BundleCard, NetworkCard
from engine.errors import BundleError
from engine.imaging.cells import CellSource
from engine.imaging.read import find_cells, read_cell
from engine.nets.classifiers import ChromosomeClassifier
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.pipeline import classify_cell, see
from engine.simulate.cells import simulate_cell, write_cell
from engine.superresolution import enlarge
from engine.training.config import TrainConfig
from engine.training.eight_bits import MOST_CELLS, agreement, bundle_in_eight_bits, spread
from engine.training.export import export_bundle
from engine.training.initial import classifier_of, new_classifier
from engine.training.looks import Looks
from engine.training.sr_run import sr_network
from engine.types import CellImages

AsIfTrained = Callable[[ChromosomeClassifier], ChromosomeClassifier]
Cells = Sequence[CellImages]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Cells:
    """Three drawn cells, read as files are."""
    folder = tmp_path_factory.mktemp("drawn")
    for seed in (1, 2, 3):
        write_cell(simulate_cell("46,XX", seed=seed), folder / str(seed))
    return [read_cell(source) for source in find_cells([folder])]


@pytest.fixture(scope="module")
def whole(as_if_trained: AsIfTrained, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A classifier that leans on the cell, and an SRAFBN, both with numbers in the range of trained ones."""
    torch.manual_seed(5)
    folder, config = tmp_path_factory.mktemp("eight") / "whole", SrafbnConfig(width=8, groups=2, steps=2)
    networks = {
        CLASSIFIER: NetworkCard("resnet_tiny", {"cell_share": 0.8}, batch=96),
        SUPERRESOLUTION: NetworkCard("srafbn", {"width": 8, "groups": 2, "steps": 2}, batch=1),
    }
    card = BundleCard("whole", "3", "any", networks, metrics={"some": {"accuracy": 1.0}})
    classifier = as_if_trained(ChromosomeClassifier("resnet_tiny", cell_share=0.8)).eval()
    export_bundle(classifier, card, folder, {SUPERRESOLUTION: sr_network(Srafbn(config).eval())})
    return load_bundle(folder)


@pytest.fixture(scope="module")
def small(whole: Bundle, cells: Cells, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("eight") / "small"
    bundle_in_eight_bits(whole, cells[:2], folder, "small")
    return load_bundle(folder)


def test_the_classifier_sees_the_same_up_to_rounding(whole: Bundle, small: Bundle, cells: Cells) -> None:
    before, after = (see(cells[2], bundle) for bundle in (whole, small))
    for name in ("uncalibrated", "features"):
        old, new = getattr(before, name), getattr(after, name)
        spread_of_old = float(np.std(old))
        assert spread_of_old > 1e-3
        assert 0 < float(np.sqrt(np.mean((new - old) ** 2))) < 0.1 * spread_of_old


def test_the_picture_is_the_same_up_to_rounding(whole: Bundle, small: Bundle, cells: Cells) -> None:
    for chromosome in cells[2].chromosomes[::15]:
        before, after = (enlarge(chromosome, bundle).pixels for bundle in (whole, small))
        error = float(np.sqrt(np.mean((after - before) ** 2)))
        assert 0 < error < 0.01  # 40 dB, far below what super-resolution itself errs by


def test_the_shipped_bundle_keeps_its_labels(cells: Cells, tmp_path: Path) -> None:
    shipped = load_bundle("g-default")
    bundle_in_eight_bits(shipped, cells[:2], tmp_path / "small", "g-small")
    small = load_bundle(tmp_path / "small")
    same, count = agreement(shipped, small, cells[2:])
    assert count == 46
    assert same >= 45
    assert small.card.networks[CONTEXT].arithmetic == FLOAT32
    assert small.networks[CONTEXT].weights == shipped.networks[CONTEXT].weights
    before, after = (classify_cell(cells[2], bundle) for bundle in (shipped, small))
    assert after.bundle.name == "g-small"
    turned = [
        abs(old.upright_rotation_deg - new.upright_rotation_deg) > 1.0
        for old, new in zip(before.chromosomes, after.chromosomes, strict=True)
    ]
    assert sum(turned) <= 1


def test_weights_take_a_byte(whole: Bundle, small: Bundle) -> None:
    old, new = (len(bundle.networks[CLASSIFIER].weights) for bundle in (whole, small))
    assert new < 0.62 * old  # float16 before; vectors stay float32


def test_the_card_says_what_was_done_and_carries_no_old_figures(whole: Bundle, small: Bundle) -> None:
    assert small.card.parent == "whole 3"
    assert {network.arithmetic for network in small.card.networks.values()} == {INT8}
    assert small.card.training["eight_bits"]["cells"] == 2
    assert whole.card.metrics
    assert not small.card.metrics


def test_it_is_not_trained_further(small: Bundle) -> None:
    with pytest.raises(BundleError, match="computes in 8 bits and cannot be trained further; take whole 3"):
        classifier_of(small)
    with pytest.raises(BundleError, match="cannot be trained further"):
        new_classifier(replace(TrainConfig(), backbone="resnet_tiny", cell_share=0.8), init=small)


def test_one_whose_heads_have_learned_names_what_can_be_trained(small: Bundle) -> None:
    card = replace(small.card, name="taught", parent="small 3")
    with pytest.raises(BundleError, match="cannot be trained further; take whole 3"):
        classifier_of(Bundle(card, small.networks, "taught"))


def test_its_heads_can_still_learn(whole: Bundle, small: Bundle) -> None:
    before, after = (Looks(bundle).label_head for bundle in (whole, small))
    np.testing.assert_allclose(after.weight, before.weight, atol=1e-6)


def test_twice_is_refused_and_leaves_nothing(small: Bundle, cells: Cells, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="already"):
        bundle_in_eight_bits(small, cells, tmp_path / "smaller", "smaller")
    with pytest.raises(ValueError, match="at least one cell"):
        bundle_in_eight_bits(small, [], tmp_path / "smaller", "smaller")
    assert not list(tmp_path.iterdir())


def test_a_damaged_one_is_refused(small: Bundle, tmp_path: Path) -> None:
    write_bundle(small.card, small.networks, tmp_path / "damaged")
    weights = tmp_path / "damaged" / "classifier.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(BundleError, match="cannot be used"):
        load_bundle(tmp_path / "damaged")


def test_cells_are_taken_evenly() -> None:
    sources = [CellSource(str(number), ()) for number in range(100)]
    taken = [int(source.name) for source in spread(sources)]
    assert len(taken) == MOST_CELLS
    assert (taken[0], taken[-1]) == (0, 99)
    assert spread(sources[:3]) == sources[:3]
