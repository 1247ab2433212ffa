"""Adapted images of a labelled folder, kept: adapting 22,000 chromosomes takes minutes, reading them back seconds."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from engine.imaging.adapt import AdaptSpec
from engine.progress import Reporter
from engine.training.dataset import LabelledImages, adapt_labelled, load_images, save_images
from engine.training.sources import LabelledSource

_VERSION = 1  # of what adapting gives; raise it when that changes


def prepared_images(
    source: LabelledSource,
    spec: AdaptSpec,
    kept: Path,
    reporter: Reporter | None = None,
    left_out: Callable[[str], None] | None = None,
) -> LabelledImages:
    """Return the adapted images of a source, from `kept` if they are there.

    Parameters
    ----------
    kept : folder of adapted images. The name of a file says from which images and settings it was made, so that one
        folder can serve many runs and nothing stale is ever read.
    left_out : told a sentence for every cell that cannot be read.

    Raises
    ------
    InputError
        If no cell can be read.
    """
    key = json.dumps([_VERSION, source.digest, asdict(spec)], sort_keys=True)
    path = kept / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npz"
    if not path.exists():
        kept.mkdir(parents=True, exist_ok=True)
        save_images(path, adapt_labelled(source.cells, spec, source.read, reporter, left_out or (lambda _: None)))
    return load_images(path)
