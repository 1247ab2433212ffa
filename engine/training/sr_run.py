"""One training run of SRAFBN, from labelled folders to a network in a bundle, figures and pictures.

The labels are not used, the groups are: patients, cases or cells of the test part are never seen in training.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import Bundle, NetworkFiles, write_bundle
from engine.card import SUPERRESOLUTION, BundleCard, NetworkCard
from engine.errors import InputError
from engine.imaging.adapt import iam_box
from engine.nets.srafbn import Srafbn
from engine.nets.srafbn_phases import SrafbnPhases
from engine.progress import Reporter, SilentReporter
from engine.training.dataset import split_groups
from engine.training.export import export_network
from engine.training.processes import best_device
from engine.training.sources import LabelledSource
from engine.training.sr_config import SrTrainConfig
from engine.training.superres import SrImage, SrTrainer, bicubic, held_out_pair, score
from engine.whole_file import write_whole, write_whole_text

_MARGIN = 4  # pixels of ground kept around a chromosome
_SHOWN = 8  # chromosomes in a picture
_TALL = 4  # times the original, for looking at


@dataclass(frozen=True, slots=True)
class SrRun:
    """What to train, on what, and where it goes."""

    out: Path
    config: SrTrainConfig
    sources: Sequence[LabelledSource]
    fractions: tuple[float, float, float] = (0.7, 0.1, 0.2)
    split_seed: int = 0
    bundle: Bundle | None = None  # to be written again with the network in it

    def describe(self) -> dict[str, Any]:
        """Return all that decides the result, as plain values."""
        return {
            "recipe": asdict(self.config),
            "data": [
                {"name": source.name, "stain": source.stain, "cells": len(source.cells), "sha256": source.digest}
                for source in self.sources
            ],
            "split": {"seed": self.split_seed, "fractions": list(self.fractions)},
        }


def train_sr(
    run: SrRun,
    *,
    resume: bool = False,
    reporter: Reporter | None = None,
    on_epoch: Callable[[int, float, float], None] | None = None,
) -> dict[str, Any]:
    """Train, compare with bicubic on the test cells, write network, report and before/after pictures.

    Parameters
    ----------
    on_epoch : told epoch, loss and validation PSNR.

    Returns
    -------
    The report, as written to `report.json`; `test` holds the figures of each stain.

    Raises
    ------
    InputError
        If the data do not suffice, or the folder holds another run, or one and `resume` was not asked for.
    """
    watch = reporter or SilentReporter()
    _claim(run, resume)
    finished = run.out / "report.json"  # written last
    if finished.exists():
        found: dict[str, Any] = json.loads(finished.read_text(encoding="utf-8"))
        return found
    train, validation, test = read_parts(run.sources, run.fractions, run.split_seed, watch)
    trainer = SrTrainer(train, validation, run.config, best_device())
    checkpoint = run.out / "checkpoint.pt"
    if checkpoint.exists():
        trainer.resume(checkpoint)
    for epoch in trainer.fit(watch, checkpoint):
        _write_metrics(run, trainer)
        if on_epoch is not None:
            on_epoch(epoch.epoch, epoch.loss, epoch.psnr)
    _write_metrics(run, trainer)
    model = trainer.best_model()
    report: dict[str, Any] = {**run.describe(), "best_epoch": trainer.best_epoch, "validation_psnr": trainer.best_psnr}
    report["test"] = {}
    for stain in sorted({image.stain for image in test}):
        own = [image for image in test if image.stain == stain]
        report["test"][stain] = asdict(score(model, own, run.config.degradation, watch))
        write_picture(run.out / f"before_after_{stain}.png", model, own, run)
    files = sr_network(model)
    write_whole(run.out / "superresolution.onnx", lambda stream: stream.write(files.graph))
    write_whole(run.out / "superresolution.safetensors", lambda stream: stream.write(files.weights))
    if run.bundle is not None:
        with_superresolution(run.bundle, model, files, report, run.out / "bundle")
    write_whole_text(finished, json.dumps(report, indent=1) + "\n")
    return report


def read_parts(
    sources: Sequence[LabelledSource], fractions: Sequence[float], seed: int, reporter: Reporter
) -> tuple[list[SrImage], list[SrImage], list[SrImage]]:
    """Read all chromosomes and deal them to training, validation and test by their group.

    Raises
    ------
    InputError
        If a part that is needed is empty.
    """
    parts: tuple[list[SrImage], list[SrImage], list[SrImage]] = ([], [], [])
    total = sum(len(source.cells) for source in sources)
    done = 0
    for source in sources:
        part_of = split_groups([cell.group for cell in source.cells], fractions, seed=seed)
        for cell in source.cells:
            reporter.check_cancelled()
            reporter.report(done, total, "reading")
            done += 1
            try:
                images = source.read(cell.folder)
            except InputError:
                continue  # a file that cannot be read is no original
            for chromosome in images.chromosomes:
                box = originals(chromosome.pixels, chromosome.mask)
                parts[part_of[cell.group]].append(SrImage(box, images.stain, cell.name, cell.group))
    if not all(parts):
        raise InputError("The groups are too few to be dealt to training, validation and test; add cells.")
    return parts


def originals(pixels: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return the chromosome in its box with a margin, (h, w) 0..255; ground beyond the picture's edge."""
    up, down, left, right = iam_box(mask)
    crop = np.round(pixels[up : down + 1, left : right + 1].clip(0.0, 1.0) * 255.0).astype(np.uint8)
    return np.pad(crop, _MARGIN)


def sr_network(model: Srafbn) -> NetworkFiles:
    """Return the network as files of a bundle; any height and width."""
    fast = SrafbnPhases(model) if model.config.scale == 2 and model.config.output == "last" else model
    return export_network(fast, {"images": torch.zeros(2, 1, 24, 20)}, ("images_out",), SUPERRESOLUTION, any_size=True)


def with_superresolution(
    bundle: Bundle, model: Srafbn, files: NetworkFiles, report: dict[str, Any], folder: Path
) -> BundleCard:
    """Write a bundle again with the super-resolution network in it; what it classifies with stays the same.

    Parameters
    ----------
    model : for its configuration; `files` are what `sr_network` made of it.
    report : of its training; `test` goes to the card's metrics.
    """
    network = NetworkCard("srafbn", asdict(model.config), batch=1)
    training = {**bundle.card.training, SUPERRESOLUTION: {k: v for k, v in report.items() if k != "test"}}
    metrics = {**bundle.card.metrics, SUPERRESOLUTION: report["test"]}
    card = replace(
        bundle.card, networks={**bundle.card.networks, SUPERRESOLUTION: network}, training=training, metrics=metrics
    )
    return write_bundle(card, {**bundle.networks, SUPERRESOLUTION: files}, folder)


def write_picture(path: Path, model: Srafbn, images: Sequence[SrImage], run: SrRun) -> None:
    """Figure 6: low resolution, bicubic, SRAFBN and original of some test chromosomes, one above the other."""
    scale = model.config.scale
    chosen = [images[index] for index in np.linspace(0, len(images) - 1, min(_SHOWN, len(images))).astype(int)]
    columns = []
    for image in chosen:
        small, original = held_out_pair(image, scale, run.config.degradation, images.index(image))
        with torch.inference_mode():
            made = model(small).clamp(0.0, 1.0)
        shown = (small, bicubic(small, scale), made, original)
        columns.append([tile[0, 0].numpy() for tile in shown])
    height = _TALL * max(column[3].shape[0] for column in columns)
    titles = ("low resolution", "bicubic", "SRAFBN", "original")
    rows = []
    for row, title in enumerate(titles):
        band = np.zeros((26, sum(_TALL * column[3].shape[1] + 8 for column in columns)), np.uint8)
        cv2.putText(band, title, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1, cv2.LINE_AA)
        tiles = np.hstack([_tile(column[row], column[3].shape, height) for column in columns])
        rows += [band, np.round(tiles * 255.0).clip(0, 255).astype(np.uint8)]
    picture = np.vstack(rows)
    if images[0].stain == "g":
        picture = 255 - picture  # as it is seen in the microscope
    encoded = cv2.imencode(".png", picture)[1].tobytes()
    write_whole(path, lambda stream: stream.write(encoded))


def _tile(tile: NDArray[np.float32], original: tuple[int, ...], height: int) -> NDArray[np.float32]:
    size = (original[1] * _TALL, original[0] * _TALL)
    large = np.asarray(cv2.resize(tile, size, interpolation=cv2.INTER_NEAREST), np.float32)  # pixels as they are
    return np.pad(large, ((0, height - large.shape[0]), (4, 4)))


def _claim(run: SrRun, resume: bool) -> None:
    path, wanted = run.out / "run.json", json.dumps(run.describe(), indent=1, sort_keys=True) + "\n"
    if not path.exists():
        write_whole_text(path, wanted)
    elif not resume:
        raise InputError(f"{run.out} already holds a run; resume it or choose another folder.")
    elif path.read_text(encoding="utf-8") != wanted:
        raise InputError(f"The run in {run.out} has other data or settings (see run.json); choose another folder.")


def _write_metrics(run: SrRun, trainer: SrTrainer) -> None:
    write_whole_text(run.out / "metrics.jsonl", "".join(json.dumps(asdict(epoch)) + "\n" for epoch in trainer.history))
