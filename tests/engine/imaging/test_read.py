"""Real files in every look a laboratory may export -> one convention; what cannot be used is named."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from engine.errors import Cancelled, InputError
from engine.imaging.read import find_cells, read_cell
from engine.types import CellImages

Floats = NDArray[np.float32]
Drawn = tuple[Floats, NDArray[np.bool_]]
Draw = Callable[..., Drawn]
Follows = Callable[[NDArray[np.bool_], NDArray[np.bool_]], bool]
Write = Callable[[Floats, Path], None]

NOISE = np.random.default_rng(11)


def eight(stain: Floats, ground: float, darkest: float) -> NDArray[np.uint8]:
    return np.uint8(np.rint(ground + (darkest - ground) * stain))


def sixteen(stain: Floats, ground: float, darkest: float) -> NDArray[np.uint16]:
    return np.uint16(np.rint(ground + (darkest - ground) * stain))


def png(array: NDArray[np.uint8] | NDArray[np.uint16], path: Path) -> None:
    Image.fromarray(array).save(path.with_suffix(".png"))


def jpeg(stain: Floats, path: Path) -> None:
    Image.fromarray(eight(stain, 255, 20)).save(path.with_suffix(".jpg"), quality=50)


def lzw(stain: Floats, path: Path) -> None:
    tifffile.imwrite(path.with_suffix(".tif"), sixteen(stain, 4095, 300), compression="lzw", predictor=True)


def palette(stain: Floats, path: Path) -> None:
    Image.fromarray(eight(stain, 255, 15)).convert("RGB").quantize(32).save(path.with_suffix(".bmp"))


def noisy(stain: Floats, path: Path) -> None:
    """Ground grey 200, deviation 2, uneven by 8 levels from left to right."""
    shade = np.linspace(-4, 4, stain.shape[1])
    values = 200 - 150 * stain + shade + NOISE.normal(0, 2, stain.shape)
    png(np.uint8(np.clip(np.rint(values), 0, 255)), path)


def transparent(stain: Floats, path: Path, paper: int, ink: int) -> None:
    """Cut out of its picture: what lies under the transparent part is black, as most programs leave it."""
    inside = stain > 0.02
    grey = np.where(inside, eight(stain, paper, ink), 0).astype(np.uint8)
    alpha = np.uint8(255 * inside)
    Image.fromarray(np.dstack([grey, grey, grey, alpha])).save(path.with_suffix(".png"))


# look -> (writer, stain, part of the span that the darkest band takes)
LOOKS: dict[str, tuple[Write, str, float]] = {
    "dark on white": (lambda s, p: png(eight(s, 255, 5), p), "g", 250 / 255),
    "bright on black": (lambda s, p: png(eight(s, 0, 200), p), "q", 200 / 255),
    "bright on almost black": (lambda s, p: png(eight(s, 1, 180), p), "q", 179 / 254),
    "dark on grey 180": (lambda s, p: png(eight(s, 180, 20), p), "g", 160 / 180),
    "bright on grey 180": (lambda s, p: png(eight(s, 180, 250), p), "q", 70 / 75),
    "dark on grey 90": (lambda s, p: png(eight(s, 90, 10), p), "g", 80 / 90),
    "bright on grey 90": (lambda s, p: png(eight(s, 90, 240), p), "q", 150 / 165),
    "RGB": (lambda s, p: png(np.stack([eight(s, 255, 5)] * 3, -1), p), "g", 250 / 255),
    "16 bit": (lambda s, p: png(sixteen(s, 65535, 3000), p), "g", 62535 / 65535),
    "16 bit bright on black": (lambda s, p: png(sixteen(s, 0, 60000), p), "q", 60000 / 65535),
    "12 of 16 bit": (lambda s, p: png(sixteen(s, 4095, 200), p), "g", 3895 / 4095),
    "12 of 16 bit, grey ground": (lambda s, p: png(sixteen(s, 3000, 500), p), "g", 2500 / 3000),
    "12 of 16 bit, bright": (lambda s, p: png(sixteen(s, 100, 3800), p), "q", 3700 / 3995),
    "LZW TIFF": (lzw, "g", 3795 / 4095),
    "JPEG 50": (jpeg, "g", 235 / 255),
    "palette BMP": (palette, "g", 240 / 255),
    "noisy and uneven": (noisy, "g", 150 / 200),
    "cut out, bright field": (lambda s, p: transparent(s, p, 255, 20), "g", 235 / 255),
    "cut out, fluorescence": (lambda s, p: transparent(s, p, 0, 220), "q", 220 / 255),
}


def write_cell(folder: Path, cell: list[Drawn], write: Write) -> Path:
    folder.mkdir()
    for index, (stain, _) in enumerate(cell):
        write(stain, folder / f"{index:03d}.any")
    return folder


def read(folder: Path, *args: str) -> CellImages:
    (source,) = find_cells([folder])
    return read_cell(source, *args)


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_ends_in_one_convention(
    look: str, drawn_cell: list[Drawn], follows: Follows, tmp_path: Path
) -> None:
    write, stain, part = LOOKS[look]
    cell = read(write_cell(tmp_path / "cell", drawn_cell, write))
    assert cell.name == "cell"
    assert cell.stain == stain
    assert cell.warnings == ()
    assert len(cell.chromosomes) == len(drawn_cell)
    # Lossy or noisy pictures may lie off by a few grey levels.
    tolerance = {
        "JPEG 50": 0.25,
        "noisy and uneven": 0.08,
        "palette BMP": 0.06,
        "cut out, bright field": 0.025,
        "cut out, fluorescence": 0.025,
    }.get(look, 0.012)
    for image, (drawing, mask) in zip(cell.chromosomes, drawn_cell, strict=True):
        assert image.pixels.dtype == np.float32
        assert 0.0 <= image.pixels.min() <= image.pixels.max() <= 1.0
        np.testing.assert_allclose(image.pixels, drawing * part, atol=tolerance)
        assert np.abs(image.pixels - drawing * part).mean() < 0.03
        assert follows(image.mask, mask)


def test_grey_values_stay_linear_with_one_span_for_the_cell(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    """A pale chromosome beside dark ones stays pale, and `1 - pixels` is the picture as it was scanned."""
    folder = write_cell(tmp_path / "cell", drawn_cell, LOOKS["dark on white"][0])
    Image.fromarray(eight(drawn_cell[2][0], 255, 155)).save(folder / "002.png")
    cell = read(folder)
    assert cell.chromosomes[2].pixels.max() == pytest.approx(100 / 255, abs=0.01)
    for image in cell.chromosomes:
        scanned = np.asarray(Image.open(folder / image.source))
        np.testing.assert_allclose(1.0 - image.pixels, scanned / 255, atol=1e-6)


def test_ground_noise_is_not_forced_to_zero(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    cell = read(write_cell(tmp_path / "cell", drawn_cell, noisy))
    outside = np.concatenate([image.pixels[~image.mask] for image in cell.chromosomes])
    assert 0 < np.median(outside[outside > 0]) < 0.05


@pytest.mark.parametrize("angle", [0, 40])
@pytest.mark.parametrize(
    "look", ["dark on white", "bright on black", "dark on grey 90", "bright on grey 180", "16 bit"]
)
def test_a_lone_chromosome_tells_its_stain(look: str, angle: float, drawn: Draw, tmp_path: Path) -> None:
    write, stain, _ = LOOKS[look]
    drawing = drawn(90, 18, angle=angle)
    cell = read(write_cell(tmp_path / "cell", [drawing], write))
    assert (cell.stain, len(cell.chromosomes)) == (stain, 1)


def test_an_odd_file_does_not_change_the_stain_and_is_read_its_own_way(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    folder = write_cell(tmp_path / "cell", drawn_cell, LOOKS["dark on white"][0])
    png(eight(drawn_cell[4][0], 0, 250), folder / "004.png")
    cell = read(folder)
    assert cell.stain == "g"
    assert (cell.chromosomes[4].mask & drawn_cell[4][1]).sum() > 0.9 * drawn_cell[4][1].sum()


def test_a_given_stain_is_taken(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    """G bands shown inverted are G bands, if the user says so."""
    folder = write_cell(tmp_path / "cell", drawn_cell, LOOKS["bright on black"][0])
    assert read(folder).stain == "q"
    forced = read(folder, "g")
    assert forced.stain == "g"
    np.testing.assert_array_equal(forced.chromosomes[0].pixels, read(folder).chromosomes[0].pixels)


def test_bad_files_are_warnings_and_the_others_load(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    folder = write_cell(tmp_path / "cell", drawn_cell, LOOKS["dark on white"][0])
    whole = (folder / "005.png").read_bytes()
    (folder / "005.png").write_bytes(whole[: len(whole) // 2])
    (folder / "006.png").write_bytes(b"")
    (folder / "007.png").write_text("no image")
    Image.fromarray(np.zeros((8000, 8001), np.uint8)).convert("1").save(folder / "008.png")
    Image.new("L", (40, 60), 255).save(folder / "blank.png")
    (folder / "letter.docx").write_text("x")
    cell = read(folder)
    assert len(cell.chromosomes) == len(drawn_cell) - 4
    said = {warning.file: warning.message for warning in cell.warnings}
    assert set(said) == {"005.png", "006.png", "007.png", "008.png", "blank.png", "letter.docx"}
    assert all(message.startswith(name) and message.endswith(".") for name, message in said.items())
    assert "shows no chromosome" in said["blank.png"]
    assert "megapixels" in said["008.png"]


def test_a_cell_without_any_usable_file_is_one_sentence(tmp_path: Path) -> None:
    for name in ("1.png", "2.png"):
        Image.new("L", (40, 60), 255).save(tmp_path / name)
    with pytest.raises(InputError, match=r"None of the 2 files of .* could be used: 1\.png shows no chromosome"):
        read(tmp_path)
    (tmp_path / "2.png").unlink()
    with pytest.raises(InputError, match=r"^1\.png shows no chromosome"):
        read(tmp_path)
    (tmp_path / "1.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"^1\.png is empty"):
        read(tmp_path)


def test_noise_alone_is_no_chromosome(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    folder = write_cell(tmp_path / "cell", drawn_cell, noisy)
    png(np.uint8(np.clip(NOISE.normal(200, 2, (60, 40)), 0, 255)), folder / "ground.png")
    assert [warning.file for warning in read(folder).warnings] == ["ground.png"]


def test_a_file_that_vanishes_meanwhile_is_a_warning(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    folder = write_cell(tmp_path / "cell", drawn_cell, LOOKS["dark on white"][0])
    (source,) = find_cells([folder])
    (folder / "000.png").unlink()
    cell = read_cell(source)
    assert len(cell.chromosomes) == len(drawn_cell) - 1
    assert "does not exist" in cell.warnings[0].message


class Recorder:
    """A reporter that cancels when it has seen enough."""

    def __init__(self, stop_after: int = 1000) -> None:
        self.seen: list[tuple[int, int, str]] = []
        self._stop_after = stop_after

    def report(self, done: int, total: int, message: str = "") -> None:
        self.seen.append((done, total, message))

    def check_cancelled(self) -> None:
        if len(self.seen) >= self._stop_after:
            raise Cancelled


def test_progress_by_file_and_cancel_between_files(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    (source,) = find_cells([write_cell(tmp_path / "cell", drawn_cell, LOOKS["dark on white"][0])])
    recorder = Recorder()
    read_cell(source, reporter=recorder)
    total = len(drawn_cell)
    assert [done for done, _, _ in recorder.seen] == list(range(total + 1))
    assert {of for _, of, _ in recorder.seen} == {total}
    recorder = Recorder(stop_after=3)
    with pytest.raises(Cancelled):
        read_cell(source, reporter=recorder)
    assert len(recorder.seen) == 3


@pytest.mark.parametrize(("paper", "ink", "stain"), [(235, 30, "g"), (12, 220, "q")])
def test_a_sheet_becomes_its_chromosomes(
    paper: int, ink: int, stain: str, drawn: Draw, laid_out: Callable[..., Floats], tmp_path: Path
) -> None:
    sheet = laid_out([drawn(length, 16, angle=20) for length in range(110, 38, -6)], columns=4, pitch=(130, 130))
    y, x = np.mgrid[: sheet.shape[0], : sheet.shape[1]]
    shade = 8 * (y / sheet.shape[0] - 0.5) + 6 * (x / sheet.shape[1] - 0.5) ** 2
    values = paper + (ink - paper) * sheet + shade + NOISE.normal(0, 1.5, sheet.shape)
    values[5:8, 5:8] = ink  # a speck of dirt in the corner
    png(np.uint8(np.clip(np.rint(values), 0, 255)), tmp_path / "metaphase.png")
    cell = read(tmp_path / "metaphase.png")
    assert cell.name == "metaphase"
    assert cell.stain == stain
    assert [image.source for image in cell.chromosomes] == [f"metaphase.png#{n}" for n in range(1, 13)]
    assert [warning.file for warning in cell.warnings] == ["metaphase.png"]
    assert "1 object too small" in cell.warnings[0].message
    for image in cell.chromosomes:
        assert image.mask.any()
        assert image.mask.shape < (140, 140)


def test_a_sheet_beside_single_chromosomes(
    drawn_cell: list[Drawn], laid_out: Callable[..., Floats], tmp_path: Path
) -> None:
    write = LOOKS["dark on white"][0]
    folder = write_cell(tmp_path / "cell", drawn_cell[:3], write)
    write(laid_out(drawn_cell[3:], columns=3, pitch=(118, 40)), folder / "rest.png")
    sources = [image.source for image in read(folder).chromosomes]
    assert sources == ["000.png", "001.png", "002.png", *(f"rest.png#{n}" for n in range(1, 10))]


def test_two_chromosomes_in_one_crop_are_pointed_out(
    drawn_cell: list[Drawn], laid_out: Callable[..., Floats], tmp_path: Path
) -> None:
    write = LOOKS["dark on white"][0]
    folder = write_cell(tmp_path / "cell", drawn_cell[:3], write)
    write(laid_out(drawn_cell[4:6], columns=2, pitch=(118, 60)), folder / "two.png")
    cell = read(folder)
    assert len(cell.chromosomes) == 4
    assert [(w.file, "2 objects" in w.message) for w in cell.warnings] == [("two.png", True)]


@pytest.mark.realdata
@pytest.mark.parametrize(("kind", "stain"), [("gband_passau/cells", "g"), ("qband_padova/cells", "q")])
def test_real_cells_are_read_whole(kind: str, stain: str) -> None:
    top = Path(os.environ.get("KARYO_DATA", Path.home() / ".cache/karyo-data")) / kind
    if not top.is_dir():
        pytest.skip(f"real chromosome images are not at {top} (set KARYO_DATA)")
    folders = sorted(top.iterdir())[::40]
    for folder in folders:
        cell = read(folder)
        assert cell.stain == stain
        assert cell.warnings == ()
        assert len(cell.chromosomes) == len(list(folder.glob("*.png")))
        assert all(image.mask.any() and not image.mask.all() for image in cell.chromosomes)


def test_reading_changes_nothing_on_disk(drawn_cell: list[Drawn], tmp_path: Path) -> None:
    folder = write_cell(tmp_path / "cell", drawn_cell, LOOKS["dark on white"][0])
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}
    read(folder)
    assert {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()} == before
