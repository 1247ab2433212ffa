"""Whole simulated cells, and their files."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.karyotype.iscn import parse_numerical
from engine.simulate.homologue import draw_homologue
from engine.simulate.ideogram import BAND_LEVELS, Ideogram, ideogram, random_marker
from engine.simulate.look import Look, random_look
from engine.simulate.render import draw
from engine.types import CLASS_LABELS, MARKER, Stain

SAMPLE_SEEDS_FROM = 9_000_000
"""Seeds from here on belong to the embedded sample cells and are never used for training."""

_MOST = 150  # chromosomes of a cell; more would fit no karyogram


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth value
class SimulatedChromosome:
    """One drawn chromosome and the truth about it."""

    image: NDArray[np.uint8]  # (H, W) as a file would show it
    label: str  # `1`..`22`, `X`, `Y`, `mar`
    copy: int  # 1, 2, ... within the label
    upright_rotation_deg: float  # counter-clockwise degrees that bring the p arm up, in (-180, 180]
    centromere: float  # 0 p end .. 1 q end, along the chromosome


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedCell:
    """All chromosomes of one drawn cell, in random order."""

    name: str
    karyotype: str
    stain: Stain
    chromosomes: tuple[SimulatedChromosome, ...]
    bands: int = 550
    seed: int = 0


def simulate_cell(
    karyotype: str = "46,XX", *, bands: int = 550, stain: Stain = "g", seed: int = 0, look: Look | None = None
) -> SimulatedCell:
    """Draw one cell. The same arguments give the same pixels.

    Parameters
    ----------
    karyotype : numerical karyotype, e.g. `47,XY,+21`.
    bands : 400, 550 or 850.
    stain : `g` or `q`.
    seed : not negative; those from `SAMPLE_SEEDS_FROM` on are reserved.
    look : appearance; by default that of a random laboratory.

    Raises
    ------
    InputError
        If the karyotype cannot be drawn or the band level does not exist.
    """
    if bands not in BAND_LEVELS:
        raise InputError(f"There is no band level {bands}; choose 400, 550 or 850.")
    if seed < 0:
        raise InputError(f"The seed must not be negative, but is {seed}.")
    counts = parse_numerical(karyotype)
    if not 0 < counts.total <= _MOST:
        raise InputError(f"A cell of {counts.total} chromosomes cannot be drawn; 1 to {_MOST} can.")
    rng = np.random.default_rng(seed)
    look = look or random_look(rng, stain, bands)
    order = [(label, copy + 1) for label in (*CLASS_LABELS, MARKER) for copy in range(counts.count(label))]
    drawn = [
        _chromosome(label, copy, bands, stain, look, child)
        for (label, copy), child in zip(order, rng.spawn(len(order)), strict=True)
    ]
    shuffled = tuple(drawn[i] for i in rng.permutation(len(drawn)))
    return SimulatedCell(f"sim-{seed:07d}", karyotype, stain, shuffled, bands, seed)


def write_cell(cell: SimulatedCell, folder: Path) -> None:
    """Write `000.png`, `001.png`, ... and `truth.json` into a new folder; the folder appears whole or not at all.

    Raises
    ------
    InputError
        If the folder already holds something or cannot be written.
    """
    truth: dict[str, Any] = {
        "karyotype": cell.karyotype,
        "stain": cell.stain,
        "bands": cell.bands,
        "seed": cell.seed,
        "chromosomes": {},
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as holder:
            fresh = Path(holder) / folder.name
            fresh.mkdir()
            for index, chromosome in enumerate(cell.chromosomes):
                file = f"{index:03d}.png"
                (fresh / file).write_bytes(cv2.imencode(".png", chromosome.image)[1].tobytes())
                truth["chromosomes"][file] = {
                    "label": chromosome.label,
                    "copy": chromosome.copy,
                    "upright_rotation_deg": round(chromosome.upright_rotation_deg, 2),
                    "centromere": round(chromosome.centromere, 4),
                }
            (fresh / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()  # Windows does not replace a folder, not even an empty one
            if folder.exists():
                raise InputError(f"The folder “{folder}” already holds files; choose another one for the cell.")
            shutil.move(fresh, folder)
    except OSError as error:
        raise InputError(f"The cell cannot be written to “{folder}”: {error.strerror or error}.") from error


def _chromosome(
    label: str, copy: int, bands: int, stain: Stain, look: Look, rng: np.random.Generator
) -> SimulatedChromosome:
    drawn: Ideogram = random_marker(rng) if label == MARKER else ideogram(label, bands)
    homologue = draw_homologue(drawn, stain, look, rng)
    depth = float(np.clip(look.depth + rng.normal(0.0, look.depth_spread), 0.2, 1.0))
    drawing = draw(homologue, stain, look, depth, rng)
    return SimulatedChromosome(drawing.image, label, copy, drawing.upright_rotation_deg, homologue.centromere)
