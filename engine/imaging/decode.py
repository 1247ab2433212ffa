"""One image file -> one grey array: PNG, TIFF, BMP, JPEG in every colour mode that laboratories produce.

The size is read from the header before anything is decoded, so that a small file that claims a huge picture costs
nothing. The format is known by the first bytes, never by the name.
"""

import logging
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import BmpImagePlugin, Image, ImageFile, ImageOps, JpegImagePlugin, PngImagePlugin

from engine.errors import InputError

MAX_PIXELS = 64_000_000
"""Larger pictures are refused: a whole metaphase of any camera in use is below 30 megapixels."""

Floats = NDArray[np.float32]
Samples = NDArray[Any]

_FLAT_CHANNEL = 0.04  # a colour channel that varies by less (of the full depth) carries no chromosome
_LUMINANCE = (0.299, 0.587, 0.114)  # ITU-R BT.601
_TIFF_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_TIFF_LOG = logging.getLogger("tifffile")
_TIFF_LOG.addHandler(logging.NullHandler())  # its complaints reach the user as our sentence, not on stderr

# Pillow's own plugin classes: they open one format each, and without the process-wide size limit of `Image.open`.
_PLUGINS: tuple[tuple[bytes, Callable[[BinaryIO], ImageFile.ImageFile]], ...] = (
    (b"\x89PNG\r\n\x1a\n", PngImagePlugin.PngImageFile),
    (b"\xff\xd8\xff", JpegImagePlugin.JpegImageFile),
    (b"BM", BmpImagePlugin.BmpImageFile),
)


@dataclass(frozen=True, slots=True, eq=False)
class GreyImage:
    """A decoded picture, not yet brought to the convention of the engine."""

    values: Floats  # (H, W), 0 = black, in the units of the file
    full: float  # the value of white: 255 for 8 bit; of deeper files the nominal one (65535), see `deep`
    deep: bool  # more than 8 bit: the depth that is really used (12 of 16 bits) must be estimated
    opacity: Floats | None = None  # (H, W) 0..1 where the file has a transparent part


def read_grey(path: Path) -> GreyImage:
    """Decode the first page of an image file.

    Raises
    ------
    InputError
        The file is missing, empty, damaged, no image of a known format, or larger than `MAX_PIXELS`.
    """
    name = path.name
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
            if not head:
                raise InputError(f"{name} is empty: export this image again.")
            if head[:4] in _TIFF_MAGIC:
                stream.seek(0)
                return _read_tiff(stream, name)
            for magic, plugin in _PLUGINS:
                if head.startswith(magic):
                    stream.seek(0)
                    return _read_with_pillow(stream, plugin, name)
    except InputError:
        raise
    except FileNotFoundError as error:
        raise InputError(f"{name} does not exist any more: choose the folder again.") from error
    except PermissionError as error:
        raise InputError(f"{name} may not be read: ask for the right to open it.") from error
    except MemoryError as error:
        raise InputError(f"{name} does not fit into memory: close other programs or crop the image.") from error
    except Exception as error:  # decoders raise what they like on damaged files (struct.error, KeyError, ...)
        raise InputError(f"{name} is damaged or incomplete: export this image again.") from error
    raise InputError(f"{name} is not a PNG, TIFF, BMP or JPEG image: save it in one of these formats.")


def image_size(path: Path) -> tuple[int, int] | None:
    """Return width and height from the header of an image file, None where there is none to read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
            stream.seek(0)
            if head[:4] in _TIFF_MAGIC:
                with tifffile.TiffFile(stream) as tiff:
                    page = tiff.pages.first
                    return page.imagewidth, page.imagelength
            for magic, plugin in _PLUGINS:
                if head.startswith(magic):
                    return plugin(stream).size
    except Exception:  # whatever is wrong is said when the file is read
        return None
    return None


def _check_size(width: int, height: int, name: str) -> None:
    if width * height > MAX_PIXELS:
        megapixels = width * height / 1e6
        raise InputError(
            f"{name} has {megapixels:.0f} megapixels, more than the {MAX_PIXELS // 1_000_000} that can be opened: "
            "crop it or export it smaller."
        )
    if width * height == 0:
        raise InputError(f"{name} holds no pixels: export this image again.")


def _read_with_pillow(stream: BinaryIO, plugin: Callable[[BinaryIO], ImageFile.ImageFile], name: str) -> GreyImage:
    image: Image.Image = plugin(stream)
    _check_size(*image.size, name)
    if isinstance(image, PngImagePlugin.PngImageFile) and image.mode.startswith("RGB") and _png_depth(stream) == 16:
        return _read_deep_png(image, stream)
    image.load()
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        return _deep(np.asarray(image))
    if image.mode in ("PA", "LA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        samples = np.asarray(image.convert("RGBA"))
        return _grey(samples[..., :3], samples[..., 3])
    if image.mode not in ("L", "RGB"):
        grey = image.mode == "1" or (image.mode == "P" and image.palette is None)
        image = image.convert("L" if grey else "RGB")  # P, CMYK, YCbCr, LAB, HSV
    return _grey(np.asarray(image), None)


def _png_depth(stream: BinaryIO) -> int:
    here = stream.tell()
    stream.seek(24)  # signature 8, length 4, "IHDR" 4, width 4, height 4
    depth: int = struct.unpack("B", stream.read(1))[0]
    stream.seek(here)
    return depth


def _read_deep_png(image: Image.Image, stream: BinaryIO) -> GreyImage:
    """16-bit colour: Pillow would keep the high byte only, which turns 12-bit data black."""
    image.verify()  # OpenCV accepts a file that ends early; this does not
    stream.seek(0)
    samples = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), cv2.IMREAD_UNCHANGED)
    if samples is None:
        raise ValueError("not decoded")
    return _grey(samples[..., 2::-1], samples[..., 3] if samples.shape[-1] == 4 else None)


def _read_tiff(stream: BinaryIO, name: str) -> GreyImage:
    with tifffile.TiffFile(stream) as tiff:
        page = tiff.pages.first
        _check_size(page.imagewidth, page.imagelength, name)
        end = stream.seek(0, 2)
        if any(offset + count > end for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False)):
            raise ValueError("the data end early")
        samples = np.asarray(page.asarray())
        channels_first = page.axes.startswith("S") and samples.ndim == 3
        if channels_first:
            samples = np.moveaxis(samples, 0, -1)
        if samples.ndim not in (2, 3) or samples.shape[:2] != (page.imagelength, page.imagewidth):
            raise ValueError(f"axes {page.axes}")
        orientation = page.tags.valueof("Orientation", 1)
        samples = _oriented(samples, int(orientation))
        return _tiff_colours(samples, page)


def _tiff_colours(samples: Samples, page: Any) -> GreyImage:
    kind = page.photometric.name
    if kind == "PALETTE":
        table = np.asarray(page.colormap).T  # (2**bits, 3) uint16, by the rule 0..65535; some writers use 0..255
        if table.max() > 255:
            table = table >> 8
        index, extra = (samples[..., 0], samples[..., 1]) if samples.ndim == 3 else (samples, None)
        return _grey(table.astype(np.uint8)[index], extra)
    if samples.dtype == bool or page.bitspersample < 8:
        top = 1 if samples.dtype == bool else 2**page.bitspersample - 1
        samples = (samples.astype(np.float32) * (255.0 / top)).astype(np.uint8)
    if kind == "MINISWHITE":
        samples = _inverted(samples)
    if samples.ndim == 2:
        return _grey(samples, None)
    colours = {"SEPARATED": 4, "RGB": 3, "YCBCR": 3, "CIELAB": 3}.get(kind, 1)
    colours = min(colours, samples.shape[-1])
    alpha = samples[..., colours] if samples.shape[-1] > colours else None
    if kind == "SEPARATED" and colours == 4:
        ink = _inverted(samples[..., :4]).astype(np.float32)
        full = _full(samples.dtype)
        return _grey((ink[..., :3] * ink[..., 3:] / full).astype(samples.dtype), alpha)
    if colours == 1 or kind == "CIELAB":  # L of CIELAB is lightness
        return _grey(samples[..., 0], alpha)
    return _grey(samples[..., :3], alpha)


def _oriented(samples: Samples, orientation: int) -> Samples:
    """Apply the TIFF/EXIF orientation 1..8: mirrored, upside down, transposed."""
    if orientation in (5, 6, 7, 8):
        samples = np.swapaxes(samples, 0, 1)
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    return samples


def _full(dtype: np.dtype[Any]) -> float:
    return float(np.iinfo(dtype).max) if np.issubdtype(dtype, np.integer) else 1.0


def _inverted(samples: Samples) -> Samples:
    return (_full(samples.dtype) - samples.astype(np.float64)).astype(samples.dtype)


def _grey(samples: Samples, alpha: Samples | None) -> GreyImage:
    """Join colour channels (H, W) or (H, W, 3); an alpha channel counts where it has two sides."""
    opacity: Floats | None = None
    if alpha is not None:
        opacity = alpha.astype(np.float32) / max(float(alpha.max()), 1e-6)
        if not (opacity.min() < 0.5 and alpha.max() > 0.5 * _full(alpha.dtype)):
            opacity = None
    if samples.ndim == 3:
        samples = _one_channel(samples)
    if samples.dtype == np.uint8:
        return GreyImage(samples.astype(np.float32), 255.0, deep=False, opacity=opacity)
    return _deep(samples, opacity)


def _one_channel(samples: Samples) -> Samples:
    """(H, W, 3) -> (H, W): luminance over the channels that show something (blue on black: the blue one)."""
    if np.array_equal(samples[..., 0], samples[..., 1]) and np.array_equal(samples[..., 0], samples[..., 2]):
        first: Samples = samples[..., 0]
        return first
    full = max(float(samples.max()), 1.0 if np.issubdtype(samples.dtype, np.integer) else 1e-6)
    low, high = np.percentile(samples.reshape(-1, 3), (0.5, 99.5), axis=0)
    weights = np.asarray(_LUMINANCE, np.float32) * (high - low >= _FLAT_CHANNEL * full)
    if weights.sum() == 0:
        weights = np.asarray(_LUMINANCE, np.float32)
    grey = samples.astype(np.float32) @ (weights / weights.sum())
    joined: Samples = np.rint(grey).astype(samples.dtype) if np.issubdtype(samples.dtype, np.integer) else grey
    return joined


def _deep(samples: Samples, opacity: Floats | None = None) -> GreyImage:
    values = samples.astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError("values that are no numbers")
    if samples.dtype.kind in "if" and values.min() < 0:
        values = values - values.min()  # signed data of a few microscopes: only differences mean something
    nominal = 65535.0 if samples.dtype.kind in "iu" else 1.0
    return GreyImage(values, nominal, deep=True, opacity=opacity)
