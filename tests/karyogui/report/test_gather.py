"""From the library to the report."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import Cancelled
from engine.progress import SilentReporter
from karyogui.export.files import ExportError
from karyogui.model.report.lock import Obstacle
from karyogui.model.store.library import Library
from karyogui.report.gather import CaseData, ReportMaker, ReportOptions, read_case, read_cells, with_texts
from karyogui.report.template import ReportTemplateError
from karyogui.report.templates import SHIPPED, ReportTemplate

QUIET = SilentReporter()
pytestmark = pytest.mark.usefixtures("qapp")


def test_a_reviewed_case_is_no_draft(make: Callable[..., ReportMaker], data: CaseData) -> None:
    assert data.reasons(approved_only=False) == ()
    assert not make().draft
    assert make(approved_only=True).draft


def test_a_locked_case_is_a_draft(make: Callable[..., ReportMaker], in_review: Library) -> None:
    locked = read_case(in_review, in_review.cases.find()[0].case.id)
    assert [(each.obstacle, each.cell) for each in locked.reasons(approved_only=False)] == [
        (Obstacle.NOT_REVIEWED, "cell 6")
    ]
    assert make(locked).draft


def test_cells_are_read_with_their_pixels_and_cancelled_between(library: Library, data: CaseData) -> None:
    ids = [record.id for record in data.records[:2]]
    found = read_cells(library, ids, QUIET)
    assert [len(cell.cell.chromosomes) for cell in found.values()] == [47, 47]

    class Stopped(SilentReporter):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_cells(library, ids, Stopped())


def test_texts_of_the_report_are_kept_with_the_specimen(data: CaseData) -> None:
    options = ReportOptions(ReportTemplate(SHIPPED), (), method=" GTG ", comment="")
    assert dict(with_texts(data.case, options).specimen) == {"Tissue": "bone marrow <&>", "Method": "GTG"}


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_mistake_in_the_template_leaves_the_old_file(
    make: Callable[..., ReportMaker], own: Callable[..., ReportTemplate], tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    with pytest.raises(ReportTemplateError, match="line 1"):
        make(template=own("{{ nope }}"), format=kind).write(path, QUIET)
    assert path.read_text() == "old"
    make(format=kind).write(path, QUIET)  # the shipped one is there as ever
    assert path.stat().st_size > 10_000


def test_a_folder_that_is_gone(make: Callable[..., ReportMaker], tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        make().write(tmp_path / "gone" / "report.pdf", QUIET)
