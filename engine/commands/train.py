"""`karyo train`: a classifier or a super-resolution network from labelled folders; resumable, one process or many."""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands import train_context, train_own
from engine.errors import InputError

if TYPE_CHECKING:
    from engine.training.loop import EpochMetrics
    from engine.training.sources import LabelledSource

PRESET_NAMES = ("product", "further", "fast", "paper")
SR_SIZES = ("small", "large")


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to the parser of `karyo`."""
    parser = subparsers.add_parser("train", help="train a classifier or a super-resolution network")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    classifier = kinds.add_parser(
        "classifier",
        help="labelled cells -> bundle",
        description="Train a classifier on labelled folders: labels.csv (path, label, patient, case or cell), files "
        "named by their label (13_2.png), or a folder for each label. Under torchrun it runs on all processes: "
        "torchrun --nproc-per-node 2 -m engine.cli train classifier ...",
    )
    _add_data(classifier)
    classifier.add_argument("--config", type=Path, metavar="FILE", help="TOML: settings that differ from the preset")
    classifier.add_argument("--preset", choices=PRESET_NAMES, help="recipe (default: product); further: with --init")
    classifier.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the run")
    classifier.add_argument("--name", help="name of the bundle (default: that of the folder)")
    classifier.add_argument("--init", metavar="BUNDLE", help="begin with the weights of a bundle")
    classifier.add_argument(
        "--pretrained",
        nargs="?",
        const=True,
        default=False,
        metavar="FILE",
        help="begin with ImageNet weights: from a file, or fetched where there is network",
    )
    classifier.add_argument(
        "--sr", metavar="BUNDLE", help="super-resolution of this bundle before the classifier, in training and at work"
    )
    classifier.add_argument("--resume", action="store_true", help="go on with the run in the folder")
    classifier.add_argument("--epochs", type=int, metavar="N", help="instead of the preset's")
    classifier.add_argument("--seed", type=int, metavar="N", help="of the run, instead of the preset's")
    classifier.add_argument("--preview", action="store_true", help="say what was understood of the data, and stop")
    classifier.set_defaults(run=_classifier)
    sr = kinds.add_parser(
        "sr",
        help="chromosomes -> super-resolution network (SRAFBN)",
        description="Train SRAFBN on pairs of chromosomes and their degraded, smaller selves; keep the best validation "
        "PSNR; compare with bicubic on test cells.",
    )
    _add_data(sr)
    sr.add_argument("--config", type=Path, metavar="FILE", help="TOML: settings that differ from the preset")
    sr.add_argument("--preset", choices=SR_SIZES, default="small", help="size of the network (default: small)")
    sr.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the run")
    sr.add_argument("--bundle", metavar="NAME|DIR", help="also write this bundle with the network in it to OUT/bundle")
    sr.add_argument("--resume", action="store_true", help="go on with the run in the folder")
    sr.add_argument("--epochs", type=int, metavar="N", help="instead of the preset's")
    sr.add_argument("--seed", type=int, metavar="N", help="of the run, instead of the preset's")
    sr.set_defaults(run=_sr)
    train_context.add_kind(kinds, _add_data, _sources)
    train_own.add_kinds(kinds)


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, nargs="+", default=[], metavar="DIR", help="labelled folders, p arm up in every file"
    )
    parser.add_argument(
        "--turned", type=Path, nargs="+", default=[], metavar="DIR", help="labelled folders of unknown orientation"
    )
    parser.add_argument("--stain", choices=("auto", "g", "q"), default="auto", help="default: from the images")
    parser.add_argument(
        "--split",
        type=float,
        nargs=3,
        default=(0.7, 0.1, 0.2),
        metavar=("TRAIN", "VALIDATION", "TEST"),
        help="shares of the patients, cases or cells (default: 0.7 0.1 0.2)",
    )
    parser.add_argument("--split-seed", type=int, default=0, metavar="N", help="another deal (default: 0)")
    parser.add_argument("--kept", type=Path, metavar="DIR", help="folder for adapted images that runs can share")


def _sources(args: argparse.Namespace) -> "list[LabelledSource]":
    from engine.training.sources import open_source

    if not args.data and not args.turned:
        raise InputError("Name at least one labelled folder with --data or --turned.")
    if abs(sum(args.split) - 1.0) > 1e-6 or min(args.split) < 0:
        raise InputError("The three shares of --split must sum to 1.")
    stain = None if args.stain == "auto" else args.stain
    upright = [open_source(folder, upright=True, stain=stain) for folder in args.data]
    return upright + [open_source(folder, upright=False, stain=stain) for folder in args.turned]


def _classifier(args: argparse.Namespace) -> None:
    from dataclasses import replace

    from engine.bundle import load_bundle
    from engine.commands.progress_bar import ProgressBar
    from engine.superresolution import enlarges
    from engine.training.classifier_run import ClassifierRun, train_classifier
    from engine.training.config import load_config, preset
    from engine.training.processes import join_processes, leave_processes

    base = preset(args.preset) if args.preset else None
    config = load_config(args.config, base) if args.config else base or preset("product")
    changes = {name: value for name in ("epochs", "seed") if (value := getattr(args, name)) is not None}
    config = replace(config, **changes)
    sources = _sources(args)
    sr = load_bundle(args.sr) if args.sr else None
    if sr is not None and not enlarges(sr):
        raise InputError(f"The bundle {sr.card.name} has no super-resolution network.")
    bar = ProgressBar()
    team = join_processes()
    try:
        if team.leads:
            for source in sources:
                bar.say(source.preview())
        if args.preview:
            return
        run = ClassifierRun(
            args.out,
            args.name or args.out.resolve().name,
            config,
            tuple(sources),
            tuple(args.split),
            args.split_seed,
            load_bundle(args.init) if args.init else None,
            args.pretrained if isinstance(args.pretrained, bool) else Path(args.pretrained),
            args.kept,
            sr=sr,
        )
        card = train_classifier(
            run, resume=args.resume, processes=team, reporter=bar, on_epoch=_EpochLines(bar).say, on_remark=bar.say
        )
    finally:
        leave_processes()
        bar.close()
    if card is not None:
        for name, figures in card.metrics.items():
            shown = ((key, figures[key]) for key in ("image_accuracy", "context_accuracy", "whole_cells"))
            bar.say(f"{name}, test cells: " + "  ".join(f"{key} {100 * value:.2f} %" for key, value in shown))
        bar.say(f"bundle: {args.out / 'bundle'}")


class _EpochLines:
    """A line for each epoch, with the time left at the pace so far."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._start = time.monotonic()
        self._first = 0

    def say(self, epoch: "EpochMetrics", epochs: int) -> None:
        """Print one epoch."""
        self._first = self._first or epoch.epoch
        pace = (time.monotonic() - self._start) / (epoch.epoch - self._first + 1)
        self._bar.say(
            f"epoch {epoch.epoch} of {epochs}: loss {epoch.train_loss:.3f}, validation {epoch.validation_loss:.3f}, "
            f"{100 * epoch.validation_accuracy:.2f} %, polarity {100 * epoch.validation_polarity:.2f} %, "
            f"about {time_left(pace * (epochs - epoch.epoch))} left"
        )


def time_left(seconds: float) -> str:
    """Return a time as people say it: `40 s`, `12 min`, `3 h 05 min`."""
    if seconds < 90:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def _sr(args: argparse.Namespace) -> None:
    from dataclasses import replace

    from engine.bundle import load_bundle
    from engine.commands.progress_bar import ProgressBar
    from engine.training.sr_config import SR_PRESETS, load_sr_config
    from engine.training.sr_run import SrRun, train_sr

    config = load_sr_config(args.config, SR_PRESETS[args.preset]) if args.config else SR_PRESETS[args.preset]
    config = replace(config, **{n: v for n in ("epochs", "seed") if (v := getattr(args, n)) is not None})
    bundle = load_bundle(args.bundle) if args.bundle else None
    run = SrRun(args.out, config, tuple(_sources(args)), tuple(args.split), args.split_seed, bundle)
    bar = ProgressBar()
    start = time.monotonic()
    first: list[int] = []

    def on_epoch(epoch: int, loss: float, psnr: float) -> None:
        first.append(epoch)
        pace = (time.monotonic() - start) / (epoch - first[0] + 1)
        left = time_left(pace * (config.epochs - epoch))
        bar.say(f"epoch {epoch} of {config.epochs}: loss {loss:.5f}, validation {psnr:.3f} dB, about {left} left")

    try:
        report = train_sr(run, resume=args.resume, reporter=bar, on_epoch=on_epoch)
    finally:
        bar.close()
    for stain, row in report["test"].items():
        bar.say(
            f"{stain.upper()} band, {row['images']} images of {row['cells']} test cells: "
            f"PSNR {row['psnr']:.2f} dB (bicubic {row['bicubic_psnr']:.2f}), "
            f"SSIM {row['ssim']:.4f} (bicubic {row['bicubic_ssim']:.4f})"
        )
    bar.say(f"network, figures and pictures: {args.out}")
