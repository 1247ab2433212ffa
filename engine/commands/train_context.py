"""`karyo train context`: teach a bundle to see the chromosomes of a cell together."""

import argparse
from pathlib import Path
from typing import Any


def add_kind(kinds: Any, add_data: Any, sources: Any) -> None:
    """Add the kind to `karyo train`.

    Parameters
    ----------
    add_data, sources : of the parent command: its options for labelled folders, and what they name.
    """
    parser = kinds.add_parser(
        "context",
        help="bundle + labelled cells -> bundle that sees whole cells",
        description="Teach a set transformer on what the classifier of a bundle says of whole cells, with gains and "
        "losses composed anew; use the split that the classifier was trained with.",
    )
    add_data(parser)
    parser.add_argument("--bundle", required=True, metavar="NAME|DIR", help="the bundle to begin from")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the new bundle")
    parser.add_argument("--epochs", type=int, metavar="N", help="instead of the default")
    parser.add_argument("--seed", type=int, metavar="N", help="instead of the default")
    parser.set_defaults(run=lambda args: _run(args, sources))


def _run(args: argparse.Namespace, sources: Any) -> None:
    from dataclasses import replace

    from engine.bundle import load_bundle
    from engine.commands.progress_bar import ProgressBar
    from engine.training.context import ContextConfig
    from engine.training.context_run import ContextRun, train_context

    changes = {name: value for name in ("epochs", "seed") if (value := getattr(args, name)) is not None}
    config = replace(ContextConfig(), **changes)
    kept = args.kept or args.out.with_name(args.out.name + "-images")
    run = ContextRun(
        args.out,
        load_bundle(args.bundle),
        tuple(sources(args)),
        config,
        tuple(args.split),
        args.split_seed,
        kept,
    )
    bar = ProgressBar()

    def on_epoch(epoch: int, loss: float, accuracy: float) -> None:
        if epoch % 10 == 0 or epoch == config.epochs:
            bar.say(f"epoch {epoch} of {config.epochs}: validation loss {loss:.4f}, {100 * accuracy:.2f} % right")

    try:
        card = train_context(run, reporter=bar, on_epoch=on_epoch)
    finally:
        bar.close()
    for name, figures in card.metrics.items():
        if "context_accuracy" in figures:
            shown = ((key, figures[key]) for key in ("image_accuracy", "context_accuracy", "whole_cells"))
            bar.say(f"{name}, test cells: " + "  ".join(f"{key} {100 * value:.2f} %" for key, value in shown))
    bar.say(f"bundle: {args.out}")
