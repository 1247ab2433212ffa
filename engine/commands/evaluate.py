"""`karyo evaluate`: figures of a bundle on labelled cells, orientation unknown, with their spread."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.bundle import Bundle
    from engine.training.dataset import LabelledCell
    from engine.training.metrics import CellOutcome
    from engine.training.sources import LabelledSource
    from engine.types import Stain

_SPREAD = ("image_accuracy", "context_accuracy", "whole_cells")
_TEXT = {
    "n_cells": "cells",
    "n_groups": "patients, cases or cells that a split keeps together",
    "n_chromosomes": "chromosomes",
    "image_accuracy": "classifier alone, per chromosome",
    "context_accuracy": "with cell context",
    "whole_cells": "whole cells without any error",
    "x_context": "X with context",
    "y_context": "Y with context",
    "polarity": "p arm up",
    "unplaced": "left in the tray",
    "n_numerical": "cells of 45 or 47 chromosomes",
    "numerical_counts_right": "of these, counts right",
    "normal_called_abnormal": "normal cells called abnormal",
    "image_confidence_error": "calibration error, classifier alone",
    "context_confidence_error": "calibration error, with context",
    "errors_in_least_certain_tenth": "errors among the least certain tenth",
}


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to the parser of `karyo`."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure a bundle on labelled cells",
        description="Classify labelled cells (a folder with labels.csv: path, label, and patient, case or cell; with "
        "files named by their label; or with a folder for each label), each chromosome turned by a random angle, and "
        "compare. Cells the bundle has learned from are left out.",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="labelled folder")
    parser.add_argument("--library", metavar="URL", help="reviewed cells of a library: a file, or a database URL")
    parser.add_argument("--bundle", metavar="NAME|DIR", help="default: the one for the stain")
    parser.add_argument("--stain", choices=("auto", "g", "q"), default="auto", help="banding; default: from the images")
    parser.add_argument(
        "--part",
        choices=("all", "train", "validation", "test"),
        default="test",
        help="which part of the split in the bundle's card; all: cells it never saw (default: test)",
    )
    parser.add_argument(
        "--orientation",
        choices=("known", "unknown"),
        default="known",
        help="known: the files show the p arm up, so the polarity can be judged (they are turned all the same)",
    )
    parser.add_argument("--perturb", action="store_true", help="measure under changes of contrast, optics and format")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="measure the first N cells only")
    parser.add_argument("--seed", type=int, default=0, help="of the random angles")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Measure and print.

    Raises
    ------
    EngineError
        If there is no label table, no such part, or the bundle is unusable.
    """
    import json

    from tqdm import tqdm

    from engine.bundle import default_bundle, load_bundle
    from engine.evaluation import evaluate, held_out
    from engine.perturb import PERTURBATIONS, perturbed_reader
    from engine.results import write_text_whole
    from engine.training.metrics import summary
    from engine.training.sources import open_source

    if args.limit < 0:
        raise InputError("--limit must not be negative.")
    if (args.data is None) == (args.library is None):
        raise InputError("Name either a labelled folder with --data or a library with --library.")
    stain = None if args.stain == "auto" else args.stain
    if args.library:
        _print_all(args, *_library(args, stain))
        return
    source = open_source(args.data, upright=args.orientation == "known", stain=stain)
    bundle = load_bundle(args.bundle or default_bundle(source.stain))
    cells = _unseen(held_out(source.cells, bundle, args.part), bundle, source)
    cells = cells[: args.limit] if args.limit else cells
    report: dict[str, Any] = {
        "bundle": {"name": bundle.card.name, "version": bundle.card.version},
        "data": args.data.name,
        "part": args.part,
        "seed": args.seed,
    }

    def measured(title: str, **options: Any) -> "list[CellOutcome]":
        run_ = evaluate(cells, bundle, stain=stain, seed=args.seed, **{"read": source.read, **options})
        return list(tqdm(run_, title, total=len(cells), leave=False, disable=not sys.stderr.isatty()))

    if args.perturb:
        rows = {}
        for change in PERTURBATIONS:
            rows[change.name] = summary(measured(change.name, read=perturbed_reader(change, seed=args.seed)))
            _print_row(change.name, rows[change.name])
        report["perturbed"] = rows
    else:
        _print_all(args, report, measured(args.data.name))
        return
    if args.json is not None:
        write_text_whole(args.json, json.dumps(report, indent=2) + "\n")


def _unseen(cells: "list[LabelledCell]", bundle: "Bundle", source: "LabelledSource") -> "list[LabelledCell]":
    """Leave out cells the bundle has learned from, wherever they lie now."""
    from engine.training.own_cells import reviewed_cell
    from engine.training.reviewed import learned_cells

    learned = learned_cells(bundle.card.training)
    if not learned:
        return cells
    kept = [
        cell for cell in cells if (found := reviewed_cell(source, cell)) is not None and found.digest not in learned
    ]
    if len(kept) < len(cells):
        sys.stdout.write(f"left out: {len(cells) - len(kept)} cells the bundle has learned from\n")
    if not kept:
        raise InputError(f"{bundle.card.name} has learned from all of these cells; name others.")
    return kept


def _library(args: argparse.Namespace, stain: "Stain | None") -> "tuple[dict[str, Any], list[CellOutcome]]":
    """Measure on the reviewed cells of a library, without those the bundle has learned from."""
    from engine.bundle import default_bundle, load_bundle
    from engine.training.compare import answer
    from engine.training.library import library_cells
    from engine.training.reviewed import learned_cells, one_stain

    cells = library_cells(args.library, stain or "")
    bundle = load_bundle(args.bundle or default_bundle(one_stain(cells)))  # type: ignore[arg-type]
    learned = learned_cells(bundle.card.training)
    kept = [cell for cell in cells if cell.digest not in learned]
    if len(kept) < len(cells):
        sys.stdout.write(f"left out: {len(cells) - len(kept)} cells the bundle has learned from\n")
    if not kept:
        raise InputError(f"{bundle.card.name} has learned from all of these cells; review others.")
    kept = kept[: args.limit] if args.limit else kept
    report = {
        "bundle": {"name": bundle.card.name, "version": bundle.card.version},
        "data": "library",
        "seed": args.seed,
    }
    return report, [answer(cell, bundle, args.seed) for cell in kept]


def _print_all(args: argparse.Namespace, report: dict[str, Any], outcomes: "list[CellOutcome]") -> None:
    import json

    from engine.results import write_text_whole
    from engine.training.metrics import spread_over_groups, summary

    figures = summary(outcomes)
    spread = {name: spread_over_groups(outcomes, name) for name in _SPREAD}
    _print_figures(figures, spread)
    _print_mistakes(outcomes)
    if args.json is not None:
        whole = {**report, "figures": figures, "interval_95": spread, "mistakes": _mistakes(outcomes)}
        write_text_whole(args.json, json.dumps(whole, indent=2) + "\n")


def _print_figures(figures: dict[str, Any], spread: dict[str, tuple[float, float] | None]) -> None:
    for name, text in _TEXT.items():
        interval = spread.get(name)
        between = f"   ({_shown(name, interval[0])} to {_shown(name, interval[1])})" if interval else ""
        sys.stdout.write(f"{text:<56} {_shown(name, figures[name]):>8}{between}\n")


def _print_row(title: str, figures: dict[str, Any]) -> None:
    names = ("image_accuracy", "context_accuracy", "whole_cells", "polarity")
    sys.stdout.write(f"{title:<20}" + "".join(f"{_shown(name, figures[name]):>9}" for name in names) + "\n")
    sys.stdout.flush()


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if name.startswith(("n_", "numerical")):
        return str(value)
    return f"{100 * value:.2f} %"


def _mistakes(outcomes: "list[CellOutcome]") -> list[dict[str, Any]]:
    """Each kind of confusion that is left with context, the most frequent first."""
    from collections import Counter

    from engine.types import CLASS_LABELS

    pairs = Counter(
        (CLASS_LABELS[truth], CLASS_LABELS[label] if label >= 0 else None)
        for outcome in outcomes
        for truth, label in zip(outcome.truth.tolist(), outcome.label.tolist(), strict=True)
        if truth != label
    )
    return [{"truth": truth, "label": label, "n": n} for (truth, label), n in pairs.most_common()]


def _print_mistakes(outcomes: "list[CellOutcome]") -> None:
    most = _mistakes(outcomes)[:12]
    if most:
        text = ", ".join(f"{m['truth']} as {m['label'] or 'nothing'} x{m['n']}" for m in most)
        sys.stdout.write(f"what is left: {text}\n")
