"""What a report needs of the library, read in the library's thread; and the report made of it, in another one."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QImage

from engine.progress import Reporter
from engine.types import BundleRef
from karyogui.export.content import ExportContent
from karyogui.export.files import write_file
from karyogui.model.report.facts import COMMENT, METHOD, report_facts
from karyogui.model.report.lock import Reason, reasons
from karyogui.model.store.values import Case, CellRecord, StoredCell
from karyogui.report.page import Page, PaperName
from karyogui.report.templates import ReportTemplate

if TYPE_CHECKING:
    from karyogui.model.store.library import Library
    from karyogui.report.pictures import Pictures

ReportFormat = Literal["pdf", "html"]


@dataclass(frozen=True, slots=True)
class CaseData:
    """A case as it is now; no pixels."""

    case: Case
    records: tuple[CellRecord, ...]
    unreviewed: Mapping[int, Sequence[int]]
    bundles: tuple[BundleRef, ...]

    def reasons(self, *, approved_only: bool) -> tuple[Reason, ...]:
        """Say what keeps the report locked."""
        return reasons(self.case, self.records, self.unreviewed, approved_only=approved_only)


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What is chosen for one report."""

    template: ReportTemplate
    cells: tuple[int, ...]  # whose karyograms are shown
    format: ReportFormat = "pdf"
    paper: PaperName = "A4"
    laboratory: str = ""
    method: str = ""
    comment: str = ""
    approved_only: bool = False


def read_case(library: "Library", case_id: int) -> CaseData:
    """Read what the report and its lock hang on. Runs in the library's thread."""
    case = library.cases.get(case_id)
    records = library.cells.records(case_id)
    return CaseData(case, records, library.reviews.unreviewed(case_id), library.reviews.bundles(case_id))


def read_cells(library: "Library", cells: Collection[int], reporter: Reporter) -> dict[int, StoredCell]:
    """Read the cells whose karyograms are shown, pixels and all. Runs in the library's thread."""
    found = {}
    for number, cell_id in enumerate(cells):
        reporter.check_cancelled()
        reporter.report(number, len(cells))
        found[cell_id] = library.cells.load(cell_id)
    return found


def with_texts(case: Case, options: ReportOptions) -> Case:
    """Return the case with the method and the comment that were written for its report."""
    specimen = {name: text for name, text in case.specimen.items() if name not in (METHOD, COMMENT)}
    written = {METHOD: options.method.strip(), COMMENT: options.comment.strip()}
    return replace(case, specimen={**specimen, **{name: text for name, text in written.items() if text}})


class ReportMaker:
    """Everything one report is made of. Values only: may be handed to another thread."""

    def __init__(self, data: CaseData, shown: Mapping[int, StoredCell], options: ReportOptions, day: date) -> None:
        self.draft = bool(data.reasons(approved_only=options.approved_only))
        self._options, self._day = options, day
        self._case = with_texts(data.case, options)
        self._data = data
        self._shown = {cell_id: shown[cell_id] for cell_id in options.cells if cell_id in shown}

    def write(self, path: Path, reporter: Reporter) -> str:
        """Write the report, and return the SHA-256 of the file.

        Raises
        ------
        EngineError
            The template has a mistake, or the file cannot be written; the old file stays.
        """
        from karyogui.report.html import html_bytes
        from karyogui.report.typeset import pdf_bytes

        html, pictures, page = self._html(reporter), self._pictures(), self._page()
        if self._options.format == "html":
            data = html_bytes(html, pictures, page, reporter)
        else:
            data = pdf_bytes(html, pictures, page, f"Report {self._case.code}", program(), reporter)
        reporter.check_cancelled()
        write_file(path, data)
        return hashlib.sha256(data).hexdigest()

    def pages(self, ratio: float, reporter: Reporter) -> list[QImage]:
        """Return the pages as images, `ratio` pixels to 1/96 inch."""
        from karyogui.report.typeset import page_images

        return page_images(self._html(reporter), self._pictures(), self._page(), ratio, reporter)

    def _html(self, reporter: Reporter) -> str:
        from karyogui.report.template import fill_template  # here: Jinja is not needed before somebody asks

        facts = report_facts(
            self._case,
            self._data.records,
            self._shown,
            bundles=self._data.bundles,
            laboratory=self._options.laboratory,
            program=program(),
            day=self._day,
            draft=self.draft,
        )
        return fill_template(self._options.template, facts, reporter)

    def _pictures(self) -> "Pictures":
        from karyogui.report.pictures import Pictures

        karyotypes = {record.id: record.karyotype for record in self._data.records}
        karyograms = {
            cell_id: ExportContent(
                cell=stored.cell,
                placements=stored.placements,
                karyotype=karyotypes.get(cell_id, ""),
                bundle=stored.bundle,
                to_review=0,
                day=self._day,
                annotations=stored.annotations,
            )
            for cell_id, stored in self._shown.items()
        }
        return Pictures(karyograms, self._options.template.file)

    def _page(self) -> Page:
        foot = "  ·  ".join((self._case.code, program(), *(f"{b.name} {b.version}" for b in self._data.bundles)))
        return Page(self._options.paper, foot, self.draft)


def program() -> str:
    """Return name and version of the program."""
    return f"karyogui {version('karyogui')}"
