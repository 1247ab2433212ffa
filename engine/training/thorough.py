"""Thorough: the whole network goes on learning, gently, from where the bundle is. Minutes to hours; can be resumed."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from engine.bundle import Bundle
from engine.card import CLASSIFIER
from engine.errors import InputError
from engine.progress import Reporter, SilentReporter
from engine.training.candidate import candidate_card, next_name
from engine.training.config import Sampling, SamplingConfig, TrainConfig
from engine.training.context_kept import with_context_that_helps
from engine.training.facts import Watcher
from engine.training.initial import classifier_of
from engine.training.network_run import NetworkRun, measured_seconds
from engine.training.reviewed import Deal


@dataclass(frozen=True, slots=True)
class ThoroughConfig:
    """Settings of Thorough: gentle, since the bundle knows much that these cells do not show."""

    epochs: int = 6
    learning_rate: float = 3e-4
    balance: Sampling = "smote_pixels"
    seed: int = 1
    threads: int = 1  # of the processor

    def __post_init__(self) -> None:
        if not 1 <= self.epochs <= 200 or not 0 < self.learning_rate <= 0.01 or self.threads < 1:
            raise InputError("Thorough needs 1 to 200 epochs and a learning rate above 0 and up to 0.01.")


def train_thorough(
    deal: Deal,
    bundle: Bundle,
    config: ThoroughConfig | None = None,
    *,
    folder: Path,
    reporter: Reporter | None = None,
    watch: Watcher | None = None,
) -> Bundle:
    """Fine-tune the whole network of a bundle on reviewed cells.

    Parameters
    ----------
    deal : `judge` is not looked at.
    folder : where the state is kept; what lies there is taken up if it is of this very run, and else replaced.
    watch : told of each epoch.

    Returns
    -------
    A candidate, not installed.

    Raises
    ------
    InputError
        If there are too few chromosomes.
    BundleError
        If the bundle's network cannot be trained further.
    """
    config, reporter = config or ThoroughConfig(), reporter or SilentReporter()
    torch.set_num_threads(config.threads)
    origin = hashlib.sha256(bundle.networks[CLASSIFIER].weights).hexdigest()
    run = NetworkRun(deal, classifier_of(bundle), _recipe(config, bundle), origin, config.threads, reporter, bundle)
    model = run.fit(folder, watch)
    step = {"way": "thorough", **asdict(config), "torch": torch.__version__}
    card = candidate_card(bundle.card, next_name(run.stain), deal, step)
    return with_context_that_helps(run.candidate(model, card, bundle.networks), deal.tune, reporter)


def estimate_seconds(deal: Deal, bundle: Bundle, config: ThoroughConfig | None = None) -> float:
    """Return how long Thorough would take here, from one measured batch; nothing is trained."""
    config = config or ThoroughConfig()
    each = measured_seconds(classifier_of(bundle), _recipe(config, bundle), config.threads)
    learned, tuned = (sum(cell.count for cell in part) for part in (deal.learn, deal.tune))
    return each * config.epochs * (learned + tuned / 2)


def _recipe(config: ThoroughConfig, bundle: Bundle) -> TrainConfig:
    return TrainConfig(
        backbone=bundle.card.networks[CLASSIFIER].architecture,
        adapt=bundle.card.adapt,
        size_features=bundle.card.size_features,
        epochs=config.epochs,
        batch_size=32,
        learning_rate=config.learning_rate,
        ema_decay=0.98,
        patience=0,
        sampling=SamplingConfig(config.balance),
        seed=config.seed,
    )
