"""SVG: read back by another reader than the one that wrote it, and free of any font."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from karyogui.document import KaryogramDocument
from karyogui.export.content import content_of
from karyogui.export.options import ExportOptions
from karyogui.export.picture import render_image
from karyogui.export.svg import export_svg
from karyogui.model.annotation import Annotation

OpenCell = Callable[..., KaryogramDocument]
pytestmark = pytest.mark.usefixtures("qapp")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def root(tmp_path: Path, open_cell: OpenCell) -> ET.Element:
    document = open_cell(name="Müller & <17>")
    document.replace_annotations((Annotation(0, 1, "arrow", "del(1)", 0.0, 0.0, 20.0, -10.0),))
    path = tmp_path / "cell.svg"
    export_svg(path, document, options=ExportOptions(case="24-0113"))
    return ET.parse(path).getroot()  # noqa: S314 - our own file


def test_no_text_depends_on_a_font(root: ET.Element) -> None:
    assert not list(root.iter(f"{SVG}text"))
    outlines = {path.get("aria-label"): path for path in root.iter(f"{SVG}path") if path.get("aria-label")}
    assert {"1", "21", "X", "Research use only", "del(1)"} <= set(outlines)
    assert all(path.get("d", "").startswith("M") for path in outlines.values())
    assert any("Case 24-0113" in words and "Müller & <17>" in words for words in outlines)


def test_each_chromosome_is_one_image_and_the_title_says_what_it_is(root: ET.Element) -> None:
    assert len(list(root.iter(f"{SVG}image"))) == 7
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert "Case 24-0113" in (description.text or "")


def test_it_looks_like_the_png(tmp_path: Path, open_cell: OpenCell) -> None:
    document, path, options = open_cell(), tmp_path / "cell.svg", ExportOptions(dpi=144)
    export_svg(path, document, options=options)
    wanted = render_image(content_of(document), options)
    image = QImage(wanted.size(), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    QSvgRenderer(str(path)).render(painter, QRectF(image.rect()))
    painter.end()
    grey = [_grey(one) for one in (wanted, image)]
    assert np.abs(grey[0] - grey[1]).mean() < 2.0
    assert np.corrcoef(grey[0].ravel(), grey[1].ravel())[0, 1] > 0.98


def _grey(image: QImage) -> NDArray[np.float64]:
    converted = image.convertToFormat(QImage.Format.Format_Grayscale8)  # kept: its buffer goes with it
    lines = np.frombuffer(converted.constBits(), np.uint8).reshape(converted.height(), converted.bytesPerLine())
    return lines[:, : converted.width()].astype(np.float64)
