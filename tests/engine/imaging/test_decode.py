"""Every file format and colour mode gives the same grey values; what cannot be read says why."""

import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from engine.errors import InputError
from engine.imaging.decode import image_size, read_grey

Grey = NDArray[np.uint8]
Save = Callable[[Grey, Path], None]


@pytest.fixture
def grey() -> Grey:
    """A ramp with a dark block: tells top from bottom and left from right."""
    picture = np.linspace(120, 250, 40 * 30).reshape(40, 30).astype(np.uint8)
    picture[4:12, 3:20] = 30
    return picture


def rgb(grey: Grey) -> Grey:
    return np.stack([grey] * 3, axis=-1)


def deep(grey: Grey) -> NDArray[np.uint16]:
    return grey.astype(np.uint16) * 257


def png_palette(grey: Grey, path: Path) -> None:
    image = Image.fromarray(255 - grey).convert("P")
    image.putpalette([255 - code for code in range(256) for _ in range(3)])  # a palette that runs backwards
    image.save(path)


def tiff_planar(grey: Grey, path: Path) -> None:
    tifffile.imwrite(path, np.stack([grey] * 3), photometric="rgb", planarconfig="separate")


def tiff_pages(grey: Grey, path: Path) -> None:
    with tifffile.TiffWriter(path) as writer:
        for page in (grey, np.zeros((7, 9), np.uint8)):
            writer.write(page, photometric="minisblack")


def tiff_palette(grey: Grey, path: Path) -> None:
    ramp = (255 - np.arange(256, dtype=np.uint16)) * 257
    tifffile.imwrite(path, 255 - grey, photometric="palette", colormap=np.stack([ramp] * 3))


SAVERS: dict[str, Save] = {
    "grey.png": lambda grey, path: Image.fromarray(grey).save(path),
    "rgb.png": lambda grey, path: Image.fromarray(rgb(grey)).save(path),
    "opaque_alpha.png": lambda grey, path: Image.fromarray(grey).convert("RGBA").save(path),
    "palette.png": png_palette,
    "deep.png": lambda grey, path: Image.fromarray(deep(grey)).save(path),
    "deep_rgb.png": lambda grey, path: path.write_bytes(cv2.imencode(".png", deep(rgb(grey)))[1].tobytes()),
    "grey.bmp": lambda grey, path: Image.fromarray(grey).save(path),
    "rgb.bmp": lambda grey, path: Image.fromarray(rgb(grey)).save(path),
    "palette.bmp": lambda grey, path: Image.fromarray(grey).convert("P").save(path),
    "grey.jpg": lambda grey, path: Image.fromarray(grey).save(path, quality=95),
    "cmyk.jpg": lambda grey, path: Image.fromarray(grey).convert("CMYK").save(path, quality=95),
    "grey.tif": lambda grey, path: tifffile.imwrite(path, grey),
    "lzw.tif": lambda grey, path: tifffile.imwrite(path, grey, compression="lzw", predictor=True),
    "pillow_lzw.tif": lambda grey, path: Image.fromarray(grey).save(path, compression="tiff_lzw"),
    "deflate.tif": lambda grey, path: tifffile.imwrite(path, grey, compression="deflate"),
    "jpeg.tif": lambda grey, path: tifffile.imwrite(path, grey, compression="jpeg", compressionargs={"level": 95}),
    "big_endian.tif": lambda grey, path: tifffile.imwrite(path, deep(grey), byteorder=">"),
    "deep_lzw_rgb.tif": lambda grey, path: tifffile.imwrite(
        path, deep(rgb(grey)), compression="lzw", photometric="rgb"
    ),
    "bigtiff.tif": lambda grey, path: tifffile.imwrite(path, grey, bigtiff=True),
    "planar.tif": tiff_planar,
    "pages.tif": tiff_pages,
    "palette.tif": tiff_palette,
    "white_is_zero.tif": lambda grey, path: tifffile.imwrite(path, 255 - grey, photometric="miniswhite"),
    "cmyk.tif": lambda grey, path: Image.fromarray(grey).convert("CMYK").save(path),
    "float.tif": lambda grey, path: tifffile.imwrite(path, grey.astype(np.float32) / 255),
}


@pytest.mark.parametrize("name", SAVERS)
def test_every_format_gives_the_same_grey(name: str, grey: Grey, tmp_path: Path) -> None:
    path = tmp_path / name
    SAVERS[name](grey, path)
    image = read_grey(path)
    assert image.values.dtype == np.float32
    assert image.deep == any(word in name for word in ("deep", "float", "endian"))
    assert image.opacity is None
    tolerance = 8 if "jp" in name else 1  # JPEG rings at the block's edge
    np.testing.assert_allclose(image.values / image.full * 255, grey, atol=tolerance)
    assert image_size(path) == (30, 40)


def test_one_bit_pictures_are_black_and_white(tmp_path: Path) -> None:
    mask = np.zeros((20, 16), bool)
    mask[5:15, 4:9] = True
    Image.fromarray(mask).save(tmp_path / "a.png")
    Image.fromarray(mask).save(tmp_path / "b.tif", compression="group4")
    for name in ("a.png", "b.tif"):
        np.testing.assert_array_equal(read_grey(tmp_path / name).values, mask * np.float32(255))


def test_alpha_is_kept_as_opacity(grey: Grey, tmp_path: Path) -> None:
    alpha = np.zeros_like(grey)
    alpha[2:30, 2:25] = 255
    Image.fromarray(np.dstack([rgb(grey), alpha])).save(tmp_path / "a.png")
    tifffile.imwrite(tmp_path / "b.tif", np.dstack([rgb(grey), alpha]), photometric="rgb", extrasamples=["unassalpha"])
    Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)]).save(tmp_path / "c.png")
    for name in ("a.png", "b.tif", "c.png"):
        image = read_grey(tmp_path / name)
        assert image.opacity is not None
        np.testing.assert_array_equal(image.opacity, alpha / np.float32(255))


def test_camera_rotation_is_applied(grey: Grey, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    Image.fromarray(grey).save(tmp_path / "a.jpg", quality=95, exif=exif)
    tifffile.imwrite(tmp_path / "b.tif", grey, extratags=[(274, 3, 1, 6, True)])
    for name in ("a.jpg", "b.tif"):
        np.testing.assert_allclose(read_grey(tmp_path / name).values, np.rot90(grey, -1), atol=8)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_tiff_orientation_agrees_with_the_one_of_jpeg(orientation: int, grey: Grey, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(grey).save(tmp_path / "a.jpg", quality=95, exif=exif)
    tifffile.imwrite(tmp_path / "b.tif", grey, extratags=[(274, 3, 1, orientation, True)])
    np.testing.assert_allclose(read_grey(tmp_path / "a.jpg").values, read_grey(tmp_path / "b.tif").values, atol=8)


def test_blue_fluorescence_is_not_lost_in_luminance(grey: Grey, tmp_path: Path) -> None:
    colour = np.zeros((*grey.shape, 3), np.uint8)
    colour[..., 2] = grey  # DAPI shown in blue: luminance would keep a ninth of it
    Image.fromarray(colour).save(tmp_path / "blue.png")
    np.testing.assert_array_equal(read_grey(tmp_path / "blue.png").values, grey)


def test_names_in_any_script(grey: Grey, tmp_path: Path) -> None:
    folder = tmp_path / "Zelle 3 – größer 細胞"
    folder.mkdir()
    for suffix in ("png", "tif", "bmp"):
        path = folder / f"хромосома №1.{suffix}"
        Image.fromarray(grey).save(path)
        np.testing.assert_array_equal(read_grey(path).values, grey)


def test_content_decides_not_the_suffix(grey: Grey, tmp_path: Path) -> None:
    path = tmp_path / "really_a.tif"
    Image.fromarray(grey).save(path, format="PNG")
    np.testing.assert_array_equal(read_grey(path).values, grey)


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_grey(path)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_empty_missing_and_foreign_files_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "notes.png").write_text("karyotype 46,XX\n")
    assert "is empty" in refused(tmp_path / "empty.png")
    assert "not a PNG, TIFF, BMP or JPEG" in refused(tmp_path / "notes.png")
    assert "does not exist" in refused(tmp_path / "gone.png")


@pytest.mark.parametrize(
    "name", ["grey.png", "deep_rgb.png", "grey.jpg", "grey.bmp", "grey.tif", "lzw.tif", "deep_lzw_rgb.tif"]
)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_truncated_files_are_damaged(name: str, share: float, tmp_path: Path) -> None:
    path = tmp_path / name
    noise = np.random.default_rng(1).integers(0, 255, (120, 100), dtype=np.uint8)
    SAVERS[name](noise, path)
    content = path.read_bytes()
    path.write_bytes(content[: max(int(len(content) * share), 12)])
    assert "damaged or incomplete" in refused(path)


def test_numbers_that_are_none_are_damage(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "nan.tif", np.full((5, 5), np.nan, np.float32))
    assert "damaged" in refused(tmp_path / "nan.tif")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tiff_claiming(width: int, height: int) -> bytes:
    """A little-endian TIFF that claims a size and holds one byte."""
    entries = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, 1)]
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<I", 10) + b"\0\0" + struct.pack("<H", len(entries)) + directory + bytes(4)


def test_a_huge_picture_is_refused_by_its_header(tmp_path: Path) -> None:
    png = tmp_path / "bomb.png"
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(10_000_000), 9)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")
    png.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    tiff = tmp_path / "bomb.tif"
    tiff.write_bytes(tiff_claiming(60_000, 60_000))
    tracemalloc.start()
    for path in (png, tiff):
        message = refused(path)
        assert "3600 megapixels" in message
        assert "64" in message
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000, "decoded before the size was looked at"


def test_64_megapixels_are_the_limit(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((8000, 8001), np.uint8)).convert("1").save(tmp_path / "over.png")
    assert "megapixels" in refused(tmp_path / "over.png")
