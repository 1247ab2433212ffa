"""The image adaptive module (IAM): chromosomes of any size and laboratory -> images a classifier can compare.

The paper's rule (section 3.3, eqs. 8-13) is `iam_box` and `iam_image`. The product adds what its Algorithm 1 leaves
out: the scale is shared by the cell, so that relative length, the oldest cue in cytogenetics, survives; the contrast
is set from the cell's own grey values; the chromosome is straightened, so that no network has to learn bending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import AxisLine, centre_line, rotate, straighten, upright_rotation
from engine.types import ChromosomeImage

Image = NDArray[np.float32]

SIZE_FEATURES = ("log_area", "log_length", "known")
"""What `AdaptedCell.size` holds: logarithms relative to the cell's median, and 1 where a cell stands behind them."""

AdaptMode = Literal["straight", "iam", "stretch"]

_ENOUGH_FOR_A_CELL = 8  # below this the median chromosome says nothing, and the width sets the scale


@dataclass(frozen=True, slots=True)
class AdaptSpec:
    """How images are adapted; travels in the bundle, since a network is only right on what it was trained with.

    Attributes
    ----------
    height, width : size of an adapted image, pixels.
    median_area : area of the cell's median chromosome after scaling, pixels.
    median_width : width of a chromosome after scaling where there is no cell, pixels.
    low_percentile, high_percentile : grey values of the cell's chromosome pixels that are mapped to `low`, `high`.
    low, high : see above; ground stays 0, and with `low` below 0 the palest pixels become ground, too.
    mode : `straight` is the product's: straightened, one scale and one contrast for the cell. `iam` is the paper's
        rule: cropped, shrunk only if too large, centred. `stretch` is what the paper calls simple reconstruction:
        the crop is stretched to the whole image, and length is lost.
    upright : in the modes `iam` and `stretch`, turn the long axis upright first. The paper does not.
    length_power : in the mode `straight`, 1 shows every chromosome of a cell at one scale. Below 1 a chromosome whose
        length at that scale is L is shown as long as `reference_length` (L / `reference_length`)^power: the short ones,
        whose few bands a network tells apart worst, get more of the image; relative length is then told by the size
        features alone.
    reference_length : the length that stays as it is, pixels.
    iam_scale : in the mode `iam`, adapted pixels per original pixel; the paper's 1 is meant for 224 pixels.
    """

    height: int = 144
    width: int = 48
    median_area: float = 880.0
    median_width: float = 15.0
    low_percentile: float = 2.0
    high_percentile: float = 90.0
    low: float = 0.15
    high: float = 0.75
    mode: str = "straight"
    upright: bool = True
    iam_scale: float = 1.0
    length_power: float = 1.0
    reference_length: float = 120.0

    def __post_init__(self) -> None:
        if self.mode not in get_args(AdaptMode):
            raise ValueError(f"unknown way to adapt {self.mode!r}; known: {', '.join(get_args(AdaptMode))}")
        if self.mode == "iam" and self.height != self.width:
            raise ValueError("the mode iam makes square images")
        if not 0.0 < self.length_power <= 1.0 or self.reference_length <= 0.0:
            raise ValueError("length_power lies above 0 and up to 1, reference_length above 0")


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedCell:
    """The chromosomes of a cell as the classifier sees them, and how they got there."""

    images: NDArray[np.float32]  # (N, H, W) ground 0, chromosome up to about 1.2, long axis vertical, either end up
    masks: NDArray[np.bool_]  # (N, H, W) the chromosome in `images`
    size: NDArray[np.float32]  # (N, 3) SIZE_FEATURES
    rotation_deg: NDArray[np.float64]  # (N,) counter-clockwise degrees that bring the original as upright as `images`
    scale: float  # adapted pixels per original pixel


def adapt_cell(chromosomes: Sequence[ChromosomeImage], spec: AdaptSpec) -> AdaptedCell:
    """Adapt all chromosomes of one cell with one scale and one contrast.

    Parameters
    ----------
    chromosomes : images as read; N >= 1.
    spec : sizes and levels, from the bundle.

    Raises
    ------
    ValueError
        If there is no chromosome.
    """
    if not chromosomes:
        raise ValueError("a cell needs at least one chromosome")
    lines = [centre_line(chromosome.mask) for chromosome in chromosomes]
    areas = np.array([max(int(chromosome.mask.sum()), 1) for chromosome in chromosomes], np.float64)
    lengths = np.array([max(line.length, 1.0) for line in lines])
    is_cell = len(chromosomes) >= _ENOUGH_FOR_A_CELL
    scale = cell_scale(areas, lengths, spec)
    low, high = contrast_levels(chromosomes, spec)
    count = len(chromosomes)
    images = np.zeros((count, spec.height, spec.width), np.float32)
    masks = np.zeros((count, spec.height, spec.width), np.bool_)
    rotation = np.zeros(count, np.float64)
    for index, (chromosome, line) in enumerate(zip(chromosomes, lines, strict=True)):
        if spec.mode == "straight":
            images[index], masks[index] = _adapted(chromosome, line, scale, (low, high), spec)
            rotation[index] = upright_rotation(chromosome.mask, line)
        else:
            rotation[index] = upright_rotation(chromosome.mask, line) if spec.upright else 0.0
            images[index], masks[index] = _placed(chromosome, float(rotation[index]), spec)
    size = np.zeros((count, len(SIZE_FEATURES)), np.float32)
    if is_cell:
        size[:, 0] = np.log(areas / np.median(areas))
        size[:, 1] = np.log(lengths / np.median(lengths))
        size[:, 2] = 1.0
    return AdaptedCell(images, masks, size, rotation, scale if spec.mode == "straight" else spec.iam_scale)


def cell_scale(areas: NDArray[np.float64], lengths: NDArray[np.float64], spec: AdaptSpec) -> float:
    """Return adapted pixels per original pixel for chromosomes of these areas and lengths (N,)."""
    if len(areas) >= _ENOUGH_FOR_A_CELL:
        return float(np.sqrt(spec.median_area / np.median(areas)))
    return float(spec.median_width / np.median(areas / lengths))


def contrast_levels(chromosomes: Sequence[ChromosomeImage], spec: AdaptSpec) -> tuple[float, float]:
    """Return the grey values of the cell that become `spec.low` and `spec.high`."""
    values = np.concatenate([chromosome.pixels[chromosome.mask] for chromosome in chromosomes])
    if values.size == 0:
        return 0.0, 1.0
    low, high = np.percentile(values, [spec.low_percentile, spec.high_percentile])
    return float(low), float(max(high, low + 1e-3))


def _adapted(
    chromosome: ChromosomeImage, line: AxisLine, scale: float, levels: tuple[float, float], spec: AdaptSpec
) -> tuple[Image, NDArray[np.bool_]]:
    low, high = levels
    gain = (spec.high - spec.low) / (high - low)
    grey = np.clip((chromosome.pixels - low) * gain + spec.low, 0.0, 1.25) * chromosome.mask
    length = max(line.length, 1.0)
    shown = spec.reference_length * (scale * length / spec.reference_length) ** spec.length_power
    fitting = min(shown, spec.height - 2) / length  # shrink only what would not fit (eq. 13)
    mask = chromosome.mask.astype(np.float32)
    image = straighten(grey.astype(np.float32), line, scale=fitting, height=spec.height, width=spec.width)
    covered = straighten(mask, line, scale=fitting, height=spec.height, width=spec.width)
    return image, covered >= 0.5


def _placed(chromosome: ChromosomeImage, rotation: float, spec: AdaptSpec) -> tuple[Image, NDArray[np.bool_]]:
    """The modes of the paper: `iam` and `stretch`."""
    pixels, mask = chromosome.pixels, chromosome.mask
    if rotation:
        pixels = np.clip(rotate(pixels, rotation), 0.0, 1.0)
        turned = rotate(mask.astype(np.float32), rotation) >= 0.5
        mask = turned if turned.any() else np.ones_like(turned)  # a pixel or two may fall between the new
    covered = mask.astype(np.float32)
    if spec.mode == "iam":
        placed = iam_image(pixels, mask, size=spec.height, scale=spec.iam_scale)
        return np.clip(placed, 0.0, 1.25), iam_image(covered, mask, size=spec.height, scale=spec.iam_scale) >= 0.5
    up, down, left, right = iam_box(mask)
    box = (slice(up, down + 1), slice(left, right + 1))
    size = (spec.width, spec.height)
    image: NDArray[Any] = cv2.resize(np.ascontiguousarray(pixels[box]), size, interpolation=cv2.INTER_CUBIC)
    inside: NDArray[Any] = cv2.resize(np.ascontiguousarray(covered[box]), size, interpolation=cv2.INTER_LINEAR)
    return np.clip(image, 0.0, 1.25).astype(np.float32), inside >= 0.5


def iam_box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Return U, D, L, R of eqs. 8-11: first and last row, first and last column of the chromosome, all inclusive.

    The paper's Algorithm 1 breaks off at the first empty line and loses the last one; a satellite above a gap would
    be cut off. This is the box its equations describe, over a mask instead of `!= 0`, which noise and white ground
    defeat.

    Raises
    ------
    ValueError
        If the mask is empty.
    """
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    if len(rows) == 0:
        raise ValueError("the mask is empty")
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def iam_image(pixels: Image, mask: NDArray[np.bool_], *, size: int = 224, scale: float = 1.0) -> Image:
    """Crop to the box (eq. 12), shrink only what exceeds `size` (eq. 13), centre on the ground.

    Parameters
    ----------
    pixels : (H, W) float32, ground 0.
    mask : (H, W) bool.
    scale : applied first. The paper's rule is 1 for every image; one scale for the whole cell keeps relative length.

    Returns
    -------
    (size, size) float32.
    """
    up, down, left, right = iam_box(mask)
    crop: NDArray[Any] = np.ascontiguousarray(pixels[up : down + 1, left : right + 1])
    factor = min(scale, size / max(crop.shape))
    if factor != 1.0:
        height, width = (min(size, max(1, round(side * factor))) for side in crop.shape)
        crop = cv2.resize(crop, (width, height), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    out = np.zeros((size, size), np.float32)
    top, start = (size - crop.shape[0]) // 2, (size - crop.shape[1]) // 2
    out[top : top + crop.shape[0], start : start + crop.shape[1]] = crop
    return out
