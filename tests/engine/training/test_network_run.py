"""What Thorough and From the beginning share: what is made up stays where it is learned from; other runs start anew."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle import Bundle
from engine.errors import Cancelled
from engine.nets.classifiers import ChromosomeClassifier
from engine.progress import SilentReporter
from engine.training.config import Sampling, SamplingConfig, TrainConfig
from engine.training.dataset import PIXEL_SCALE
from engine.training.facts import StepDone, TuningPlan
from engine.training.network_run import NetworkRun
from engine.training.reviewed import Deal, ReviewedCell
from engine.training.run_files import has_state
from engine.training.thorough import ThoroughConfig, train_thorough

Draw = Callable[..., ReviewedCell]
RECIPE = TrainConfig(backbone="resnet_tiny", epochs=1, ema_decay=0.9)
RARE = ["1"] * 6 + ["2"] * 6 + ["3"] * 6 + ["X", "X", "Y"]


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    """Leave the number of threads as it was."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def rare(draw_reviewed: Draw) -> Deal:
    """Cells in which X is rare and Y stands alone."""
    return Deal((draw_reviewed(1, RARE),), (draw_reviewed(3, RARE),), ())


def run(deal: Deal, method: Sampling, reporter: SilentReporter | None = None) -> NetworkRun:
    recipe = replace(RECIPE, sampling=SamplingConfig(method))
    torch.manual_seed(1)
    model = ChromosomeClassifier("resnet_tiny")
    return NetworkRun(deal, model, recipe, "drawn", 1, reporter or SilentReporter())


def test_made_images_are_learned_from_and_never_measured_on(rare: Deal, tmp_path: Path) -> None:
    made = run(rare, "smote_pixels")
    train = made.trainer.train
    assert train.synthetic.sum() == 4  # X from two to six; Y has nothing to lie between
    assert np.bincount(train.labels, minlength=24)[[22, 23]].tolist() == [6, 1]
    assert not made.tune.synthetic.any()
    assert len(made.tune) == len(made.plan.truth) == 21
    # Every image the network is measured on is one of the real ones, to the pixel.
    real = torch.from_numpy(made.tune.images).float() / PIXEL_SCALE
    seen: list[torch.Tensor] = []
    made.trainer.averaged.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0][:, 0].clone()))
    told: list[StepDone | TuningPlan] = []
    made.fit(tmp_path, told.append)
    for image in torch.cat(seen):
        either = torch.stack([image, image.flip(0, 1)])
        assert min(float((real - one).abs().amax((1, 2)).min()) for one in either) < 1e-6
    assert all(len(fact.answers) == 21 for fact in told if isinstance(fact, StepDone))


def test_smote_on_features_fits_the_head_anew(rare: Deal, tmp_path: Path) -> None:
    made = run(rare, "smote_features")
    assert not made.trainer.train.synthetic.any()
    model = made.fit(tmp_path, None)
    best = made.trainer.best_state
    changed = {name for name, value in model.state_dict().items() if not torch.equal(value, best[name])}
    assert changed == {"label_head.weight", "label_head.bias"}


def test_nothing_to_balance_is_no_trouble(draw_reviewed: Draw, tmp_path: Path) -> None:
    even = Deal((draw_reviewed(2, ["1", "1", "2", "2"]),), (draw_reviewed(4, ["1", "2"]),), ())
    methods: tuple[Sampling, ...] = ("smote_pixels", "smote_features", "class_weights")
    for method in methods:
        run(even, method).fit(tmp_path / method, None)


def test_what_was_learned_within_an_epoch_is_not_lost(rare: Deal, tmp_path: Path) -> None:
    class Stop(SilentReporter):
        batches = 0

        def report(self, done: int, total: int, message: str = "") -> None:
            self.batches += message.startswith("epoch")

        def check_cancelled(self) -> None:
            if self.batches == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        run(rare, "none", Stop()).fit(tmp_path, None)
    assert has_state(tmp_path)
    again = run(rare, "none")
    told: list[StepDone | TuningPlan] = []
    again.fit(tmp_path, told.append)
    assert [fact.step for fact in told if isinstance(fact, StepDone)] == [1]  # the start is not measured again
    whole = run(rare, "none")
    whole.fit(tmp_path / "whole", None)
    for name, value in whole.trainer.best_state.items():
        assert torch.equal(value, again.trainer.best_state[name]), name


def test_synthetic_samples_reach_neither_card_nor_cells(
    rare: Deal, trained_tiny: Bundle, tmp_path: Path, own_bundles: Path
) -> None:
    made = train_thorough(rare, trained_tiny, ThoroughConfig(epochs=1, balance="smote_pixels"), folder=tmp_path)
    (step,) = made.card.training["steps"]
    assert step["counts"]["X"] == 2  # the real ones
    assert made.card.training["learned"] == sorted(cell.digest for cell in (*rare.learn, *rare.tune))
    assert [cell.count for cell in (*rare.learn, *rare.tune)] == [21, 21]
