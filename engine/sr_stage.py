"""Super-resolution in front of the image adaptive module: what the classifier of a bundle is shown, without torch.

Training and inference both come through here, so a network learns from the very pixels it will see at work. What a
user is shown enlarged is another matter (`engine.superresolution`).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from engine.bundle import Bundle
from engine.card import SUPERRESOLUTION
from engine.imaging.adapt import iam_box
from engine.progress import Reporter, SilentReporter
from engine.runtime import Session, default_threads, open_session
from engine.types import ChromosomeImage

_MARGIN = 4  # pixels of ground around the chromosome, as in the originals the network was trained on


def as_seen(
    chromosomes: Sequence[ChromosomeImage], bundle: Bundle, reporter: Reporter | None = None
) -> tuple[ChromosomeImage, ...]:
    """Return the chromosomes as the classifier's adaptation gets them: super-resolved if the bundle's card says so."""
    if not bundle.card.super_resolution:
        return tuple(chromosomes)
    return super_resolved(chromosomes, bundle, reporter)


def super_resolved(
    chromosomes: Sequence[ChromosomeImage], bundle: Bundle, reporter: Reporter | None = None
) -> tuple[ChromosomeImage, ...]:
    """Return the chromosomes, cut to their masks and a margin, at the scale of the bundle's SRAFBN, pixels 0..1.

    Each goes through the network alone and at its own size: what comes out does not depend on what else is in the
    cell, and padding them to a common size would cost more than runs of several gain. So the threads share out the
    chromosomes and not the rows of one, which are too few to keep two threads busy.

    Raises
    ------
    BundleError
        If the network does not run.
    Cancelled
        If the reporter asks to stop; it is asked before every chromosome.
    """
    watch = reporter or SilentReporter()
    session = open_session(bundle, SUPERRESOLUTION, 1)
    pool = ThreadPoolExecutor(default_threads())
    made = []
    try:
        for future in [pool.submit(_enlarged, cut_out(chromosome), session) for chromosome in chromosomes]:
            watch.check_cancelled()
            made.append(future.result())
    finally:
        pool.shutdown(cancel_futures=True)
    return tuple(made)


def cut_out(chromosome: ChromosomeImage) -> ChromosomeImage:
    """Return the chromosome in the box of its mask with a margin of ground, which may lie beyond the picture."""
    mask = chromosome.mask if chromosome.mask.any() else np.ones_like(chromosome.mask)
    up, down, left, right = iam_box(mask)
    box = (slice(up, down + 1), slice(left, right + 1))
    pixels = np.pad(np.clip(chromosome.pixels[box], 0.0, 1.0), _MARGIN).astype(np.float32)
    return ChromosomeImage(pixels, np.pad(mask[box], _MARGIN), chromosome.source)


def _enlarged(small: ChromosomeImage, session: Session) -> ChromosomeImage:
    outputs = session.run({session.inputs[0]: small.pixels[None, None]})
    large = np.clip(outputs[session.outputs[0]][0, 0], 0.0, 1.0)
    size = (large.shape[1], large.shape[0])
    mask = cv2.resize(small.mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) >= 0.5
    return ChromosomeImage(np.asarray(large, np.float32), np.asarray(mask, np.bool_), small.source)
