"""How grey values are shown: contrast, gamma, sharpening. Never written back to the data."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

_STEPS = 1024  # of the curve; four for each grey of the screen
_SIGMA = 1.2  # of the unsharp mask, image pixels: about the edge of a band


@dataclass(frozen=True, slots=True)
class Tone:
    """What is done to the grey values; the defaults show them as they were scanned."""

    contrast: float = 0.0
    gamma: float = 1.0  # above 1 the pale bands fade, below 1 they come out
    sharpening: float = 0.0  # how much of the fine detail is added once more

    CONTRASTS: ClassVar[tuple[float, float]] = (-0.8, 0.8)
    GAMMAS: ClassVar[tuple[float, float]] = (0.4, 2.5)
    SHARPENINGS: ClassVar[tuple[float, float]] = (0.0, 3.0)

    def __post_init__(self) -> None:
        for name, value, (low, high) in (
            ("contrast", self.contrast, self.CONTRASTS),
            ("gamma", self.gamma, self.GAMMAS),
            ("sharpening", self.sharpening, self.SHARPENINGS),
        ):
            if not low <= value <= high:
                raise ValueError(f"{name} outside {low}..{high}: {value}")


AS_SCANNED = Tone()


def toned(pixels: NDArray[np.float32], tone: Tone, *, factor: float = 1.0) -> NDArray[np.float32]:
    """Return the pixels as they are shown: (H, W), ground 0, chromosome up to 1; the same array where tone is default.

    Sharpened first, then through the curve of contrast and gamma. `factor`: pixels for each that was read, along one
    side; it sharpens the same details.
    """
    if tone == AS_SCANNED:
        return pixels
    shown = pixels
    if tone.sharpening:
        shown = shown + np.float32(tone.sharpening) * (shown - blurred(shown, factor * _SIGMA))
    levels = np.rint(np.clip(shown, 0.0, 1.0) * (_STEPS - 1)).astype(np.intp)
    looked_up: NDArray[np.float32] = curve(tone.contrast, tone.gamma)[levels]
    return looked_up


@lru_cache(maxsize=64)
def curve(contrast: float, gamma: float) -> NDArray[np.float32]:
    """Return what each of 1024 equal steps of 0..1 becomes, (1024,), read-only; contrast is about middle grey."""
    value = np.linspace(0.0, 1.0, _STEPS)
    gain = np.tan((contrast + 1.0) * np.pi / 4.0)  # 1 at 0, 2 at 0.41, a half at -0.41
    table: NDArray[np.float32] = (np.clip(0.5 + (value - 0.5) * gain, 0.0, 1.0) ** gamma).astype(np.float32)
    table.setflags(write=False)
    return table


def blurred(pixels: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Return the Gaussian mean around each pixel, (H, W); the edge is repeated outward."""
    reach = max(1, round(3 * sigma))
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * (steps / sigma) ** 2).astype(np.float32)
    weights /= weights.sum()
    height, width = pixels.shape
    padded = np.pad(pixels, reach, mode="edge")
    down = sum((w * padded[i : i + height] for i, w in enumerate(weights)), np.zeros((height, padded.shape[1])))
    both = sum((w * down[:, i : i + width] for i, w in enumerate(weights)), np.zeros((height, width)))
    smooth: NDArray[np.float32] = both.astype(np.float32)
    return smooth
