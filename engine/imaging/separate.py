"""A sheet (all chromosomes of a cell apart on plain ground) -> single chromosomes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.ground import Floats, Mask, chromosome_mask
from engine.types import ChromosomeImage

Labels = NDArray[np.int32]
Areas = NDArray[np.float64]

_FEWEST = 5  # comparable objects that make a sheet: a crop with debris or a neighbour's end has fewer
_COMPARABLE = 0.2  # of the third largest object: the two largest may be a nucleus or a clump
_WHOLE = 0.2  # of the typical area: a G group chromosome has about 0.35 of it
_MARKER = 0.08  # of the typical area: down to this a lonely object is shown, below it is debris
_REACH = 0.4  # of the typical width: the gap across which a satellite belongs to its chromosome
_SPECK = 4  # pixels: less is noise of the ground and not worth a word
_MARGIN = 3  # pixels of ground left around a piece


@dataclass(frozen=True, slots=True)
class Separation:
    """The pieces of a sheet."""

    chromosomes: tuple[ChromosomeImage, ...]  # by rows from the top, each row from the left
    debris: int  # objects too small for a chromosome that were left out


def looks_like_sheet(mask: Mask) -> bool:
    """Say whether a mask (H, W) shows several chromosomes that lie apart, rather than one with its satellites."""
    return _comparable(_areas(mask)) >= _FEWEST


def objects_apart(mask: Mask) -> int:
    """Count the objects of a mask (H, W) that are comparable in size and further apart than a gap in a chromosome."""
    labels, areas = _components(mask)
    whole = np.flatnonzero(areas >= _COMPARABLE * areas.max(initial=1.0))
    if len(whole) < 2:
        return len(whole)
    distance = cv2.distanceTransform((~np.isin(labels, whole)).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    grown = distance <= max(_typical_width(labels, whole) / 2.0, 1.0)
    return int(cv2.connectedComponents(grown.astype(np.uint8), connectivity=8)[0]) - 1


def separate(sheet: ChromosomeImage, noise: float = 0.0) -> Separation:
    """Cut a sheet into single chromosomes.

    Small parts near a chromosome (satellites, a tip behind a pale band) go with it; each piece sees its own pixels
    only, a neighbour that reaches into its box is ground.

    Parameters
    ----------
    sheet
        The picture in the convention of the engine; its `source` names the file.
    noise
        Standard deviation of the ground in the unit of the pixels.
    """
    mask = chromosome_mask(sheet.pixels, noise, smallest=0.0)
    if mask is None:
        return Separation((), 0)
    labels, areas = _components(mask)
    typical = _typical_area(areas)
    whole = np.flatnonzero(areas >= _WHOLE * typical)
    owners = np.zeros(len(areas), np.int32)  # component -> component it belongs to; 0 = none
    owners[whole] = whole
    _join_parts(labels, areas, owners, _REACH * _typical_width(labels, whole))
    lonely = (owners == 0) & (areas >= _MARKER * typical)
    owners[lonely] = np.flatnonzero(lonely)
    debris = int(((owners == 0) & (areas >= _SPECK)).sum())
    # Ground counts to the nearest object, debris included: so no neighbour's halo gets into a piece.
    nearest = _nearest_component(labels)
    territory = np.where(owners > 0, owners, -1).astype(np.int32)[nearest]
    belongs = owners[labels]
    pieces = _pieces(sheet, belongs, territory)
    return Separation(tuple(pieces), debris)


def _pieces(sheet: ChromosomeImage, belongs: Labels, territory: Labels) -> list[ChromosomeImage]:
    found = _boxes(belongs)
    if not found:
        return []
    row = max(float(np.median([bottom - top for _, top, bottom, _, _ in found])), 1.0)
    found.sort(key=lambda box: ((box[1] + box[2]) / 2 // row, box[3] + box[4]))
    height, width = belongs.shape
    pieces = []
    for number, (label, top, bottom, left, right) in enumerate(found, start=1):
        window = (
            slice(max(top - _MARGIN, 0), min(bottom + _MARGIN, height)),
            slice(max(left - _MARGIN, 0), min(right + _MARGIN, width)),
        )
        own = territory[window] == label
        pixels: Floats = np.where(own, sheet.pixels[window], np.float32(0.0))
        pieces.append(ChromosomeImage(pixels, belongs[window] == label, f"{sheet.source}#{number}"))
    return pieces


def _boxes(belongs: Labels) -> list[tuple[int, int, int, int, int]]:
    """(label, top, bottom, left, right) of each object, ends exclusive."""
    boxes = {}
    y, x = np.nonzero(belongs)
    owner = belongs[y, x]
    order = np.argsort(owner, kind="stable")
    y, x, owner = y[order], x[order], owner[order]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, int)
    for start, end in zip(starts, [*starts[1:], len(owner)], strict=True):
        ys, xs = y[start:end], x[start:end]
        label = int(owner[start])
        boxes[label] = (label, int(ys.min()), int(ys.max()) + 1, int(xs.min()), int(xs.max()) + 1)
    return list(boxes.values())


def _join_parts(labels: Labels, areas: Areas, owners: NDArray[np.int32], reach: float) -> None:
    """Give each part that is no chromosome of its own to the nearest one within `reach` pixels; changes `owners`."""
    wholes = owners[labels] > 0
    parts = (labels > 0) & ~wholes
    if not parts.any() or not wholes.any():
        return
    distance, index = cv2.distanceTransformWithLabels(
        (~wholes).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    lookup = np.zeros(int(index.max()) + 1, np.int32)
    lookup[index[wholes]] = owners[labels][wholes]
    y, x = np.nonzero(parts)
    near = np.argsort(distance[y, x], kind="stable")
    y, x = y[near], x[near]
    part, first = np.unique(labels[y, x], return_index=True)  # of each part the pixel nearest to a chromosome
    y, x = y[first], x[first]
    close = (distance[y, x] <= max(reach, 2.0)) & (areas[part] >= _SPECK)
    owners[part[close]] = lookup[index[y[close], x[close]]]


def _nearest_component(labels: Labels) -> Labels:
    """(H, W) label of the component nearest to each pixel."""
    _, index = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    lookup = np.zeros(int(index.max()) + 1, np.int32)
    inside = labels > 0
    lookup[index[inside]] = labels[inside]
    nearest: Labels = lookup[index]
    return nearest


def _components(mask: Mask) -> tuple[Labels, Areas]:
    """8-connected components: labels (H, W), 0 = ground, and their areas with 0 for the ground."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[0] = 0.0
    return np.asarray(labels, np.int32), areas


def _areas(mask: Mask) -> Areas:
    return _components(mask)[1]


def _comparable(areas: Areas) -> int:
    if len(areas) <= _FEWEST:
        return len(areas) - 1
    third = float(np.sort(areas)[-3])
    return int((areas >= max(_COMPARABLE * third, _SPECK)).sum())


def _typical_area(areas: Areas) -> float:
    """Median area of the objects that can be chromosomes."""
    reference = float(np.sort(areas)[-3]) if len(areas) > 3 else float(areas.max())
    return float(np.median(areas[areas >= 0.1 * max(reference, 1.0)]))


def _typical_width(labels: Labels, whole: NDArray[np.intp]) -> float:
    """Median over the objects of twice the largest distance to the ground."""
    chosen = np.zeros(int(labels.max()) + 1, bool)
    chosen[whole] = True
    padded = np.pad(chosen[labels].astype(np.uint8), 1)
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
    radii = np.zeros(len(chosen), np.float32)
    np.maximum.at(radii, labels.ravel(), distance.ravel())
    return 2.0 * float(np.median(radii[whole]))
