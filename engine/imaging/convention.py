"""Decoded pictures of one cell -> pixels with ground 0 and chromosome up to 1, with one span for the whole cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.imaging.decode import Floats, GreyImage
from engine.imaging.ground import Ground, Mask, chromosome_mask, find_grounds, without_shading
from engine.types import Stain

_DEPTHS = (8, 10, 12, 14, 16)  # bits a camera delivers, whatever the file could hold
_MIN_SPAN = 0.1  # a ground this near to the far end of the depth leaves nothing to see: the span stays usable
_OPAQUE = 0.5
_PLAIN_EDGE = 0.02  # deviation below which the edge of the opaque part is ground left around the chromosome


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """One picture in the convention of the engine."""

    pixels: Floats  # (H, W), 0 on the ground
    mask: Mask | None  # (H, W); None: the picture shows no object
    noise: float  # standard deviation of the ground in the unit of `pixels`


def to_convention(decoded: Sequence[GreyImage], stain: Stain | None = None) -> tuple[list[Prepared], Stain]:
    """Bring the pictures of one cell to the convention.

    Parameters
    ----------
    decoded
        At least one picture.
    stain
        Taken as it is; None lets the pictures vote: dark on bright is `g`, bright on dark `q`.
    """
    images = _composited(_common_depth(decoded), decoded, stain)
    images = [without_shading(image) for image in images]
    grounds = find_grounds(images, None if stain is None else stain == "q")
    span = _span(grounds)
    prepared = []
    for image, ground, source in zip(images, grounds, decoded, strict=True):
        depth = np.maximum(image - ground.level if ground.bright else ground.level - image, 0.0, dtype=np.float32)
        mask = chromosome_mask(depth, ground.noise)
        if mask is not None and source.opacity is not None:
            mask &= source.opacity > _OPAQUE
            mask = mask if mask.any() else None
        prepared.append(Prepared(np.minimum(depth / np.float32(span), 1.0), mask, ground.noise / span))
    if stain is None:
        stain = "q" if 2 * sum(ground.bright for ground in grounds) > len(grounds) else "g"
    return prepared, stain


def _common_depth(decoded: Sequence[GreyImage]) -> list[Floats]:
    """Bring all pictures to 0..1 of the depth that is really used: 12 bits in a 16-bit file are 12."""
    tops: dict[float, list[float]] = {}
    for image in decoded:
        if image.deep:
            tops.setdefault(image.full, []).append(float(np.percentile(image.values, 99.9)))  # not the one hot pixel
    used = {full: _used_depth(max(values), full) for full, values in tops.items()}
    return [
        np.minimum(image.values / np.float32(used[image.full] if image.deep else image.full), 1.0, dtype=np.float32)
        for image in decoded
    ]


def _used_depth(top: float, full: float) -> float:
    """White of the depth that values up to `top` need; floating point data are 0..1 by custom, or counts."""
    whites = [full] if full == 1.0 else []
    whites += [2.0**bits - 1 for bits in _DEPTHS]
    return next((white for white in whites if top <= white), top)


def _composited(images: list[Floats], decoded: Sequence[GreyImage], stain: Stain | None) -> list[Floats]:
    """Lay pictures with a transparent part onto a ground that continues what their edge shows.

    What is stored under the transparent part is arbitrary (mostly black), so the ground follows from the chromosome:
    its outline fades to white in a bright field and to black in fluorescence.
    """
    cut = {index: image.opacity for index, image in enumerate(decoded) if image.opacity is not None}
    edges: dict[int, Floats] = {}
    votes: list[float] = []
    for index, opacity in cut.items():
        opaque = np.pad((opacity > 0.99).astype(np.uint8), 1)  # the frame of the picture is an edge, too
        inside = cv2.erode(opaque, np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
        rim = (opaque[1:-1, 1:-1] > 0) & ~inside
        edges[index] = images[index][rim]
        if rim.any() and inside.any():
            votes.append(float(np.mean(images[index][rim]) - np.mean(images[index][inside])))
    white = stain == "g" if stain is not None else float(np.sum(votes)) >= 0.0
    result = list(images)
    for index, opacity in cut.items():
        edge = edges[index]
        plain = edge.size > 0 and float(np.percentile(edge, 90) - np.percentile(edge, 10)) < _PLAIN_EDGE
        level = float(np.median(edge)) if plain else float(white)
        result[index] = images[index] * opacity + np.float32(level) * (1.0 - opacity)
    return result


def _span(grounds: Sequence[Ground]) -> float:
    """One span for the cell: from its ground to the far end of the depth."""
    ways = [1.0 - ground.level if ground.bright else ground.level for ground in grounds]
    return max(float(np.median(ways)), _MIN_SPAN)
