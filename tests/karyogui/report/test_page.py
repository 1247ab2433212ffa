"""The measures of a page, and what stands on each."""

import pytest
from PySide6.QtGui import QImage, QPainter

from karyogui.report.page import Page

pytestmark = pytest.mark.usefixtures("qapp")


def ink(page: Page) -> float:
    """Share of pixels that are not white."""
    width, height = page.size
    image = QImage(round(width), round(height), QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    page.paint(painter, 1, 2)
    painter.end()
    return sum(byte < 250 for byte in bytes(image.constBits())) / (image.width() * image.height())


@pytest.mark.parametrize(("paper", "size"), [("A4", (793.7, 1122.5)), ("Letter", (816, 1056))])
def test_the_text_lies_inside_the_paper(paper: str, size: tuple[float, float]) -> None:
    page = Page(paper)  # type: ignore[arg-type]
    assert page.size == pytest.approx(size, abs=1.0)
    text = page.text
    assert text.left() == pytest.approx(size[0] - text.right(), abs=1.0)
    assert 0 < text.top() < text.bottom() < size[1] - 40


def test_a_draft_is_seen_from_afar() -> None:
    plain, draft = ink(Page(foot="A")), ink(Page(foot="A", draft=True))
    assert 0 < plain < 0.01
    assert draft > plain + 0.02


def test_a_long_foot_leaves_room_for_the_number() -> None:
    assert ink(Page(foot="very long " * 60)) < 0.02
