"""The PDF read back: text, fonts, images, page, places of the ink."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from karyogui.document import KaryogramDocument
from karyogui.export.content import content_of
from karyogui.export.files import ExportError
from karyogui.export.options import ExportOptions
from karyogui.export.pdf import export_pdf
from karyogui.export.sheet import export_layout, page_sheet

OpenCell = Callable[..., KaryogramDocument]
A4, LETTER = (595, 842), (612, 792)
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize(("page", "size"), [("A4", A4), ("Letter", LETTER)])
def test_one_page_of_the_chosen_size(tmp_path: Path, open_cell: OpenCell, page: str, size: tuple[int, int]) -> None:
    path = tmp_path / "cell.pdf"
    export_pdf(path, open_cell(), page=page)  # type: ignore[arg-type]
    pages = PdfReader(path).pages
    assert len(pages) == 1
    assert sorted(map(float, pages[0].mediabox[2:])) == pytest.approx(sorted(size), abs=1)


def test_text_is_text(tmp_path: Path, open_cell: OpenCell) -> None:
    path = tmp_path / "cell.pdf"
    export_pdf(path, open_cell(name="Müller 17-β"))
    words = PdfReader(path).pages[0].extract_text().replace("-\n", "-").split()
    assert {str(n) for n in range(1, 23)} | {"X", "Y"} <= set(words)
    assert {"Müller", "17-β", "drawn", "1.2", "Research"} <= set(words)


def test_a_long_karyotype_is_told_in_full(tmp_path: Path, open_cell: OpenCell) -> None:
    document, path = open_cell(), tmp_path / "cell.pdf"
    export_pdf(path, document)
    text = PdfReader(path).pages[0].extract_text().replace("\n", "")
    assert len(document.karyotype_text()) > 60
    assert document.karyotype_text() in text


def test_every_font_is_embedded(tmp_path: Path, open_cell: OpenCell) -> None:
    path = tmp_path / "cell.pdf"
    export_pdf(path, open_cell())
    fonts = PdfReader(path).pages[0]["/Resources"]["/Font"]
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]
    assert {str(descriptor["/FontName"]).split("+")[-1] for descriptor in descriptors} == {
        "LiberationSans",
        "LiberationSans-Bold",
    }
    assert all("/FontFile2" in descriptor for descriptor in descriptors)


def test_images_keep_their_own_pixels(tmp_path: Path, open_cell: OpenCell) -> None:
    """Not resampled, and not squeezed into JPEG."""
    document, path = open_cell(turns=[0, 180, 30, 90, 0, 0, 0]), tmp_path / "cell.pdf"
    export_pdf(path, document)
    images = [
        image.get_object()
        for image in PdfReader(path).pages[0]["/Resources"]["/XObject"].values()
        if image.get_object()["/Subtype"] == "/Image"
    ]
    stored = sorted((image["/Height"], image["/Width"]) for image in images)
    cell = document.cell()
    assert cell is not None
    assert set(stored) == {chromosome.pixels.shape for chromosome in cell.chromosomes}
    assert {image["/Filter"] for image in images} == {"/FlateDecode"}


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed")
def test_chromosomes_are_where_the_layout_says(
    tmp_path: Path, open_cell: OpenCell, check_ink: Callable[..., None]
) -> None:
    document, path = open_cell(turns=[0, 180, 30, 90, 0, -170, 5]), tmp_path / "cell.pdf"
    export_pdf(path, document)
    subprocess.run(["pdftoppm", "-r", "144", "-gray", "-singlefile", path, tmp_path / "page"], check=True)
    sheet = page_sheet(export_layout(content_of(document)), *A4, header=True)
    check_ink(np.asarray(Image.open(tmp_path / "page.pgm")), 2.0, sheet)


def test_unknown_page_is_one_sentence(tmp_path: Path, open_cell: OpenCell) -> None:
    with pytest.raises(ExportError, match="A5 is no page size; choose A4 / Letter"):
        export_pdf(tmp_path / "cell.pdf", open_cell(), page="A5")  # type: ignore[arg-type]


def test_the_karyogram_lies_inside_the_page(open_cell: OpenCell) -> None:
    for short, long in (A4, LETTER):
        sheet = page_sheet(export_layout(content_of(open_cell())), short, long, header=True)
        assert sheet.header is not None
        assert sheet.footer is not None
        assert sheet.karyogram.x >= 20
        assert sheet.karyogram.right <= sheet.width - 20
        assert sheet.header.bottom <= sheet.karyogram.y + sheet.scale * sheet.layout.options.margin
        assert sheet.karyogram.bottom <= sheet.footer.y + sheet.scale * sheet.layout.options.margin
        assert sheet.footer.bottom <= sheet.height - 20


def test_inverted_is_black_behind_the_karyogram(tmp_path: Path, open_cell: OpenCell) -> None:
    path, plain = tmp_path / "inverted.pdf", tmp_path / "plain.pdf"
    export_pdf(path, open_cell(), options=ExportOptions(inverted=True))
    export_pdf(plain, open_cell())
    black = b"0 0 0 scn"
    assert PdfReader(path).pages[0].get_contents().get_data().count(black) > PdfReader(  # type: ignore[union-attr]
        plain
    ).pages[0].get_contents().get_data().count(black)  # type: ignore[union-attr]
