"""`karyo study`: the tables and figures of the SRAS-net paper on any labelled folder, resumable row by row."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.study.inputs import Enlarge

Split = tuple[int, float, float, float]

WHAT_NAMES = ("table2", "table3", "table4", "fig7", "fig8", "all")


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to the parser of `karyo`."""
    parser = subparsers.add_parser(
        "study",
        help="the paper's tables and figures on labelled cells",
        description="Train and test the methods of the SRAS-net paper on the same folds. Rows that are done are kept: "
        "the same command goes on with those that are missing. The defaults are the paper's settings; the tables say "
        "what is reduced.",
    )
    parser.add_argument("what", choices=WHAT_NAMES, help="which rows to run")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="labelled folder, p arm up")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the study")
    parser.add_argument("--protocol", choices=("by-cell", "by-image"), default="by-cell", help="default: by-cell")
    parser.add_argument("--folds", type=int, default=5, metavar="N", help="deal the data to N folds (default: 5)")
    parser.add_argument("--first-folds", type=int, metavar="N", help="test on the first N folds only")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="seeds of each run (default: 1)")
    parser.add_argument("--epochs", type=int, default=100, metavar="N", help="at most (default: 100)")
    parser.add_argument("--size", type=int, default=224, metavar="N", help="side of the images (default: 224)")
    parser.add_argument("--batch", type=int, default=40, metavar="N", help="default: 40")
    parser.add_argument("--cells", type=int, default=0, metavar="N", help="only the first N cells")
    parser.add_argument("--methods", nargs="+", default=[], metavar="NAME", help="only these rows")
    parser.add_argument("--stand-in", metavar="BACKBONE", help="a small backbone in place of every named one")
    parser.add_argument(
        "--one-cycle",
        type=float,
        default=0.0,
        metavar="RATE",
        help="one-cycle learning rate up to RATE: for few epochs",
    )
    parser.add_argument("--sr", metavar="BUNDLE", help="super-resolution of a bundle, instead of one trained per fold")
    parser.add_argument(
        "--own-split", action="store_true", help="one fold: the split with which that super-resolution was trained"
    )
    parser.add_argument("--sr-epochs", type=int, default=20, metavar="N", help="of super-resolution (default: 20)")
    parser.add_argument("--sr-steps", type=int, default=250, metavar="N", help="per such epoch (default: 250)")
    parser.add_argument("--stain", choices=("auto", "g", "q"), default="auto", help="default: from the images")
    parser.add_argument("--report", action="store_true", help="run nothing, write the tables of what is there")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Run the missing rows, then write tables and figures.

    Raises
    ------
    EngineError
        If the data or the settings cannot be used.
    """
    from engine.commands.progress_bar import ProgressBar
    from engine.study.inputs import read_images
    from engine.study.methods import chosen_methods
    from engine.study.report import write_report
    from engine.study.runs import Study, StudySettings
    from engine.training.processes import Processes, best_device
    from engine.training.sources import open_source

    if args.seeds < 1 or (args.first_folds is not None and args.first_folds < 1):
        raise InputError("--seeds and --first-folds must be at least 1.")
    methods = chosen_methods(args.what, tuple(args.methods))
    given, given_name, split = _given(args.sr, args.own_split)
    settings = StudySettings(
        protocol=args.protocol,
        folds=1 if split else args.folds,
        epochs=args.epochs,
        size=args.size,
        batch_size=args.batch,
        cells=args.cells,
        stand_in=args.stand_in,
        sr_epochs=args.sr_epochs,
        sr_steps=args.sr_steps,
        sr_given=given_name,
        split=split,
        one_cycle=args.one_cycle,
    )
    bar = ProgressBar()
    source = open_source(args.data, upright=True, stain=None if args.stain == "auto" else args.stain)
    try:
        images = read_images(source, args.protocol, bar, args.cells)
        study = Study(args.out, images, source.digest, settings, Processes(device=best_device()), given)
        bar.say(f"{source.name}: {len(images)} images; " + ("; ".join(settings.reduced()) or "the paper's settings"))
        folds = study.folds[: args.first_folds]
        jobs = [(m, f, s) for s in range(1, args.seeds + 1) for f in folds for m in methods]
        for number, (method, fold, seed) in enumerate([] if args.report else jobs, start=1):
            done = study.path(method.key, fold.number, seed).exists()
            result = study.run(method, fold, seed, bar)
            state = "kept" if done else f"{result['seconds']:.0f} s"
            bar.say(
                f"[{number}/{len(jobs)}] {method.title}, fold {fold.number + 1}, seed {seed}: "
                f"{100 * result['accuracy']:.2f} % ({state})"
            )
            write_report(args.out, source.name, settings)
        write_report(args.out, source.name, settings)
    finally:
        bar.close()
    bar.say(f"tables and figures: {args.out / 'index.html'}")


def _given(name: str | None, own_split: bool) -> "tuple[Enlarge | None, str | None, Split | None]":
    """The super-resolution of a bundle, as it works in the pipeline, what to call it, and how its data were split."""
    if name is None:
        if own_split:
            raise InputError("--own-split is that of a bundle; name it with --sr.")
        return None, None, None
    from engine.bundle import load_bundle
    from engine.card import SUPERRESOLUTION
    from engine.study.inputs import BundleEnlarger
    from engine.superresolution import enlarges

    bundle = load_bundle(name)
    if not enlarges(bundle):
        raise InputError(f"The bundle {bundle.card.name} has no super-resolution network.")
    split = None
    if own_split:
        said = bundle.card.training.get(SUPERRESOLUTION, {}).get("split")
        if not said:
            raise InputError(f"The bundle {bundle.card.name} does not say how its super-resolution's data were split.")
        first, second, third = said["fractions"]
        split = (int(said["seed"]), float(first), float(second), float(third))
    return BundleEnlarger(bundle), f"{bundle.card.name} {bundle.card.version}", split
