"""Runs of the study: one method, one fold, one seed. Each is written when it is done, and never done twice."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from scipy.special import softmax
from torch import nn

from engine.errors import InputError
from engine.karyotype.assign import assign
from engine.nets.srafbn import SMALL, Srafbn
from engine.progress import Reporter
from engine.study.ensemble import averaged
from engine.study.folds import Fold, Protocol, fold_of_split, make_folds
from engine.study.inputs import (
    PAPER_SIZE,
    Enlarge,
    SrEnlarger,
    StudyImages,
    as_originals,
    bicubic_twice,
    remembered,
    study_input,
)
from engine.study.methods import METHODS, Method
from engine.training.config import SamplingConfig, TrainConfig, preset
from engine.training.dataset import PIXEL_SCALE, LabelledImages, load_images, save_images
from engine.training.loop import Trainer
from engine.training.processes import Processes
from engine.training.sampling import with_smote
from engine.training.split import split_by_part
from engine.training.sr_config import SrTrainConfig
from engine.training.superres import SrImage, SrTrainer
from engine.types import CLASS_INDEX
from engine.whole_file import write_whole, write_whole_text

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StudySettings:
    """What decides a row besides method, fold and seed. The defaults are the paper's."""

    protocol: Protocol = "by-cell"
    folds: int = 5
    epochs: int = 100
    size: int = PAPER_SIZE
    batch_size: int = 40
    cells: int = 0  # only the first so many; 0 for all
    stand_in: str | None = None  # for every backbone of timm
    sr_epochs: int = 20  # of the super-resolution network that is trained on each fold's training part
    sr_steps: int = 250
    sr_given: str | None = None  # name of a network that was trained elsewhere and is used instead
    split: tuple[int, float, float, float] | None = None  # one fold by seed and shares, that of the network given
    one_cycle: float = 0.0  # peak of a one-cycle learning rate, for few epochs; 0: the paper's constant one

    def __post_init__(self) -> None:
        if (
            min(self.folds, self.epochs, self.size, self.batch_size, self.sr_epochs, self.sr_steps) < 1
            or min(self.cells, self.one_cycle) < 0
        ):
            raise InputError("Folds, epochs, size and batch must be at least 1.")

    def reduced(self) -> list[str]:
        """Return in words where the settings stay below the paper's."""
        words = []
        if self.epochs < 100:
            words.append(f"{self.epochs} epochs at most instead of 100")
        if self.one_cycle:
            words.append(f"one-cycle learning rate up to {self.one_cycle:g}, last epoch kept")
        if self.size < PAPER_SIZE:
            words.append(f"images of {self.size} pixels instead of 224")
        if self.cells:
            words.append(f"the first {self.cells} cells only")
        if self.stand_in:
            words.append(f"{self.stand_in} in place of every named backbone")
        if self.sr_given is None and (self.sr_epochs < 20 or self.sr_steps < 250):
            words.append(f"super-resolution trained for {self.sr_epochs} epochs of {self.sr_steps} steps")
        if self.split is not None:
            share = f"{100 * self.split[3]:g} % of the cells"
            words.append(f"one test part, {share}: those that neither super-resolution nor a shipped bundle has seen")
        elif self.folds < 5:
            words.append(f"{self.folds} folds instead of a test part of one fifth")
        return words


class Study:
    """A folder of runs.

    Parameters
    ----------
    out : `study.json` says what it is, `runs/` holds a file for each run, `inputs/` and `sr/` what can be made again.
    images : the data.
    digest : of the data.
    given : super-resolution that was trained elsewhere.

    Raises
    ------
    InputError
        If `out` holds a study of other data or settings.
    """

    def __init__(
        self,
        out: Path,
        images: StudyImages,
        digest: str,
        settings: StudySettings,
        processes: Processes | None = None,
        given: Enlarge | None = None,
    ) -> None:
        self.out, self.images, self.settings = out, images, settings
        self.processes = processes or Processes()
        self._given = given
        self._enlargers: dict[tuple[int, int], Enlarge] = {}
        if settings.split is not None:
            self.folds = [fold_of_split(images.names, settings.split[1:], settings.split[0])]
        else:
            self.folds = make_folds(settings.protocol, images.names, images.labels, settings.folds)
        path = out / "study.json"
        wanted = json.dumps({"settings": asdict(settings), "data": digest, "images": len(images)}, indent=1) + "\n"
        if path.exists() and path.read_text(encoding="utf-8") != wanted:
            raise InputError(f"{out} holds a study of other data or settings (see study.json); choose another folder.")
        write_whole_text(path, wanted)

    def path(self, method: str, fold: int, seed: int) -> Path:
        """Return where a run is written."""
        return self.out / "runs" / f"{method}_fold{fold}_seed{seed}.json"

    def run(self, method: Method, fold: Fold, seed: int, reporter: Reporter) -> dict[str, Any]:
        """Do one run, or read it if it was done."""
        path = self.path(method.key, fold.number, seed)
        if path.exists():
            return read_run(path)
        twin = self._twin(method, fold, seed)
        if twin is not None:
            return self._kept(path, {**twin, "method": method.key, "same_as": twin.get("same_as", twin["method"])})
        start = time.perf_counter()
        test = np.nonzero(fold.part == 2)[0]
        details: dict[str, Any] = {}
        if method.members:
            parts = [self.run(METHODS[key], fold, seed, reporter) for key in method.members]
            probabilities = averaged([np.array(part["probabilities"]) for part in parts])
            features = np.concatenate([np.array(part["features"]) for part in parts], axis=1)
        else:
            probabilities, features, details = self._trained(method, fold, seed, reporter)
        answer = probabilities.argmax(axis=1)
        result: dict[str, Any] = {
            "method": method.key,
            "fold": fold.number,
            "seed": seed,
            "accuracy": float((answer == self.images.labels[test]).mean()),
            "context_accuracy": self._with_context(probabilities, test),
            "truth": self.images.labels[test].tolist(),
            "answer": answer.tolist(),
            "cells": self.images.cells[test].tolist(),
            "seconds": round(time.perf_counter() - start, 1),
            **details,
            "probabilities": probabilities,
            "features": features,
        }
        return self._kept(path, result)

    def _kept(self, path: Path, result: dict[str, Any]) -> dict[str, Any]:
        """Write a run, whole or not at all."""
        values = dict(result)
        kept, seen = values.pop("probabilities").astype(np.float32), values.pop("features").astype(np.float16)
        write_whole(path.with_suffix(".npz"), lambda stream: np.savez(stream, probabilities=kept, features=seen))
        write_whole_text(path, json.dumps(values) + "\n")  # last: where it is, the run is whole
        return read_run(path)

    def _twin(self, method: Method, fold: Fold, seed: int) -> dict[str, Any] | None:
        """The run of another row that would be the very same, under a stand-in for the backbones."""
        wanted = method.likeness(self.settings.stand_in)
        for other in METHODS.values():
            path = self.path(other.key, fold.number, seed)
            if other.key != method.key and other.likeness(self.settings.stand_in) == wanted and path.exists():
                return read_run(path)
        return None

    def _trained(
        self, method: Method, fold: Fold, seed: int, reporter: Reporter
    ) -> tuple[Floats, Floats, dict[str, Any]]:
        data = self._input(method, fold, seed, reporter)
        split = split_by_part(data, fold.part)
        config = self.recipe(method, fold, seed)
        if method.smote:
            split = with_smote(split, config.sampling, seed=seed)
        torch.manual_seed(seed)
        network = method.network(self.settings.stand_in)
        trainer = Trainer(network, split.train, split.validation, config, self.processes)
        checkpoint = self.path(method.key, fold.number, seed).with_suffix(".pt")
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        if checkpoint.exists():
            trainer.resume(checkpoint)
        for _ in trainer.fit(reporter, checkpoint):
            pass
        probabilities, features = predicted(trainer.best_model(), split.test, self.processes.device)
        checkpoint.unlink(missing_ok=True)
        details = {
            "epochs": trainer.epoch,
            "best_epoch": trainer.best_epoch,
            "validation_accuracy": trainer.best_accuracy,
            "train_images": int((~split.train.synthetic).sum()),
            "synthetic_images": int(split.train.synthetic.sum()),
        }
        return probabilities, features, details

    def recipe(self, method: Method, fold: Fold, seed: int) -> TrainConfig:
        """Return section 4.3 of the paper for one run."""
        s, paper = self.settings, preset("paper")
        if s.one_cycle:
            paper = replace(paper, schedule="one_cycle", learning_rate=s.one_cycle, patience=0)
        return replace(
            paper,
            backbone=method.backbone or method.key,
            epochs=s.epochs,
            batch_size=s.batch_size,
            polarity_weight=0.0,
            sampling=SamplingConfig("smote_pixels" if method.smote else "none", self._sex_targets(method, fold)),
            seed=seed,
        )

    def _sex_targets(self, method: Method, fold: Fold) -> dict[str, int]:
        """X and Y raised to what an autosome has in the training part (section 3.4).

        A label with a single image stays as it is: there is nothing to lie between.
        """
        if not method.smote:
            return {}
        labels = self.images.labels[fold.part == 0]
        counts = np.bincount(labels, minlength=24)[:22]
        autosome = int(np.median(counts[counts > 0])) if counts.any() else 1
        return {label: autosome for label in ("X", "Y") if (labels == CLASS_INDEX[label]).sum() > 1}

    def _input(self, method: Method, fold: Fold, seed: int, reporter: Reporter) -> LabelledImages:
        """The method's input, kept: without super-resolution it is the same for all folds and seeds."""
        kind = f"{method.fitting}_{self.settings.size}"
        if method.enlarged == "bicubic":
            kind += "_bicubic"
        elif method.enlarged == "srafbn":
            kind += "_sr" if self._given is not None else f"_sr_fold{fold.number}_seed{seed}"
        path = self.out / "inputs" / f"{kind}.npz"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            enlarge = self._enlarger(method, fold, seed, reporter)
            save_images(path, study_input(self.images, method.fitting, self.settings.size, reporter, enlarge))
        return load_images(path)

    def _enlarger(self, method: Method, fold: Fold, seed: int, reporter: Reporter) -> Enlarge | None:
        if method.enlarged != "srafbn":
            return bicubic_twice if method.enlarged == "bicubic" else None
        key = (0, 0) if self._given is not None else (fold.number, seed)
        if key not in self._enlargers:  # kept: two ways into the square share what it made
            made = self._given or SrEnlarger(self._super(fold, seed, reporter), self.processes.device)
            self._enlargers = {key: remembered(made)}
        return self._enlargers[key]

    def _super(self, fold: Fold, seed: int, reporter: Reporter) -> Srafbn:
        """SRAFBN, trained on the originals of the training part alone; the validation part chooses the epoch."""
        path = self.out / "sr" / f"fold{fold.number}_seed{seed}.safetensors"
        if path.exists():
            model = Srafbn(SMALL)
            model.load_state_dict(load_file(path))
            return model.eval()
        path.parent.mkdir(parents=True, exist_ok=True)
        config = SrTrainConfig(epochs=self.settings.sr_epochs, steps_per_epoch=self.settings.sr_steps, seed=seed)
        train, validation = ([self._original(int(i)) for i in np.nonzero(fold.part == part)[0]] for part in (0, 1))
        trainer = SrTrainer(train, validation, config, self.processes.device)
        checkpoint = path.with_suffix(".pt")
        if checkpoint.exists():
            trainer.resume(checkpoint)
        for _ in trainer.fit(reporter, checkpoint):
            pass
        model = trainer.best_model()
        part = path.with_name(path.name + ".part")
        save_file(model.state_dict(), part)
        part.replace(path)
        checkpoint.unlink(missing_ok=True)
        return model

    def _original(self, index: int) -> SrImage:
        (pixels,) = as_originals(self.images, [index])
        return SrImage(pixels, self.images.stain, str(self.images.cells[index]), str(self.images.names[index]))

    def _with_context(self, probabilities: Floats, test: NDArray[np.intp]) -> float | None:
        """Accuracy after the assignment over whole cells; None where the protocol tears cells apart."""
        if self.settings.protocol != "by-cell":
            return None
        cells, right = self.images.cells[test], 0
        for cell in np.unique(cells):
            own = np.nonzero(cells == cell)[0]
            placed = assign(np.log(np.maximum(probabilities[own], 1e-9)))
            truth = self.images.labels[test[own]]
            given = [-1 if label is None else CLASS_INDEX[label] for label in placed.labels]
            right += int((np.array(given) == truth).sum())
        return right / len(test)


def predicted(model: nn.Module, data: LabelledImages, device: torch.device) -> tuple[Floats, Floats]:
    """Return probabilities (N, 24) and features (N, F) of images as they are, p arm up."""
    model.eval()
    logits: list[Floats] = []
    features: list[Floats] = []
    with torch.inference_mode():
        for start in range(0, len(data), 64):
            images = torch.from_numpy(data.images[start : start + 64]).to(device).float()[:, None] / PIXEL_SCALE
            out = model(images.contiguous(memory_format=torch.channels_last), None)
            logits.append(out.label_logits.float().cpu().numpy().astype(np.float64))
            features.append(out.features.float().cpu().numpy().astype(np.float64))
    probabilities: Floats = softmax(np.concatenate(logits), axis=1)
    return probabilities, np.concatenate(features)


def read_run(path: Path) -> dict[str, Any]:
    """Read one run with its arrays."""
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as arrays:
        result |= {"probabilities": arrays["probabilities"].astype(np.float64), "features": arrays["features"]}
    return result


def read_runs(out: Path, methods: Sequence[Method]) -> dict[str, list[dict[str, Any]]]:
    """Return all runs that were done, by method."""
    return {
        method.key: [read_run(path) for path in sorted((out / "runs").glob(f"{method.key}_fold*_seed*.json"))]
        for method in methods
    }
