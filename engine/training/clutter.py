"""Objects that are no single chromosome, made of real ones: what a segmentation hands over by mistake.

Touching chromosomes, pieces, nuclei and dirt are in no labelled folder, but in every slide. They are only learned from:
nothing made here is ever shown, stored or measured on as if it were real.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.adapt import iam_box
from engine.imaging.geometry import rotate
from engine.types import ChromosomeImage

KINDS = ("clump", "piece", "nucleus", "dirt")

_SHARES = (0.45, 0.25, 0.1, 0.2)


def clutter(chromosomes: Sequence[ChromosomeImage], count: int, rng: np.random.Generator) -> list[ChromosomeImage]:
    """Make `count` objects that are no single chromosome of the cell whose chromosomes are given (at least two).

    Returns
    -------
    Images like those given, named by their kind.
    """
    usable = [chromosome for chromosome in chromosomes if chromosome.mask.sum() >= 30]
    if len(usable) < 2:
        raise ValueError("a clump needs two chromosomes")
    makers = {"clump": _clump, "piece": _piece, "nucleus": _nucleus, "dirt": _dirt}
    kinds = rng.choice(KINDS, count, p=_SHARES)
    return [makers[str(kind)](usable, rng) for kind in kinds]


def _clump(chromosomes: Sequence[ChromosomeImage], rng: np.random.Generator) -> ChromosomeImage:
    """Two chromosomes that touch or lie across each other."""
    first, second = (_cropped(chromosomes[i], rng) for i in rng.choice(len(chromosomes), 2, replace=False))
    side = max(*first[0].shape, *second[0].shape)
    pixels, mask = np.zeros((3 * side, 3 * side), np.float32), np.zeros((3 * side, 3 * side), np.bool_)
    _lay(pixels, mask, first, (1.5 * side, 1.5 * side))
    angle = rng.uniform(0.0, 2.0 * np.pi)
    # Moved apart step by step until they share little: a crossing or a touch.
    wanted = rng.uniform(0.0, 0.3) * min(first[1].sum(), second[1].sum())
    for away in range(0, side, 2):
        place = (1.5 * side + away * np.sin(angle), 1.5 * side + away * np.cos(angle))
        other = np.zeros_like(mask)
        _lay(np.zeros_like(pixels), other, second, place)
        if (other & mask).sum() <= max(wanted, 1.0):
            break
    _lay(pixels, mask, second, place)
    return _object(pixels, mask, "clump")


def _piece(chromosomes: Sequence[ChromosomeImage], rng: np.random.Generator) -> ChromosomeImage:
    """A part of a chromosome, as a segmentation leaves it that cuts too much."""
    pixels, mask = _cropped(chromosomes[int(rng.integers(len(chromosomes)))], rng)
    y, x = np.nonzero(mask)
    angle = rng.uniform(0.0, 2.0 * np.pi)
    along = y * np.sin(angle) + x * np.cos(angle)
    kept = along <= np.quantile(along, rng.uniform(0.15, 0.45))
    part = np.zeros_like(mask)
    part[y[kept], x[kept]] = True
    return _object(pixels * part, part, "piece")


def _nucleus(chromosomes: Sequence[ChromosomeImage], rng: np.random.Generator) -> ChromosomeImage:
    """An interphase nucleus: large, round, mottled."""
    area = float(np.median([chromosome.mask.sum() for chromosome in chromosomes]))
    radius = int(np.sqrt(area * rng.uniform(1.5, 6.0) / np.pi)) + 3
    return _blob(radius, rng.uniform(0.75, 1.0), _level(chromosomes, rng), rng, "nucleus")


def _dirt(chromosomes: Sequence[ChromosomeImage], rng: np.random.Generator) -> ChromosomeImage:
    """A speck of stain or dust: small, without bands."""
    area = float(np.median([chromosome.mask.sum() for chromosome in chromosomes]))
    radius = max(int(np.sqrt(area * rng.uniform(0.03, 0.3) / np.pi)), 3)
    return _blob(radius, rng.uniform(0.4, 1.0), _level(chromosomes, rng), rng, "dirt")


def _blob(radius: int, flat: float, level: float, rng: np.random.Generator, name: str) -> ChromosomeImage:
    side = 2 * radius + 12
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    outline = 1.0 + 0.05 * np.sin(np.arctan2(y, x) * int(rng.integers(2, 6)) + rng.uniform(0, 6))
    mask = np.hypot(y / flat, x) <= radius * outline
    noise: NDArray[Any] = rng.normal(0.0, 1.0, (side, side)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), max(radius / 5, 1.0))
    grain = noise / max(float(noise.std()), 1e-6)
    pixels = np.clip(level * (1.0 + 0.15 * grain), 0.0, 1.0) * mask
    return _object(cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), 0.8), mask, name)


def _level(chromosomes: Sequence[ChromosomeImage], rng: np.random.Generator) -> float:
    chosen = chromosomes[int(rng.integers(len(chromosomes)))]
    return float(np.median(chosen.pixels[chosen.mask])) * float(rng.uniform(0.6, 1.2))


def _cropped(chromosome: ChromosomeImage, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """A chromosome turned by a random angle, in its box."""
    angle = float(rng.uniform(-180.0, 180.0))
    pixels = np.clip(rotate(chromosome.pixels * chromosome.mask, angle), 0.0, 1.0)
    mask = rotate(chromosome.mask.astype(np.float32), angle) >= 0.5
    up, down, left, right = iam_box(mask)
    box = (slice(up, down + 1), slice(left, right + 1))
    return pixels[box], mask[box]


def _lay(
    pixels: NDArray[np.float32],
    mask: NDArray[np.bool_],
    piece: tuple[NDArray[np.float32], NDArray[np.bool_]],
    centre: tuple[float, float],
) -> None:
    """Lay a piece on a canvas around a centre (y, x): where both are, what is darker in the microscope stays."""
    height, width = piece[1].shape
    top = int(np.clip(centre[0] - height / 2, 0, mask.shape[0] - height))
    left = int(np.clip(centre[1] - width / 2, 0, mask.shape[1] - width))
    box = (slice(top, top + height), slice(left, left + width))
    pixels[box] = np.where(piece[1], np.maximum(pixels[box], piece[0]), pixels[box])
    mask[box] |= piece[1]


def _object(pixels: NDArray[Any], mask: NDArray[np.bool_], name: str) -> ChromosomeImage:
    up, down, left, right = iam_box(mask)
    box = (slice(up, down + 1), slice(left, right + 1))
    shown = np.pad((pixels * mask)[box].astype(np.float32), 4)
    return ChromosomeImage(np.clip(shown, 0.0, 1.0), np.pad(mask[box], 4), name)
