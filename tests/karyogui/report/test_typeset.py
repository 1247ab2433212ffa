"""The pages: read back from the PDF, and from the preview."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from engine.errors import Cancelled
from engine.progress import SilentReporter
from karyogui.report.gather import ReportMaker
from karyogui.report.page import Page
from karyogui.report.pictures import Pictures
from karyogui.report.templates import ReportTemplate
from karyogui.report.typeset import MOST_SHOWN, Typeset, page_images, pdf_bytes
from karyogui.theme import palette

Make = Callable[..., ReportMaker]
Own = Callable[..., ReportTemplate]
QUIET = SilentReporter()
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def written(make: Make, tmp_path: Path) -> PdfReader:
    make().write(tmp_path / "report.pdf", QUIET)
    return PdfReader(tmp_path / "report.pdf")


def set_pages(body: str, pictures: Pictures | None = None, **page: object) -> Typeset:
    return Typeset(f"<html><body>{body}</body></html>", pictures or Pictures({}, lambda name: None), Page(**page))  # type: ignore[arg-type]


def words_of(body: str, tmp_path: Path, **page: object) -> list[str]:
    path = tmp_path / "words.pdf"
    pictures = Pictures({}, lambda name: None)
    path.write_bytes(pdf_bytes(body, pictures, Page(**page), "t", "c", QUIET))  # type: ignore[arg-type]
    return texts_of(PdfReader(path))


def texts_of(reader: PdfReader) -> list[str]:
    """The words of each page; Qt writes a blank as a tab."""
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_text_is_text_and_every_page_has_its_foot(written: PdfReader) -> None:
    texts = texts_of(written)
    assert "47,XX,+8[2]/46,XX[3]" in texts[0]
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
        assert "Research use only" in text
        assert "B26-1 Müller" in text
    assert not any("DRAFT" in text for text in texts)
    assert written.metadata is not None
    assert written.metadata.title == "Report B26-1 Müller"


def test_every_font_is_embedded(written: PdfReader) -> None:
    names = set()
    for page in written.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile2" in descriptor
            names.add(str(descriptor["/FontName"]).split("+")[-1])
    assert names == {"LiberationSans", "LiberationSans-Bold"}


def test_every_chromosome_keeps_its_own_pixels(written: PdfReader) -> None:
    images = [
        found.get_object()
        for page in written.pages
        for found in page["/Resources"].get("/XObject", {}).values()
        if found.get_object()["/Subtype"] == "/Image"
    ]
    shapes = {(image["/Height"], image["/Width"]) for image in images}
    assert shapes == {(104 - 2 * index, 16) for index in range(23)}
    assert {image["/Filter"] for image in images} == {"/FlateDecode"}


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_the_paper(make: Make, tmp_path: Path, paper: str, size: tuple[int, int]) -> None:
    make(paper=paper).write(tmp_path / "report.pdf", QUIET)
    for page in PdfReader(tmp_path / "report.pdf").pages:
        assert [float(edge) for edge in page.mediabox[2:]] == pytest.approx(size, abs=1)


def test_a_draft_says_so_on_every_page(tmp_path: Path) -> None:
    pages = words_of("<p>one</p><p style='page-break-before: always'>two</p>", tmp_path, draft=True)
    assert len(pages) == 2
    assert all("DRAFT" in text for text in pages)


def test_heads_of_tables_are_repeated(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>row {n}</td></tr>" for n in range(150))
    pages = words_of(f"<table><thead><tr><th>Heading</th></tr></thead>{rows}</table>", tmp_path)
    assert len(pages) > 2
    assert all("Heading" in text for text in pages)
    assert "row 149" in pages[-1]


def test_headings_go_with_what_follows(tmp_path: Path) -> None:
    """A heading at the foot of a page, with the smaller one below it, moves to the next page whole."""
    filler = "<p>text</p>" * 41
    for more in range(12):
        pages = words_of(f"{filler}{'<p>text</p>' * more}<h2>Big</h2><h3>Small</h3><p>{'word ' * 400}</p>", tmp_path)
        (page,) = [number for number, text in enumerate(pages) if "Big" in text]
        assert "Small" in pages[page]
        assert "word" in pages[page]


def test_sizes_of_letters_are_the_template_s(tmp_path: Path) -> None:
    """In px, 96 to the inch; points are 4/3 of them, and a heading is as large as it is told to be."""
    pages = set_pages("<h1 style='font-size: 30px'>a</h1><p style='font-size: 15pt'>b</p><p>c</p>")
    sizes, block = [], pages._document.begin()
    while block.isValid():
        sizes.append(block.begin().fragment().charFormat().font().pixelSize())
        block = block.next()
    assert sizes == [30, 20, 12]


def test_pictures_beside_the_template(own: Own) -> None:
    template = own("x")
    body = "<p><img src='logo.png'></p><p>below</p>"
    with_logo = set_pages(body, Pictures({}, template.file))
    without = set_pages(body)
    below = [pages._layout.blockBoundingRect(pages._document.lastBlock()).top() for pages in (with_logo, without)]
    assert below[0] >= below[1] + 5  # 20 px of logo in the place of a line of 14


def test_nothing_else_of_this_computer_is_shown(tmp_path: Path) -> None:
    Image.new("RGB", (300, 300), "red").save(tmp_path / "secret.png")
    address = (tmp_path / "secret.png").as_posix()
    body = f"<p><img src='{address}'><img src='file://{address}'></p><link rel='stylesheet' href='{address}'>"
    assert set_pages(body)._document.documentLayout().documentSize().height() < 60
    (image,) = page_images(body, Pictures({}, lambda name: None), Page(), 1.0, QUIET)
    assert not any(
        image.pixelColor(x, y).red() > image.pixelColor(x, y).green() + 60
        for x in range(0, 700, 9)
        for y in range(0, 400, 9)
    )


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed")
def test_preview_and_file_look_alike(make: Make, tmp_path: Path) -> None:
    made = make()
    made.write(tmp_path / "report.pdf", QUIET)
    subprocess.run(["pdftoppm", "-r", "96", "-gray", "-png", "report.pdf", "page"], cwd=tmp_path, check=True)
    printed = [np.asarray(Image.open(path).convert("L"), float) for path in sorted(tmp_path.glob("page-*.png"))]
    shown = made.pages(1.0, QUIET)
    assert len(printed) == len(shown)
    for number, (paper, image) in enumerate(zip(printed, shown, strict=True)):
        image.save(str(tmp_path / f"shown-{number}.png"))
        screen = np.asarray(Image.open(tmp_path / f"shown-{number}.png").convert("L"), float)
        height, width = min(paper.shape[0], screen.shape[0]), min(paper.shape[1], screen.shape[1])
        # In blocks of 12 px: anti-aliasing differs, what stands where does not.
        blocks = [
            each[: height // 12 * 12, : width // 12 * 12].reshape(height // 12, 12, width // 12, 12).mean((1, 3))
            for each in (paper, screen)
        ]
        assert np.abs(blocks[0] - blocks[1]).mean() < 1.5
        assert np.corrcoef(blocks[0].ravel(), blocks[1].ravel())[0, 1] > 0.97


def test_a_report_is_black_on_white_in_a_dark_window(qapp: QApplication) -> None:
    def pages() -> QImage:
        return page_images("<h1>Words</h1><p>and more</p>", Pictures({}, lambda name: None), Page(), 1.0, QUIET)[0]

    before, light = qapp.palette(), pages()
    try:
        qapp.setPalette(palette(dark=True))
        assert pages() == light
    finally:
        qapp.setPalette(before)


def test_a_preview_of_very_many_pages_ends_somewhere() -> None:
    body = "<p>a</p>" + "<p style='page-break-before: always'>b</p>" * (MOST_SHOWN + 9)
    images = page_images(body, Pictures({}, lambda name: None), Page(), 0.05, QUIET)
    assert len(images) == MOST_SHOWN


def test_it_can_be_cancelled_between_pages() -> None:
    class Stopped:
        done: tuple[int, ...] = ()

        def report(self, done: int, total: int, message: str = "") -> None:
            self.done += (done,)

        def check_cancelled(self) -> None:
            if self.done:
                raise Cancelled

    reporter = Stopped()
    body = "<p>a</p>" + "<p style='page-break-before: always'>b</p>" * 4
    with pytest.raises(Cancelled):
        pdf_bytes(body, Pictures({}, lambda name: None), Page(), "t", "c", reporter)
    assert reporter.done == (0,)
