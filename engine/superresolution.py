"""Super-resolution as a stage of inference: the network of a bundle, without torch.

It can invent bands; whoever shows its result shows the original beside it.
"""

import cv2
import numpy as np

from engine.bundle import Bundle
from engine.errors import BundleError
from engine.runtime import open_session
from engine.types import ChromosomeImage

SUPERRESOLUTION = "superresolution"
"""Name of the network in a bundle that has one."""


def enlarges(bundle: Bundle) -> bool:
    """Whether the bundle has a super-resolution network."""
    return SUPERRESOLUTION in bundle.card.networks


def enlarge(chromosome: ChromosomeImage, bundle: Bundle) -> ChromosomeImage:
    """Return the chromosome at the scale of the bundle's network (usually twice the size), pixels 0..1.

    Raises
    ------
    BundleError
        If the bundle has no super-resolution network.
    """
    if not enlarges(bundle):
        raise BundleError(f"The bundle {bundle.card.name} has no super-resolution network.")
    session = open_session(bundle, SUPERRESOLUTION)
    pixels = np.clip(chromosome.pixels, 0.0, 1.0).astype(np.float32)
    outputs = session.run({session.inputs[0]: pixels[None, None]})
    large = np.clip(outputs[session.outputs[0]][0, 0], 0.0, 1.0)
    size = (large.shape[1], large.shape[0])
    mask = cv2.resize(chromosome.mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) >= 0.5
    return ChromosomeImage(np.asarray(large, np.float32), np.asarray(mask, np.bool_), chromosome.source)
