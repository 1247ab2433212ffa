"""A homologue and its bent outline -> pixels as a file would show them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.simulate.homologue import Homologue
from engine.simulate.look import Look
from engine.simulate.outline import CentreLine, Places, bent_line, places, rotated
from engine.types import Stain

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A chromosome as its file would show it."""

    image: NDArray[np.uint8]  # (H, W)
    upright_rotation_deg: float  # counter-clockwise, in (-180, 180]


def draw(homologue: Homologue, stain: Stain, look: Look, depth: float, rng: np.random.Generator) -> Drawing:
    """Draw one chromosome.

    Parameters
    ----------
    homologue : what to draw.
    stain, look : how the laboratory works.
    depth : of the stain of this chromosome, 0..1.
    rng : source of all that differs between two pictures of the same chromosome.
    """
    fine = 2 if look.blur_px < 1.2 else 1  # drawn at twice the file's resolution where the optics would show it
    slim = 1.0 - 0.12 * float(np.clip((0.5 - homologue.length) / 0.25, 0.0, 1.0))  # 19 to 22 are a little thinner
    width = fine * look.width_px * slim * float(np.exp(rng.normal(0.0, 0.04)))
    length = max(fine * look.length_px * homologue.length, 0.8 * width)
    upright = bent_line(length, width, homologue.centromere, look, rng)
    tilt = float(rng.uniform(-look.tilt_deg, look.tilt_deg)) + (180.0 if rng.random() < 0.5 else 0.0)
    line = rotated(upright, tilt)
    room = int(0.6 * width + fine * (2 + look.cut_px + 2.5 * look.blur_px))
    size = np.ceil(np.ptp(line.points, axis=0)).astype(int) + 2 * room
    size += -size % fine
    shape = (int(size[1]), int(size[0]))
    where = places(line, ((size[0] - 1) / 2, (size[1] - 1) / 2), shape)
    drawn = _chromatin(homologue, line, where, width, look, rng)
    density, cover = (_shrunk(_blurred(layer, fine * look.blur_px), fine) for layer in drawn)
    density = _processed(density, look)
    kept = _kept(cover, look, rng)
    top, bottom, left, right = _frame(kept)
    density, kept = density[top:bottom, left:right], kept[top:bottom, left:right]
    edges = [(int(a), int(b)) for a, b in rng.integers(look.margin_px[0], look.margin_px[1] + 1, (2, 2))]
    image = _exposed(np.pad(density * depth, edges), np.pad(kept, edges), stain, look, rng)
    rotation = (-tilt + 180.0) % 360.0 - 180.0
    return Drawing(image, 180.0 if rotation == -180.0 else rotation)


def _chromatin(
    homologue: Homologue, line: CentreLine, where: Places, width: float, look: Look, rng: np.random.Generator
) -> tuple[Image, Image]:
    """Return the density of stained chromatin (H, W), 0..1 and brilliant parts above, and the cover of each pixel."""
    length = line.length
    along, across = where.along, where.across
    right = across > 0
    place = np.clip(along / length, 0.0, 1.0)
    half = (
        0.5
        * width
        * _table(
            homologue.width.astype(np.float32) * _wander(rng, len(homologue.width), 0.06, 4 + round(length / width)),
            place,
        )
    )
    beyond = np.abs(along - length / 2) - length / 2  # beyond the nearer end, negative inside
    uneven_ends = rng.normal(0.0, 0.02 * width * look.chromatids, 4).astype(np.float32)
    beyond += np.where(along < length / 2, *(np.where(right, *uneven_ends[i : i + 2]) for i in (0, 2)))

    # two outlines: one rod, or two chromatids that touch at the centromere and part towards the ends
    rod = _rounded(np.abs(across), half, beyond)
    apart = np.exp(beyond / (0.8 * width)) * 0.1 + 0.03
    held = np.exp(-(((place - homologue.centromere) * length / (0.35 * width)) ** 2))
    lobe = np.abs(np.abs(across) - half * (0.5 + apart * (1.0 - held)))
    pair = _rounded(lobe, 0.5 * half, beyond)
    edge = (1.0 - look.chromatids) * rod + look.chromatids * np.minimum(pair, rod + 0.25 * width)
    cover = np.clip(0.5 - edge / 1.5, 0.0, 1.0)

    # bands: not quite the same on the two chromatids, slightly askew
    slant = float(rng.normal(0.0, 0.06))
    bands = np.empty_like(along)
    for side in (False, True):
        shift = (_wander(rng, len(homologue.density), 0.05 * look.chromatids + 0.02, 12) - 1.0) * width
        strength = _wander(rng, len(homologue.density), 0.17 * look.chromatids, round(length / (0.3 * width)))
        here = right == side
        s = along[here] + slant * across[here]
        s = s + _table(shift, np.clip(s / length, 0.0, 1.0))
        at = np.clip(s / length, 0.0, 1.0)
        bands[here] = _table((homologue.density * strength).astype(np.float32), at)
    stained = (1.0 - look.contrast) + look.contrast * bands
    thick_rod = np.sqrt(np.clip(1.0 - (across / np.maximum(half, 1.0)) ** 2, 0.0, 1.0))
    thick_pair = np.sqrt(np.clip(1.0 - (lobe / np.maximum(0.6 * half, 1.0)) ** 2, 0.0, 1.0))
    parted = look.chromatids * _table(np.clip(_wander(rng, 200, 0.4, 6), 0.2, 1.6), place) * (1.0 - held)
    parted = np.clip(0.9 * parted, 0.0, 0.9)
    stained *= (1.0 - parted) * (0.5 + 0.5 * thick_rod) + parted * (0.15 + 1.0 * thick_pair)
    stained *= 1.0 - look.fuzzy_ends * np.exp(np.minimum(beyond, 0.0) / (0.3 * width))
    stained *= _clouds(rng, along.shape, 0.5 * width, look.uneven) * _clouds(
        rng, along.shape, 0.085 * width, look.grain
    )
    return (stained * cover).astype(np.float32), cover.astype(np.float32)


def _rounded(across: Image, half: Image, beyond: Image) -> Image:
    """Signed distance to a rod of varying half width with rounded ends."""
    radius = 0.8 * half
    x, y = across - (half - radius), beyond + radius
    outside = np.hypot(np.maximum(x, 0.0), np.maximum(y, 0.0))
    distance: Image = outside + np.minimum(np.maximum(x, y), 0.0) - radius
    return distance


def _table(values: Image, place: Image) -> Image:
    """Values given in equal steps, at places 0..1, linear between."""
    position = place * (len(values) - 1)
    low = np.minimum(position.astype(np.intp), len(values) - 2)
    rest = position - low
    found: Image = values[low] * (1.0 - rest) + values[low + 1] * rest
    return found


def _wander(rng: np.random.Generator, samples: int, spread: float, knots: int) -> Image:
    """A smooth random factor around 1 along the chromosome, (samples,)."""
    coarse = (1.0 + rng.normal(0.0, spread, (knots + 2, 1))).astype(np.float32)
    return np.ascontiguousarray(cv2.resize(coarse, (1, samples), interpolation=cv2.INTER_CUBIC)[:, 0])


def _clouds(rng: np.random.Generator, shape: tuple[int, ...], size: float, spread: float) -> Image:
    """A smooth random factor around 1 over the picture; `size` is the radius of a cloud in pixels."""
    rows, columns = (max(int(side / (1.5 * max(size, 1.0))), 2) for side in shape)
    coarse = rng.normal(1.0, spread, (rows, columns)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), 0.1, 2.0)


def _blurred(image: Image, radius: float) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), radius), np.float32)


def _shrunk(image: Image, factor: int) -> Image:
    size = (image.shape[1] // factor, image.shape[0] // factor)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)


def _processed(density: Image, look: Look) -> Image:
    """What the camera and the laboratory's software do to the density."""
    if look.sharpen > 0:
        density = density + look.sharpen * (density - _blurred(density, 2.5))
    if look.glare > 0:
        density = density + look.glare * _blurred(density, 5.0)
    return np.maximum(density, 0.0)


def _kept(cover: Image, look: Look, rng: np.random.Generator) -> NDArray[np.bool_]:
    """What is left after the background was cut away, (H, W)."""
    if look.cut_level == 0:
        return np.ones(cover.shape, np.bool_)
    level = look.cut_level * _clouds(rng, cover.shape, 1.5, look.jagged)
    kept = (cover > level).astype(np.uint8)
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(look.cut_px) + 1,) * 2)
    return np.asarray(cv2.dilate(kept, around)).astype(np.bool_)


def _exposed(
    density: Image, kept: NDArray[np.bool_], stain: Stain, look: Look, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Density -> grey values of the file."""
    span = 255.0 - look.ground if stain == "q" else -float(look.ground)
    grey = look.ground + span * np.clip(density, 0.0, 1.0)
    grey += rng.normal(0.0, look.noise, grey.shape)
    blank = look.ground + rng.normal(0.0, look.ground_noise, grey.shape)
    levels: NDArray[np.uint8] = np.clip(np.rint(np.where(kept, grey, blank)), 0, 255).astype(np.uint8)
    return levels


def _frame(kept: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """First and last (exclusive) row and column of what was kept."""
    rows, columns = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
