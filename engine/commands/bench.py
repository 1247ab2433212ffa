"""`karyo bench`: where the time goes, as ratios within one run."""

import argparse
import sys
from pathlib import Path
from typing import Any

from engine.errors import InputError


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to the parser of `karyo`."""
    parser = subparsers.add_parser("bench", help="measure the speed of the engine")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    engine = parts.add_parser(
        "engine",
        help="stages of one cell, and the runtime against eager torch",
        description="Time and memory by stage on one cell, against eager torch with the same weights in the same run.",
    )
    engine.add_argument("--cell", type=Path, metavar="DIR", help="cell folder; default: a drawn cell of 46 chromosomes")
    engine.add_argument("--bundle", metavar="NAME|DIR", help="default: the one for the cell's stain")
    engine.add_argument("--rounds", type=int, default=7, help="of each measurement, after one to warm up (default: 7)")
    engine.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    engine.set_defaults(run=run_engine)


def run_engine(args: argparse.Namespace) -> None:
    """Measure and print.

    Raises
    ------
    EngineError
        If the cell cannot be read or the bundle is unusable.
    """
    import json
    import tempfile

    from engine.benchmark import cold_start, eager_torch, peak_memory_mb, stages
    from engine.bundle import default_bundle, load_bundle
    from engine.imaging.read import find_cells
    from engine.results import write_text_whole
    from engine.simulate.cells import simulate_cell, write_cell

    if args.rounds < 1:
        raise InputError("--rounds must be at least 1.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.cell
        if folder is None:
            folder = Path(scratch) / "drawn"
            write_cell(simulate_cell("46,XY", seed=1), folder)
        source = find_cells([folder])[0]
        bundle = load_bundle(args.bundle or default_bundle("g"))
        timings = stages(source, bundle, args.rounds)
        memory = peak_memory_mb()  # before torch comes in
        start = cold_start(source, Path(args.bundle or default_bundle("g")), min(args.rounds, 3))
        memory_start = peak_memory_mb(children=True)
        eager = eager_torch(source, bundle, args.rounds)
    network = next(t for t in timings if t.name.startswith("network"))
    for timing in (*timings, eager, start):
        line = f"{timing.name:<28} {timing.seconds:7.3f} s   ({timing.least:.3f} to {timing.most:.3f})\n"
        sys.stdout.write(line)
    ratio = network.seconds / eager.seconds
    sys.stdout.write(f"{'runtime / eager torch':<28} {ratio:7.2f}\n")
    sys.stdout.write(f"{'peak memory, warm':<28} {memory:5.0f} MB\n")
    sys.stdout.write(f"{'peak memory, new process':<28} {memory_start:5.0f} MB\n")
    if args.json is not None:
        figures: dict[str, Any] = {t.name: t.seconds for t in (*timings, eager, start)}
        figures |= {"runtime / eager torch": ratio, "memory_mb": memory, "memory_new_process_mb": memory_start}
        write_text_whole(args.json, json.dumps(figures, indent=2) + "\n")
