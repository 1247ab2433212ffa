"""The HTML file: whole in itself."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine.progress import SilentReporter
from karyogui.report.gather import ReportMaker
from karyogui.report.html import html_bytes
from karyogui.report.page import Page
from karyogui.report.pictures import Pictures
from karyogui.report.templates import ReportTemplate

QUIET = SilentReporter()
NONE = Pictures({}, lambda name: None)
pytestmark = pytest.mark.usefixtures("qapp")


def test_it_holds_everything_and_fetches_nothing(make: Callable[..., ReportMaker], tmp_path: Path) -> None:
    make(format="html").write(tmp_path / "report.html", QUIET)
    html = (tmp_path / "report.html").read_text("utf-8")
    sources = re.findall(r'src="([^"]*)"', html)
    assert len(sources) == 2
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    drawing = ET.fromstring(base64.b64decode(sources[0].partition(",")[2]))  # noqa: S314 - ours
    assert len(list(drawing.iter("{http://www.w3.org/2000/svg}image"))) == 47
    assert "default-src 'none'" in html
    assert "Research use only" in html
    assert "47,XX,+8[2]/46,XX[3]" in html
    assert "karyogui-draft" not in html.partition("</style>")[2].replace(".karyogui-draft", "")


def test_a_draft_says_so() -> None:
    html = html_bytes("<body>x</body>", NONE, Page(draft=True), QUIET).decode()
    assert "<span>DRAFT</span>" in html


def test_pictures_of_the_template_and_addresses_that_lead_out(own: Callable[..., ReportTemplate]) -> None:
    pictures = Pictures({}, own("x").file)
    body = "<img src='logo.png'><img src=\"../secret.png\"><img SRC = 'http://example.org/a.png'>"
    html = html_bytes(body, pictures, Page(), QUIET).decode()
    assert re.findall(r'src\s*=\s*"([^",]*),', html, re.IGNORECASE) == ["data:image/png;base64", "data:", "data:"]
    assert "example.org" not in html


def test_the_foot_is_no_html() -> None:
    html = html_bytes("<p>x", NONE, Page(foot="<b>&"), QUIET).decode()
    assert "&lt;b&gt;&amp;" in html
    assert html.index("<style>") < html.index("<p>x") < html.index("Research use only")
