"""`karyo evaluate`: figures of a bundle on labelled cells, orientation unknown, with their spread."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.training.metrics import CellOutcome

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
        description="Classify labelled cells (a folder with labels.csv: path, label, and patient, case or cell), each "
        "chromosome turned by a random angle, and compare.",
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="labelled folder")
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
    from engine.training.dataset import read_label_table
    from engine.training.metrics import spread_over_groups, summary

    if args.limit < 0:
        raise InputError("--limit must not be negative.")
    stain = None if args.stain == "auto" else args.stain
    bundle = load_bundle(args.bundle or default_bundle(stain or "g"))
    cells = held_out(read_label_table(args.data, upright=args.orientation == "known"), bundle, args.part)
    cells = cells[: args.limit] if args.limit else cells
    report: dict[str, Any] = {
        "bundle": {"name": bundle.card.name, "version": bundle.card.version},
        "data": args.data.name,
        "part": args.part,
        "seed": args.seed,
    }

    def measured(title: str, **options: Any) -> "list[CellOutcome]":
        run_ = evaluate(cells, bundle, stain=stain, seed=args.seed, **options)
        return list(tqdm(run_, title, total=len(cells), leave=False, disable=not sys.stderr.isatty()))

    if args.perturb:
        rows = {}
        for change in PERTURBATIONS:
            rows[change.name] = summary(measured(change.name, read=perturbed_reader(change, seed=args.seed)))
            _print_row(change.name, rows[change.name])
        report["perturbed"] = rows
    else:
        outcomes = measured(args.data.name)
        figures = summary(outcomes)
        spread = {name: spread_over_groups(outcomes, name) for name in _SPREAD}
        _print_figures(figures, spread)
        _print_mistakes(outcomes)
        report |= {"figures": figures, "interval_95": spread, "mistakes": _mistakes(outcomes)}
    if args.json is not None:
        write_text_whole(args.json, json.dumps(report, indent=2) + "\n")


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
