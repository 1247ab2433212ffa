"""`karyo bench`: where the time of a cell goes, and how the window feels."""

import argparse
import sys
from pathlib import Path
from typing import Any

from engine.errors import InputError


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to the parser of `karyo`."""
    parser = subparsers.add_parser("bench", help="measure the speed of the engine and of the window")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    engine = parts.add_parser(
        "engine",
        help="stages of one cell, and the runtime against eager torch",
        description="Time and memory by stage on one cell, against eager torch with the same weights in the same run.",
    )
    engine.add_argument("--cell", type=Path, metavar="DIR", help="cell folder; default: a drawn cell of 46 chromosomes")
    engine.add_argument("--bundle", metavar="NAME|DIR", help="default: the one for the cell's stain")
    engine.add_argument(
        "--chain",
        action="store_true",
        help="SRAFBN small and Inception-ResNet-v2 at 224 pixels, with random weights, instead of a bundle",
    )
    engine.add_argument(
        "--eight-bits", action="store_true", help="the same bundle or chain with its networks in 8 bits"
    )
    engine.add_argument("--rounds", type=int, default=7, help="of each measurement, after one to warm up (default: 7)")
    engine.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    engine.set_defaults(run=run_engine)
    gui = parts.add_parser(
        "gui",
        help="drags, drops and stalls of the window",
        description="Opens a window on drawn cells, drags, classifies and trains in it, and says how long it kept the "
        "hand waiting. `work` is what the window's own thread did; the rest the machine gave to others.",
    )
    gui.add_argument("--cells", type=int, default=4, help="drawn cells of 46 chromosomes, at least 3 (default: 4)")
    gui.add_argument(
        "--training", choices=["none", "quick", "thorough", "both"], default="both", help="which runs (default: both)"
    )
    gui.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    gui.set_defaults(run=run_gui)


def run_engine(args: argparse.Namespace) -> None:
    """Measure and print.

    Raises
    ------
    EngineError
        If the cell cannot be read or the bundle is unusable.
    """
    import json
    import tempfile

    from engine.benchmark import WHOLE, cold_start, eager_torch, eight_bit_twin, paper_chain, peak_memory_mb, stages
    from engine.bundle import default_bundle, load_bundle
    from engine.imaging.read import find_cells
    from engine.results import write_text_whole
    from engine.simulate.cells import simulate_cell, write_cell

    if args.rounds < 1:
        raise InputError("--rounds must be at least 1.")
    if args.chain and args.bundle:
        raise InputError("--chain is a bundle of its own; give it or --bundle, not both.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.cell
        if folder is None:
            folder = Path(scratch) / "drawn"
            write_cell(simulate_cell("46,XY", seed=1), folder)
        source = find_cells([folder])[0]
        name = args.bundle or default_bundle("g")
        used = Path(scratch) / "chain" if args.chain else Path(name)
        whole = bundle = paper_chain(used) if args.chain else load_bundle(name)
        if args.eight_bits:
            used = Path(scratch) / "small"
            bundle = eight_bit_twin(source, whole, used)
        timings = stages(source, bundle, args.rounds)
        memory = peak_memory_mb()  # before torch comes in, unless it made the chain or the 8 bits
        start = cold_start(source, used, min(args.rounds, 3))
        eager = eager_torch(source, whole, args.rounds)
    sys.stdout.write(f"{bundle.card.name} {bundle.card.version}, median of {args.rounds} (least to most)\n")
    for timing in (*timings, *eager.values(), start):
        line = f"{timing.name:<30} {timing.seconds:7.3f} s   ({timing.least:.3f} to {timing.most:.3f})"
        line += f"   worked {timing.worked:.3f} s" if timing is not start else ""
        sys.stdout.write(f"{line}   {timing.peak_mb:5.0f} MB so far\n" if timing in timings else f"{line}\n")
    by_name = {timing.name: timing.seconds for timing in timings}
    ratios = {f"{stage} / eager torch": by_name[stage] / timing.seconds for stage, timing in eager.items()}
    own = {timing.name: timing.worked for timing in timings}
    ratios |= {f"{stage} / eager torch, worked": own[stage] / timing.worked for stage, timing in eager.items()}
    saved = sum(timing.seconds - by_name[stage] for stage, timing in eager.items())
    ratios[f"{WHOLE} / eager torch"] = by_name[WHOLE] / (by_name[WHOLE] + saved)
    for ratio, value in ratios.items():
        sys.stdout.write(f"{ratio:<40} {value:5.2f}\n")
    sys.stdout.write(f"{'peak memory, warm':<30} {memory:5.0f} MB\n")
    sys.stdout.write(f"{'peak memory, new process':<30} {start.peak_mb:5.0f} MB\n")
    if args.json is not None:
        figures: dict[str, Any] = {t.name: t.seconds for t in (*timings, *eager.values(), start)}
        figures |= {f"{t.name}, worked": t.worked for t in (*timings, *eager.values())}
        figures |= {**ratios, "memory_mb": memory, "memory_new_process_mb": start.peak_mb}
        write_text_whole(args.json, json.dumps(figures, indent=2) + "\n")


def run_gui(args: argparse.Namespace) -> None:
    """Measure the window and print.

    Raises
    ------
    EngineError
        If there is no window to measure, or too few cells.
    """
    import json
    import tempfile

    from engine.extensions import find_window_bench
    from engine.results import write_text_whole
    from engine.simulate.cells import simulate_cell, write_cell

    if args.cells < 3:
        raise InputError("--cells must be at least 3: a training needs cells to learn from, to tune and to judge.")
    measure = find_window_bench()
    ways = {"none": (), "both": ("quick", "thorough")}.get(args.training, (args.training,))
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / f"cell {number + 1}" for number in range(args.cells)]
        for number, folder in enumerate(folders):
            write_cell(simulate_cell("46,XY", seed=number + 1), folder)
        figures = measure(folders, Path(scratch) / "window", ways, lambda text: sys.stderr.write(f"{text}\n"))
    for name, value in figures.items():
        sys.stdout.write(f"{name.replace('_', ' '):<48} {value:10.1f}\n")
    if args.json is not None:
        write_text_whole(args.json, json.dumps(figures, indent=2) + "\n")
