"""Pixels as the library keeps them: 16-bit grey PNG, the mask as 1-bit PNG, each with its SHA-256.

65535 is 1.0 of `Chromosome.pixels`. A picture that was scanned with 16 bits or fewer keeps all its grey levels apart; a
pixel that is stored and read back differs by less than 1e-5, and from then on never again.
"""

import hashlib
import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.layout import LayoutOptions, compute_layout

WHITE = 65535
LARGEST_SIDE = 8192
"""Longest side of a chromosome's picture in pixels; a longer one is no chromosome."""

LARGEST_AREA = 1 << 24
THUMBNAIL_WIDTH = 220

_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError, UnidentifiedImageError)
"""What Pillow raises at damaged PNGs."""


class Png(NamedTuple):
    """An encoded picture."""

    data: bytes
    sha256: str


def sha256(data: bytes) -> str:
    """Return the SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def levels(pixels: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return the grey levels 0..65535 under which pixels 0..1 are kept, (H, W)."""
    return np.rint(np.clip(np.nan_to_num(pixels), 0.0, 1.0) * WHITE).astype(np.uint16)


def encode_pixels(pixels: NDArray[np.float32]) -> Png:
    """Write pixels (H, W), 0..1, as 16-bit grey PNG.

    Raises
    ------
    ValueError
        The picture is empty or larger than any chromosome.
    """
    _check_size(pixels.shape[1], pixels.shape[0])
    return _png(Image.fromarray(levels(pixels)))


def encode_mask(mask: NDArray[np.bool_]) -> Png:
    """Write a mask (H, W) as 1-bit PNG; errors as in `encode_pixels`."""
    _check_size(mask.shape[1], mask.shape[0])
    return _png(Image.fromarray(mask))


def decode_pixels(data: bytes) -> NDArray[np.float32]:
    """Read what `encode_pixels` wrote: (H, W), 0..1.

    Raises
    ------
    ValueError
        It is no 16-bit grey PNG, damaged, or too large; the size is looked at before anything is unpacked.
    """
    return (_decoded(data, "I;16").astype(np.float64) / WHITE).astype(np.float32)


def decode_mask(data: bytes) -> NDArray[np.bool_]:
    """Read what `encode_mask` wrote: (H, W); errors as in `decode_pixels`."""
    return _decoded(data, "1").astype(np.bool_)


def thumbnail(cell: Cell, placements: tuple[Placement, ...]) -> bytes:
    """Draw the karyogram small, as 8-bit grey PNG on white paper; G bands dark on it, as she knows them."""
    layout = compute_layout(cell, placements, LayoutOptions(empty_tray=False))
    zoom = THUMBNAIL_WIDTH / layout.width
    paper = Image.new("L", (THUMBNAIL_WIDTH, max(1, round(layout.height * zoom))), 255)
    for placed in layout.chromosomes.values():
        picture = _shown(cell.chromosome(placed.chromosome_id), placed.mirrored)
        factor = placed.scale * zoom
        small = picture.resize((max(1, round(picture.width * factor)), max(1, round(picture.height * factor))))
        turned = small.rotate(placed.rotation_deg, Image.Resampling.BILINEAR, expand=True, fillcolor=0)
        corner = (round(placed.x * zoom - turned.width / 2), round(placed.y * zoom - turned.height / 2))
        paper.paste(0, corner, turned)
    return _png(paper).data


def _shown(chromosome: Chromosome, mirrored: bool) -> Image.Image:
    """Ink of a chromosome, 0..255, mirrored if it is to be."""
    ink = np.where(chromosome.mask, np.clip(chromosome.pixels, 0.0, 1.0), 0.0)
    picture = Image.fromarray(np.rint(ink * 255).astype(np.uint8))
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else picture


def _png(image: Image.Image) -> Png:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return Png(stream.getvalue(), sha256(stream.getvalue()))


def _decoded(data: bytes, mode: str) -> NDArray[np.uint16]:
    try:
        width, height = _png_size(data)
        _check_size(width, height)
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            if image.mode != mode:
                raise ValueError(f"a picture of mode {image.mode}")
            return np.asarray(image, dtype=np.uint16)
    except _DAMAGE as error:
        raise ValueError(f"not a picture of a chromosome: {error}") from error


def _png_size(data: bytes) -> tuple[int, int]:
    # By hand, because Pillow warns of (and at some size refuses) large pictures in its own words.
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR" or len(data) < 24:
        raise ValueError("no PNG")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE and width * height <= LARGEST_AREA):
        raise ValueError(f"a picture of {width} x {height} pixels")
