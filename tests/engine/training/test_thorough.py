"""Thorough: stopped at any epoch and taken up again, it gives the bundle of an uninterrupted run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle import Bundle, load_bundle, write_bundle
from engine.card import AdaptSpec, BundleCard, NetworkCard
from engine.errors import BundleError, Cancelled, InputError
from engine.nets.classifiers import ChromosomeClassifier
from engine.progress import SilentReporter
from engine.training.candidate import weights_of
from engine.training.export import export_bundle
from engine.training.facts import StepDone, TuningPlan
from engine.training.reviewed import Deal, ReviewedCell
from engine.training.run_files import discard_state, has_state
from engine.training.thorough import ThoroughConfig, estimate_seconds, train_thorough

Draw = Callable[..., ReviewedCell]
FEW = ["1", "1", "5", "5", "9", "9", "13", "13", "17", "17", "21", "X"]
CONFIG = ThoroughConfig(epochs=3, balance="none")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("tiny") / "tiny"
    card = BundleCard(
        "tiny", "1.0", "g", {"classifier": NetworkCard("resnet_tiny")}, adapt=AdaptSpec(height=96, width=32)
    )
    export_bundle(ChromosomeClassifier("resnet_tiny").eval(), card, folder)
    return load_bundle(folder)


@pytest.fixture(scope="module")
def deal(draw_reviewed: Draw) -> Deal:
    return Deal((draw_reviewed(1, FEW), draw_reviewed(2, FEW)), (draw_reviewed(3, FEW),), ())


@pytest.fixture(autouse=True)
def threads() -> object:
    """Leave the number of threads as it was."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


class StopAfter(SilentReporter):
    """Cancels when it was asked so many times."""

    def __init__(self, asked: int) -> None:
        self.left = asked

    def check_cancelled(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_stopped_and_taken_up_is_as_if_never_stopped(
    tiny: Bundle, deal: Deal, tmp_path: Path, own_bundles: Path
) -> None:
    told: list[StepDone | TuningPlan] = []
    whole = train_thorough(deal, tiny, CONFIG, folder=tmp_path / "whole", watch=told.append)
    steps = [fact for fact in told if isinstance(fact, StepDone)]
    assert [step.step for step in steps] == [0, 1, 2, 3]
    assert all(len(step.answers) == 12 for step in steps)
    assert steps[3].tune_loss < steps[0].tune_loss
    assert has_state(tmp_path / "whole")

    parts, stopped, rng = None, 0, np.random.default_rng(11)
    while parts is None:  # while reading, in an epoch, between epochs; it takes three to read the cells anew
        try:
            asked = int(rng.integers(1, 8)) + stopped
            parts = train_thorough(deal, tiny, CONFIG, folder=tmp_path / "parts", reporter=StopAfter(asked))
        except Cancelled:
            stopped += 1
    assert stopped >= 3
    assert parts.card == whole.card
    first, second = weights_of(whole), weights_of(parts)
    assert all(np.array_equal(first[name], second[name]) for name in first)

    assert whole.card.parent == "tiny 1.0"
    assert whole.card.training["steps"][0]["way"] == "thorough"
    write_bundle(whole.card, whole.networks, tmp_path / "written")
    assert load_bundle(tmp_path / "written").card.name == "g-own-1"
    before = weights_of(tiny)
    assert not np.array_equal(before["backbone.conv1.weight"], first["backbone.conv1.weight"])
    discard_state(tmp_path / "whole")
    assert not has_state(tmp_path / "whole")


def test_other_cells_start_anew(tiny: Bundle, deal: Deal, tmp_path: Path, draw_reviewed: Draw) -> None:
    with pytest.raises(Cancelled):
        train_thorough(deal, tiny, CONFIG, folder=tmp_path, reporter=StopAfter(9))
    assert has_state(tmp_path)
    other = Deal((draw_reviewed(7),), deal.tune, ())
    told: list[StepDone | TuningPlan] = []
    with pytest.raises(Cancelled):
        train_thorough(other, tiny, CONFIG, folder=tmp_path, reporter=StopAfter(3), watch=told.append)
    assert [fact.step for fact in told if isinstance(fact, StepDone)] == [0]  # not where the other one was


def test_a_damaged_state_starts_anew(tiny: Bundle, deal: Deal, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        train_thorough(deal, tiny, CONFIG, folder=tmp_path, reporter=StopAfter(9))
    (tmp_path / "state.pt").write_bytes(b"no state")
    told: list[StepDone | TuningPlan] = []
    with pytest.raises(Cancelled):
        train_thorough(deal, tiny, CONFIG, folder=tmp_path, reporter=StopAfter(4), watch=told.append)
    assert [fact.step for fact in told if isinstance(fact, StepDone)] == [0]


def test_the_estimate_grows_with_the_work(tiny: Bundle, deal: Deal) -> None:
    assert estimate_seconds(deal, tiny, CONFIG) > 0


def test_what_cannot_be_trained_is_refused(tiny: Bundle, deal: Deal, ruler: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="its network is unknown here"):
        train_thorough(deal, ruler, CONFIG, folder=tmp_path)
    card = replace(
        tiny.card, networks={"classifier": replace(tiny.card.networks["classifier"], architecture="resnet18")}
    )
    with pytest.raises(BundleError, match="cannot be trained further"):
        train_thorough(deal, Bundle(card, tiny.networks, "x"), CONFIG, folder=tmp_path)
    with pytest.raises(InputError, match="1 to 200 epochs"):
        ThoroughConfig(epochs=0)
