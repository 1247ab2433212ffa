"""`karyo bundles`: which trained models are installed, which are in use, bringing in another and going back."""

import argparse
import sys
from pathlib import Path
from typing import Any

from engine.errors import BundleError, InputError


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to the parser of `karyo`."""
    parser = subparsers.add_parser("bundles", help="list, show, import, export, promote or roll back trained models")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="what is installed")
    listed.set_defaults(run=_list)
    shown = actions.add_parser("show", help="print the card of a bundle")
    shown.add_argument("bundle", metavar="NAME|PATH")
    shown.set_defaults(run=_show)
    installed = actions.add_parser("import", aliases=["install"], help="copy a bundle into the user's folder")
    installed.add_argument("path", type=Path, metavar="PATH", help="a folder or .kbundle file")
    installed.set_defaults(run=_install)
    packed = actions.add_parser("export", aliases=["pack"], help="write a bundle as one .kbundle file")
    packed.add_argument("bundle", metavar="NAME|PATH")
    packed.add_argument("file", type=Path, metavar="FILE")
    packed.set_defaults(run=_pack)
    promoted = actions.add_parser("promote", help="classify with this bundle from now on")
    promoted.add_argument("bundle", metavar="NAME")
    promoted.add_argument("--stain", choices=("g", "q"), help="default: the bundle's own, if it has one alone")
    promoted.add_argument("--note", default="", help="kept with it")
    promoted.add_argument("--sure", default="", metavar="WORDS", help="what is asked for if the bundle is worse")
    promoted.set_defaults(run=_promote)
    back = actions.add_parser("rollback", help="bring an earlier bundle back into use")
    back.add_argument("--stain", choices=("g", "q"), required=True)
    back.add_argument("--to", default="", metavar="NAME", help="default: the one that was in use before")
    back.set_defaults(run=_rollback)
    enlarging = actions.add_parser(
        "add-sr", help="give a bundle the super-resolution network of another, for the display; it classifies as before"
    )
    enlarging.add_argument("bundle", metavar="NAME|DIR")
    enlarging.add_argument(
        "--from", dest="lender", required=True, metavar="NAME|PATH", help="bundle with such a network"
    )
    enlarging.add_argument("--out", type=Path, metavar="DIR", help="default: written in place")
    enlarging.set_defaults(run=_add_sr)
    smaller = actions.add_parser(
        "quantise",
        help="write a bundle that computes in 8 bits: two to three times as fast, not to be trained further",
        description="Every other cell sets the scales, the others tell whether the new bundle says the same.",
    )
    smaller.add_argument("bundle", metavar="NAME|PATH")
    smaller.add_argument(
        "--cells", type=Path, nargs="+", required=True, metavar="DIR", help="at least two cells, no labels needed"
    )
    smaller.add_argument("--name", help="of the new bundle (default: that of the old one with -8bit)")
    smaller.add_argument("--out", type=Path, metavar="DIR", help="default: among the user's own bundles")
    smaller.set_defaults(run=_quantise)
    noted = actions.add_parser("note", help="write a note about a bundle, or read it")
    noted.add_argument("bundle", metavar="NAME")
    noted.add_argument("text", nargs="?", help="in place of what was written before")
    noted.set_defaults(run=_note)
    removed = actions.add_parser("remove", help="delete one of the user's own bundles that is not in use")
    removed.add_argument("bundle", metavar="NAME")
    removed.set_defaults(run=_remove)


def _list(args: argparse.Namespace) -> None:
    from engine.bundle import list_bundles, read_card
    from engine.promotion import in_use

    used = in_use()
    for entry in list_bundles():
        origin = "shipped" if entry.shipped else "own"
        try:
            card = read_card(entry.path)
        except BundleError as error:
            sys.stdout.write(f"{entry.name:<20} {origin:<8} {error}\n")
            continue
        stains = " ".join(stain for stain, name in used.items() if name == entry.name)
        use = f"in use for {stains}" if stains else ""
        sys.stdout.write(
            f"{entry.name:<20} {origin:<8} {card.version:<10} stain {card.stain:<4} {use:<16} {entry.path}\n"
        )


def _show(args: argparse.Namespace) -> None:
    from engine.bundle import load_bundle  # not the card alone: what is shown is also known to be usable

    sys.stdout.write(load_bundle(args.bundle).card.to_json())


def _install(args: argparse.Namespace) -> None:
    from engine.bundle import install_bundle

    entry = install_bundle(args.path)
    sys.stdout.write(f"{entry.name} is installed in {entry.path}\n")


def _pack(args: argparse.Namespace) -> None:
    from engine.bundle import pack_bundle

    pack_bundle(args.bundle, args.file)
    sys.stdout.write(f"{args.file}\n")


def _promote(args: argparse.Namespace) -> None:
    from engine.bundle import load_bundle
    from engine.promotion import promote

    card = load_bundle(args.bundle).card
    stain = args.stain or (card.stain if card.stain != "any" else None)
    if stain is None:
        raise BundleError(f"The bundle {card.name} is for both stains; say for which with --stain g or --stain q.")
    comparison = card.metrics.get("comparison")
    verdict = str(comparison.get("verdict", "")) if isinstance(comparison, dict) else ""
    promote(args.bundle, stain, note=args.note, verdict=verdict, typed=args.sure)
    sys.stdout.write(f"{args.bundle} is in use for {stain.upper()} bands\n")


def _rollback(args: argparse.Namespace) -> None:
    from engine.promotion import rollback

    sys.stdout.write(f"{rollback(args.stain, args.to)} is in use for {args.stain.upper()} bands\n")


def _add_sr(args: argparse.Namespace) -> None:
    from engine.bundle import list_bundles, load_bundle, write_bundle
    from engine.superresolution import with_network_of

    made = with_network_of(load_bundle(args.bundle), load_bundle(args.lender))
    installed = {entry.name: entry.path for entry in list_bundles()}
    out = args.out or installed.get(args.bundle, Path(args.bundle))
    write_bundle(made.card, made.networks, out)
    sys.stdout.write(f"{out}: {made.card.name} with the super-resolution network of {args.lender}\n")


def _quantise(args: argparse.Namespace) -> None:
    from engine.bundle import load_bundle, user_bundle_folder
    from engine.commands.progress_bar import ProgressBar
    from engine.imaging.read import find_cells, read_cell
    from engine.training.eight_bits import agreement, bundle_in_eight_bits, spread

    bundle = load_bundle(args.bundle)
    sources = spread(find_cells(args.cells))
    if len(sources) < 2:
        raise InputError("--cells must name at least two cells: one for the scales, one to compare on.")
    cells = [read_cell(source) for source in sources]
    name = args.name or f"{bundle.card.name}-8bit"
    out = args.out or user_bundle_folder() / name
    bar = ProgressBar()
    try:
        bundle_in_eight_bits(bundle, cells[::2], out, name, bar)
        same, count = agreement(bundle, load_bundle(out), cells[1::2], bar)
    finally:
        bar.close()
    sys.stdout.write(f"{out}: {name} computes in 8 bits; labels as before: {same} of {count} chromosomes\n")


def _note(args: argparse.Namespace) -> None:
    from engine.promotion import note_of, set_note

    if args.text is not None:
        set_note(args.bundle, args.text)
    sys.stdout.write(f"{note_of(args.bundle)}\n")


def _remove(args: argparse.Namespace) -> None:
    from engine.bundle import list_bundles, remove_bundle

    for entry in list_bundles():
        if entry.name == args.bundle:
            remove_bundle(entry)
            sys.stdout.write(f"{entry.name} is deleted\n")
            return
    raise BundleError(f"There is no bundle {args.bundle!r}.")
