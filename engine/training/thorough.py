"""Thorough: the whole network goes on learning, gently, from where the bundle is. Minutes to hours; can be resumed.

After each epoch the whole state lies in a folder; a run that is started again with the same cells, bundle and
settings goes on from there, and gives the bundle an uninterrupted run would have given.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from engine.bundle import Bundle, NetworkFiles
from engine.card import CLASSIFIER
from engine.errors import BundleError, InputError
from engine.nets.classifiers import BACKBONES, ChromosomeClassifier
from engine.progress import Reporter, SilentReporter
from engine.sr_stage import as_seen
from engine.training.augment import Augmenter
from engine.training.candidate import calibrated, candidate_card, next_name
from engine.training.config import AugmentConfig, Sampling, SamplingConfig, TrainConfig
from engine.training.dataset import LabelledImages, concatenate, labelled_images
from engine.training.export import CLASSIFIER_OUTPUTS, export_network, read_weights
from engine.training.facts import StepDone, TuningPlan, Watcher
from engine.training.looks import Looks
from engine.training.loop import EpochMetrics, Trainer
from engine.training.reviewed import Deal, ReviewedCell, one_stain
from engine.training.sampling import with_smote
from engine.training.split import Split
from engine.whole_file import write_whole_text

Ints = NDArray[np.int64]

STATE_FILE, RUN_FILE = "state.pt", "run.json"


@dataclass(frozen=True, slots=True)
class ThoroughConfig:
    """Settings of Thorough: gentle, since the bundle knows much that these cells do not show."""

    epochs: int = 6
    learning_rate: float = 3e-4
    balance: Sampling = "smote_features"  # as `smote_pixels` here: the features change while it learns
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
        If there are too few chromosomes, or rare labels are to be balanced and one cannot be.
    BundleError
        If the bundle's network cannot be trained further.
    """
    config, reporter = config or ThoroughConfig(), reporter or SilentReporter()
    start = time.perf_counter()
    torch.set_num_threads(config.threads)
    run = _Run(deal, bundle, config, reporter)
    trainer = run.trainer
    folder.mkdir(parents=True, exist_ok=True)
    resumed = _resume(trainer, folder, run.identity)
    if not resumed:
        (folder / STATE_FILE).unlink(missing_ok=True)
        write_whole_text(folder / RUN_FILE, json.dumps({"identity": run.identity}) + "\n")
    if watch is not None:
        watch(run.plan)
        for old in trainer.history:  # what was learned before the break
            watch(_step(old, config.epochs, None, run, start))
        if not trainer.history:
            loss, accuracy, _ = trainer.validate(reporter)
            watch(StepDone(0, config.epochs, np.nan, np.nan, loss, accuracy, None, 0.0, run.answers()))
    for metrics in trainer.fit(reporter, folder / STATE_FILE):
        if watch is not None:
            watch(_step(metrics, config.epochs, run.answers(), run, start))
    reporter.check_cancelled()
    return run.candidate()


def discard_state(folder: Path) -> None:
    """Forget an unfinished run."""
    for name in (STATE_FILE, RUN_FILE):
        (folder / name).unlink(missing_ok=True)


def has_state(folder: Path) -> bool:
    """Whether an unfinished run lies there."""
    return (folder / STATE_FILE).is_file()


def estimate_seconds(deal: Deal, bundle: Bundle, config: ThoroughConfig | None = None) -> float:
    """Return how long Thorough would take here, from one measured batch; nothing is trained."""
    config = config or ThoroughConfig()
    torch.set_num_threads(config.threads)
    recipe = _recipe(config)
    model = _model(bundle)
    count = sum(cell.count for cell in deal.learn)
    spec, batch = bundle.card.adapt, 16
    images = torch.rand(batch, 1, spec.height, spec.width)
    size = torch.zeros(batch, bundle.card.size_features)
    augment = Augmenter(recipe.augment, torch.Generator().manual_seed(0))
    labels = torch.arange(batch) % 24
    seconds = []
    for _ in range(2):  # the first one warms up
        began = time.perf_counter()
        varied, sizes, _ = augment(images.clone(), size.clone()) if size.shape[1] else (images, size, labels)
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bfloat16):
            out = model(varied.contiguous(memory_format=torch.channels_last), sizes)
        functional.cross_entropy(out.label_logits.float(), labels).backward()  # type: ignore[no-untyped-call]
        seconds.append(time.perf_counter() - began)
    each = seconds[-1] / batch
    tuned = sum(cell.count for cell in deal.tune)
    return each * config.epochs * (count + tuned / 2)


class _Run:
    """The pieces of one run."""

    def __init__(self, deal: Deal, bundle: Bundle, config: ThoroughConfig, reporter: Reporter) -> None:
        self.deal, self.bundle, self.config = deal, bundle, config
        self.stain = one_stain([*deal.learn, *deal.tune])
        train, self._kept_learn = _adapted(deal.learn, bundle, reporter)
        tune, self._kept_tune = _adapted(deal.tune, bundle, reporter)
        recipe = _recipe(config)
        if recipe.sampling.method == "smote_pixels":
            nobody = train.take(np.zeros(0, np.int64))
            train = with_smote(Split(train, tune, nobody), _possible(train, recipe.sampling), seed=config.seed).train
        self.tune = tune
        self.identity = _identity(train, tune, bundle, config)
        torch.manual_seed(config.seed)  # dropout
        batch = min(recipe.batch_size, max(len(train) // 4, 2))
        self.trainer = Trainer(_model(bundle), train, tune, replace(recipe, batch_size=batch))
        first = len(deal.learn)
        cell = np.array([first + number for number, _ in self._kept_tune], np.int64)
        chromosome = np.array([index for _, index in self._kept_tune], np.int64)
        self.plan = TuningPlan(tune.labels, cell, chromosome)

    @torch.no_grad()
    def answers(self) -> Ints:
        """What the averaged network says of the tuning chromosomes."""
        self.trainer.averaged.eval()
        found = []
        for start in range(0, len(self.tune), 128):
            rows = np.arange(start, min(start + 128, len(self.tune)))
            images, size, _, _ = self.trainer._tensors(self.tune, rows)  # noqa: SLF001 - the same arrays as its validation
            found.append(self.trainer.averaged(images, size).label_logits.argmax(1).numpy())
        return np.concatenate(found).astype(np.int64)

    def candidate(self) -> Bundle:
        """Write the network as a bundle in memory, calibrated on the tuning cells."""
        card, trainer = self.bundle.card, self.trainer
        model = trainer.best_model().cpu().to(memory_format=torch.contiguous_format)
        inputs = {"images": torch.zeros(2, 1, card.adapt.height, card.adapt.width)}
        if card.size_features:
            inputs["size"] = torch.zeros(2, card.size_features)
        files = export_network(model, inputs, CLASSIFIER_OUTPUTS, CLASSIFIER)
        c = self.config
        step = {
            "way": "thorough",
            "balance": c.balance,
            "epochs": c.epochs,
            "learning_rate": c.learning_rate,
            "seed": c.seed,
        }
        step["torch"] = torch.__version__
        new_card = candidate_card(self.bundle, next_name(self.stain), self.deal, step)
        networks = {**self.bundle.networks, CLASSIFIER: NetworkFiles(files.graph, files.weights)}
        made = Bundle(new_card, networks, f"candidate {new_card.name}")
        looks = Looks(made, c.threads)
        said = [looks.of(cell).log_probabilities(looks.label_head, new_card) for cell in self.deal.tune]
        return Bundle(calibrated(new_card, self.deal.tune, said), networks, made.source)


def _model(bundle: Bundle) -> ChromosomeClassifier:
    card = bundle.card.networks[CLASSIFIER]
    if card.architecture not in BACKBONES:
        raise BundleError(f"The bundle {bundle.card.name} cannot be trained further: its network is unknown here.")
    options: dict[str, Any] = {"size_features": bundle.card.size_features, **card.parameters}
    try:
        model = ChromosomeClassifier(card.architecture, **options)
        model.load_state_dict(read_weights(bundle))
    except (RuntimeError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise BundleError(f"The bundle {bundle.card.name} cannot be trained further: {reason}") from None
    return model


def _recipe(config: ThoroughConfig) -> TrainConfig:
    method: Sampling = "smote_pixels" if config.balance == "smote_features" else config.balance
    return TrainConfig(
        augment=AugmentConfig(),
        epochs=config.epochs,
        batch_size=32,
        learning_rate=config.learning_rate,
        ema_decay=0.98,
        patience=0,
        sampling=SamplingConfig(method),
        seed=config.seed,
    )


def _possible(train: LabelledImages, sampling: SamplingConfig) -> SamplingConfig:
    """Leave labels as they are that have too few examples to lie between; the others go to the median."""
    usable = np.bincount(train.labels[train.polarity_known], minlength=24)
    counts = np.bincount(train.labels, minlength=24)
    middle = int(np.median(counts[counts > 0]))
    from engine.types import CLASS_LABELS

    targets = {label: middle for i, label in enumerate(CLASS_LABELS) if usable[i] >= 2 and counts[i] < middle}
    return replace(sampling, targets=targets) if targets else replace(sampling, targets={"1": 1})


def _adapted(
    cells: Sequence[ReviewedCell], bundle: Bundle, reporter: Reporter
) -> tuple[LabelledImages, list[tuple[int, int]]]:
    parts, kept = [], []
    for number, cell in enumerate(cells):
        reporter.check_cancelled()
        reporter.report(number, len(cells), cell.name)
        seen = replace(cell.images, chromosomes=as_seen(cell.images.chromosomes, bundle, reporter))
        parts.append(labelled_images(seen, cell.labels, cell.upright_deg, bundle.card.adapt, group=cell.group))
        kept += [(number, index) for index, label in enumerate(cell.labels) if label >= 0]
    images = concatenate(parts)
    return replace(images, size=images.size[:, : bundle.card.size_features]), kept


def _identity(train: LabelledImages, tune: LabelledImages, bundle: Bundle, config: ThoroughConfig) -> str:
    digest = hashlib.sha256(json.dumps(asdict(config), sort_keys=True).encode())
    digest.update(bundle.card.networks[CLASSIFIER].weights_sha256.encode())
    digest.update(hashlib.sha256(bundle.networks[CLASSIFIER].weights).digest())
    for part in (train, tune):
        for rows in (part.images, part.size, part.labels, part.polarity_known):
            digest.update(np.ascontiguousarray(rows).tobytes())
    return digest.hexdigest()


def _resume(trainer: Trainer[ChromosomeClassifier], folder: Path, identity: str) -> bool:
    """Take up what lies in the folder, if it is of this very run."""
    try:
        known = json.loads((folder / RUN_FILE).read_text("utf-8"))["identity"]
        if known != identity or not has_state(folder):
            return False
        trainer.resume(folder / STATE_FILE)
    except Exception:  # whatever torch makes of a damaged file, or one of another version: the run starts anew
        return False
    return True


def _step(metrics: EpochMetrics, epochs: int, answers: Ints | None, run: _Run, start: float) -> StepDone:
    return StepDone(
        metrics.epoch,
        epochs,
        metrics.train_loss,
        metrics.train_accuracy,
        metrics.validation_loss,
        metrics.validation_accuracy,
        metrics.learning_rate,
        time.perf_counter() - start,
        run.answers() if answers is None else answers,
    )
