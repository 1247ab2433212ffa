"""`karyo simulate`: cells with known answers, for trying the program and for measuring it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError
from engine.simulate.ideogram import BAND_LEVELS

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse names it no other way


def add_parser(subparsers: "Subparsers") -> None:
    """Add `simulate` to the `karyo` command; the parsed namespace's `run` does it."""
    parser = subparsers.add_parser(
        "simulate",
        help="draw cells from the ideogram, with the truth beside them",
        description="Draw cells from the ideogram. Each cell becomes a folder of single chromosomes "
        "(000.png, 001.png, ... in random order) with truth.json beside them.",
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="folder for the cell folders")
    parser.add_argument("--cells", metavar="N", type=int, default=1, help="how many cells (default 1)")
    parser.add_argument("--karyotype", default="46,XX", help="numerical karyotype, e.g. 47,XY,+21 (default 46,XX)")
    parser.add_argument("--bands", type=int, choices=BAND_LEVELS, default=550, help="band level (default 550)")
    parser.add_argument("--stain", choices=("g", "q"), default="g", help="G band or Q band (default g)")
    parser.add_argument("--seed", type=int, default=0, help="of the first cell; the next has the next (default 0)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Write the cells asked for.

    Raises
    ------
    InputError
        If a cell cannot be drawn or its folder cannot be written.
    """
    from tqdm import tqdm

    from engine.simulate.cells import simulate_cell, write_cell  # here, so that `karyo --help` need not load OpenCV

    if args.cells < 1:
        raise InputError(f"At least one cell must be drawn, not {args.cells}.")
    for seed in tqdm(range(args.seed, args.seed + args.cells), unit="cell", disable=None):
        cell = simulate_cell(args.karyotype, bands=args.bands, stain=args.stain, seed=seed)
        write_cell(cell, args.out / cell.name)
