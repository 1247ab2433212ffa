"""From the beginning: a classifier that owes nothing to another, by the paper's recipe or the program's; SRAFBN, too.

It takes hours to weeks on a CPU. It can be stopped at any moment and goes on where it was.
"""

import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from engine.bundle import Bundle, NetworkFiles
from engine.card import CLASSIFIER, SUPERRESOLUTION, BundleCard, NetworkCard
from engine.errors import InputError
from engine.nets.srafbn import Srafbn, srafbn_loss
from engine.progress import Reporter, SilentReporter
from engine.training.candidate import candidate_card, next_name
from engine.training.config import Sampling, SamplingConfig, TrainConfig, preset
from engine.training.facts import Watcher
from engine.training.initial import network_card, new_classifier
from engine.training.network_run import NetworkRun, measured_seconds
from engine.training.reviewed import Deal, one_stain
from engine.training.run_files import SR_ORIGIN_FILE, SR_STATE_FILE
from engine.training.sr_config import SrTrainConfig
from engine.training.sr_run import originals, sr_network
from engine.training.superres import SrImage, SrTrainer, score
from engine.whole_file import write_whole_text

SR_CONFIG = replace(SrTrainConfig(), epochs=20, steps_per_epoch=50, batch_size=8, validation_images=40)
"""Of SRAFBN here: a laboratory's own cells are few, and short epochs lose little when a run is stopped."""


@dataclass(frozen=True, slots=True)
class FullConfig:
    """Settings of From the beginning."""

    recipe: str = "paper"  # a preset: `paper`, `product`, `fast`
    epochs: int = 0  # 0 = the recipe's
    learning_rate: float = 0.0  # 0 = the recipe's
    balance: Sampling = "smote_pixels"
    super_resolution: bool = True  # train SRAFBN, too; the classifier sees through it, but for the recipe `product`
    super_resolution_config: SrTrainConfig = SR_CONFIG
    seed: int = 1
    threads: int = 1  # of the processor

    def __post_init__(self) -> None:
        if not 0 <= self.epochs <= 1000 or not 0 <= self.learning_rate <= 0.01 or self.threads < 1:
            raise InputError("From the beginning needs up to 1000 epochs and a learning rate up to 0.01.")
        preset(self.recipe)  # refuses an unknown one

    @property
    def sees_enlarged(self) -> bool:
        """Whether SRAFBN comes before the classifier, as in the paper; else it serves the display alone."""
        return self.super_resolution and self.recipe != "product"

    def train_config(self) -> TrainConfig:
        """Return the recipe with these changes."""
        base = preset(self.recipe)
        return replace(
            base,
            epochs=self.epochs or base.epochs,
            learning_rate=self.learning_rate or base.learning_rate,
            sampling=SamplingConfig(self.balance),
            seed=self.seed,
        )


def train_full(
    deal: Deal,
    current: Bundle,
    config: FullConfig | None = None,
    *,
    folder: Path,
    reporter: Reporter | None = None,
    watch: Watcher | None = None,
) -> Bundle:
    """Train SRAFBN if asked for, then a classifier, on reviewed cells alone.

    Parameters
    ----------
    deal : `judge` is not looked at.
    current : the bundle in use; of it only a super-resolution network is taken over, if none is trained.
    folder : where the state is kept; what lies there is taken up if it is of this very run, and else replaced.
    watch : told of each epoch of the classifier.

    Returns
    -------
    A candidate, not installed.

    Raises
    ------
    InputError
        If there are too few chromosomes.
    """
    config, reporter = config or FullConfig(), reporter or SilentReporter()
    torch.set_num_threads(config.threads)
    recipe = config.train_config()
    folder.mkdir(parents=True, exist_ok=True)
    others = {name: files for name, files in current.networks.items() if name == SUPERRESOLUTION}
    cards = {name: card for name, card in current.card.networks.items() if name == SUPERRESOLUTION}
    told: dict[str, Any] = {}
    if config.super_resolution:
        others[SUPERRESOLUTION], cards[SUPERRESOLUTION], told = _super_resolution(deal, config, folder, reporter)
    blank = _blank(one_stain([*deal.learn, *deal.tune]), recipe, config, cards)
    eyes = Bundle(blank, others, blank.name)
    run = NetworkRun(deal, new_classifier(recipe), recipe, "from the beginning", config.threads, reporter, eyes)
    model = run.fit(folder, watch)
    trained = run.trainer.epoch, run.trainer.best_epoch
    card = candidate_card(blank, blank.name, deal, _step(recipe, config, told, trained), anew=True)
    return run.candidate(model, card, others)


def seconds_per_image(config: FullConfig) -> float:
    """Return how many seconds one image takes in one epoch of the classifier here, from one measured batch."""
    recipe = config.train_config()
    return measured_seconds(new_classifier(recipe), recipe, config.threads)


def super_resolution_seconds(config: FullConfig) -> float:
    """Return how long SRAFBN would take here, from one measured step."""
    sr = config.super_resolution_config
    torch.set_num_threads(config.threads)
    model = Srafbn(sr.network)
    side, batch = sr.patch, 2
    seconds = []
    for _ in range(2):  # the first one warms up
        began = time.perf_counter()
        steps = model(torch.rand(batch, 1, side // sr.network.scale, side // sr.network.scale), with_steps=True)
        loss: Any = srafbn_loss(steps, torch.rand(batch, 1, side, side))
        loss.backward()
        seconds.append(time.perf_counter() - began)
    return seconds[-1] / batch * sr.batch_size * sr.steps_per_epoch * sr.epochs


def _super_resolution(
    deal: Deal, config: FullConfig, folder: Path, reporter: Reporter
) -> tuple[NetworkFiles, NetworkCard, dict[str, Any]]:
    """Train SRAFBN on what is learned from; its best epoch is chosen, and it is measured, on the tuning cells."""
    sr = config.super_resolution_config
    parts = [
        [
            SrImage(originals(image.pixels, image.mask), cell.images.stain, cell.name, cell.group)
            for cell in cells
            for image in cell.images.chromosomes
        ]
        for cells in (deal.learn, deal.tune)
    ]
    trainer = SrTrainer(parts[0], parts[1], sr)
    state, origin = folder / SR_STATE_FILE, "".join(cell.digest for cell in (*deal.learn, *deal.tune))
    if not _same_origin(folder / SR_ORIGIN_FILE, origin):
        state.unlink(missing_ok=True)
        write_whole_text(folder / SR_ORIGIN_FILE, origin)
    if state.is_file():
        try:
            trainer.resume(state)
        except Exception:  # damaged, or of other settings: it starts anew
            trainer = SrTrainer(parts[0], parts[1], sr)
    for _ in trainer.fit(reporter, state):
        reporter.check_cancelled()
    model = trainer.best_model()
    figures = asdict(score(model, parts[1], sr.degradation, reporter))
    told = {"recipe": asdict(sr), "best_epoch": trainer.best_epoch, "tuning_cells": figures}
    return sr_network(model), NetworkCard("srafbn", asdict(model.config), batch=1), told


def _same_origin(file: Path, origin: str) -> bool:
    try:
        return file.read_text("utf-8") == origin
    except (OSError, UnicodeDecodeError):
        return False


def _blank(stain: str, recipe: TrainConfig, config: FullConfig, others: dict[str, NetworkCard]) -> BundleCard:
    return BundleCard(
        next_name(stain),
        "1.0",
        stain,  # type: ignore[arg-type]
        {CLASSIFIER: network_card(recipe), **others},
        adapt=recipe.adapt,
        size_features=recipe.size_features,
        super_resolution=config.sees_enlarged,
        licence="Weights: trained on the laboratory's own cells.",
    )


def _step(
    recipe: TrainConfig, config: FullConfig, super_resolution: dict[str, Any], trained: tuple[int, int]
) -> dict[str, Any]:
    step = {
        "way": "full",
        "recipe": config.recipe,
        "balance": config.balance,
        "epochs": trained[0],
        "best_epoch": trained[1],
        "learning_rate": recipe.learning_rate,
        "seed": config.seed,
        "threads": config.threads,
        "torch": torch.__version__,
    }
    return {**step, **({SUPERRESOLUTION: super_resolution} if super_resolution else {})}
