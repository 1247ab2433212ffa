"""`karyo train quick`, `thorough` and `full`: a laboratory's own cells make the bundle in use a better one."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.training.facts import StepDone, TuningPlan
    from engine.training.reviewed import ReviewedCell

_QUICK_BALANCES = ("smote_features", "class_weights", "none")
_BALANCES = ("smote_pixels", "smote_features", "class_weights", "none")
_RECIPES = ("paper", "product", "fast")


def add_kinds(kinds: Any) -> None:
    """Add the three ways to the kinds of `karyo train`."""
    quick = kinds.add_parser(
        "quick",
        help="own labelled cells -> bundle, in seconds",
        description="Fit the last layers of a bundle to labelled cells, and compare with the bundle it came from on "
        "cells that neither has learned from.",
    )
    _add_common(quick, _QUICK_BALANCES)
    quick.set_defaults(run=_quick)
    thorough = kinds.add_parser(
        "thorough",
        help="own labelled cells -> bundle, whole network, in minutes to hours",
        description="Fine-tune the whole network of a bundle on labelled cells. A run that was stopped goes on where "
        "it was when it is started again with the same arguments.",
    )
    _add_common(thorough, _BALANCES)
    thorough.add_argument("--epochs", type=int, default=6, metavar="N", help="default: 6")
    thorough.add_argument("--threads", type=int, default=0, metavar="N", help="default: all processors")
    thorough.set_defaults(run=_thorough)
    full = kinds.add_parser(
        "full",
        help="own labelled cells -> bundle, from the beginning, in hours to weeks",
        description="Train a new network on labelled cells alone, by the recipe of the SRAS-net paper or the "
        "program's own, and SRAFBN with it; compare with the bundle in use. A run that was stopped goes on where it "
        "was when it is started again with the same arguments.",
    )
    _add_common(full, _BALANCES)
    full.add_argument("--recipe", choices=_RECIPES, default="paper", help="default: paper")
    full.add_argument("--epochs", type=int, default=0, metavar="N", help="default: the recipe's")
    full.add_argument("--no-sr", action="store_true", help="train no super-resolution network")
    full.add_argument("--sr-epochs", type=int, default=0, metavar="N", help="of the super-resolution network")
    full.add_argument("--threads", type=int, default=0, metavar="N", help="default: all processors")
    full.set_defaults(run=_full)


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name labelled cells."""
    parser.add_argument("--data", type=Path, nargs="+", default=[], metavar="DIR", help="labelled folders, p arm up")
    parser.add_argument(
        "--turned", type=Path, nargs="+", default=[], metavar="DIR", help="labelled folders of unknown orientation"
    )
    parser.add_argument("--library", metavar="URL", help="reviewed cells of a library: a file, or a database URL")


def _add_common(parser: argparse.ArgumentParser, balances: tuple[str, ...]) -> None:
    add_sources(parser)
    parser.add_argument("--stain", choices=("auto", "g", "q"), default="auto", help="cells to take; default: all")
    parser.add_argument("--bundle", metavar="NAME|DIR", help="to begin with; default: the one in use for the stain")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the new bundle")
    parser.add_argument("--balance", choices=balances, default=balances[0], help="of rare labels")
    parser.add_argument("--seed", type=int, default=7, help="of the deal of cells to learning, tuning and judging")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="learn from at most N cells")


def _quick(args: argparse.Namespace) -> None:
    from engine.training.quick import QuickConfig, train_quick

    deal, parent = _prepare(args)
    _finish(args, deal, parent, train_quick(deal, parent, QuickConfig(balance=args.balance), watch=_told))


def _thorough(args: argparse.Namespace) -> None:
    from engine.training.run_files import discard_state
    from engine.training.thorough import ThoroughConfig, train_thorough

    config = ThoroughConfig(args.epochs, balance=args.balance, threads=_threads(args))
    deal, parent = _prepare(args)
    folder = args.out.with_name(args.out.name + ".run")
    made = train_thorough(deal, parent, config, folder=folder, watch=_told)
    _finish(args, deal, parent, made)
    discard_state(folder)
    folder.rmdir()


def _full(args: argparse.Namespace) -> None:
    from dataclasses import replace

    from engine.training.full import SR_CONFIG, FullConfig, train_full
    from engine.training.run_files import discard_state

    config = FullConfig(
        args.recipe,
        args.epochs,
        balance=args.balance,
        super_resolution=not args.no_sr,
        super_resolution_config=replace(SR_CONFIG, epochs=args.sr_epochs or SR_CONFIG.epochs),
        threads=_threads(args),
    )
    deal, parent = _prepare(args)
    folder = args.out.with_name(args.out.name + ".run")
    made = train_full(deal, parent, config, folder=folder, watch=_told)
    _finish(args, deal, parent, made)
    discard_state(folder)
    folder.rmdir()


def _threads(args: argparse.Namespace) -> int:
    from engine.runtime import default_threads

    if args.threads < 0:
        raise InputError("--threads must not be negative.")
    return args.threads or default_threads()


def _prepare(args: argparse.Namespace) -> tuple[Any, Any]:
    from dataclasses import replace

    from engine.bundle import default_bundle, load_bundle
    from engine.training.reviewed import deal_cells, label_counts, learned_cells, one_stain, rare_labels
    from engine.training.reviewed import without_duplicates as unique

    if args.limit < 0:
        raise InputError("--limit must not be negative.")
    cells, repeated = unique(read_cells(args))
    for name, first in repeated:
        sys.stdout.write(f"left out: {name} repeats {first}\n")
    stain = one_stain(cells)
    parent = load_bundle(args.bundle or default_bundle(stain))  # type: ignore[arg-type]
    deal = deal_cells(cells, seed=args.seed, learned=learned_cells(parent.card.training))
    if args.limit:
        tuned = max(args.limit // 5, 1)
        deal = replace(deal, learn=deal.learn[: max(args.limit - tuned, 1)], tune=deal.tune[:tuned])
    counts = label_counts(deal.learn)
    sys.stdout.write(
        f"{len(deal.learn)} cells to learn from, {len(deal.tune)} to tune on, {len(deal.judge)} to judge by; "
        f"rare labels: {', '.join(rare_labels(counts)) or 'none'}\n"
    )
    return deal, parent


def read_cells(args: argparse.Namespace) -> "list[ReviewedCell]":
    """Read the cells that `add_sources` names.

    Raises
    ------
    EngineError
        If nothing is named, or something cannot be read.
    """
    from engine.training.library import library_cells
    from engine.training.own_cells import reviewed_cells
    from engine.training.sources import open_source

    if not args.data and not args.turned and not args.library:
        raise InputError("Name a labelled folder with --data or --turned, or a library with --library.")
    stain = None if args.stain == "auto" else args.stain
    cells = []
    for folders, upright in ((args.data, True), (args.turned, False)):
        for folder in folders:
            source = open_source(folder, upright=upright, stain=stain)
            sys.stdout.write(source.preview() + "\n")
            cells += reviewed_cells(source)
    if args.library:
        found = library_cells(args.library, stain or "")
        count = sum(cell.count for cell in found)
        cases = len({cell.group for cell in found})
        sys.stdout.write(f"library: {count} reviewed chromosomes in {len(found)} cells of {cases} cases\n")
        cells += found
    return cells


def _told(fact: "TuningPlan | StepDone") -> None:
    step = getattr(fact, "step", None)
    if step is not None:
        text = f"step {step}/{fact.steps}  on tuning cells: loss {fact.tune_loss:.3f}, right {fact.tune_accuracy:.2%}"  # type: ignore[union-attr]
        sys.stdout.write(f"{text}  {fact.seconds:.1f} s\n")  # type: ignore[union-attr]
        sys.stdout.flush()


def _finish(args: argparse.Namespace, deal: Any, parent: Any, made: Any) -> None:
    from dataclasses import replace

    from engine.bundle import write_bundle
    from engine.training.compare import compare, figures_json

    found = compare(deal.judge, parent, made)
    card = replace(made.card, metrics={"comparison": figures_json(found)})
    write_bundle(card, made.networks, args.out)
    rows = (
        ("image_accuracy", "classifier alone"),
        ("context_accuracy", "with cell context"),
        ("whole_cells", "whole cells right"),
    )
    for name, text in rows:
        before, after = found.current_figures[name], found.candidate_figures[name]
        sys.stdout.write(f"{text:<24} {before:>8.2%} -> {after:>8.2%}\n")
    sys.stdout.write(f"{found.sentence}\n{args.out}\n")
    sys.stdout.write(f"To use it: karyo bundles import {args.out}, then karyo bundles promote {card.name}\n")
