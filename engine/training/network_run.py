"""One whole network learning from reviewed cells: what Thorough and From the beginning have in common.

The state lies in a folder: a run that is started again with the same cells, network and settings goes on where it was,
within an epoch too, and gives the network an uninterrupted run would have given.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from engine.bundle import Bundle, NetworkFiles
from engine.card import CLASSIFIER, BundleCard
from engine.nets.classifiers import ChromosomeClassifier
from engine.progress import Reporter
from engine.sr_stage import as_seen
from engine.training.augment import Augmenter
from engine.training.candidate import calibrated
from engine.training.config import SamplingConfig, TrainConfig
from engine.training.dataset import LabelledImages, concatenate, labelled_images
from engine.training.export import CLASSIFIER_OUTPUTS, export_network
from engine.training.facts import StepDone, TuningPlan, Watcher
from engine.training.looks import Looks
from engine.training.loop import EpochMetrics, Trainer
from engine.training.rebalanced import rebalanced_head
from engine.training.reviewed import Deal, ReviewedCell, one_stain
from engine.training.run_files import RUN_FILE, STATE_FILE, has_state
from engine.training.sampling import with_smote
from engine.training.split import Split
from engine.types import CLASS_LABELS
from engine.whole_file import write_whole_text

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Cells as adapted images, and whose they are."""

    images: LabelledImages
    place: list[tuple[int, int]]  # (cell, chromosome) of each image


class NetworkRun:
    """The pieces of one run.

    Parameters
    ----------
    deal : `judge` is not looked at.
    model : to begin with; trained in place.
    recipe : the sampling method `smote_features` means that the head is fitted anew in the end.
    origin : what the model began as; a state of another origin is not taken up.
    eyes : a bundle through whose super-resolution network, if its card says so, the images are seen; None: as they are.
    threads : of the processor.
    """

    def __init__(
        self,
        deal: Deal,
        model: ChromosomeClassifier,
        recipe: TrainConfig,
        origin: str,
        threads: int,
        reporter: Reporter,
        eyes: Bundle | None = None,
    ) -> None:
        self.deal, self.recipe, self._reporter, self._threads = deal, recipe, reporter, threads
        self.stain = one_stain([*deal.learn, *deal.tune])
        learn, tune = (_adapted(part, recipe, eyes, reporter) for part in (deal.learn, deal.tune))
        sampling = replace(recipe.sampling, targets=_targets(learn.images, recipe.sampling))
        self._sampled = replace(recipe, sampling=sampling)
        train = learn.images
        if sampling.method == "smote_pixels" and sampling.targets:
            nobody = train.take(np.zeros(0, np.int64))
            train = with_smote(Split(train, tune.images, nobody), sampling, seed=recipe.seed).train
        self._learn, self.tune = learn.images, tune.images
        self.identity = _identity(train, tune.images, recipe, origin)
        torch.manual_seed(recipe.seed)  # dropout
        batch = min(recipe.batch_size, max(len(train) // 4, 2))
        self.trainer = Trainer(model, train, tune.images, replace(self._sampled, batch_size=batch))
        first = len(deal.learn)
        cell = np.array([first + number for number, _ in tune.place], np.int64)
        chromosome = np.array([index for _, index in tune.place], np.int64)
        self.plan = TuningPlan(tune.images.labels, cell, chromosome)

    def fit(self, folder: Path, watch: Watcher | None) -> ChromosomeClassifier:
        """Train to the end, or from where the folder's state is; return the network to keep."""
        start, trainer, epochs = time.perf_counter(), self.trainer, self.recipe.epochs
        folder.mkdir(parents=True, exist_ok=True)
        if not self._resume(folder):
            (folder / STATE_FILE).unlink(missing_ok=True)
            write_whole_text(folder / RUN_FILE, json.dumps({"identity": self.identity}) + "\n")
        if watch is not None:
            watch(self.plan)
            for old in trainer.history:  # what was learned before the break
                watch(self._step(old, start))
            if not trainer.history and not has_state(folder):
                loss, accuracy, _ = trainer.validate(self._reporter)
                watch(StepDone(0, epochs, np.nan, np.nan, loss, accuracy, None, 0.0, self._answers()))
        for metrics in trainer.fit(self._reporter, folder / STATE_FILE):
            if watch is not None:
                watch(self._step(metrics, start))
        self._reporter.check_cancelled()
        model = trainer.best_model().cpu().to(memory_format=torch.contiguous_format)
        if self._sampled.sampling.method == "smote_features" and self._sampled.sampling.targets:
            model = rebalanced_head(model, self._learn, self._sampled)
        return model.eval()

    def candidate(self, model: ChromosomeClassifier, card: BundleCard, networks: Mapping[str, NetworkFiles]) -> Bundle:
        """Return the network as a bundle in memory, calibrated on the tuning cells.

        Parameters
        ----------
        networks : the others of the bundle.
        """
        inputs = {"images": torch.zeros(2, 1, card.adapt.height, card.adapt.width)}
        if card.size_features:
            inputs["size"] = torch.zeros(2, card.size_features)
        files = export_network(model, inputs, CLASSIFIER_OUTPUTS, CLASSIFIER)
        made = Bundle(card, {**networks, CLASSIFIER: files}, f"candidate {card.name}")
        looks = Looks(made, self._threads)
        said = [looks.of(cell).log_probabilities(looks.label_head, card) for cell in self.deal.tune]
        return Bundle(calibrated(card, self.deal.tune, said), made.networks, made.source)

    @torch.no_grad()
    def _answers(self) -> Ints:
        """What the averaged network says of the tuning chromosomes."""
        self.trainer.averaged.eval()
        found = []
        for start in range(0, len(self.tune), 128):
            rows = np.arange(start, min(start + 128, len(self.tune)))
            images, size, _, _ = self.trainer._tensors(self.tune, rows)  # noqa: SLF001 - the same arrays as its validation
            found.append(self.trainer.averaged(images, size).label_logits.argmax(1).numpy())
        return np.concatenate(found).astype(np.int64)

    def _step(self, metrics: EpochMetrics, start: float) -> StepDone:
        return StepDone(
            metrics.epoch,
            self.recipe.epochs,
            metrics.train_loss,
            metrics.train_accuracy,
            metrics.validation_loss,
            metrics.validation_accuracy,
            metrics.learning_rate,
            time.perf_counter() - start,
            self._answers(),
        )

    def _resume(self, folder: Path) -> bool:
        """Take up what lies in the folder, if it is of this very run."""
        try:
            known = json.loads((folder / RUN_FILE).read_text("utf-8"))["identity"]
            if known != self.identity or not has_state(folder):
                return False
            self.trainer.resume(folder / STATE_FILE)
        except Exception:  # whatever torch makes of a damaged file, or one of another version: the run starts anew
            return False
        return True


def measured_seconds(model: ChromosomeClassifier, recipe: TrainConfig, threads: int) -> float:
    """Return how many seconds one image takes in one epoch here, from one measured batch of a model to throw away."""
    torch.set_num_threads(threads)
    spec = recipe.adapt
    batch = 4 if spec.height * spec.width > 20_000 else 16
    images, size = torch.rand(batch, 1, spec.height, spec.width), torch.zeros(batch, recipe.size_features)
    augment = Augmenter(recipe.augment, torch.Generator().manual_seed(0))
    labels = torch.arange(batch) % len(CLASS_LABELS)
    model.train()
    seconds = []
    for _ in range(2):  # the first one warms up
        began = time.perf_counter()
        varied, sizes, _ = augment(images.clone(), size.clone()) if size.shape[1] else (images, size, labels)
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bfloat16):
            out = model(varied.contiguous(memory_format=torch.channels_last), sizes)
        functional.cross_entropy(out.label_logits.float(), labels).backward()  # type: ignore[no-untyped-call]
        seconds.append(time.perf_counter() - began)
    return seconds[-1] / batch


def _targets(train: LabelledImages, sampling: SamplingConfig) -> dict[str, int]:
    """Return label -> count: the rare ones to the median, but for those that have too few to lie between."""
    if sampling.targets or sampling.method in ("none", "class_weights"):
        return dict(sampling.targets)
    usable = np.bincount(train.labels[train.polarity_known], minlength=24)
    if sampling.method == "smote_features":
        usable = np.bincount(train.labels, minlength=24)
    counts = np.bincount(train.labels, minlength=24)
    middle = int(np.median(counts[counts > 0]))
    return {label: middle for i, label in enumerate(CLASS_LABELS) if usable[i] >= 2 and counts[i] < middle}


def _adapted(cells: Sequence[ReviewedCell], recipe: TrainConfig, eyes: Bundle | None, reporter: Reporter) -> _Part:
    parts, place = [], []
    for number, cell in enumerate(cells):
        reporter.check_cancelled()
        reporter.report(number, len(cells), cell.name)
        images = cell.images
        if eyes is not None:
            images = replace(images, chromosomes=as_seen(images.chromosomes, eyes, reporter))
        parts.append(labelled_images(images, cell.labels, cell.upright_deg, recipe.adapt, group=cell.group))
        place += [(number, index) for index, label in enumerate(cell.labels) if label >= 0]
    whole = concatenate(parts)
    return _Part(replace(whole, size=whole.size[:, : recipe.size_features]), place)


def _identity(train: LabelledImages, tune: LabelledImages, recipe: TrainConfig, origin: str) -> str:
    digest = hashlib.sha256(json.dumps(asdict(recipe), sort_keys=True).encode())
    digest.update(origin.encode())
    for part in (train, tune):
        for rows in (part.images, part.size, part.labels, part.polarity_known):
            digest.update(np.ascontiguousarray(rows).tobytes())
    return digest.hexdigest()
