"""One training run of a classifier, from labelled folders to a bundle with provenance and figures on cells held out.

A run lives in one folder and can be killed at any moment: `run.json` says what it is, `checkpoint.pt` how far it is,
`metrics.jsonl` how it went, `bundle/` what came of it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import log_softmax

from engine.bundle import Bundle, load_bundle, write_bundle
from engine.card import CLASSIFIER, SUPERRESOLUTION, BundleCard, Calibration
from engine.errors import InputError
from engine.evaluation import PARTS, evaluate
from engine.nets.classifiers import ChromosomeClassifier
from engine.pipeline import see
from engine.progress import Reporter, SilentReporter
from engine.training.calibration import fit_confidence, fit_temperature
from engine.training.config import TrainConfig
from engine.training.dataset import LabelledCell, concatenate, split_groups
from engine.training.export import export_bundle
from engine.training.initial import network_card, new_classifier
from engine.training.loop import EpochMetrics, Trainer
from engine.training.metrics import summary
from engine.training.prepared import prepared_images, sr_digest
from engine.training.processes import Processes
from engine.training.rebalanced import rebalanced_head
from engine.training.sampling import with_smote
from engine.training.sources import LabelledSource
from engine.training.split import Split, refuse_twins, split_images
from engine.whole_file import write_whole_text


@dataclass(frozen=True, slots=True)
class ClassifierRun:
    """What to train, on what, and where it goes."""

    out: Path
    name: str  # of the bundle
    config: TrainConfig
    sources: Sequence[LabelledSource]
    fractions: tuple[float, float, float] = (0.7, 0.1, 0.2)  # training, validation, test; by group
    split_seed: int = 0
    init: Bundle | None = None
    pretrained: bool | Path = False
    kept: Path | None = None  # folder of adapted images; None: in `out`
    version: str = "1.0"
    sr: Bundle | None = None  # its SRAFBN comes before the classifier, in training as at work

    @property
    def checkpoint(self) -> Path:
        """The state after the last whole epoch."""
        return self.out / "checkpoint.pt"

    def describe(self) -> dict[str, Any]:
        """Return all that decides the result, as plain values: the provenance on the bundle's card."""
        said: dict[str, Any] = {
            "recipe": asdict(self.config),
            "data": [
                {
                    "name": source.name,
                    "layout": source.layout,
                    "stain": source.stain,
                    "cells": len(source.cells),
                    "images": sum(len(cell.labels) for cell in source.cells),
                    "polarity_known": all(cell.upright for cell in source.cells),
                    "sha256": source.digest,
                }
                for source in self.sources
            ],
            "split": {"seed": self.split_seed, "fractions": list(self.fractions)},
            "init": f"{self.init.card.name} {self.init.card.version}" if self.init is not None else None,
            "imagenet": bool(self.pretrained),
        }
        if self.sr is not None:
            name = f"{self.sr.card.name} {self.sr.card.version}"
            said["super_resolution"] = {"bundle": name, "sha256": sr_digest(self.sr)}
        return said


def train_classifier(
    run: ClassifierRun,
    *,
    resume: bool = False,
    processes: Processes | None = None,
    reporter: Reporter | None = None,
    on_epoch: Callable[[EpochMetrics, int], None] | None = None,
    on_remark: Callable[[str], None] | None = None,
) -> BundleCard | None:
    """Train, write the bundle, measure it on the test cells.

    Parameters
    ----------
    resume : go on with the run that lies in `run.out`; without one there, begin.
    processes : who takes part; only the leading process writes and measures.
    on_epoch : told of each epoch and of how many there are at most.
    on_remark : told sentences about data that were left out.

    Returns
    -------
    The card of the bundle, on the leading process; None on the others.

    Raises
    ------
    InputError
        If the data do not suffice, `run.out` holds another run, or one and `resume` was not asked for.
    Cancelled
        The reporter asked to stop; the run can be resumed.
    """
    watch, team = reporter or SilentReporter(), processes or Processes()
    trainer, split = fit_classifier(
        run, resume=resume, processes=team, reporter=watch, on_epoch=on_epoch, on_remark=on_remark
    )
    if not team.leads:
        return None
    # A new module: that of the trainer may have layers that only make sense between processes.
    best = new_classifier(run.config)
    best.load_state_dict(trainer.best_state)
    if run.config.sampling.method == "smote_features":
        best = rebalanced_head(best, split.train, run.config)
    return _finish(run, trainer, best, split, watch)


def fit_classifier(
    run: ClassifierRun,
    *,
    resume: bool = False,
    processes: Processes | None = None,
    reporter: Reporter | None = None,
    on_epoch: Callable[[EpochMetrics, int], None] | None = None,
    on_remark: Callable[[str], None] | None = None,
) -> tuple[Trainer[ChromosomeClassifier], Split]:
    """Do the training part of `train_classifier`: the trainer after its last epoch, and what it learned from."""
    watch, team = reporter or SilentReporter(), processes or Processes()
    if team.leads:
        _claim(run, resume)
    team.wait()
    split = _prepare(run, team, watch, on_remark)
    model = new_classifier(run.config, init=run.init, pretrained=run.pretrained)
    trainer = Trainer(model, split.train, split.validation, run.config, team)
    if run.checkpoint.exists():
        trainer.resume(run.checkpoint)
    for metrics in trainer.fit(watch, run.checkpoint):
        if team.leads:
            _write_metrics(run, trainer.history)
            if on_epoch is not None:
                on_epoch(metrics, run.config.epochs)
    if team.leads:
        _write_metrics(run, trainer.history)  # a kill between checkpoint and table leaves the table one line short
    return trainer, split


def _claim(run: ClassifierRun, resume: bool) -> None:
    path, wanted = run.out / "run.json", json.dumps(run.describe(), indent=1, sort_keys=True) + "\n"
    if path.exists():
        if not resume:
            raise InputError(f"{run.out} already holds a run; resume it or choose another folder.")
        if path.read_text(encoding="utf-8") != wanted:
            raise InputError(f"The run in {run.out} has other data or settings (see run.json); choose another folder.")
    else:
        write_whole_text(path, wanted)


def _prepare(run: ClassifierRun, team: Processes, watch: Reporter, remark: Callable[[str], None] | None) -> Split:
    if not run.sources:
        raise InputError("There is no labelled folder to learn from.")
    kept = run.kept or run.out / "images"
    if team.leads:  # the others find the images ready
        for source in run.sources:
            prepared_images(source, run.config.adapt, kept, watch, remark, run.sr)
    team.wait()
    data = concatenate([prepared_images(source, run.config.adapt, kept, watch, sr=run.sr) for source in run.sources])
    split = split_images(data, run.fractions, seed=run.split_seed)
    refuse_twins(split)
    if len(split.train) < 2 or not len(split.validation):
        raise InputError(
            f"{len(set(data.groups.tolist()))} groups are too few to be dealt to training and validation; add cells "
            "or change the fractions or the seed of the split."
        )
    if run.config.sampling.method == "smote_pixels":
        split = with_smote(split, run.config.sampling, seed=run.config.seed)
    return split


def _write_metrics(run: ClassifierRun, history: Sequence[EpochMetrics]) -> None:
    write_whole_text(run.out / "metrics.jsonl", "".join(json.dumps(asdict(epoch)) + "\n" for epoch in history))


def _finish(
    run: ClassifierRun,
    trainer: Trainer[ChromosomeClassifier],
    model: ChromosomeClassifier,
    split: Split,
    watch: Reporter,
) -> BundleCard:
    stains = {source.stain for source in run.sources}
    libraries = {name: version(name) for name in ("torch", "timm", "numpy", "imbalanced-learn")}
    counts = {
        "training": int((~split.train.synthetic).sum()),
        "synthetic": int(split.train.synthetic.sum()),
        "validation": len(split.validation),
        "test": len(split.test),
    }
    sr_cards, sr_files = {}, {}
    if run.sr is not None:
        sr_cards[SUPERRESOLUTION] = run.sr.card.networks[SUPERRESOLUTION]
        sr_files[SUPERRESOLUTION] = run.sr.networks[SUPERRESOLUTION]
    card = BundleCard(
        run.name,
        run.version,
        stains.pop() if len(stains) == 1 else "any",
        {CLASSIFIER: network_card(run.config), **sr_cards},
        adapt=run.config.adapt,
        super_resolution=run.sr is not None,
        half_turn_averaging=run.config.adapt.mode == "straight",  # the paper looks once; twice costs double
        size_features=run.config.size_features,
        parent=run.describe()["init"],
        training={
            **run.describe(),
            "images": counts,
            "epochs": trainer.epoch,
            "best_epoch": trainer.best_epoch,
            "libraries": libraries,
        },
        sources=tuple(source.name for source in run.sources),
    )
    folder = run.out / "bundle"
    export_bundle(model, card, folder, sr_files)
    bundle = load_bundle(folder)
    card = replace(bundle.card, **_calibrated(run, bundle, watch))
    write_bundle(card, bundle.networks, folder)
    bundle = load_bundle(folder)
    card = replace(bundle.card, metrics=_measured(run, bundle, watch))
    return write_bundle(card, bundle.networks, folder)


def _cells(run: ClassifierRun, part: str) -> list[tuple[LabelledSource, list[LabelledCell]]]:
    chosen = []
    for source in run.sources:
        parts = split_groups([cell.group for cell in source.cells], run.fractions, seed=run.split_seed)
        cells = [cell for cell in source.cells if parts[cell.group] == PARTS.index(part)]
        if cells:
            chosen.append((source, cells))
    return chosen


def _calibrated(run: ClassifierRun, bundle: Bundle, watch: Reporter) -> dict[str, Any]:
    """Temperatures from the validation cells: of the images, then of the placements."""
    evidence: list[np.ndarray[Any, np.dtype[np.float64]]] = []
    labels: list[np.ndarray[Any, np.dtype[np.int64]]] = []
    for source, cells in _cells(run, "validation"):
        for cell in cells:
            try:
                images = source.read(cell.folder)
            except InputError:
                continue  # said when it was to be adapted
            truth = np.array([cell.labels.get(image.source, -1) for image in images.chromosomes], np.int64)
            evidence.append(see(images, bundle, watch).log_probabilities[truth >= 0])
            labels.append(truth[truth >= 0])
    temperature = fit_temperature(np.concatenate(evidence), np.concatenate(labels))
    changes: dict[str, Any] = {"calibration": Calibration(temperature)}
    scaled = [np.asarray(log_softmax(rows / temperature, axis=1)) for rows in evidence]
    changes["assignment"] = fit_confidence(scaled, labels, bundle.card.assignment)
    return changes


def _measured(run: ClassifierRun, bundle: Bundle, watch: Reporter) -> dict[str, Any]:
    """Figures on the test cells of each source, every chromosome turned by a random angle."""
    figures: dict[str, Any] = {}
    for source, cells in _cells(run, "test"):
        outcomes = list(evaluate(cells, bundle, reporter=watch, read=source.read))
        figures[source.name] = {"part": "test", **summary(outcomes)}
    return figures
