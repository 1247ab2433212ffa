"""What the networks of the study see: all chromosomes of a labelled folder, super-resolved or not, in a square."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import Bundle
from engine.errors import InputError
from engine.imaging.adapt import SIZE_FEATURES, iam_box, iam_image
from engine.nets.srafbn import Srafbn
from engine.progress import Reporter
from engine.sr_stage import super_resolved
from engine.study.folds import Protocol, group_names
from engine.study.methods import Fitting
from engine.training.dataset import PIXEL_SCALE, LabelledImages
from engine.training.sources import LabelledSource
from engine.training.superres import bicubic
from engine.types import ChromosomeImage, Stain

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Enlarge = Callable[[Image, Mask], tuple[Image, Mask]]

PAPER_SIZE = 224
_TWICE = 2
_MARGIN = 4  # pixels of ground that super-resolution sees around a chromosome


@dataclass(frozen=True, slots=True, eq=False)
class StudyImages:
    """All chromosomes of the data, N of them, as read."""

    pixels: tuple[Image, ...]  # each (h, w), ground 0, p arm up, cut to the chromosome with a margin
    masks: tuple[Mask, ...]
    labels: NDArray[np.int64]  # (N,)
    cells: NDArray[np.str_]  # (N,)
    names: NDArray[np.str_]  # (N,) what a split must not cut
    stain: Stain

    def __len__(self) -> int:
        return len(self.labels)


def read_images(source: LabelledSource, protocol: Protocol, reporter: Reporter, cells: int = 0) -> StudyImages:
    """Read the chromosomes of a labelled folder.

    Parameters
    ----------
    cells : only the first so many cells; 0 for all.

    Raises
    ------
    InputError
        If nothing can be read.
    """
    pixels: list[Image] = []
    masks: list[Mask] = []
    labels: list[int] = []
    names: list[str] = []
    groups: list[str] = []
    chosen = source.cells[:cells] if cells else source.cells
    for number, cell in enumerate(chosen):
        reporter.check_cancelled()
        reporter.report(number, len(chosen), "reading")
        try:
            read = source.read(cell.folder)
        except InputError:
            continue  # an unreadable file is no image of the study
        for chromosome in read.chromosomes:
            label = cell.labels.get(chromosome.source, -1)
            if label < 0:
                continue
            up, down, left, right = iam_box(chromosome.mask)
            box = (slice(up, down + 1), slice(left, right + 1))
            pixels.append(np.pad(chromosome.pixels[box], _MARGIN))
            masks.append(np.pad(chromosome.mask[box], _MARGIN))
            labels.append(label)
            names.append(cell.name)
            groups.append(cell.group)
    if not labels:
        raise InputError(f"None of the images of {source.name} could be read.")
    grouped = group_names(protocol, groups, names)
    return StudyImages(tuple(pixels), tuple(masks), np.array(labels), np.array(names), grouped, source.stain)


def fitted(pixels: Image, mask: Mask, fitting: Fitting, size: int) -> Image:
    """Return a chromosome in a square (size, size), ground 0.

    `stretch`: its box is stretched to the square, what the paper calls simple reconstruction. `fit`: as large as it
    goes without changing its shape. `iam`: by equations 8-13; at another size than the paper's 224 pixels all images
    shrink by one factor, so that relative length survives.
    """
    if fitting == "iam":
        return iam_image(pixels, mask, size=size, scale=size / PAPER_SIZE)
    up, down, left, right = iam_box(mask)
    crop: NDArray[Any] = np.ascontiguousarray(pixels[up : down + 1, left : right + 1])
    if fitting == "stretch":
        height, width = size, size
    else:
        factor = size / max(crop.shape)
        height, width = (max(1, min(size, round(side * factor))) for side in crop.shape)
    shrinks = height < crop.shape[0]
    crop = cv2.resize(crop, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    out = np.zeros((size, size), np.float32)
    top, start = (size - height) // 2, (size - width) // 2
    out[top : top + height, start : start + width] = crop
    return out


def study_input(
    images: StudyImages, fitting: Fitting, size: int, reporter: Reporter, enlarge: Enlarge | None = None
) -> LabelledImages:
    """Return the input of a method for all images.

    Parameters
    ----------
    enlarge : super-resolution, applied first (SRAS-net's order: SRAFBN, then IAM).
    """
    count = len(images)
    out = np.zeros((count, size, size), np.uint8)
    for number, (pixels, mask) in enumerate(zip(images.pixels, images.masks, strict=True)):
        reporter.check_cancelled()
        shown, covered = enlarge(pixels, mask) if enlarge else (pixels, mask)
        if not covered.any():
            covered = np.ones_like(covered)  # a speck that vanished between the pixels
        square = fitted(shown, covered, fitting, size).clip(0.0, 1.25)
        out[number] = np.round(square * PIXEL_SCALE).clip(0, 255).astype(np.uint8)
        reporter.report(number + 1, count, "preparing images")
    return LabelledImages(
        out,
        np.zeros((count, len(SIZE_FEATURES)), np.float32),
        images.labels,
        np.ones(count, np.bool_),
        images.names,
        images.cells,
    )


class SrEnlarger:
    """Enlarges by SRAFBN: pixels (H, W) and mask -> (sH, sW)."""

    def __init__(self, model: Srafbn, device: torch.device | None = None) -> None:
        self.device = device or torch.device("cpu")
        self.model = model.to(self.device).eval()

    def __call__(self, pixels: Image, mask: Mask) -> tuple[Image, Mask]:
        """Enlarge one chromosome; pixels 0..1."""
        given = torch.from_numpy(np.clip(pixels, 0.0, 1.0)).to(self.device)[None, None]
        with torch.inference_mode():
            large = self.model(given)[0, 0].clamp(0.0, 1.0).cpu().numpy()
        return np.asarray(large, np.float32), _enlarged_mask(mask, large)


def _enlarged_mask(mask: Mask, large: Image) -> Mask:
    size = (large.shape[1], large.shape[0])
    return np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) >= 0.5, np.bool_)


class BundleEnlarger:
    """Enlarges by the super-resolution of a bundle, exactly as the pipeline does."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def __call__(self, pixels: Image, mask: Mask) -> tuple[Image, Mask]:
        """Enlarge one chromosome; pixels 0..1."""
        (large,) = super_resolved([ChromosomeImage(pixels, mask, "")], self.bundle)
        return large.pixels, large.mask


def remembered(enlarge: Enlarge) -> Enlarge:
    """Return the same, but an array that comes again is not enlarged again. The arrays must live as long."""
    made: dict[int, tuple[Image, Mask]] = {}

    def enlarged(pixels: Image, mask: Mask) -> tuple[Image, Mask]:
        if id(pixels) not in made:
            made[id(pixels)] = enlarge(pixels, mask)
        return made[id(pixels)]

    return enlarged


def bicubic_twice(pixels: Image, mask: Mask) -> tuple[Image, Mask]:
    """Enlarge one chromosome as SRAFBN's own shortcut does, without its residual."""
    given = torch.from_numpy(np.clip(pixels, 0.0, 1.0))[None, None]
    large = bicubic(given, _TWICE)[0, 0].numpy()
    return np.asarray(large, np.float32), _enlarged_mask(mask, large)


def as_originals(images: StudyImages, chosen: Sequence[int]) -> list[NDArray[np.uint8]]:
    """Return images as originals to train super-resolution on, 0..255."""
    return [np.round(images.pixels[index].clip(0.0, 1.0) * 255.0).astype(np.uint8) for index in chosen]
