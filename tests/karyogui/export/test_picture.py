"""PNG and TIFF: pixels, resolution in the file, places of the ink."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from karyogui.document import KaryogramDocument
from karyogui.export.content import content_of
from karyogui.export.files import ExportError
from karyogui.export.options import DEPTHS, ExportFormat, ExportOptions
from karyogui.export.picture import export_png, export_tiff, render_image
from karyogui.export.save import export_file
from karyogui.export.sheet import export_layout, picture_sheet
from karyogui.model.annotation import Annotation
from karyogui.model.layout import KaryogramLayout
from karyogui.model.tone import Tone
from karyogui.model.view_settings import ViewSettings

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


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_sixteen_bits_hold_more_greys_than_eight(tmp_path: Path, open_cell: OpenCell, kind: ExportFormat) -> None:
    document = open_cell()
    state = document.state()
    assert state is not None
    first = state.cell.chromosomes[0]
    ramp = np.linspace(0.1, 0.9, first.pixels.size, dtype=np.float32).reshape(first.pixels.shape)
    chromosomes = (
        replace(first, pixels=np.where(first.mask, ramp, 0.0).astype(np.float32)),
        *state.cell.chromosomes[1:],
    )
    document.restore(replace(state, cell=replace(state.cell, chromosomes=chromosomes)))
    shades = {}
    for depth in DEPTHS:
        path = tmp_path / f"{depth}.{kind}"
        export_file(path, document, ExportOptions(format=kind, depth=depth, header=False, dpi=150))
        with Image.open(path) as image:
            shades[depth] = np.asarray(image)
            assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    assert (shades[8].dtype, shades[16].dtype) == (np.uint8, np.uint16)
    assert len(np.unique(shades[16])) > 500
    assert np.abs(shades[16] / 257.0 - shades[8]).max() <= 2  # the same picture


def test_annotations_are_exported_and_go_with_their_chromosome(open_cell: OpenCell) -> None:
    document = open_cell()
    options = ExportOptions(header=False, dpi=144)

    def ink() -> np.ndarray:
        image = render_image(content_of(document), options).convertToFormat(QImage.Format.Format_Grayscale8)
        grey = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)[:, : image.width()]
        return grey.astype(np.int16)

    before = ink()
    document.replace_annotations((Annotation(0, 2, "text", "XXXX", 0.0, 0.0, 0.0, 0.0),))
    placed = export_layout(content_of(document)).chromosomes[2]
    rows, columns = np.nonzero(ink() - before)
    assert columns.mean() == pytest.approx(2 * placed.rect.centre_x, abs=8)
    assert rows.mean() == pytest.approx(2 * placed.rect.centre_y, abs=8)


def test_header_and_footer_tell_all(open_cell: OpenCell) -> None:
    view = ViewSettings(tone=Tone(contrast=0.2, gamma=1.5, sharpening=0.5))
    options = ExportOptions(case="24-0113", band_level=550, inverted=True)
    content = content_of(open_cell(confidences=[0.5] * 7), view)
    assert content.description(options).split("  ·  ") == [
        "Case 24-0113",
        "cell 1",
        "G bands",
        "band level 550",
        "7 of 7 chromosomes placed",
        "7 not reviewed",
    ]
    program, bundle, looks = content.origin(options).split("  ·  ")
    assert program == f"karyogui {version('karyogui')}"
    assert bundle == "drawn 1.2"
    assert looks == "original pixels, contrast +20 %, gamma 1.50, sharpened 50 %, inverted"
    plain = content_of(open_cell())
    assert plain.origin(ExportOptions()).endswith("original pixels")
    assert "Case" not in plain.description(ExportOptions())
    assert plain.description(ExportOptions()).endswith("  ·  no doubts")
    accepted = replace(plain, placements=tuple(replace(p, accepted=True) for p in plain.placements))
    assert accepted.description(ExportOptions()).endswith("  ·  reviewed")
    by_hand = KaryogramDocument()
    cell = open_cell().cell()
    assert cell is not None
    by_hand.set_cell(replace(cell, chromosomes=tuple(replace(c, prediction=None) for c in cell.chromosomes)))
    assert content_of(by_hand).description(ExportOptions()).endswith("  ·  not reviewed")


def test_exports_show_the_view(open_cell: OpenCell) -> None:
    def layout(view: ViewSettings) -> KaryogramLayout:
        return export_layout(content_of(open_cell(), view))

    assert layout(ViewSettings()).slot("1").ideogram is None
    assert layout(ViewSettings(ideograms=550)).slot("1").ideogram is not None
    assert layout(ViewSettings(group_letters=True)).letters
    plain, toned = (
        render_image(content_of(open_cell(), view), ExportOptions(dpi=72, header=False))
        for view in (ViewSettings(), ViewSettings(tone=Tone(contrast=-0.6)))
    )
    assert plain != toned


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
    def picture(confidence: float) -> QImage:
        content = content_of(open_cell(confidences=[confidence] * 7))
        return render_image(content, ExportOptions(header=False, dpi=72))

    assert picture(0.5) == picture(0.99)


def test_impossible_dpi_is_one_sentence(tmp_path: Path, open_cell: OpenCell) -> None:
    with pytest.raises(ExportError, match="5 dpi"):
        export_png(tmp_path / "cell.png", open_cell(), dpi=5)
    assert not list(tmp_path.glob("*.png"))


def test_without_a_cell_there_is_nothing_to_export(tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(ExportError, match="open one first"):
        export_png(tmp_path / "cell.png", KaryogramDocument())
