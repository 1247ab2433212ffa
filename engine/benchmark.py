"""Where the time of a cell goes, and what the runtime gains over plain eager torch with the same weights.

Times on a shared machine drift; what is worth quoting are the ratios within one run.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Bundle
from engine.card import CLASSIFIER, SUPERRESOLUTION, BundleCard, NetworkCard
from engine.imaging.adapt import adapt_cell
from engine.imaging.cells import CellSource
from engine.imaging.read import read_cell
from engine.karyotype.assign import assign
from engine.pipeline import classify_cell, see, views_of
from engine.runtime import open_session
from engine.sr_stage import as_seen, cut_out

_ENLARGING = "super-resolution"
_CLASSIFYING = "classifier"
WHOLE = "files to result"
# A new process counts the memory of the one that starts it as its own, so a small one does: 20 ms of the time.
_STARTER = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
_RSS_UNIT = 1.0 if sys.platform == "darwin" else 1024.0  # bytes there, KiB here
_EAGER_BATCH = 46  # a cell at once, as a script would do it; more would only want memory


@dataclass(frozen=True, slots=True)
class Timing:
    """One line of the report."""

    name: str
    seconds: float  # median
    least: float
    most: float
    worked: float = 0.0  # median of what this process itself worked, all threads together: the same on a busy machine
    peak_mb: float = 0.0  # largest resident set of this process when it was done


def timed(name: str, work: Callable[[], object], rounds: int) -> Timing:
    """Run once to warm up, then `rounds` times; wall time."""
    work()
    seconds, worked = [], []
    for _ in range(rounds):
        start, own = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - start)
        worked.append(time.process_time() - own)
    median = float(np.median(seconds))
    return Timing(name, median, min(seconds), max(seconds), float(np.median(worked)), peak_memory_mb())


def stages(source: CellSource, bundle: Bundle, rounds: int) -> list[Timing]:
    """Time each stage of one cell, and the whole way from files to result."""
    images = read_cell(source)
    seen = as_seen(images.chromosomes, bundle)
    evidence = see(images, bundle)
    session = open_session(bundle, CLASSIFIER)
    views = _views(source, bundle)
    inputs = {name: views[name] for name in session.inputs}
    options = bundle.card.assignment
    timings = [timed("read the files", lambda: read_cell(source), rounds)]
    if bundle.card.super_resolution:
        timings.append(timed(_ENLARGING, lambda: as_seen(images.chromosomes, bundle), rounds))
    return [
        *timings,
        timed("adapt the images", lambda: adapt_cell(seen, bundle.card.adapt), rounds),
        timed(_CLASSIFYING, lambda: session.run(inputs), rounds),
        timed("assign over the cell", lambda: assign(evidence.log_probabilities, options=options), rounds),
        timed(WHOLE, lambda: classify_cell(read_cell(source), bundle), rounds),
    ]


def eager_torch(source: CellSource, bundle: Bundle, rounds: int) -> dict[str, Timing]:
    """Time the same networks, weights and images in plain eager torch, by the name of the stage they stand for."""
    import torch

    from engine.nets.srafbn import Srafbn, SrafbnConfig
    from engine.training.export import read_weights
    from engine.training.initial import classifier_of

    card = bundle.card
    model = classifier_of(bundle).eval()
    views = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in _views(source, bundle).items()}

    def classify() -> None:
        with torch.inference_mode():
            for start in range(0, len(views["images"]), _EAGER_BATCH):
                part = slice(start, start + _EAGER_BATCH)
                model(views["images"][part], views["size"][part])

    timings = {}
    if card.super_resolution:
        network = Srafbn(SrafbnConfig(**card.networks[SUPERRESOLUTION].parameters)).eval()
        network.load_state_dict(read_weights(bundle, SUPERRESOLUTION))
        small = [torch.from_numpy(cut_out(c).pixels)[None, None] for c in read_cell(source).chromosomes]

        def enlarge() -> None:
            with torch.inference_mode():
                for image in small:
                    network(image)

        timings[_ENLARGING] = timed(f"{_ENLARGING}, eager torch", enlarge, rounds)
    timings[_CLASSIFYING] = timed(f"{_CLASSIFYING}, eager torch", classify, rounds)
    return timings


def paper_chain(folder: Path) -> Bundle:
    """Write the chain of the paper, SRAFBN small and Inception-ResNet-v2 at 224 pixels, with random weights: for time.

    Its time is that of a trained one; what it says of a chromosome is chance.
    """
    import torch

    from engine.bundle import load_bundle
    from engine.nets.classifiers import ChromosomeClassifier
    from engine.nets.srafbn import SMALL, Srafbn
    from engine.training.config import preset
    from engine.training.export import export_bundle
    from engine.training.sr_run import sr_network

    recipe = preset("paper")
    torch.manual_seed(0)
    classifier = ChromosomeClassifier(recipe.backbone, size_features=recipe.size_features).eval()
    srafbn = NetworkCard("srafbn", asdict(SMALL), batch=1)
    networks = {CLASSIFIER: NetworkCard(recipe.backbone), SUPERRESOLUTION: srafbn}
    card = BundleCard(
        "untrained-sras-net",
        "0",
        "any",
        networks,
        adapt=recipe.adapt,
        size_features=recipe.size_features,
        super_resolution=True,
        half_turn_averaging=False,
    )
    export_bundle(classifier, card, folder, {SUPERRESOLUTION: sr_network(Srafbn(SMALL).eval())})
    return load_bundle(folder)


def eight_bit_twin(source: CellSource, bundle: Bundle, folder: Path) -> Bundle:
    """Write the bundle in 8 bits, its scales from the cell that is timed: for time alone."""
    from engine.bundle import load_bundle
    from engine.training.eight_bits import bundle_in_eight_bits

    bundle_in_eight_bits(bundle, [read_cell(source)], folder, f"{bundle.card.name}-8bit")
    return load_bundle(folder)


def _views(source: CellSource, bundle: Bundle) -> dict[str, NDArray[np.float32]]:
    """What the classifier is given for a cell."""
    return views_of(adapt_cell(as_seen(read_cell(source).chromosomes, bundle), bundle.card.adapt), bundle.card)


def cold_start(source: CellSource, bundle_path: Path, rounds: int) -> Timing:
    """Time a new process from its start to JSON on disk, for one cell; `peak_mb` is that of the process."""
    folder, peaks = source.files[0].parent, []
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-c", _STARTER, sys.executable, "-m", "engine.cli", "classify", str(folder)]
        command += ["--bundle", str(bundle_path), "--json", str(Path(scratch) / "out.json")]

        def run() -> None:
            done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own program
            peaks.append(int(done.stdout) * _RSS_UNIT / 1e6)

        return replace(timed("process start to JSON", run, rounds), peak_mb=max(peaks))


def peak_memory_mb() -> float:
    """Return the largest resident set of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT / 1e6
