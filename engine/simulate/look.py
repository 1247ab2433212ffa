"""What the images of a laboratory look like: spreading, stain, optics, cutting out."""

from dataclasses import dataclass

import numpy as np

from engine.types import Stain


@dataclass(frozen=True, slots=True)
class Look:
    """Appearance of all chromosomes of one cell. Lengths in pixels of the file; defaults: a sharp G-band laboratory."""

    length_px: float = 112.0  # chromosome 1
    width_px: float = 16.5  # a chromosome's full width away from the centromere
    # spreading
    stretch: float = 0.05  # spread (log) of the arms' and bands' lengths
    waist: tuple[float, float] = (0.25, 0.6)  # how far the centromere narrows the outline, 0..1
    chromatids: float = 0.6  # 0: one rod, 1: two chromatids apart
    bend_deg: float = 18.0  # usual turn of the axis from end to end
    strong_bend: float = 0.1  # share of chromosomes with a hook or a C
    tilt_deg: float = 180.0  # rotation drawn from +- this; half of the chromosomes upside down whatever it is
    # stain
    band_blur_mb: float = 1.4  # what one preparation cannot resolve, megabases
    contrast: float = 0.55  # of the bands, 0: evenly stained, 1: pale bands vanish
    depth: float = 0.95  # darkest (G) or brightest (Q) band, share of the range between ground and black or white
    depth_spread: float = 0.06  # between the chromosomes of the cell
    uneven: float = 0.12  # slow variation along and across a chromosome
    grain: float = 0.15  # fast variation: chromatin is not smooth
    # optics
    blur_px: float = 0.8
    sharpen: float = 0.8  # of a laboratory's image processing
    glare: float = 0.0  # light scattered around
    noise: float = 2.0  # grey levels
    fuzzy_ends: float = 0.1  # 0..1
    # cutting out
    ground: int = 255
    ground_noise: float = 0.0  # grey levels
    cut_level: float = 0.1  # density at which the background was cut away; 0: not cut
    cut_px: float = 0.5  # how far outside of that line
    jagged: float = 0.3  # roughness of the cut, pixels
    margin_px: tuple[int, int] = (0, 0)  # between the cut and the picture's edge, least and most


def random_look(rng: np.random.Generator, stain: Stain, bands: int = 550) -> Look:
    """Imitate some laboratory.

    Parameters
    ----------
    rng : source of all choices.
    stain : `g` gives dark bands on a bright ground, `q` bright bands on black.
    bands : 400, 550 or 850; a higher level means longer chromosomes that show thinner bands.
    """
    if stain == "q":
        return _q_look(rng, bands)
    return _sharp_look(rng, bands) if rng.random() < 0.6 else _smooth_look(rng, bands)


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


_LENGTH = {400: 0.86, 550: 1.0, 850: 1.35}
_BLUR_MB = {400: 2.0, 550: 1.4, 850: 0.8}


def _sharp_look(rng: np.random.Generator, bands: int) -> Look:
    """High contrast, sharpened, cut tightly out of a white ground, bands as pairs of dots on two chromatids."""
    scale = _between(rng, 0.85, 1.2)
    return Look(
        length_px=scale * _LENGTH[bands] * _between(rng, 100, 125),
        width_px=scale * _between(rng, 14.0, 17.5),
        waist=(0.3, 0.65),
        stretch=_between(rng, 0.03, 0.07),
        chromatids=_between(rng, 0.3, 0.85),
        bend_deg=_between(rng, 10, 25),
        strong_bend=_between(rng, 0.02, 0.15),
        tilt_deg=180.0 if rng.random() < 0.6 else _between(rng, 2, 30),
        band_blur_mb=_BLUR_MB[bands] * _between(rng, 0.8, 1.3),
        contrast=_between(rng, 0.42, 0.66),
        depth=_between(rng, 0.85, 1.0),
        uneven=_between(rng, 0.08, 0.2),
        grain=_between(rng, 0.08, 0.2),
        blur_px=scale * _between(rng, 0.7, 1.1),
        sharpen=_between(rng, 0.4, 1.4),
        noise=_between(rng, 0.5, 4),
        cut_level=_between(rng, 0.08, 0.2),
        cut_px=_between(rng, 0.0, 1.0),
        jagged=_between(rng, 0.2, 0.7),
        margin_px=(0, 0) if rng.random() < 0.7 else (1, 8),
    )


def _smooth_look(rng: np.random.Generator, bands: int) -> Look:
    """Smooth grey rods with a halo, larger, at any angle."""
    scale = _between(rng, 0.8, 1.3)
    return Look(
        length_px=scale * _LENGTH[bands] * _between(rng, 135, 165),
        width_px=scale * _between(rng, 16, 20),
        stretch=_between(rng, 0.03, 0.07),
        waist=(0.05, 0.4),
        chromatids=_between(rng, 0.0, 0.35),
        bend_deg=_between(rng, 15, 35),
        strong_bend=_between(rng, 0.1, 0.3),
        band_blur_mb=_BLUR_MB[bands] * _between(rng, 0.9, 1.5),
        contrast=_between(rng, 0.35, 0.6),
        depth=_between(rng, 0.7, 0.95),
        uneven=_between(rng, 0.05, 0.15),
        grain=_between(rng, 0.02, 0.1),
        blur_px=scale * _between(rng, 1.0, 1.6),
        sharpen=_between(rng, 0.2, 0.7),
        glare=_between(rng, 0.02, 0.12),
        noise=_between(rng, 0.5, 2.5),
        fuzzy_ends=_between(rng, 0.1, 0.5),
        ground=255 if rng.random() < 0.7 else int(rng.integers(215, 255)),
        cut_level=_between(rng, 0.05, 0.15),
        cut_px=_between(rng, 0.6, 2.6),
        jagged=_between(rng, 0.3, 1.0),
        margin_px=(0, 0) if rng.random() < 0.6 else (1, 10),
    )


def _q_look(rng: np.random.Generator, bands: int) -> Look:
    """Fluorescence: bright on black, soft, dim and brilliant chromosomes side by side."""
    scale = _between(rng, 0.85, 1.2)
    return Look(
        length_px=scale * _LENGTH[bands] * _between(rng, 78, 100),
        width_px=scale * _between(rng, 12.0, 15.0),
        stretch=_between(rng, 0.03, 0.07),
        waist=(0.15, 0.5),
        chromatids=_between(rng, 0.1, 0.7),
        bend_deg=_between(rng, 12, 30),
        strong_bend=_between(rng, 0.05, 0.2),
        tilt_deg=180.0 if rng.random() < 0.5 else _between(rng, 20, 60),
        band_blur_mb=_BLUR_MB[bands] * _between(rng, 1.0, 1.6),
        contrast=_between(rng, 0.7, 0.9),
        depth=_between(rng, 0.5, 0.95),
        depth_spread=_between(rng, 0.08, 0.15),
        uneven=_between(rng, 0.08, 0.2),
        grain=_between(rng, 0.0, 0.06),
        blur_px=scale * _between(rng, 1.0, 1.7),
        sharpen=_between(rng, 0.0, 0.3),
        glare=_between(rng, 0.02, 0.12),
        noise=_between(rng, 0.3, 2.0),
        fuzzy_ends=_between(rng, 0.2, 0.7),
        ground=0 if rng.random() < 0.7 else int(rng.integers(1, 12)),
        ground_noise=_between(rng, 0.0, 0.6),
        cut_level=_between(rng, 0.03, 0.08) if rng.random() < 0.7 else 0.0,
        cut_px=_between(rng, 1.0, 3.0),
        margin_px=(2, 14),
    )
