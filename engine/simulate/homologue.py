"""One copy of a chromosome: how its bands take the stain, how long its variable parts are, how wide it is where.

The variable parts are those every cytogeneticist knows: the heterochromatin of 1q, 9q, 16q and Yq, the short arms and
satellites of the acrocentrics, the centromeres of 3 and 4 in Q banding.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from engine.simulate.ideogram import Band, Ideogram
from engine.simulate.look import Look
from engine.types import Stain

Floats = NDArray[np.float64]

ACROCENTRIC = frozenset({"13", "14", "15", "21", "22"})

_SAMPLES_PER_MB = 5

# Short arms look longer under the microscope than their sequence says (log): fitted to the mean profiles of two
# laboratories, one G and one Q band; in line with the arm ratios of the Paris nomenclature.
_P_LONGER = dict.fromkeys(("1", "2"), -0.03) | {"3": -0.08, "5": 0.08, "6": 0.1, "7": 0.17, "8": 0.02, "9": 0.03}
_P_LONGER |= {"10": 0.2, "11": 0.04, "12": 0.12, "14": 0.2, "15": 0.1, "16": 0.1, "17": 0.1, "18": 0.35, "20": 0.12}
_P_LONGER |= {"21": 0.3, "X": 0.12}
_MEAN_PALE = 0.63  # of the whole set; see `relative_length`

# Density (mean, spread) of the heterochromatin. G: dark but for the secondary constriction of 9. Q: dull, but for Yq.
_VARIABLE_G = {
    "1": (0.75, 0.15),
    "3": (0.8, 0.1),
    "9": (0.3, 0.15),
    "16": (0.95, 0.08),
    "19": (0.95, 0.1),
    "Y": (0.8, 0.15),
}
_VARIABLE_Q = {
    "1": (0.1, 0.1),
    "3": (0.9, 0.4),
    "9": (0.05, 0.1),
    "16": (0.05, 0.1),
    "19": (0.05, 0.05),
    "Y": (1.7, 0.35),
}


@dataclass(frozen=True, slots=True, eq=False)
class Homologue:
    """A chromosome before it is bent and photographed. Arrays run from the p end to the q end in equal steps."""

    label: str
    length: float  # of chromosome 1's usual length
    centromere: float  # 0 p end .. 1 q end
    density: Floats  # (M,) stain, 0 pale .. 1 dark (G) or bright (Q); brilliant parts exceed 1
    width: Floats  # (M,) of the usual width


def draw_homologue(drawn: Ideogram, stain: Stain, look: Look, rng: np.random.Generator) -> Homologue:
    """Draw the variation of one copy of a chromosome."""
    lengths = np.array([band.length * _length_factor(drawn, band, rng) for band in drawn.bands])
    in_p = np.array([band.end <= drawn.centromere for band in drawn.bands])
    lengths *= np.where(in_p, *np.exp(rng.normal((_P_LONGER.get(drawn.label, 0.0), 0.0), look.stretch)))
    lengths *= np.exp(rng.normal(0.0, look.stretch, len(lengths)))  # no two bands stretch alike
    density = np.array([_density(drawn.label, band, stain, rng) for band in drawn.bands])
    width = np.array([_width(drawn.label, band, rng) for band in drawn.bands])

    edges = np.concatenate([[0.0], np.cumsum(lengths)])
    total = edges[-1]
    samples = np.linspace(0.0, total, max(int(total * _SAMPLES_PER_MB), 16))
    index = np.clip(np.searchsorted(edges, samples, side="right") - 1, 0, len(lengths) - 1)
    per_mb = len(samples) / total
    along = density[index]
    # Bands do not stand alone: neighbours darken each other, and fluorescence follows the base composition over such
    # long stretches that whole chromosomes shine (4, 13) or do not (19, 22).
    own, around, reach_mb = (0.6, 0.75, 12.0) if stain == "q" else (0.75, 0.4, 4.0)
    along = own * along + around * gaussian_filter1d(np.minimum(along, 1.0), reach_mb * per_mb, mode="nearest")
    along = gaussian_filter1d(along, look.band_blur_mb * per_mb, mode="nearest")
    centromere = float(edges[int(in_p.sum())] / total)
    place = np.linspace(0.0, 1.0, len(samples))
    waist = float(rng.uniform(*look.waist))
    reach = float(rng.uniform(2.0, 4.5)) / total  # of the constriction, either side
    shape = gaussian_filter1d(width[index], 0.9 * per_mb, mode="nearest")
    shape *= 1.0 - waist * np.exp(-(np.abs((place - centromere) / reach) ** 1.5))
    return Homologue(drawn.label, relative_length(drawn) * total / drawn.length, centromere, along, shape)


def relative_length(drawn: Ideogram) -> float:
    """Length under the microscope, chromosome 1 of the table = about 1.

    Megabases, with pale (gene-rich) chromosomes a little longer: measured on whole cells, 17, 19 and 22 are longer and
    4, 13 and X shorter than their megabases say.
    """
    return drawn.length / 249.0 * (1.0 + 0.35 * (drawn.pale_fraction - _MEAN_PALE))


def _length_factor(drawn: Ideogram, band: Band, rng: np.random.Generator) -> float:
    if drawn.label in ACROCENTRIC and band.end < drawn.centromere and band.stain in ("gvar", "stalk"):
        return float(rng.uniform(0.45, 1.45))
    if band.stain == "gvar":
        return float(rng.uniform(0.45, 1.15)) if drawn.label == "Y" else float(np.exp(rng.normal(0.0, 0.3)))
    return float(np.exp(-0.1 * (band.grey - 0.4))) if band.is_grey else 1.0  # pale bands condense less


def _density(label: str, band: Band, stain: Stain, rng: np.random.Generator) -> float:
    if band.is_grey:
        return float(np.clip(band.grey + rng.normal(0.0, 0.05), 0.0, 1.0))
    if label in ACROCENTRIC and band.stain != "acen":
        if band.stain == "stalk":
            return float(rng.uniform(0.0, 0.15))
        brilliant = stain == "q" and rng.random() < 0.25
        return float(rng.uniform(1.0, 2.2) if brilliant else rng.uniform(0.1, 0.7))
    if band.stain == "acen":
        if stain == "q":
            return float(rng.uniform(0.5, 1.5) if label in ("3", "4") else rng.uniform(0.0, 0.35))
        return float(rng.uniform(0.45, 0.9))
    mean, spread = (_VARIABLE_Q if stain == "q" else _VARIABLE_G)[label]
    return float(np.clip(rng.normal(mean, spread), 0.0, 2.5))


def _width(label: str, band: Band, rng: np.random.Generator) -> float:
    if band.stain == "stalk":
        return float(rng.uniform(0.25, 0.6))
    if label in ACROCENTRIC and band.stain == "gvar":
        return float(rng.uniform(0.45, 0.8))
    if band.stain == "gvar" and label in ("1", "9", "16"):
        return float(rng.uniform(0.75, 1.0))  # secondary constriction
    return 1.0
