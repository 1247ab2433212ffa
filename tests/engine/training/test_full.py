"""From the beginning: owes nothing to another bundle; stopped at random and taken up, it gives the same bundle."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle import Bundle, load_bundle, write_bundle
from engine.card import SUPERRESOLUTION
from engine.errors import Cancelled, InputError
from engine.nets.srafbn import SrafbnConfig
from engine.pipeline import classify_cell
from engine.progress import SilentReporter
from engine.superresolution import enlarge
from engine.training.facts import StepDone, TuningPlan
from engine.training.full import (
    SR_CONFIG,
    FullConfig,
    seconds_per_image,
    super_resolution_seconds,
    train_full,
)
from engine.training.reviewed import Deal, ReviewedCell
from engine.training.run_files import discard_state

Draw = Callable[..., ReviewedCell]
FEW = ["1", "1", "5", "5", "9", "9", "13", "13", "17", "17", "21", "X"]
SR = replace(
    SR_CONFIG,
    network=SrafbnConfig(width=4, groups=1),
    patch=16,
    batch_size=2,
    steps_per_epoch=3,
    epochs=2,
    validation_images=3,
)
CONFIG = FullConfig("fast", epochs=2, balance="none", super_resolution_config=SR)


@pytest.fixture(scope="module")
def deal(draw_reviewed: Draw) -> Deal:
    return Deal((draw_reviewed(1, FEW), draw_reviewed(2, FEW)), (draw_reviewed(3, FEW),), ())


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
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


def test_stopped_at_random_moments_it_gives_the_bundle_of_an_uninterrupted_run(
    pupil: Bundle, deal: Deal, tmp_path: Path, own_bundles: Path
) -> None:
    told: list[StepDone | TuningPlan] = []
    whole = train_full(deal, pupil, CONFIG, folder=tmp_path / "whole", watch=told.append)
    assert [fact.step for fact in told if isinstance(fact, StepDone)] == [0, 1, 2]
    parts, stopped, rng = None, 0, np.random.default_rng(5)
    while parts is None:
        try:
            asked = int(rng.integers(5, 16)) + 4 * stopped  # it takes three to read the cells anew
            parts = train_full(deal, pupil, CONFIG, folder=tmp_path / "parts", reporter=StopAfter(asked))
        except Cancelled:
            stopped += 1
    assert stopped >= 3
    assert parts.card == whole.card
    for name, files in whole.networks.items():
        assert parts.networks[name].weights == files.weights

    card = whole.card
    assert card.super_resolution  # the classifier learned from, and sees, what SRAFBN makes of the pictures
    assert card.parent is None
    assert card.training["learned"] == sorted(cell.digest for cell in (*deal.learn, *deal.tune))  # and none of a parent
    (step,) = card.training["steps"]
    assert (step["way"], step["recipe"], step["parent"], step["epochs"]) == ("full", "fast", None, 2)
    assert step["superresolution"]["tuning_cells"]["images"] == 12
    write_bundle(card, whole.networks, tmp_path / "written")
    written = load_bundle(tmp_path / "written")  # every check of a bundle from outside
    cell = deal.tune[0].images
    assert len(classify_cell(cell, written).chromosomes) == 12
    large = enlarge(cell.chromosomes[0], written)
    assert large.pixels.shape == tuple(2 * side for side in cell.chromosomes[0].pixels.shape)
    discard_state(tmp_path / "parts")
    assert not any((tmp_path / "parts").iterdir())


def test_it_learns(pupil: Bundle, draw_reviewed: Draw, tmp_path: Path, own_bundles: Path) -> None:
    cells = [draw_reviewed(seed, ["1", "1", "10", "10", "22", "22"] * 2) for seed in range(20, 27)]
    deal = Deal(tuple(cells[:6]), tuple(cells[6:]), ())
    told: list[StepDone | TuningPlan] = []
    config = FullConfig("fast", 12, 5e-3, super_resolution=False, balance="smote_features")
    made = train_full(deal, pupil, config, folder=tmp_path, watch=told.append)
    steps = [fact for fact in told if isinstance(fact, StepDone)]
    assert steps[-1].tune_accuracy > 0.6
    assert steps[-1].tune_loss < steps[0].tune_loss / 2
    assert set(made.networks) == {"classifier"}


def test_a_super_resolution_network_stays_if_none_is_trained(
    pupil: Bundle, deal: Deal, tmp_path: Path, own_bundles: Path
) -> None:
    config = replace(CONFIG, epochs=1)
    first = train_full(deal, pupil, config, folder=tmp_path / "first")
    second = train_full(deal, first, replace(config, super_resolution=False), folder=tmp_path / "second")
    assert second.networks[SUPERRESOLUTION].weights == first.networks[SUPERRESOLUTION].weights
    write_bundle(second.card, second.networks, tmp_path / "written")
    assert set(load_bundle(tmp_path / "written").networks) == {"classifier", SUPERRESOLUTION}


def test_the_papers_recipe_is_the_default() -> None:
    recipe = FullConfig().train_config()
    assert (recipe.backbone, recipe.epochs, recipe.batch_size, recipe.learning_rate, recipe.patience) == (
        "inception_resnet_v2",
        100,
        40,
        5e-4,
        21,
    )
    assert recipe.sampling.method == "smote_pixels"
    assert FullConfig("product", epochs=3).train_config().epochs == 3
    assert FullConfig().sees_enlarged
    assert not FullConfig("product").sees_enlarged
    with pytest.raises(InputError, match="no training preset 'magic'"):
        FullConfig("magic")
    with pytest.raises(InputError, match="up to 1000 epochs"):
        FullConfig(epochs=-1)


def test_times_are_measured() -> None:
    assert seconds_per_image(CONFIG) > 0
    assert super_resolution_seconds(CONFIG) > 0
