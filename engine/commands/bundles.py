"""`karyo bundles`: which trained models are installed, what they are, and bringing in another."""

import argparse
import sys
from pathlib import Path
from typing import Any

from engine.errors import BundleError


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to the parser of `karyo`."""
    parser = subparsers.add_parser("bundles", help="list, show, install or pack trained models")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="what is installed")
    listed.set_defaults(run=_list)
    shown = actions.add_parser("show", help="print the card of a bundle")
    shown.add_argument("bundle", metavar="NAME|PATH")
    shown.set_defaults(run=_show)
    installed = actions.add_parser("install", help="copy a bundle into the user's folder")
    installed.add_argument("path", type=Path, metavar="PATH", help="a folder or .kbundle file")
    installed.set_defaults(run=_install)
    packed = actions.add_parser("pack", help="write a bundle as one .kbundle file")
    packed.add_argument("bundle", metavar="NAME|PATH")
    packed.add_argument("file", type=Path, metavar="FILE")
    packed.set_defaults(run=_pack)


def _list(args: argparse.Namespace) -> None:
    from engine.bundle import list_bundles, read_card

    for entry in list_bundles():
        origin = "shipped" if entry.shipped else "own"
        try:
            card = read_card(entry.path)
        except BundleError as error:
            sys.stdout.write(f"{entry.name:<20} {origin:<8} {error}\n")
            continue
        sys.stdout.write(f"{entry.name:<20} {origin:<8} {card.version:<10} stain {card.stain:<4} {entry.path}\n")


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
