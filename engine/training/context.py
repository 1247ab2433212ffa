"""Training of the cell's context (`engine.nets.context`) on what a finished classifier says of whole cells.

The classifier stays as it is: its evidence on varied images of the training cells is made once, then cells are
composed anew in every epoch, with losses and gains, so that an abnormal count is nothing new to the network.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.bundle import Bundle, NetworkFiles, write_bundle
from engine.card import CONTEXT, BundleCard, NetworkCard
from engine.errors import InputError
from engine.imaging.adapt import SIZE_FEATURES
from engine.nets.classifiers import ChromosomeClassifier
from engine.nets.context import CellContext
from engine.pipeline import CONTEXT_OUTPUT
from engine.progress import Reporter, SilentReporter
from engine.training.augment import Augmenter
from engine.training.config import AugmentConfig
from engine.training.dataset import PIXEL_SCALE, LabelledImages
from engine.training.export import export_network
from engine.types import CLASS_LABELS

Floats = NDArray[np.float32]

CLUTTER = len(CLASS_LABELS)
"""The label of what is no chromosome, made by `engine.training.clutter`."""

_FEW = 12  # objects that are left of a metaphase cut short
_LARGEST_CELL = 512  # objects; the network sees a cell in one piece


@dataclass(frozen=True, slots=True, eq=False)
class CellEvidence:
    """What a classifier says of N objects that lay in one cell."""

    log_probabilities: Floats  # (N, 24) temperature 1
    features: Floats  # (N, F)
    size: Floats  # (N, S)
    labels: NDArray[np.int64]  # (N,) class index; CLUTTER for what is no chromosome

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: NDArray[np.int64]) -> "CellEvidence":
        """Return the chosen chromosomes."""
        return CellEvidence(self.log_probabilities[rows], self.features[rows], self.size[rows], self.labels[rows])


@dataclass(frozen=True, slots=True)
class ContextConfig:
    """One training run of the context."""

    epochs: int = 60
    batch_cells: int = 16
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    dropout: float = 0.2
    label_smoothing: float = 0.02
    varied: int = 5  # times the training cells are looked at, varied anew
    loss_share: float = 0.3  # of composed cells that lack chromosomes
    gain_share: float = 0.3  # of composed cells that have chromosomes of another cell, too
    most_changes: int = 3  # chromosomes lost, and gained
    part_share: float = 0.2  # of composed cells that are a metaphase cut short: a part, sizes relative to it
    clutter_share: float = 0.5  # of composed cells in which objects lie that are no chromosome
    clutter: int = 4  # such objects made for each training cell
    ema_decay: float = 0.99
    seed: int = 1


def varied_evidence(
    model: ChromosomeClassifier,
    data: LabelledImages,
    augment: AugmentConfig | None,
    *,
    seed: int = 0,
    reporter: Reporter | None = None,
) -> list[CellEvidence]:
    """Let a classifier look at labelled images, both ways up, and return its evidence cell by cell.

    Parameters
    ----------
    augment : how images are varied before; None for images as they are. On varied images the classifier errs on
        cells it has learned from about as often as on new ones.
    """
    watch = reporter or SilentReporter()
    vary = Augmenter(augment, torch.Generator().manual_seed(seed)) if augment is not None else None
    model = model.eval().to(memory_format=torch.channels_last)
    cells = cell_rows(data)
    found: list[CellEvidence] = []
    with torch.inference_mode():
        for number, rows in enumerate(cells):  # one by one, as at work: the network may lean on the cell
            watch.check_cancelled()
            watch.report(number, len(cells), "looking at cells")
            images = torch.from_numpy(data.images[rows]).float()[:, None] / PIXEL_SCALE
            size = torch.from_numpy(data.size[rows])
            if vary is not None:
                images, size, _ = vary(images, size)
            views = torch.cat([images, images.flip(2, 3)]).contiguous(memory_format=torch.channels_last)
            # Half the time on a CPU that has it; the context learns on noise much larger than bfloat16's.
            with torch.autocast("cpu", torch.bfloat16):
                out = model(views, torch.cat([size, size]))
            said = _both_ways(out.label_logits.float().log_softmax(1))
            found.append(CellEvidence(said, _both_ways(out.features.float()), size.numpy(), data.labels[rows]))
    return found


def _both_ways(values: Tensor) -> Floats:
    """The mean of what was said of N images (2 N, ...), one way up and then the other."""
    one, other = values.chunk(2)
    return ((one + other) / 2).numpy()


def cell_rows(data: LabelledImages) -> list[NDArray[np.int64]]:
    """Return the rows of each cell; the same name in two groups is two cells. In the order of their first image."""
    names = np.char.add(np.char.add(data.groups, "\n"), data.cells)
    places: dict[str, list[int]] = {}
    for row, name in enumerate(names.tolist()):
        places.setdefault(name, []).append(row)
    return [np.array(rows) for rows in places.values()]


class ContextTrainer:
    """Trains a context network on composed cells.

    Parameters
    ----------
    looks : of the training cells, one list of cells for each time they were looked at, in the same order.
    validation : cells as they are.
    """

    def __init__(
        self, looks: Sequence[Sequence[CellEvidence]], validation: Sequence[CellEvidence], config: ContextConfig
    ) -> None:
        if not looks or not looks[0] or not validation:
            raise InputError("The context of cells needs cells to learn from and cells to validate on.")
        self.looks, self.validation, self.config = looks, validation, config
        self._rng = np.random.default_rng(config.seed)
        torch.manual_seed(config.seed)
        first = looks[0][0]
        self.model = CellContext(first.features.shape[1], first.size.shape[1], dropout=config.dropout)
        self.best: CellContext = copy.deepcopy(self.model)
        self.best_loss = np.inf

    def fit(self, reporter: Reporter | None = None) -> Iterator[tuple[int, float, float]]:
        """Train; after each epoch yield its number, the loss and the accuracy on the validation cells."""
        watch, c = reporter or SilentReporter(), self.config
        mean = copy.deepcopy(self.model)
        optimiser = torch.optim.AdamW(self.model.parameters(), lr=c.learning_rate, weight_decay=c.weight_decay)
        count = len(self.looks[0])
        steps = c.epochs * max(count // c.batch_cells, 1)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, c.learning_rate, total_steps=steps, pct_start=0.15)
        for epoch in range(1, c.epochs + 1):
            self.model.train()
            order = self._rng.permutation(count)
            for start in range(0, max(count - c.batch_cells + 1, 1), c.batch_cells):
                watch.check_cancelled()
                cells = [self._composed(int(index)) for index in order[start : start + c.batch_cells]]
                loss = self._loss(cells)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                optimiser.step()
                if schedule.last_epoch < steps:
                    schedule.step()
                with torch.no_grad():
                    torch._foreach_lerp_(list(mean.parameters()), list(self.model.parameters()), 1 - c.ema_decay)
            held, accuracy = judge(mean, self.validation)
            if held < self.best_loss:
                self.best_loss, self.best = held, copy.deepcopy(mean)
            watch.report(epoch, c.epochs, "learning the context of cells")
            yield epoch, held, accuracy

    def _composed(self, index: int) -> CellEvidence:
        """One training cell, looked at on one of its occasions, perhaps with objects lost and gained."""
        c, rng = self.config, self._rng
        cell = self.looks[int(rng.integers(len(self.looks)))][index]
        made = np.flatnonzero(cell.labels == CLUTTER)
        if len(made):
            count = int(rng.integers(1, len(made) + 1)) if rng.random() < c.clutter_share else 0
            gone = rng.choice(made, len(made) - count, replace=False)
            cell = cell.take(np.setdiff1d(np.arange(len(cell)), gone))
        if rng.random() < c.part_share and len(cell) > _FEW:
            cell = _cut_short(cell, rng)
        if rng.random() < c.loss_share and len(cell) > 2 * c.most_changes:
            gone = rng.choice(len(cell), int(rng.integers(1, c.most_changes + 1)), replace=False)
            cell = cell.take(np.setdiff1d(np.arange(len(cell)), gone))
        if rng.random() < c.gain_share:
            giver = self.looks[int(rng.integers(len(self.looks)))][int(rng.integers(len(self.looks[0])))]
            more = giver.take(rng.choice(len(giver), min(int(rng.integers(1, c.most_changes + 1)), len(giver)), False))
            cell = CellEvidence(
                np.concatenate([cell.log_probabilities, more.log_probabilities]),
                np.concatenate([cell.features, more.features]),
                np.concatenate([cell.size, more.size]),
                np.concatenate([cell.labels, more.labels]),
            )
        return cell

    def _loss(self, cells: Sequence[CellEvidence]) -> Tensor:
        said, features, size, labels, absent = stacked(cells)
        logits = self.model(said, features, size, absent)
        return functional.cross_entropy(logits[~absent], labels[~absent], label_smoothing=self.config.label_smoothing)


def _cut_short(cell: CellEvidence, rng: np.random.Generator) -> CellEvidence:
    """A random part of a cell; its sizes are relative to what is left, as they would be measured."""
    rest = cell.take(rng.choice(len(cell), int(rng.integers(_FEW, len(cell))), replace=False))
    known = rest.size[:, SIZE_FEATURES.index("known")] > 0
    size = rest.size.copy()
    for name in ("log_area", "log_length") if known.any() else ():
        column = SIZE_FEATURES.index(name)
        size[known, column] -= np.median(size[known, column])
    return CellEvidence(rest.log_probabilities, rest.features, size, rest.labels)


def stacked(cells: Sequence[CellEvidence]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return cells as one batch: log-probabilities, features, size, labels, and (B, N) where there is none."""
    longest = max(len(cell) for cell in cells)
    parts = [
        np.zeros((len(cells), longest, *getattr(cells[0], name).shape[1:]), getattr(cells[0], name).dtype)
        for name in ("log_probabilities", "features", "size", "labels")
    ]
    absent = np.ones((len(cells), longest), np.bool_)
    for row, cell in enumerate(cells):
        for part, values in zip(parts, (cell.log_probabilities, cell.features, cell.size, cell.labels), strict=True):
            part[row, : len(cell)] = values
        absent[row, : len(cell)] = False
    said, features, size, labels = (torch.from_numpy(part) for part in parts)
    return said.float(), features.float(), size.float(), labels.long(), torch.from_numpy(absent)


def judge(model: CellContext, cells: Sequence[CellEvidence]) -> tuple[float, float]:
    """Return the mean loss and the accuracy of the context over the objects of whole cells."""
    model.eval()
    loss, right, count = 0.0, 0, 0
    with torch.inference_mode():
        for cell in cells:
            said, features, size, labels, _ = stacked([cell])
            logits = model(said, features, size)[0]
            loss += float(functional.cross_entropy(logits, labels[0], reduction="sum"))
            right += int((logits.argmax(1) == labels[0]).sum())
            count += len(cell)
    return loss / count, right / count


def context_network(model: CellContext) -> NetworkFiles:
    """Return the network as files of a bundle; it is given the N chromosomes of one cell."""
    features, size = model.from_features.in_features, model.from_size.in_features
    inputs = {
        "log_probabilities": torch.zeros(3, len(CLASS_LABELS)),
        "features": torch.zeros(3, features),
        "size": torch.zeros(3, size),
    }
    return export_network(model, inputs, (CONTEXT_OUTPUT,), CONTEXT)


def with_context(bundle: Bundle, model: CellContext, folder: Path, **changes: Any) -> BundleCard:
    """Write a bundle again with the context network in it; what it says of single images stays the same.

    Parameters
    ----------
    changes : of the card.
    """
    card = NetworkCard("cell_context", {"features": model.from_features.in_features}, batch=_LARGEST_CELL)
    networks = {**bundle.card.networks, CONTEXT: card}
    written = replace(bundle.card, networks=networks, **changes)
    return write_bundle(written, {**bundle.networks, CONTEXT: context_network(model)}, folder)
