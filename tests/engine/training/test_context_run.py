"""A run of the context: from a bundle and labelled cells to a bundle that sees whole cells."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine.bundle import Bundle, load_bundle
from engine.card import CLASSIFIER, CONTEXT, AdaptSpec, BundleCard, NetworkCard
from engine.cli import main
from engine.errors import InputError
from engine.nets.classifiers import ChromosomeClassifier
from engine.training.context import ContextConfig
from engine.training.context_run import ContextRun, train_context
from engine.training.export import export_bundle


@pytest.fixture
def untrained(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    spec = AdaptSpec(height=64, width=32, median_area=300.0, length_power=0.5)
    card = BundleCard("blank", "1.0", "g", {CLASSIFIER: NetworkCard("resnet_tiny")}, adapt=spec)
    export_bundle(ChromosomeClassifier("resnet_tiny").eval(), card, tmp_path / "blank")
    return tmp_path / "blank"


def test_a_bundle_learns_the_context_of_cells(
    write_labelled: Callable[..., Path], untrained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rods = write_labelled(tmp_path / "rods")
    command = ["train", "context", "--bundle", str(untrained), "--data", str(rods), "--out", str(tmp_path / "wide")]
    command += ["--split", "0.5", "0.25", "0.25", "--split-seed", "2", "--epochs", "10", "--kept", str(tmp_path / "k")]
    assert main(command) == 0
    assert "epoch 10 of 10: validation loss" in capsys.readouterr().out
    bundle, before = load_bundle(tmp_path / "wide"), load_bundle(untrained)
    assert set(bundle.card.networks) == {CLASSIFIER, CONTEXT}
    assert bundle.networks[CLASSIFIER].weights == before.networks[CLASSIFIER].weights
    assert bundle.card.training["context"]["split"] == {"seed": 2, "fractions": [0.5, 0.25, 0.25]}
    assert bundle.card.training["context"]["cells"]["training"] >= 1
    assert 1.0 <= bundle.card.training["context"]["variation"]["rods"] <= 2.5
    assert bundle.card.calibration.size is None  # twelve labels only: no spread is known of the others
    figures = bundle.card.metrics["rods"]
    assert figures["part"] == "test"
    assert figures["n_chromosomes"] == 12 * figures["n_cells"]
    assert 0.0 <= figures["context_accuracy"] <= 1.0


def test_no_source_is_refused_before_anything_is_written(tmp_path: Path, ruler: Bundle) -> None:
    run = ContextRun(tmp_path / "out", ruler, (), ContextConfig(), (0.7, 0.1, 0.2), 0, tmp_path / "kept")
    with pytest.raises(InputError, match="no labelled folder"):
        train_context(run)
    assert not (tmp_path / "out").exists()
