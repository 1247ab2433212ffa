"""The bent centre line of a chromosome, and each pixel's place along and across it.

Image coordinates: x to the right, y down, pixel centres at whole numbers.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.simulate.look import Look

Floats = NDArray[np.float64]
Image = NDArray[np.float32]

_STEP = 0.5  # pixels between the points of a centre line


@dataclass(frozen=True, slots=True, eq=False)
class CentreLine:
    """Points in equal steps from the p end to the q end, with the unit tangent at each."""

    points: Floats  # (M, 2) x, y in pixels
    tangents: Floats  # (M, 2)
    step: float  # pixels

    @property
    def length(self) -> float:
        """Pixels along the line."""
        return self.step * (len(self.points) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where each pixel of a picture lies on the chromosome."""

    along: Image  # (H, W) pixels from the p end; below 0 and above the length beyond the ends
    across: Image  # (H, W) pixels from the centre line, signed


def bent_line(length: float, width: float, centromere: float, look: Look, rng: np.random.Generator) -> CentreLine:
    """Draw a smooth centre line that stands upright, p end on top.

    Most chromosomes bend a little all along and a little at the centromere; a few are hooks or a C. A bend is never
    tighter than the chromosome is wide. Short chromosomes are stiff.
    """
    place = np.linspace(0.0, 1.0, max(round(length / _STEP), 8) + 1)
    stiff = min(length / (4.0 * width), 1.0)
    usual = np.radians(look.bend_deg) * stiff
    turn = rng.normal(0.0, usual) * (place - 0.5) + rng.normal(0.0, 0.3 * usual) * np.cos(2 * np.pi * place)
    turn += _kink(place, centromere, rng.normal(0.0, 0.7 * usual), length, width)
    if rng.random() < look.strong_bend * stiff:
        where = centromere if rng.random() < 0.35 else rng.uniform(0.2, 0.8)
        turn += _kink(place, where, np.radians(rng.choice([-1, 1]) * rng.uniform(45, 160)), length, width)
    tangents = np.stack([np.sin(turn), np.cos(turn)], axis=1)  # downwards: from p to q
    step = length / (len(place) - 1)
    middles = (tangents[1:] + tangents[:-1]) / 2.0
    points = np.concatenate([np.zeros((1, 2)), np.cumsum(middles, axis=0) * step])
    return rotated(CentreLine(points, tangents, step), -_lean(points))


def rotated(line: CentreLine, degrees: float) -> CentreLine:
    """Return the line turned counter-clockwise as seen on the screen, its middle at the origin."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = line.points @ turn.T
    return CentreLine(points - (points.min(axis=0) + points.max(axis=0)) / 2.0, line.tangents @ turn.T, line.step)


def places(line: CentreLine, origin: tuple[float, float], shape: tuple[int, int]) -> Places:
    """Find the place along and across the line of every pixel of a picture.

    Parameters
    ----------
    line : centre line; `origin` is the pixel (x, y) at which its coordinates' zero lies.
    shape : (H, W).
    """
    height, width = shape
    points = line.points + np.asarray(origin)
    column = np.clip(np.rint(points[:, 0]).astype(np.intp), 0, width - 1)
    row = np.clip(np.rint(points[:, 1]).astype(np.intp), 0, height - 1)
    away = np.full(shape, 255, np.uint8)
    away[row, column] = 0
    _, nearest = cv2.distanceTransformWithLabels(away, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)
    point_of = np.zeros(int(nearest.max()) + 1, np.intp)
    point_of[nearest[row, column]] = np.arange(len(points))
    index = point_of[nearest]
    ahead, _ = _offsets(line, points, index)  # from the nearest marked pixel on to the foot of the perpendicular
    index = np.clip(index + np.rint(ahead / line.step).astype(np.intp), 0, len(points) - 1)
    ahead, across = _offsets(line, points, index)
    return Places((index * line.step + ahead).astype(np.float32), across.astype(np.float32))


def _offsets(line: CentreLine, points: Floats, index: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """How far each pixel (H, W) lies ahead of and beside the point of the line given by `index` (H, W)."""
    dx = np.arange(index.shape[1])[None, :] - points[index, 0]
    dy = np.arange(index.shape[0])[:, None] - points[index, 1]
    tx, ty = line.tangents[index, 0], line.tangents[index, 1]
    return dx * tx + dy * ty, dx * ty - dy * tx


def _kink(place: Floats, where: float, turn: float, length: float, width: float) -> Floats:
    """A bend at one place: the angle along the line, in radians."""
    reach = max(1.0 * width * abs(turn) / length, 0.06)
    t = np.clip((place - where) / reach + 0.5, 0.0, 1.0)
    bend: Floats = turn * t * t * (3.0 - 2.0 * t)
    return bend


def _lean(points: Floats) -> float:
    """Counter-clockwise degrees by which a line leans from standing upright with its first point on top.

    A chromosome stands upright when its principal axis does; where the ends lie across that axis (a horseshoe), when
    the line from end to end does.
    """
    ends = points[0] - points[-1]
    axis = np.linalg.eigh(np.cov(points.T))[1][:, 1]
    if axis @ ends < 0:
        axis = -axis
    if axis @ ends < np.cos(np.radians(60.0)) * np.linalg.norm(ends):
        axis = ends
    return float(np.degrees(np.arctan2(-axis[0], -axis[1])))
