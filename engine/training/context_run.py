"""The context of whole cells for a bundle that has a classifier: from labelled folders to a bundle that has both."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.special import log_softmax

from engine.bundle import Bundle, load_bundle, write_bundle
from engine.card import BundleCard, SizeTerm
from engine.errors import InputError
from engine.evaluation import PARTS, evaluate
from engine.imaging.adapt import adapt_cell
from engine.pipeline import with_size
from engine.progress import Reporter, SilentReporter
from engine.sr_stage import as_seen
from engine.training.as_new import strength_as_new
from engine.training.calibration import fit_confidence, fit_size, fit_size_weight, fit_temperature
from engine.training.clutter import clutter
from engine.training.config import AugmentConfig
from engine.training.context import (
    CLUTTER,
    CellEvidence,
    ContextConfig,
    ContextTrainer,
    stacked,
    varied_evidence,
    with_context,
)
from engine.training.dataset import PIXEL_SCALE, LabelledImages, concatenate, split_groups
from engine.training.initial import classifier_of
from engine.training.metrics import summary
from engine.training.prepared import prepared_images
from engine.training.sources import LabelledSource

_A_CELL = 30  # chromosomes below which a cell says little of its counts
_WHOLE = 44  # objects from which sizes relative to the cell's median mean the same in every cell


@dataclass(frozen=True, slots=True)
class ContextRun:
    """What to train on, with which split, and where the new bundle goes."""

    out: Path  # folder of the bundle
    bundle: Bundle
    sources: Sequence[LabelledSource]
    config: ContextConfig
    fractions: tuple[float, float, float]  # those the classifier was trained with
    split_seed: int
    kept: Path  # folder of adapted images


def train_context(
    run: ContextRun,
    *,
    reporter: Reporter | None = None,
    on_epoch: Callable[[int, float, float], None] | None = None,
) -> BundleCard:
    """Train the context, calibrate it on the validation cells, measure the bundle on the test cells, write it.

    Parameters
    ----------
    on_epoch : told epoch, loss and accuracy on the validation cells.

    Raises
    ------
    InputError
        If there are no cells to learn from.
    BundleError
        If the bundle's classifier is unknown here.
    """
    watch = reporter or SilentReporter()
    if not run.sources:
        raise InputError("There is no labelled folder to learn from.")
    model, config = classifier_of(run.bundle), run.config
    looks: list[list[CellEvidence]] = [[] for _ in range(config.varied)]
    validation: list[CellEvidence] = []
    strengths: dict[str, float] = {}
    learned: list[LabelledImages] = []
    for source in run.sources:
        train, held = (
            _with_clutter(run, source, part, data, watch) for part, data in enumerate(_parts(run, source, watch))
        )
        as_they_are = varied_evidence(model, held, None, reporter=watch)
        strength = strength_as_new(model, train, as_they_are, seed=config.seed, reporter=watch)
        augment = AugmentConfig().stretched(strength)
        for number, look in enumerate(looks):
            seed = config.seed * 100 + number
            look.extend(varied_evidence(model, train, augment, seed=seed, reporter=watch))
        validation += as_they_are
        strengths[source.name] = round(strength, 2)
        learned.append(train)
    trainer = ContextTrainer(looks, validation, run.config)
    for epoch, loss, accuracy in trainer.fit(watch):
        if on_epoch is not None:
            on_epoch(epoch, loss, accuracy)
    context = trainer.best.eval()
    whole = _of_whole_cells(concatenate(learned))
    size = fit_size(whole.size, whole.labels)
    changes = calibrated(run.bundle.card, [_said(context, cell) for cell in validation], validation, size)
    training = {
        **run.bundle.card.training,
        "context": {
            "recipe": asdict(run.config),
            "data": [{"name": source.name, "sha256": source.digest} for source in run.sources],
            "variation": strengths,
            "cells": {"training": len(looks[0]), "validation": len(validation)},
            "split": {"seed": run.split_seed, "fractions": list(run.fractions)},
            "validation_loss": trainer.best_loss,
        },
    }
    with_context(run.bundle, context, run.out, training=training, **changes)
    bundle = load_bundle(run.out)
    card = replace(bundle.card, metrics={**bundle.card.metrics, **_measured(run, bundle, watch)})
    return write_bundle(card, bundle.networks, run.out)


def _parts(run: ContextRun, source: LabelledSource, watch: Reporter) -> tuple[LabelledImages, LabelledImages]:
    """Adapted images of the training and of the validation cells."""
    sr = run.bundle if run.bundle.card.super_resolution else None
    data = prepared_images(source, run.bundle.card.adapt, run.kept, watch, sr=sr)
    part_of = split_groups(data.groups.tolist(), run.fractions, seed=run.split_seed)
    part = np.array([part_of[group] for group in data.groups.tolist()])
    return data.take(part == 0), data.take(part == 1)


def _with_clutter(
    run: ContextRun, source: LabelledSource, part: int, data: LabelledImages, watch: Reporter
) -> LabelledImages:
    """Lay objects that are no chromosome beside those of every whole cell; of validation cells one each."""
    rng = np.random.default_rng([run.config.seed, part])
    found = [data]
    part_of = split_groups([cell.group for cell in source.cells], run.fractions, seed=run.split_seed)
    chosen = [cell for cell in source.cells if part_of[cell.group] == part and len(cell.labels) >= _A_CELL]
    for number, cell in enumerate(chosen):
        watch.check_cancelled()
        watch.report(number, len(chosen), "making clutter")
        try:
            images = source.read(cell.folder)
        except InputError:
            continue  # it was left out of the adapted images, too
        made = clutter(images.chromosomes, run.config.clutter if part == 0 else 1, rng)
        adapted = adapt_cell(as_seen((*images.chromosomes, *made), run.bundle, watch), run.bundle.card.adapt)
        count = len(made)
        found.append(
            LabelledImages(
                np.round(adapted.images[-count:] * PIXEL_SCALE).clip(0, 255).astype(np.uint8),
                adapted.size[-count:],
                np.full(count, CLUTTER),
                np.zeros(count, np.bool_),
                np.full(count, cell.group),
                np.full(count, images.name),
                np.ones(count, np.bool_),
            )
        )
    return concatenate(found)


def _of_whole_cells(data: LabelledImages) -> LabelledImages:
    _, cell, count = np.unique(data.cells, return_inverse=True, return_counts=True)
    return data.take(count[cell] >= _WHOLE)


def _said(context: Any, cell: CellEvidence) -> np.ndarray[Any, np.dtype[np.float64]]:
    said, features, size, _, _ = stacked([cell])
    with torch.inference_mode():
        return np.asarray(context(said, features, size)[0].double().numpy())


def calibrated(
    card: BundleCard,
    said: Sequence[np.ndarray[Any, np.dtype[np.float64]]],
    cells: Sequence[CellEvidence],
    size: SizeTerm | None,
) -> dict[str, Any]:
    """Return what the validation cells say of the card: temperatures, weight of the size, confidence of placements.

    Parameters
    ----------
    said : (N, 25) of each cell, by the context network.
    size : of the training chromosomes, if they suffice.
    """
    real = [cell.labels != CLUTTER for cell in cells]
    labels = [cell.labels[kept] for cell, kept in zip(cells, real, strict=True)]
    sizes = [cell.size[kept] for cell, kept in zip(cells, real, strict=True)]
    said = [rows[kept, :CLUTTER] for rows, kept in zip(said, real, strict=True)]
    temperature = fit_temperature(np.concatenate(said), np.concatenate(labels))
    scaled = [np.asarray(log_softmax(rows / temperature, axis=1)) for rows in said]
    if size is not None:
        size = fit_size_weight(scaled, sizes, labels, size)
        scaled = [with_size(rows, own, size) for rows, own in zip(scaled, sizes, strict=True)]
    changes: dict[str, Any] = {
        "calibration": replace(card.calibration, size=size, context_temperature=temperature),
    }
    changes["assignment"] = fit_confidence(scaled, labels, card.assignment)
    return changes


def _measured(run: ContextRun, bundle: Bundle, watch: Reporter) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for source in run.sources:
        part_of = split_groups([cell.group for cell in source.cells], run.fractions, seed=run.split_seed)
        cells = [cell for cell in source.cells if part_of[cell.group] == PARTS.index("test")]
        if cells:
            outcomes = list(evaluate(cells, bundle, reporter=watch, read=source.read))
            figures[source.name] = {"part": "test", **summary(outcomes)}
    return figures
