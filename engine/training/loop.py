"""The training loop: a generator of epochs that can be killed at any moment and resumed to the same result.

It runs unchanged on one CPU, on a GPU (bfloat16, channels last) and on several processes (`engine.training.processes`).
"""

import ast
import copy
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.errors import Cancelled, InputError
from engine.progress import Reporter, SilentReporter
from engine.training.augment import Augmenter
from engine.training.config import TrainConfig
from engine.training.dataset import PIXEL_SCALE, LabelledImages
from engine.training.processes import Processes
from engine.training.sampling import class_weights

_Net = TypeVar("_Net", bound=nn.Module)

SAVE_EVERY_S = 60.0
"""Within an epoch; less often where writing takes long."""


@dataclass(frozen=True, slots=True)
class EpochMetrics:
    """What one epoch gave."""

    epoch: int  # from 1
    train_loss: float
    train_accuracy: float  # 0..1, on varied images
    validation_loss: float
    validation_accuracy: float  # 0..1, the classifier alone, half of the images upside down
    validation_polarity: float  # 0..1, where it is known
    learning_rate: float
    seconds: float


@dataclass(slots=True)
class _OpenEpoch:
    """How far an epoch is that has not ended."""

    order: Tensor  # (N,) of the training images
    batch: int = 0  # batches done
    loss: float = 0.0  # sums over what was seen
    right: int = 0
    seen: int = 0


class Trainer(Generic[_Net]):
    """Holds everything a run consists of, so that it can be written down and taken up again.

    Parameters
    ----------
    model : trained in place; images (N, 1, H, W) and sizes (N, S) -> `ClassifierOutput`.
    train, validation : split by group before; only `train` is varied, and only it may hold made images.
    config : the recipe. The batch is that of all processes together.
    processes : who takes part, and where it computes; alone on the CPU by default.
    """

    def __init__(
        self,
        model: _Net,
        train: LabelledImages,
        validation: LabelledImages,
        config: TrainConfig,
        processes: Processes | None = None,
    ) -> None:
        if len(train) < 2 or len(validation) < 1:
            raise InputError("Training needs at least two images to learn from and one to validate on.")
        if set(train.groups.tolist()) & set(validation.groups.tolist()):
            raise ValueError("a patient, case or cell is on both sides of the split")
        if validation.synthetic.any():
            raise ValueError("made images are for training alone")
        self.processes = processes or Processes()
        if config.batch_size < self.processes.count:
            raise InputError(f"A batch of {config.batch_size} cannot be shared by {self.processes.count} processes.")
        device = self.processes.device
        # channels_last by a call of its own: `to` knows no overload for both
        self.model: _Net = (
            self.processes.with_common_statistics(model)
            .to(device)
            .to(  # type: ignore[assignment]
                memory_format=torch.channels_last
            )
        )
        self.train, self.validation, self.config = train, validation, config
        self.generator = torch.Generator().manual_seed(config.seed)
        self.augment = Augmenter(config.augment, self.generator)
        self.steps_per_epoch = max(len(train) // config.batch_size, 1)
        self.optimiser = _optimiser(self.model, config)
        self.averaged: nn.Module = copy.deepcopy(self.model) if config.ema_decay else self.model
        self._network = self.processes.wrap(self.model)
        weighted = config.sampling.method == "class_weights"
        self._weights = torch.from_numpy(class_weights(train.labels, config.sampling)).to(device) if weighted else None
        self.history: list[EpochMetrics] = []
        self.epoch = 0
        self.step = 0
        self._open: _OpenEpoch | None = None
        self.best_accuracy = -1.0
        self.best_epoch = 0
        self.best_state: dict[str, Tensor] = _snapshot(self.averaged)

    def fit(self, reporter: Reporter | None = None, checkpoint: Path | None = None) -> Iterator[EpochMetrics]:
        """Train epoch by epoch; after each, the state is in `checkpoint` if one is given.

        A process alone writes it within an epoch, too: every minute, and when it is asked to stop.
        """
        reporter = reporter or SilentReporter()
        while not self.finished:
            start = time.perf_counter()
            try:
                loss, accuracy = self._train_epoch(reporter, checkpoint)
                validation = self.validate(reporter)
            except Cancelled:
                self._save_open(checkpoint)
                raise
            self._open = None
            self.epoch += 1
            if validation[1] > self.best_accuracy or not self.config.patience:
                # without early stopping the schedule ends at zero, and the last weights are the ones it was made for
                self.best_accuracy, self.best_epoch = validation[1], self.epoch
                self.best_state = _snapshot(self.averaged)
            metrics = EpochMetrics(
                self.epoch, loss, accuracy, *validation, self._learning_rate(), time.perf_counter() - start
            )
            self.history.append(metrics)
            if checkpoint is not None and self.processes.leads:
                self.save(checkpoint)
            self.processes.wait()
            yield metrics

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or patience has run out."""
        c = self.config
        return self.epoch >= c.epochs or bool(c.patience and self.epoch - self.best_epoch >= c.patience)

    def _learning_rate(self) -> float:
        c = self.config
        if c.schedule == "constant":
            return c.learning_rate
        done = self.step / (self.steps_per_epoch * c.epochs)
        if done < 0.15:
            return c.learning_rate * (0.04 + 0.96 * done / 0.15)
        return c.learning_rate * 0.5 * (1 + math.cos(math.pi * (done - 0.15) / 0.85))

    def _train_epoch(self, reporter: Reporter, checkpoint: Path | None) -> tuple[float, float]:
        self._network.train()
        if self.processes.count > 1:  # dropout: else all processes would drop alike, and a resumed run otherwise
            torch.manual_seed((self.config.seed * 1000 + self.epoch) * 1000 + self.processes.rank)
        now = self._open or _OpenEpoch(torch.randperm(len(self.train), generator=self.generator))
        self._open, order = now, now.order.numpy()
        written, pause = time.monotonic(), SAVE_EVERY_S
        while now.batch < self.steps_per_epoch:
            reporter.check_cancelled()
            chosen = order[now.batch * self.config.batch_size : (now.batch + 1) * self.config.batch_size]
            loss, hits = self._train_batch(chosen)
            now.loss += loss * len(chosen)
            now.right += hits
            now.seen += len(chosen)
            now.batch += 1
            reporter.report(now.batch, self.steps_per_epoch, f"epoch {self.epoch + 1} of {self.config.epochs}")
            if time.monotonic() - written > pause:
                began = time.monotonic()
                self._save_open(checkpoint)
                written = time.monotonic()
                pause = max(SAVE_EVERY_S, 20 * (written - began))
        total, hit = self.processes.total(now.loss, now.right)
        return total / now.seen, hit / now.seen

    def _save_open(self, checkpoint: Path | None) -> None:
        """Write down an epoch that has not ended. Several processes do not: each has its own chance."""
        if checkpoint is not None and self.processes.count == 1 and self._open is not None:
            self.save(checkpoint)

    def _train_batch(self, chosen: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[float, int]:
        """One step. Returns this process's part of the mean loss of the global batch, and its hits."""
        c = self.config
        for group in self.optimiser.param_groups:
            group["lr"] = self._learning_rate()
        images, size, labels, known = self._tensors(self.train, chosen)
        images, size, turned = self.augment(images, size)  # of the whole batch, so that all processes draw alike
        images, size, labels, known, turned = self.processes.mine(images, size, labels, known, turned)
        with torch.autocast(self.processes.device.type, torch.bfloat16, enabled=c.bfloat16):
            out = self._network(images.contiguous(memory_format=torch.channels_last), size)
        losses = functional.cross_entropy(
            out.label_logits.float(), labels, label_smoothing=c.label_smoothing, reduction="none"
        )
        if self._weights is not None:
            losses = losses * self._weights[labels]
        polarity = out.polarity_logits.float().gather(1, labels[:, None])[:, 0]
        polarity_loss = functional.binary_cross_entropy_with_logits(polarity, (~turned).float(), known.float())
        loss = losses.mean() + c.polarity_weight * polarity_loss
        part = loss * (len(labels) / len(chosen))  # shares may differ by one image
        self.optimiser.zero_grad(set_to_none=True)
        whole = part * self.processes.count  # which the mean over the processes takes back
        whole.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.step += 1
        self._average()
        return float(part.detach()), int((out.label_logits.argmax(1) == labels).sum())

    @torch.no_grad()
    def _average(self) -> None:
        if not self.config.ema_decay:
            return
        decay = min(self.config.ema_decay, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(list(self.averaged.parameters()), list(self.model.parameters()), 1 - decay)
        for mean, now in zip(self.averaged.buffers(), self.model.buffers(), strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - decay)
            else:
                mean.copy_(now)

    @torch.no_grad()
    def validate(self, reporter: Reporter | None = None) -> tuple[float, float, float]:
        """Return loss, label accuracy and polarity accuracy on the validation images.

        Every second one is upside down where half turns are learned: at work they come either way up.
        """
        self.averaged.eval()
        loss, right, upright, with_polarity = 0.0, 0, 0, 0
        for start in range(0, len(self.validation), 256):
            if reporter is not None:
                reporter.check_cancelled()
            chosen = self.processes.share(np.arange(start, min(start + 256, len(self.validation))))
            if not len(chosen):
                continue
            images, size, labels, known = self._tensors(self.validation, chosen)
            turned = torch.from_numpy((chosen % 2 == 1) & self.config.augment.half_turns).to(images.device)
            images = torch.where(turned.view(-1, 1, 1, 1), images.flip(2, 3), images)
            with torch.autocast(self.processes.device.type, torch.bfloat16, enabled=self.config.bfloat16):
                out = self.averaged(images.contiguous(memory_format=torch.channels_last), size)
            logits = out.label_logits.float()
            loss += float(functional.cross_entropy(logits, labels, reduction="sum"))
            right += int((logits.argmax(1) == labels).sum())
            polarity = out.polarity_logits.float().gather(1, labels[:, None])[:, 0] > 0
            upright += int(((polarity == ~turned) & known).sum())
            with_polarity += int(known.sum())
        loss, hit, up, known_in_all = self.processes.total(loss, right, upright, with_polarity)
        count = len(self.validation)
        return loss / count, hit / count, up / max(known_in_all, 1)

    def _tensors(self, data: LabelledImages, chosen: np.ndarray[Any, Any]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        device = self.processes.device
        images = torch.from_numpy(data.images[chosen]).to(device).float().div_(PIXEL_SCALE)[:, None]
        rows = (data.size[chosen], data.labels[chosen], data.polarity_known[chosen])
        size, labels, known = (torch.from_numpy(row).to(device) for row in rows)
        return images, size, labels, known

    def save(self, path: Path) -> None:
        """Write the whole state; a kill while writing leaves the old file."""
        now = self._open
        state = {
            "open": None if now is None else [now.order, now.batch, now.loss, now.right, now.seen],
            "config": repr(asdict(self.config)),
            "model": self.model.state_dict(),
            "averaged": self.averaged.state_dict(),
            "best_state": self.best_state,
            "best": torch.tensor([self.best_accuracy, float(self.best_epoch)], dtype=torch.float64),
            "optimiser": self.optimiser.state_dict(),
            "generator": self.generator.get_state(),
            "torch_rng": torch.get_rng_state(),
            "cuda_rng": torch.cuda.get_rng_state_all() if self.processes.device.type == "cuda" else [],
            "epoch": self.epoch,
            "step": self.step,
            "history": [list(astuple(metrics)) for metrics in self.history],
        }
        part = path.with_name(path.name + ".part")
        torch.save(state, part)
        part.replace(path)

    def resume(self, path: Path) -> None:
        """Take up a run where `save` left it.

        Raises
        ------
        InputError
            If the file belongs to another recipe.
        """
        state = torch.load(path, weights_only=True, map_location="cpu")
        if _recipe(ast.literal_eval(state["config"])) != _recipe(asdict(self.config)):
            raise InputError(f"{path.name} was written by a run with other settings; start anew or give its settings.")
        self.model.load_state_dict(state["model"])
        if self.averaged is not self.model:
            self.averaged.load_state_dict(state["averaged"])
        self.best_state = state["best_state"]
        self.best_accuracy, self.best_epoch = float(state["best"][0]), int(state["best"][1])
        self.optimiser.load_state_dict(state["optimiser"])
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["torch_rng"])
        if self.processes.device.type == "cuda" and state.get("cuda_rng"):
            torch.cuda.set_rng_state_all(state["cuda_rng"])
        self.history = [EpochMetrics(*values) for values in state.get("history", ())]
        self.epoch, self.step = state["epoch"], state["step"]
        self._open = _OpenEpoch(*state["open"]) if state.get("open") else None

    def best_model(self) -> _Net:
        """Return the model with the weights to keep, ready for inference."""
        self.model.load_state_dict(self.best_state)
        return self.model.eval()


def _optimiser(model: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    if config.optimiser == "adam":
        return torch.optim.Adam(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]  # norms and biases
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)


def _recipe(values: dict[str, Any]) -> dict[str, Any]:
    """A recipe as plain values. What an older checkpoint does not name did not exist, and so had its default."""
    known: dict[str, Any] = asdict(TrainConfig())
    full = {**known, **values}
    return {name: {**known[name], **value} if isinstance(value, dict) else value for name, value in full.items()}


def _snapshot(model: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}
