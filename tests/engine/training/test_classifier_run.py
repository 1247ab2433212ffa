"""From labelled folders to a bundle: killed and resumed to the same weights, split and provenance on the card."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.bundle import Bundle, load_bundle
from engine.errors import Cancelled, InputError
from engine.evaluation import held_out
from engine.imaging.adapt import AdaptSpec
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.pipeline import see
from engine.training.classifier_run import ClassifierRun, fit_classifier, train_classifier
from engine.training.config import AugmentConfig, SamplingConfig, TrainConfig
from engine.training.sources import open_source
from engine.training.sr_run import sr_network, with_superresolution

SMALL = TrainConfig(
    backbone="resnet_tiny",
    adapt=AdaptSpec(height=64, width=32, median_area=300.0),
    augment=replace(AugmentConfig.none(), half_turns=True, noise=0.02),
    epochs=3,
    batch_size=16,
    bfloat16=False,
    ema_decay=0.5,
    sampling=SamplingConfig("smote_pixels", {"X": 9}),
)
SPLIT = (0.5, 0.25, 0.25)


class Kill:
    """Stops a run in its second epoch."""

    def report(self, done: int, total: int, message: str = "") -> None:
        self.stop = message.startswith("epoch 2 of") and done == 2

    def check_cancelled(self) -> None:
        if getattr(self, "stop", False):
            raise Cancelled


def test_a_run_killed_and_resumed_gives_what_an_undisturbed_one_gives(
    tmp_path: Path, write_labelled: Callable[..., Path]
) -> None:
    source = open_source(write_labelled(tmp_path / "rods"), upright=True)
    run = ClassifierRun(tmp_path / "whole", "rods", SMALL, (source,), SPLIT, split_seed=2)
    undisturbed, _ = fit_classifier(run)
    killed = replace(run, out=tmp_path / "killed")
    with pytest.raises(Cancelled):
        train_classifier(killed, reporter=Kill())
    assert not (killed.out / "bundle").exists()
    with pytest.raises(InputError, match="already holds a run"):
        train_classifier(killed)
    with pytest.raises(InputError, match="other data or settings"):
        train_classifier(replace(killed, config=replace(SMALL, seed=9)), resume=True)
    seen: list[int] = []
    again = train_classifier(killed, resume=True, on_epoch=lambda epoch, _: seen.append(epoch.epoch))
    assert seen == [2, 3]
    assert again is not None
    last = torch.load(killed.checkpoint, weights_only=True)["best_state"]
    for name, value in undisturbed.best_state.items():
        assert torch.equal(value, last[name]), name
    lines = [json.loads(line) for line in (killed.out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    whole = [json.loads(line) for line in (run.out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["train_loss"] for line in lines] == [line["train_loss"] for line in whole]

    bundle = load_bundle(killed.out / "bundle")
    training = bundle.card.training
    assert training["split"] == {"seed": 2, "fractions": [0.5, 0.25, 0.25]}
    assert training["data"][0]["sha256"] == source.digest
    assert training["data"][0]["cells"] == 8
    assert training["recipe"]["learning_rate"] == SMALL.learning_rate
    test_cells = held_out(source.cells, bundle, "test")
    assert bundle.card.metrics["rods"]["n_cells"] == len(test_cells) > 0
    trained = held_out(source.cells, bundle, "train")
    assert training["images"]["training"] == 12 * len(trained)
    assert training["images"]["synthetic"] == 9 - len(trained)
    assert bundle.card.calibration.temperature != 1.0
    assert bundle.card.stain == "g"


def test_too_few_cells_are_said(tmp_path: Path, write_labelled: Callable[..., Path]) -> None:
    source = open_source(write_labelled(tmp_path / "rods", cells=1), upright=True)
    with pytest.raises(InputError, match="1 groups are too few"):
        train_classifier(ClassifierRun(tmp_path / "run", "rods", SMALL, (source,), SPLIT))
    with pytest.raises(InputError, match="no labelled folder"):
        train_classifier(ClassifierRun(tmp_path / "none", "rods", SMALL, ()))


def test_super_resolution_comes_before_the_classifier_in_training_and_at_work(
    tmp_path: Path, write_labelled: Callable[..., Path], ruler: Bundle
) -> None:
    model = Srafbn(SrafbnConfig(width=4, groups=1, steps=1))
    with_superresolution(ruler, model, sr_network(model), {"test": {}}, tmp_path / "sr")
    sr = load_bundle(tmp_path / "sr")
    source = open_source(write_labelled(tmp_path / "rods", cells=5), upright=True)
    config = replace(SMALL, epochs=1, sampling=SamplingConfig())
    run = ClassifierRun(tmp_path / "run", "rods", config, (source,), SPLIT, 2, sr=sr)
    assert "super_resolution" not in replace(run, sr=None).describe()
    card = train_classifier(run)
    assert card is not None
    assert card.super_resolution
    bundle = load_bundle(tmp_path / "run" / "bundle")
    assert bundle.networks["superresolution"].weights == sr.networks["superresolution"].weights
    assert bundle.card.training["super_resolution"]["bundle"] == "ruler 1.0"
    cell = source.read(source.cells[0].folder)
    assert see(cell, bundle).adapted.scale == pytest.approx(
        see(cell, Bundle(replace(bundle.card, super_resolution=False), bundle.networks, "x")).adapted.scale / 2,
        rel=0.05,
    )
