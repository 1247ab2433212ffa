"""PNG, TIFF and SVG: pixels, resolution in the file, places of the ink."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from karyogui.document import KaryogramDocument
from karyogui.export.content import content_of
from karyogui.export.files import ExportError
from karyogui.export.options import ExportFormat, ExportOptions
from karyogui.export.picture import export_png, export_svg, export_tiff, render_image
from karyogui.export.save import export_file
from karyogui.export.sheet import export_layout, picture_sheet

OpenCell = Callable[..., KaryogramDocument]
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("dpi", [72, 300])
@pytest.mark.parametrize("header", [True, False])
def test_png_has_the_layouts_size_at_its_dpi(tmp_path: Path, open_cell: OpenCell, dpi: int, header: bool) -> None:
    document, path = open_cell(), tmp_path / "cell.png"
    export_png(path, document, dpi=dpi, options=ExportOptions(header=header))
    layout = export_layout(content_of(document))
    with Image.open(path) as image:
        assert image.width == pytest.approx(layout.width / 72 * dpi, abs=1)
        if not header:
            assert image.height == pytest.approx(layout.height / 72 * dpi, abs=1)
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


def test_chromosomes_of_the_png_are_where_the_layout_says(
    tmp_path: Path, open_cell: OpenCell, check_ink: Callable[..., None]
) -> None:
    document, path = open_cell(turns=[0, 180, 30, 90, 0, -170, 5]), tmp_path / "cell.png"
    export_png(path, document, dpi=288)
    sheet = picture_sheet(export_layout(content_of(document)), header=True)
    check_ink(np.asarray(Image.open(path).convert("L")), 288 / 72, sheet)


def test_tiff_is_grey_and_says_its_dpi(tmp_path: Path, open_cell: OpenCell) -> None:
    path = tmp_path / "cell.tiff"
    export_tiff(path, open_cell(), dpi=150)
    with Image.open(path) as image:
        assert image.mode == "L"
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
        assert image.info["compression"] == "tiff_lzw"


def test_svg_holds_text_as_text_and_one_image_per_chromosome(tmp_path: Path, open_cell: OpenCell) -> None:
    path = tmp_path / "cell.svg"
    export_svg(path, open_cell())
    root = ET.parse(path).getroot()  # noqa: S314 - our own file
    texts = {"".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"1", "21", "X", "Research use only"} <= texts
    assert len(list(root.iter("{http://www.w3.org/2000/svg}image"))) == 7


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_another_thread_writes_what_was_taken_while_the_document_goes_on(
    tmp_path: Path, open_cell: OpenCell, kind: ExportFormat
) -> None:
    document, options = open_cell(), ExportOptions(format=kind)
    here, there = tmp_path / f"here.{kind}", tmp_path / f"there.{kind}"
    content = content_of(document)
    export_file(here, document, options)
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(export_file, there, content, options)
        document.clear()
        job.result()
    if kind == "pdf":  # names its moment of creation
        assert here.stat().st_size == pytest.approx(there.stat().st_size, abs=100)
    else:
        assert here.read_bytes() == there.read_bytes()


def test_inverted_paper_is_black(open_cell: OpenCell) -> None:
    image = render_image(content_of(open_cell()), ExportOptions(inverted=True, header=False, dpi=72))
    assert image.pixelColor(2, 2).name() == "#000000"


def test_review_marks_of_the_screen_are_not_exported(open_cell: OpenCell) -> None:
    def picture(confidence: float) -> bytes:
        content = content_of(open_cell(confidences=[confidence] * 7))
        return bytes(render_image(content, ExportOptions(header=False, dpi=72)).constBits())

    assert picture(0.5) == picture(0.99)


def test_impossible_dpi_is_one_sentence(tmp_path: Path, open_cell: OpenCell) -> None:
    with pytest.raises(ExportError, match="5 dpi"):
        export_png(tmp_path / "cell.png", open_cell(), dpi=5)
    assert not list(tmp_path.glob("*.png"))


def test_without_a_cell_there_is_nothing_to_export(tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(ExportError, match="open one first"):
        export_png(tmp_path / "cell.png", KaryogramDocument())
