"""The long axis of a chromosome: angle, smooth centre line, straightening, turning, centromere.

Image coordinates: x to the right, y down, pixel centres at whole numbers. Rotations are counter-clockwise degrees as
seen on the screen. Lengths are pixels of the image given.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Floats = NDArray[np.float64]
Image = NDArray[np.float32]
Mask = NDArray[np.bool_]

_GRAPH_PIXELS = 350  # the geodesic is found on a mask shrunk to about this area: 1 ms instead of 6
_STUBBY = 1.7  # length / width of the geodesic below which a chromosome is too stubby to have a curved axis


@dataclass(frozen=True, slots=True)
class AxisLine:
    """A smooth centre line with equal steps of about one pixel, from end to end of the chromosome."""

    points: Floats  # (M, 2) x, y
    normals: Floats  # (M, 2) unit vectors to the right of the direction of travel
    width: float  # mean width of the chromosome across the line, pixels

    @property
    def length(self) -> float:
        """Arc length in pixels."""
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())

    @property
    def rotation(self) -> float:
        """Rotation in (-180, 180] that brings the last point straight above the first."""
        x, y = self.points[-1] - self.points[0]
        return normalise_degrees(90.0 - float(np.degrees(np.arctan2(-y, x))))

    def turned(self) -> "AxisLine":
        """Return the same line travelled the other way."""
        return AxisLine(self.points[::-1].copy(), -self.normals[::-1], self.width)


def long_axis_rotation(mask: Mask) -> float:
    """Return the rotation in (-90, 90] that brings the longest extent of the mask (H, W) upright.

    The principal axis of the second moments; which end is up stays open.
    """
    y, x = np.nonzero(mask)
    if len(x) < 3:
        return 0.0
    cov = np.cov(np.stack([x, y]).astype(np.float64))
    direction = np.linalg.eigh(cov)[1][:, 1]
    angle = np.degrees(np.arctan2(-direction[1], direction[0]))  # of the axis, counter-clockwise from x
    rotation = (90.0 - angle) % 180.0
    return float(rotation - 180.0 if rotation > 90.0 else rotation)


def upright_rotation(mask: Mask, line: AxisLine) -> float:
    """Return the rotation in (-180, 180] that brings the long axis upright with the last point of `line` on top.

    The principal axis, since an outline with a hook still stands as a cytologist would stand it; where the two ends
    lie across it (a horseshoe), the line from end to end.
    """
    ends = line.rotation
    for rotation in (long_axis_rotation(mask), long_axis_rotation(mask) + 180.0):
        if abs(normalise_degrees(rotation - ends)) < 60.0:
            return normalise_degrees(rotation)
    return ends


def normalise_degrees(angle: float) -> float:
    """Return the same rotation in (-180, 180]."""
    wrapped = (angle + 180.0) % 360.0 - 180.0
    return 180.0 if wrapped == -180.0 else wrapped


def centre_line(mask: Mask) -> AxisLine:
    """Fit a smooth line through the middle of a chromosome, from the lower end to the upper end.

    Each pixel gets its place along the chromosome from its geodesic distances to the two ends (paths stay inside
    the mask, so a hook is followed round); x and y are then fitted as low polynomials of that place. Stubby masks
    get a straight line along the principal axis.

    Parameters
    ----------
    mask : (H, W) bool, at least one pixel True.
    """
    area = int(mask.sum())
    if area == 0:
        raise ValueError("the mask is empty")
    curved = _curved_line(mask) if area >= 40 else None
    return _straight_line(mask) if curved is None else curved


def straighten(image: Image, line: AxisLine, *, scale: float, height: int, width: int, border: float = 0.0) -> Image:
    """Sample an image along a centre line: the line becomes the vertical middle, its last point the top.

    Parameters
    ----------
    image : (H, W) float32.
    line : centre line in the coordinates of `image`.
    scale : output pixels per input pixel; a chromosome longer than `height` is shrunk along and across to fit.
    height, width : size of the result.

    Returns
    -------
    (height, width) float32, `border` where nothing was sampled.
    """
    length = max(line.length, 1.0)
    step = 1.0 / scale
    along = (height / 2.0 - 0.5 - np.arange(height)) * step + length / 2.0  # arc length at each output row
    across = (np.arange(width) - width / 2.0 + 0.5) * step
    position = along / length * (len(line.points) - 1)
    index = np.arange(len(line.points), dtype=np.float64)
    inside = np.clip(position, 0, len(index) - 1)
    point = np.stack([np.interp(inside, index, line.points[:, k]) for k in (0, 1)], axis=1)
    normal = np.stack([np.interp(inside, index, line.normals[:, k]) for k in (0, 1)], axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    tangent = np.stack([normal[:, 1], -normal[:, 0]], axis=1)  # of travel: normal is its right hand
    beyond = (along - np.clip(along, 0.0, length))[:, None]
    point = point + tangent * beyond
    grid = point[:, None, :] + normal[:, None, :] * across[None, :, None]
    source: NDArray[Any] = image
    if scale < 0.75:  # shrinking by remap alone would alias the bands
        source = cv2.GaussianBlur(image, (0, 0), 0.35 / scale)
    sampled = cv2.remap(
        source,
        grid[..., 0].astype(np.float32),
        grid[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=border,
    )
    return np.asarray(sampled, np.float32)


def rotate(image: Image, degrees: float, *, scale: float = 1.0, border: float = 0.0) -> Image:
    """Rotate (H, W) counter-clockwise about its centre into an image that holds all of it."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2.0, (height - 1) / 2.0), degrees, scale)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    new_width, new_height = int(np.ceil(height * sin + width * cos)), int(np.ceil(height * cos + width * sin))
    matrix[0, 2] += (new_width - width) / 2.0
    matrix[1, 2] += (new_height - height) / 2.0
    turned = cv2.warpAffine(image, matrix, (max(new_width, 1), max(new_height, 1)), borderValue=border)
    return np.asarray(turned, np.float32)


@dataclass(frozen=True)
class WidthProfile:
    """Width of a straightened mask, row by row, over the rows it covers."""

    widths: Floats  # (L,) pixels, top first

    @cached_property
    def waist(self) -> Floats:
        """How much narrower each row is than its surroundings (L,), 0..1."""
        smooth = cv2.GaussianBlur(self.widths.reshape(-1, 1), (0, 0), max(len(self.widths) * 0.02, 0.8)).ravel()
        around = cv2.GaussianBlur(self.widths.reshape(-1, 1), (0, 0), max(len(self.widths) * 0.12, 2.0)).ravel()
        return np.clip(1.0 - smooth / np.maximum(around, 1e-6), 0.0, 1.0)


def centromere_fraction(upright_mask: Mask, expected: float, tolerance: float = 0.08) -> float:
    """Find the centromere of an upright (p arm up) mask: 0 is the p end, 1 the q end.

    The waist of the outline near the place where the label's ideogram has the centromere; the waist alone is
    fooled by bands and crossing chromatids, the ideogram alone by condensation.

    Parameters
    ----------
    upright_mask : (H, W) bool.
    expected : fraction from the ideogram of the label.
    tolerance : standard deviation of the true place around `expected`.
    """
    widths = upright_mask.sum(axis=1).astype(np.float64)
    rows = np.nonzero(widths)[0]
    if len(rows) < 5:
        return float(expected)
    profile = WidthProfile(widths[rows[0] : rows[-1] + 1])
    place = (np.arange(len(profile.widths)) + 0.5) / len(profile.widths)
    score = 8.0 * profile.waist - 0.5 * ((place - expected) / tolerance) ** 2
    return float(place[int(score.argmax())])


def _straight_line(mask: Mask) -> AxisLine:
    y, x = np.nonzero(mask)
    centre = np.array([x.mean(), y.mean()])
    rotation = np.radians(90.0 - long_axis_rotation(mask))
    direction = np.array([np.cos(rotation), -np.sin(rotation)])
    if direction[1] > 0:
        direction = -direction
    along = (np.stack([x, y], axis=1) - centre) @ direction
    low, high = float(along.min()) - 0.5, float(along.max()) + 0.5
    steps = np.linspace(low, high, max(round(high - low) + 1, 2))
    normal = np.array([-direction[1], direction[0]])
    return AxisLine(
        centre + steps[:, None] * direction, np.repeat(normal[None], len(steps), axis=0), len(x) / max(high - low, 1.0)
    )


def _curved_line(mask: Mask) -> AxisLine | None:
    area = int(mask.sum())
    factor = min(1.0, float(np.sqrt(_GRAPH_PIXELS / area)))
    small = mask
    if factor < 1.0:
        small = cv2.resize(mask.astype(np.float32), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) >= 0.5
    count, parts, stats, _ = cv2.connectedComponentsWithStats(small.astype(np.uint8), connectivity=8)
    if count < 2:
        return None
    small = parts == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    y, x = np.nonzero(small)
    if len(x) < 20:
        return None
    place, length = _geodesic_place(small, x, y)
    if length * length < _STUBBY * len(x):
        return None
    scale = np.array([mask.shape[1] / small.shape[1], mask.shape[0] / small.shape[0]])
    pixels = (np.stack([x, y], axis=1) + 0.5) * scale - 0.5
    line = _fit(pixels, place, area, length / factor, 0.5 / factor)
    return line if line is None or line.points[0, 1] >= line.points[-1, 1] else line.turned()


def _geodesic_place(mask: Mask, x: NDArray[np.intp], y: NDArray[np.intp]) -> tuple[Floats, float]:
    """Place of each pixel between the two ends, 0..1, and the distance of the ends."""
    number = np.full((mask.shape[0] + 2, mask.shape[1] + 2), -1, np.int64)
    number[y + 1, x + 1] = np.arange(len(x))
    rows, columns, weights = [], [], []
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        other = number[y + 1 + dy, x + 1 + dx]
        linked = other >= 0
        rows.append(np.nonzero(linked)[0])
        columns.append(other[linked])
        weights.append(np.full(int(linked.sum()), np.hypot(dx, dy)))
    size = len(x)
    graph: Any = csr_array(
        (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=(size, size)
    )
    start: Floats = dijkstra(graph, directed=False, indices=0)  # type: ignore[call-overload, unused-ignore]
    first: Any = int(start.argmax())
    from_first: Floats = dijkstra(graph, directed=False, indices=first)
    second: Any = int(from_first.argmax())
    from_second: Floats = dijkstra(graph, directed=False, indices=second)
    length = float(from_first[second])
    return np.clip((from_first - from_second + length) / (2 * max(length, 1e-6)), 0.0, 1.0), length


def _fit(pixels: Floats, place: Floats, area: int, length: float, half_pixel: float) -> AxisLine | None:
    slenderness = length * length / area  # length / width: below 6 it can hardly hold an S
    degree = 2 if slenderness < 4.0 else 4 if slenderness < 9.0 else 6
    t = 2.0 * place - 1.0
    basis = np.polynomial.legendre.legvander(t, degree)
    penalty = np.diag([0.0, 0.0, *[0.004 * (k - 1) ** 2 for k in range(2, degree + 1)]]) * len(t)
    coefficients = np.linalg.solve(basis.T @ basis + penalty, basis.T @ pixels)
    fine = np.linspace(-1.0, 1.0, 65)
    curve = np.polynomial.legendre.legvander(fine, degree) @ coefficients
    segments = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    arc = np.concatenate([[0.0], np.cumsum(segments)])
    if arc[-1] < 4:
        return None
    # The ends of the fit lie inside the mask by up to half a width: run on until no pixel lies beyond.
    head, tail = curve[-1] - curve[-2], curve[0] - curve[1]
    head, tail = head / np.linalg.norm(head), tail / np.linalg.norm(tail)
    near_head, near_tail = pixels[place > 0.8], pixels[place < 0.2]
    reach_head = max(float(((near_head - curve[-1]) @ head).max(initial=0.0)) + half_pixel, 0.0)
    reach_tail = max(float(((near_tail - curve[0]) @ tail).max(initial=0.0)) + half_pixel, 0.0)
    curve = np.concatenate([[curve[0] + tail * reach_tail], curve, [curve[-1] + head * reach_head]])
    arc = np.concatenate([[-reach_tail], arc, [arc[-1] + reach_head]])
    steps = np.linspace(arc[0], arc[-1], max(round(arc[-1] - arc[0]) + 1, 8))
    points = np.stack([np.interp(steps, arc, curve[:, k]) for k in (0, 1)], axis=1)
    tangent = np.gradient(points, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-9
    normals = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    return AxisLine(points, normals, area / max(arc[-1] - arc[0], 1.0))
