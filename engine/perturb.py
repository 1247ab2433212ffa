"""Pictures as other microscopes, scanners and habits would have given them: what a classifier must not mind.

Each change takes the grey picture of one file (0..255, ground as it was) and gives the file another laboratory might
have written; the cell is then read like any other.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.evaluation import read_folder
from engine.imaging.read import find_cells, read_grey
from engine.types import CellImages

Picture = NDArray[np.float32]  # (H, W) 0..255


@dataclass(frozen=True, slots=True)
class Perturbation:
    """One row of the robustness table."""

    name: str
    change: Callable[[Picture, np.random.Generator], Picture]
    suffix: str = ".png"
    options: tuple[int, ...] = ()  # for the encoder
    deep: bool = False  # written with 16 bits
    mild: bool = True  # must not cost more than a point


def _noise(picture: Picture, rng: np.random.Generator) -> Picture:
    return picture + rng.normal(0.0, 8.0, picture.shape).astype(np.float32)


def _scaled(factor: float) -> Callable[[Picture, np.random.Generator], Picture]:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC

    def change(picture: Picture, _rng: np.random.Generator) -> Picture:
        return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how), np.float32)

    return change


def _gamma(gamma: float) -> Callable[[Picture, np.random.Generator], Picture]:
    return lambda picture, _: np.float32(255.0) * (np.clip(picture, 0, 255) / np.float32(255.0)) ** np.float32(gamma)


def _blurred(picture: Picture, _rng: np.random.Generator) -> Picture:
    padded = cv2.copyMakeBorder(picture, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=float(_ground(picture)))
    return np.asarray(cv2.GaussianBlur(padded, (0, 0), 1.0), np.float32)


def _paler(picture: Picture, _rng: np.random.Generator) -> Picture:
    ground = np.float32(_ground(picture))
    return (picture - ground) * np.float32(0.7) + ground


def _grey_ground(picture: Picture, _rng: np.random.Generator) -> Picture:
    return picture * np.float32(0.7) if _ground(picture) > 127 else np.float32(60.0) + picture * np.float32(0.75)


def _ground(picture: Picture) -> float:
    values, counts = np.unique(picture.astype(np.uint8), return_counts=True)
    return float(values[int(counts.argmax())])


PERTURBATIONS: tuple[Perturbation, ...] = (
    Perturbation("as it is", lambda picture, _: picture),
    Perturbation("brightness -15 %", lambda picture, _: picture * np.float32(0.85)),
    Perturbation(
        "contrast -30 %", lambda picture, _: (picture - _ground(picture)) * np.float32(0.7) + _ground(picture)
    ),
    Perturbation("gamma 0.8", _gamma(0.8)),
    Perturbation("gamma 1.25", _gamma(1.25)),
    Perturbation("blur 1 px", _blurred),
    Perturbation("noise 8/255", _noise),
    Perturbation("JPEG 50", lambda picture, _: picture, ".jpg", (cv2.IMWRITE_JPEG_QUALITY, 50)),
    Perturbation("scale x0.5", _scaled(0.5), mild=False),
    Perturbation("scale x2", _scaled(2.0)),
    Perturbation("16 bit", lambda picture, _: picture, ".png", (), True),
    Perturbation("grey ground", _grey_ground),
    Perturbation("inverted", lambda picture, _: np.float32(255.0) - picture, mild=False),
    Perturbation("mirrored", lambda picture, _: np.ascontiguousarray(picture[:, ::-1])),
)


def perturbed_reader(perturbation: Perturbation, *, seed: int = 0) -> Callable[[Path], CellImages]:
    """Return a reader that writes each cell anew under `perturbation` and reads what it wrote.

    The stain is left to the files' vote, as for a user.
    """

    def read(folder: Path) -> CellImages:
        (source,) = find_cells([folder])
        rng = np.random.default_rng([seed, *folder.name.encode()])
        with tempfile.TemporaryDirectory() as scratch:
            written = Path(scratch) / folder.name
            written.mkdir()
            names = {}
            for path in source.files:
                grey = read_grey(path)
                picture = grey.values.astype(np.float32) * np.float32(255.0 / grey.full)
                out = np.clip(perturbation.change(picture, rng), 0, 255)
                data = np.round(out * 257).astype(np.uint16) if perturbation.deep else np.round(out).astype(np.uint8)
                target = written / (path.stem + perturbation.suffix)
                cv2.imwrite(str(target), data, list(perturbation.options))
                names[target.name] = path.name
            images = read_folder(written)
        renamed = tuple(type(c)(c.pixels, c.mask, names[c.source]) for c in images.chromosomes)
        return CellImages(folder.name, images.stain, renamed, images.warnings)

    return read
