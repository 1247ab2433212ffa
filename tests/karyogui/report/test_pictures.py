"""Pictures of a report by their address."""

import base64
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from karyogui.report.gather import ReportMaker
from karyogui.report.pictures import Pictures
from karyogui.report.templates import ReportTemplate

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_karyogram_fills_its_rectangle_and_nothing_else(make: Callable[..., ReportMaker]) -> None:
    pictures = make()._pictures()
    size = pictures.size("karyogram:1")
    image = QImage(400, 400, QImage.Format.Format_Grayscale8)
    image.fill(77)
    painter = QPainter(image)
    pictures.paint(painter, "karyogram:1", QRectF(50, 50, 300, 300 * size.height() / size.width()))
    painter.end()
    seen = np.frombuffer(image.constBits(), np.uint8).reshape(400, image.bytesPerLine())[:, :400]
    assert (seen[:48] == 77).all()
    assert (seen[:, :48] == 77).all()
    assert (seen[60:300, 60:340] < 70).mean() > 0.05  # chromosomes
    assert (seen[60:300, 60:340] > 250).mean() > 0.3  # paper


def test_a_file_beside_the_template(own: Callable[..., ReportTemplate]) -> None:
    pictures = Pictures({}, own("x").file)
    assert pictures.size("logo.png") == QSizeF(40, 20)
    address = pictures.data_address("logo.png")
    assert address is not None
    assert base64.b64decode(address.removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["karyogram:99", "missing.png", "own.html", "../secret.png", ""])
def test_what_is_no_picture(own: Callable[..., ReportTemplate], name: str) -> None:
    pictures = Pictures({}, own("x").file)
    assert pictures.size(name).isEmpty()
    assert pictures.data_address(name) is None
