"""Where templates lie, and what they can read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import EngineError
from karyogui.report.templates import SHIPPED, ReportTemplate, copy_shipped, templates_in

Own = Callable[..., ReportTemplate]


def test_the_shipped_one_comes_first_then_her_own(own: Own) -> None:
    own("b", "b.html")
    own("a", "a.html")
    own("part", "_part.html")
    folder = own("c", "notes.txt").folder
    assert folder is not None
    found = templates_in(folder)
    assert [(each.name, each.shipped) for each in found] == [(SHIPPED, True), ("a.html", False), ("b.html", False)]
    assert [each.name for each in templates_in(folder / "missing")] == [SHIPPED]


def test_a_copy_of_the_shipped_one_is_made_once(tmp_path: Path) -> None:
    path = copy_shipped(tmp_path / "new")
    assert path.read_bytes() == ReportTemplate(SHIPPED).file(SHIPPED)
    path.write_text("mine")
    assert copy_shipped(tmp_path / "new") == path
    assert path.read_text() == "mine"


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match="cannot be written"):
        copy_shipped(tmp_path / "file")


@pytest.mark.parametrize(
    "name", ["../secret.png", "..\\secret.png", "/etc/passwd", "", ".", "c:logo.png", "missing.png"]
)
def test_nothing_outside_the_folder_is_read(own: Own, name: str) -> None:
    template = own("x")
    assert template.file("logo.png")
    assert template.file(name) is None


def test_a_link_does_not_lead_out(own: Own, tmp_path: Path) -> None:
    template = own("x")
    assert template.folder is not None
    (template.folder / "link.png").symlink_to(tmp_path / "secret.png")
    assert template.file("link.png") is None


def test_a_huge_file_is_not_read(own: Own) -> None:
    template = own("x")
    assert template.folder is not None
    with (template.folder / "huge.png").open("wb") as stream:
        stream.truncate(5 << 20)
    assert template.file("huge.png") is None
