"""From the wish for a report to the file: window, preview, lock, and the line in the trail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from engine.errors import EngineError
from karyogui.jobs.desk import JobDesk
from karyogui.library.link import LibraryLink
from karyogui.model.report.lock import Reason
from karyogui.model.store.values import StoredCell
from karyogui.report.gather import CaseData, ReportMaker, ReportOptions, read_case, read_cells, with_texts
from karyogui.report.page import PaperName
from karyogui.report.preview import PAGE_WIDTH
from karyogui.report.templates import SHIPPED, ReportTemplate, copy_shipped, templates_in
from karyogui.report.window import ReportWindow
from karyogui.settings import PreferenceStore

PREVIEW_AFTER_MS = 250
"""Without a change, until the preview is made anew."""

_WRITE = "report:write"
_PREVIEW = "quiet:report:preview"
_PX_OF_PAGE = 794.0  # width of A4; a letter is hardly wider


class Reporting(QObject):
    """Reports of the case that is open in the library."""

    exported = Signal(object)  # Path
    failed = Signal(str, object)  # what was tried; the Exception
    place_requested = Signal(object)  # Reason: where something is left to do

    def __init__(self, link: LibraryLink, desk: JobDesk, store: PreferenceStore, folder: Path, window: QWidget) -> None:
        """`folder` holds the laboratory's own templates."""
        super().__init__(window)
        self._link, self._desk, self._store, self._folder, self._parent = link, desk, store, folder, window
        self._case_id: int | None = None
        self._data: CaseData | None = None
        self._cells: dict[int, StoredCell] = {}  # shown before, as they still are
        self._asked: object | None = None  # the report that is being written
        self.window: ReportWindow | None = None
        self._timer = QTimer(self, interval=PREVIEW_AFTER_MS, singleShot=True)
        self._timer.timeout.connect(self._fetch_cells)
        link.case_changed.connect(self._on_case_changed)
        link.cell_saved.connect(self._on_cell_saved)
        link.opened.connect(self.close)
        desk.progressed.connect(self._on_progressed)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do."""
        return {"report": self.show, "edit_template": self.edit_template}

    def show(self) -> None:
        """Open the report of the case that is open, or bring its window to the front."""
        case_id = self._link.current_case()
        if case_id is None:
            return
        if self.window is not None and case_id != self._case_id:
            self.close()
        if self.window is None:
            self.window = self._opened(case_id)
        if self.window.isVisible():
            self.window.raise_()
        self.window.show()
        self.window.activateWindow()
        self._fetch_case()

    def edit_template(self) -> None:
        """Put a copy of the shipped template where the laboratory can change it, and show the folder."""
        try:
            path = copy_shipped(self._folder)
        except EngineError as error:
            self.failed.emit(self.tr("Edit the template"), error)
            return
        if self.window is not None:
            self.window.show_templates(templates_in(self._folder), path.name)
            self._ask_preview()
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    # --- the window --------------------------------------------------------------------------------------------------

    def _opened(self, case_id: int) -> ReportWindow:
        self._case_id, self._data, self._cells = case_id, None, {}
        now = self._store.now
        paper: PaperName = "Letter" if now.report_paper == "Letter" else "A4"
        options = ReportOptions(
            ReportTemplate(SHIPPED),
            (),
            format="html" if now.report_format == "html" else "pdf",
            paper=paper,
            laboratory=now.report_laboratory,
            approved_only=now.report_approved_only,
        )
        window = ReportWindow(options, self._export_folder(), self._parent)
        window.show_templates(templates_in(self._folder), now.report_template)
        window.options_changed.connect(self._ask_preview)
        window.texts_finished.connect(self._keep_texts)
        window.write_requested.connect(self.write)
        window.cancel_requested.connect(self.cancel)
        window.template_requested.connect(self.edit_template)
        window.place_requested.connect(self._go)
        window.closed.connect(self._on_closed)
        window.pages.say(self.tr("The case is being read."))
        return window

    def close(self) -> None:
        """Close the window, if it is open; what was written in it is kept."""
        if self.window is not None:
            self.window.close()

    def _on_closed(self) -> None:
        window, self.window = self.window, None
        self._timer.stop()
        self._desk.cancel(_PREVIEW)
        if window is not None:
            self._remember(window.options())
            window.deleteLater()
        self._cells = {}

    def _go(self, reason: Reason) -> None:
        self._parent.activateWindow()
        self.place_requested.emit(reason)

    # --- the case ----------------------------------------------------------------------------------------------------

    def _on_case_changed(self, case_id: int) -> None:
        if self.window is not None and case_id == self._case_id:
            self._cells = {}  # which of them changed is not said
            self._fetch_case()

    def _on_cell_saved(self, cell_id: int) -> None:
        known = self._data.records if self.window is not None and self._data is not None else ()
        if any(record.id == cell_id for record in known):
            self._cells.pop(cell_id, None)
            self._fetch_case()

    def _fetch_case(self) -> None:
        case_id = self._case_id
        if case_id is None:
            return

        def fetched(data: CaseData) -> None:
            if self.window is not None and data.case.id == self._case_id:
                self._data = data
                self.window.show_case(data)
                self._ask_preview()

        self._link.run("report:case", lambda library, _reporter: read_case(library, case_id), on_success=fetched)

    def _keep_texts(self) -> None:
        """Store method and comment, if they are others than those of the case."""
        if self.window is None or self._data is None:
            return
        case_id, options, case = self._data.case.id, self.window.options(), self._data.case
        if with_texts(case, options).specimen == case.specimen:
            return
        user = self._link.user
        self._data = replace(self._data, case=with_texts(case, options))  # asked for once
        self._link.change(
            self.tr("Save the texts of the report"),
            lambda library: library.cases.save(with_texts(library.cases.get(case_id), options), user),
            case_id=case_id,
        )

    # --- the preview -------------------------------------------------------------------------------------------------

    def _ask_preview(self) -> None:
        self._timer.start()

    def _fetch_cells(self) -> None:
        """Read the cells that are to be shown and were not read yet."""
        if self.window is None or self._data is None:
            return
        missing = tuple(i for i in self.window.options().cells if i not in self._cells)

        def fetched(cells: dict[int, StoredCell]) -> None:
            self._cells.update(cells)
            self._preview()

        if missing:
            self._link.run(
                "report:cells",
                lambda library, reporter: read_cells(library, missing, reporter),
                on_success=fetched,
                on_failure=self._say,
            )
        else:
            self._preview()

    def _preview(self) -> None:
        window, data = self.window, self._data
        if window is None or data is None:
            return
        maker = ReportMaker(data, self._cells, window.options(), _today())
        ratio = PAGE_WIDTH * window.devicePixelRatioF() / _PX_OF_PAGE
        self._desk.start(
            _PREVIEW,
            partial(maker.pages, ratio),
            lane="files",
            on_success=window.pages.show_pages,
            on_failure=self._say,
        )

    def _say(self, error: Exception) -> None:
        if not isinstance(error, EngineError):
            self.failed.emit(self.tr("Show the report"), error)
        elif self.window is not None:
            self.window.pages.say(str(error))

    # --- writing -----------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Write the report of the case as it is stored now, if nothing keeps it locked."""
        window, case_id = self.window, self._case_id
        if window is None or case_id is None or not window.write.isEnabled():
            return
        self._keep_texts()
        options, path = window.options(), window.path()
        self._remember(options, path)
        self._asked = asked = object()
        window.show_progress((0, 0))

        def read(data: CaseData) -> None:
            if self._asked is not asked:
                return
            if data.reasons(approved_only=options.approved_only):  # something changed since the window last looked
                self._stop_progress()
                self._fetch_case()
                return
            self._link.run(
                _WRITE,
                lambda library, reporter: read_cells(library, options.cells, reporter),
                on_success=partial(self._make, data, options, path),
                on_failure=self._write_failed,
                on_cancel=self._stop_progress,
                quiet=False,
            )

        # As a change: it comes after all that was changed before, however long that takes.
        self._link.change(
            self.tr("Write the report"),
            lambda library: read_case(library, case_id),
            on_success=read,
            on_failure=self._write_failed,
        )

    def cancel(self) -> None:
        """Stop writing; the file stays as it was."""
        self._asked = None
        self._desk.cancel(f"library:{_WRITE}")
        self._desk.cancel(_WRITE)
        self._stop_progress()

    def _make(self, data: CaseData, options: ReportOptions, path: Path, cells: dict[int, StoredCell]) -> None:
        maker = ReportMaker(data, cells, options, _today())
        self._desk.start(
            _WRITE,
            partial(maker.write, path),
            lane="files",
            on_success=partial(self._written, data, options, path),
            on_failure=self._write_failed,
            on_cancel=self._stop_progress,
        )

    def _written(self, data: CaseData, options: ReportOptions, path: Path, digest: str) -> None:
        self._stop_progress()
        names = [record.name for record in data.records if record.id in options.cells]
        details = {
            "kind": "report",
            "file": path.name,
            "sha256": digest,
            "karyograms": names,
            "template": "shipped" if options.template.shipped else options.template.name,
        }
        case_id, user = data.case.id, self._link.user
        self._link.change(
            self.tr("Note the report in the trail"),
            lambda library: library.cases.note_export(case_id, user, **details),
            case_id=case_id,
        )
        self.exported.emit(path)

    def _write_failed(self, error: Exception) -> None:
        self._stop_progress()
        self.failed.emit(self.tr("Write the report"), error)

    def _stop_progress(self) -> None:
        if self.window is not None:
            self.window.show_progress(None)

    def _on_progressed(self, kind: str, done: int, total: int, _message: str) -> None:
        if self.window is not None and kind in (_WRITE, f"library:{_WRITE}"):
            self.window.show_progress((done, total))

    # --- what is remembered ------------------------------------------------------------------------------------------

    def _remember(self, options: ReportOptions, path: Path | None = None) -> None:
        now = replace(
            self._store.now,
            report_laboratory=options.laboratory,
            report_template="" if options.template.shipped else options.template.name,
            report_format=options.format,
            report_paper=options.paper,
            report_approved_only=options.approved_only,
        )
        self._store.change(replace(now, export_folder=str(path.parent)) if path else now)

    def _export_folder(self) -> Path:
        folder = Path(self._store.now.export_folder)
        if self._store.now.export_folder and folder.is_dir():
            return folder
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day on the wall of the laboratory
