"""Ground level, direction (dark on bright or bright on dark) and mask of a chromosome picture.

Values are 0 (black) .. 1 (white of the file's depth). What a single tight crop cannot tell, the whole cell can:
levels are voted for by all files, and a file goes its own way only where it cannot share the cell's level.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Histogram = NDArray[np.float64]

SMALLEST_PART = 0.05
"""Parts of a chromosome (satellites) with at least this share of its largest part are kept."""

_BINS = 256
_NEAR = 10  # bins on each side of the cell's level in which a file's own level may lie
_SMOOTH = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
_WINDOWS = (1.5 / 255, 20.0 / 255)  # half the width of the range taken as ground: at first, at most
_ODD_SHARE = 0.5  # a file with this share of its border on another level has a ground of its own
_CLEAR = 0.5  # |evidence| above which a file's own direction overrules the cell's
_SHADING_SIDE = 256  # pixels
_SHADING_GROUND = 0.25  # share of the picture that must follow the fitted ground
_SHADING_WINDOW = 0.15  # first distance from the peak that may be ground
_SHADING_MOST = 0.4  # more is a picture with two grounds, not shading
_LOWEST_CONTRAST = 0.02  # of the full depth: less is an empty picture
_NOISE_FLOOR = 2.5  # standard deviations of the ground; the blur before it halves them
_GROW = 0.45  # share of the Otsu level down to which a mask grows around what exceeds it
_BRIDGE = 0.2  # share of the Otsu level that is stain enough between two parts of a chromosome


@dataclass(frozen=True, slots=True)
class Ground:
    """The level a chromosome lies on."""

    level: float  # 0..1
    noise: float  # standard deviation of the ground, 0..1
    bright: bool  # True: the chromosome is brighter than the ground


def find_grounds(images: Sequence[Floats], bright: bool | None = None) -> list[Ground]:
    """Estimate the ground of each picture of one cell.

    Parameters
    ----------
    images
        (H, W) each, 0..1.
    bright
        The direction expected (Q band: True), followed by every file that does not clearly say the opposite;
        None: the vote of the files.
    """
    scores = [_scores(image) for image in images]
    pooled = np.sum([border for border, _ in scores], axis=0) + 0.3 * np.sum([whole for _, whole in scores], axis=0)
    common = int(np.argmax(np.convolve(pooled, _SMOOTH, "same")))
    near = slice(max(common - _NEAR, 0), common + _NEAR + 1)
    levels = []
    for image, (border, whole) in zip(images, scores, strict=True):
        own = np.convolve(border + 0.3 * whole, _SMOOTH, "same")
        peak = int(np.argmax(own))
        around = slice(max(peak - _NEAR, 0), peak + _NEAR + 1)
        odd = border[around].sum() > _ODD_SHARE and border[near].sum() < 0.25 * border[around].sum()
        if not odd:  # a tight crop may show more of its chromosome at the border than of the ground
            peak = near.start + int(np.argmax(own[near]))
        levels.append(_refined(image, peak))
    evidence = np.array([_direction(image, *level) for image, level in zip(images, levels, strict=True)])
    vote = bool(np.median(evidence) > 0) if bright is None else bright
    return [
        Ground(level, noise, bool(sign > 0) if abs(sign) > _CLEAR else vote)
        for (level, noise), sign in zip(levels, evidence, strict=True)
    ]


def _scores(image: Floats) -> tuple[Histogram, Histogram]:
    """Histograms (256,) of border and whole picture; the corners, where a tight crop shows its ground, count double."""
    codes = np.minimum(image * (_BINS - 1) + 0.5, _BINS - 1).astype(np.uint8)
    height, width = codes.shape
    y, x = max(height // 10, 1), max(width // 10, 1)
    frame = (codes[0], codes[-1], codes[:, 0], codes[:, -1])
    corners = (codes[:y, :x], codes[:y, -x:], codes[-y:, :x], codes[-y:, -x:])
    border = sum((_histogram(part) for part in (*frame, *corners)), np.zeros(_BINS)) / 8.0
    return border, _histogram(codes)


def _histogram(codes: NDArray[np.uint8]) -> Histogram:
    return np.bincount(codes.ravel(), minlength=_BINS) / codes.size


def _refined(image: Floats, peak: int) -> tuple[float, float]:
    """Level and deviation of the ground around a histogram peak; the window follows the noise it finds.

    Pale parts of the chromosome lie on one side of the ground only, so the narrower side tells the noise.
    """
    level, noise, window = peak / (_BINS - 1), 0.0, _WINDOWS[0]
    for _ in range(8):
        around = image[np.abs(image - level) <= window]
        if around.size == 0:
            break
        level = float(np.median(around))
        sides = [_half_deviation(level - around)] if level > window else []
        if level < 1.0 - window:
            sides.append(_half_deviation(around - level))
        noise = min(sides)
        wider = min(3.0 * noise, _WINDOWS[1])
        if wider <= window:
            break
        window = wider
    return level, noise


def _half_deviation(distances: Floats) -> float:
    """Standard deviation of a normal distribution from the distances >= 0 of one side."""
    side = distances[distances >= 0]
    return float(1.4826 * np.median(side)) if side.size else 0.0


def _direction(image: Floats, level: float, noise: float) -> float:
    """Return -1 (all that differs from the ground is darker) .. 1 (brighter)."""
    tolerance = max(3.0 * noise, _LOWEST_CONTRAST)
    brighter = float(np.maximum(image - (level + tolerance), 0).sum())
    darker = float(np.maximum((level - tolerance) - image, 0).sum())
    return (brighter - darker) / (brighter + darker) if brighter + darker > 0 else 0.0


def without_shading(image: Floats) -> Floats:
    """Take a smooth shading of the ground out of a large picture (H, W), 0..1; its median level stays.

    A surface of second order is fitted to what looks like ground. Small pictures are returned as they are: a crop
    shows too little ground for a fit, and too small a part of the field to be shaded.
    """
    height, width = image.shape
    if min(height, width) < _SHADING_SIDE:
        return image
    step = max(1, int(np.sqrt(image.size / 40_000)))
    sample = image[::step, ::step].astype(np.float64)
    y, x = np.mgrid[: sample.shape[0], : sample.shape[1]].astype(np.float64)
    y, x = y / sample.shape[0] - 0.5, x / sample.shape[1] - 0.5
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1)
    peak = int(
        np.argmax(np.convolve(np.bincount((sample * 255).astype(int).ravel(), minlength=_BINS), _SMOOTH, "same"))
    )
    fitted, window = np.full_like(sample, peak / 255), _SHADING_WINDOW
    for _ in range(6):
        near = np.abs(sample - fitted) <= window
        if near.mean() < _SHADING_GROUND:
            return image
        weights = np.linalg.lstsq(terms[near], sample[near], rcond=None)[0]
        fitted = terms @ weights
        window = max(window * 0.7, 0.02)
    if np.ptp(fitted) < 1.5 / 255 or np.ptp(fitted) > _SHADING_MOST:
        return image
    y_all = (np.arange(height, dtype=np.float32) / (step * sample.shape[0]) - 0.5)[:, None]
    x_all = (np.arange(width, dtype=np.float32) / (step * sample.shape[1]) - 0.5)[None]
    a, b, c, d, e, f = (np.float32(weight) for weight in weights)
    surface = a + b * x_all + c * y_all + d * x_all * y_all + e * x_all**2 + f * y_all**2
    flat: Floats = np.clip(image - surface + np.float32(np.median(fitted)), 0.0, 1.0)
    return flat


def chromosome_mask(depth: Floats, noise: float = 0.0, smallest: float = SMALLEST_PART) -> Mask | None:
    """Find what stands out of the ground.

    Parameters
    ----------
    depth
        (H, W) distance from the ground towards the chromosome, >= 0, in shares of the full depth.
    noise
        Standard deviation of the ground in the same unit.
    smallest
        Parts with a smaller share of the largest part's area are specks and left out.

    Returns
    -------
    Mask or None
        (H, W), holes filled, specks removed; None for a picture without any object.
    """
    top = float(cv2.medianBlur(depth, 3).max())  # not the one hot pixel
    if top < max(_LOWEST_CONTRAST, 5.0 * noise):
        return None
    scale = 255.0 / top
    codes = cv2.GaussianBlur(np.minimum(depth * scale, 255.0).astype(np.uint8), (3, 3), 0.6)
    otsu, seeds = cv2.threshold(codes, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    # Light bands lie far below the Otsu level, which mostly parts light bands from dark ones.
    floor = max(_NOISE_FLOOR * noise * scale, 2.0)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (codes > min(max(_GROW * otsu, floor), otsu)).astype(np.uint8), connectivity=8
    )
    seeded = np.bincount(labels.ravel(), weights=seeds.ravel(), minlength=count) > 0
    areas = stats[:, cv2.CC_STAT_AREA] * seeded
    areas[0] = 0
    if areas.max() == 0:
        return None
    mask = _closed((areas > 0)[labels], codes > max(_BRIDGE * otsu, floor))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    areas[0] = 0
    return _filled((areas >= max(smallest * areas.max(), 1))[labels])


def _closed(mask: Mask, pale: Mask) -> Mask:
    """Add what pale bands and thin centromeres cut off or notch: pale pixels in gaps up to half a width wide."""
    half_width = float(cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5).max())
    reach = max(half_width / 2.0, 1.5)
    edge = int(reach) + 2
    far = cv2.distanceTransform((~np.pad(mask, edge)).astype(np.uint8), cv2.DIST_L2, 5) > reach
    closed = cv2.distanceTransform((~far).astype(np.uint8), cv2.DIST_L2, 5)[edge:-edge, edge:-edge] > reach
    result: Mask = mask | (closed & pale)
    return result


def _filled(mask: Mask) -> Mask:
    """Fill small holes; a large one is the inside of a ring or of a bent chromosome."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~mask).astype(np.uint8), connectivity=4)
    if count <= 2:
        return mask
    height, width = mask.shape
    x, y, w, h = (stats[:, i] for i in (cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    inside = (x > 0) & (y > 0) & (x + w < width) & (y + h < height)
    small = stats[:, cv2.CC_STAT_AREA] <= 0.1 * mask.sum()
    holes = inside & small
    holes[0] = False
    filled: Mask = mask | holes[labels]
    return filled
