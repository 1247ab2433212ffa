"""Where the time of a cell goes, and what the runtime gains over plain eager torch with the same weights.

Times on a shared machine drift; what is worth quoting are the ratios within one run.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.bundle import Bundle
from engine.card import CLASSIFIER
from engine.imaging.adapt import adapt_cell
from engine.imaging.cells import CellSource
from engine.imaging.read import read_cell
from engine.karyotype.assign import assign
from engine.pipeline import classify_cell, see
from engine.runtime import open_session


@dataclass(frozen=True, slots=True)
class Timing:
    """One line of the report."""

    name: str
    seconds: float  # median
    least: float
    most: float


def timed(name: str, work: Callable[[], object], rounds: int) -> Timing:
    """Run once to warm up, then `rounds` times; wall time."""
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return Timing(name, float(np.median(seconds)), min(seconds), max(seconds))


def stages(source: CellSource, bundle: Bundle, rounds: int) -> list[Timing]:
    """Time each stage of one cell, and the whole way from files to result."""
    images = read_cell(source)
    adapted = adapt_cell(images.chromosomes, bundle.card.adapt)
    evidence = see(images, bundle)
    session = open_session(bundle, CLASSIFIER)
    both = np.concatenate([adapted.images[:, None], adapted.images[:, None, ::-1, ::-1]])
    sizes = np.concatenate([adapted.size, adapted.size])[:, : bundle.card.size_features]
    inputs = {name: {"images": both, "size": sizes}[name] for name in session.inputs}
    options = bundle.card.assignment
    return [
        timed("read the files", lambda: read_cell(source), rounds),
        timed("adapt the images", lambda: adapt_cell(images.chromosomes, bundle.card.adapt), rounds),
        timed("network, both ways up", lambda: session.run(inputs), rounds),
        timed("assign over the cell", lambda: assign(evidence.log_probabilities, options=options), rounds),
        timed("files to result", lambda: classify_cell(read_cell(source), bundle), rounds),
    ]


def eager_torch(source: CellSource, bundle: Bundle, rounds: int) -> Timing:
    """Time the same network, weights and images in plain eager torch."""
    import torch

    from engine.nets.classifiers import ChromosomeClassifier
    from engine.training.export import read_weights

    model = ChromosomeClassifier(
        bundle.card.networks[CLASSIFIER].architecture, size_features=bundle.card.size_features
    ).eval()
    model.load_state_dict(read_weights(bundle))
    adapted = adapt_cell(read_cell(source).chromosomes, bundle.card.adapt)
    both = np.concatenate([adapted.images[:, None], adapted.images[:, None, ::-1, ::-1]])
    images = torch.from_numpy(np.ascontiguousarray(both))
    size = torch.from_numpy(np.concatenate([adapted.size, adapted.size]))

    def run() -> None:
        with torch.inference_mode():
            model(images, size)

    return timed("network, eager torch", run, rounds)


def cold_start(source: CellSource, bundle_path: Path, rounds: int) -> Timing:
    """Time a new process from its start to JSON on disk, for one cell."""
    folder = source.files[0].parent
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "engine.cli", "classify", str(folder), "--bundle", str(bundle_path)]
        command += ["--json", str(Path(scratch) / "out.json")]

        def run() -> None:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own program

        return timed("process start to JSON", run, rounds)


def peak_memory_mb(*, children: bool = False) -> float:
    """Return the largest resident set so far: of this process, or of the processes it waited for."""
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    unit = 1.0 if sys.platform == "darwin" else 1024.0  # bytes there, KiB here
    return resource.getrusage(who).ru_maxrss * unit / 1e6
