"""Adapted images of a labelled folder, kept: adapting 22,000 chromosomes takes minutes, reading them back seconds."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from engine.bundle import Bundle
from engine.card import SUPERRESOLUTION
from engine.imaging.adapt import AdaptSpec
from engine.progress import Reporter
from engine.sr_stage import super_resolved
from engine.training.dataset import LabelledImages, adapt_labelled, load_images, save_images
from engine.training.sources import LabelledSource
from engine.types import CellImages

_VERSION = 1  # of what adapting gives; raise it when that changes


def prepared_images(
    source: LabelledSource,
    spec: AdaptSpec,
    kept: Path,
    reporter: Reporter | None = None,
    left_out: Callable[[str], None] | None = None,
    sr: Bundle | None = None,
) -> LabelledImages:
    """Return the adapted images of a source, from `kept` if they are there.

    Parameters
    ----------
    kept : folder of adapted images. The name of a file says from which images and settings it was made, so that one
        folder can serve many runs and nothing stale is ever read.
    left_out : told a sentence for every cell that cannot be read.
    sr : enlarge by the SRAFBN of this bundle first.

    Raises
    ------
    InputError
        If no cell can be read.
    """
    parts: list[object] = [_VERSION, source.digest, asdict(spec)]
    if sr is not None:
        parts.append(sr_digest(sr))
    key = json.dumps(parts, sort_keys=True)
    path = kept / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npz"
    if not path.exists():
        kept.mkdir(parents=True, exist_ok=True)

        def read(folder: Path) -> CellImages:
            cell = source.read(folder)
            return cell if sr is None else replace(cell, chromosomes=super_resolved(cell.chromosomes, sr, reporter))

        save_images(path, adapt_labelled(source.cells, spec, read, reporter, left_out or (lambda _: None)))
    return load_images(path)


def sr_digest(bundle: Bundle) -> str:
    """Return a digest of the super-resolution network of a bundle: of its weights and of how they are run."""
    files = bundle.networks[SUPERRESOLUTION]
    return hashlib.sha256(files.graph + files.weights).hexdigest()
