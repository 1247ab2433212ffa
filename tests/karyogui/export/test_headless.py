"""A karyogram drawn without a window: in a process of its own, as the command line does it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from engine.errors import EngineError
from engine.types import CLASS_LABELS, BundleRef, CellImages, CellResult, ChromosomeImage, ChromosomeResult
from karyogui.export import headless


@pytest.fixture
def images() -> CellImages:
    pixels = np.pad(np.full((60, 12), 0.8, np.float32), 4)
    return CellImages("cell 1", "g", tuple(ChromosomeImage(pixels, pixels > 0, f"{i}.png") for i in range(3)))


@pytest.fixture
def result(images: CellImages) -> CellResult:
    found = [("1", 1.0), ("1", 0.5), (None, 0.4)]
    chromosomes = tuple(
        ChromosomeResult(image.source, label, sure, "1", (1 / 24,) * len(CLASS_LABELS), 0.0, False, 0.4)
        for image, (label, sure) in zip(images.chromosomes, found, strict=True)
    )
    return CellResult("cell 1", "g", BundleRef("b", "1"), "2,XX", chromosomes, (), (), 0.1)


@pytest.mark.usefixtures("qapp")
def test_png_and_pdf(images: CellImages, result: CellResult, tmp_path: Path) -> None:
    headless.render(images, result, tmp_path / "k.png", "png")
    headless.render(images, result, tmp_path / "k.pdf", "pdf")
    picture = QImage(str(tmp_path / "k.png"))
    assert picture.width() > 1000
    darkest = min(picture.pixelColor(x, y).value() for x in range(0, picture.width(), 7) for y in range(0, 900, 7))
    assert darkest < 120  # something is drawn on the white
    assert (tmp_path / "k.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("qapp")
def test_a_place_that_cannot_be_written(images: CellImages, result: CellResult, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EngineError, match="file"):
        headless.render(images, result, tmp_path / "file" / "k.png", "png")


def test_a_missing_system_library_is_named(
    images: CellImages, result: CellResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headless, "missing_packages", lambda platform: {"libEGL.so.1": "libegl1"})
    with pytest.raises(EngineError, match=r"libEGL\.so\.1.*apt-get install libegl1"):
        headless.render(images, result, tmp_path / "k.png", "png")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_a_display_that_has_gone_away_does_no_harm(tmp_path: Path) -> None:
    code = (
        "from karyogui.export.headless import _application; app = _application(); print(app.platformName())\n"
        "assert _application() is app"
    )
    environ = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"} | {"DISPLAY": ":987"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, env=environ)
    assert (done.returncode, done.stdout.strip()) == (0, "offscreen"), done.stderr
