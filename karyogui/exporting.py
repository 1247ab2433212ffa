"""From the wish to export to the file: dialog, job, and what the user hears of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from engine.progress import Reporter
from karyogui.dialogs.export_dialog import ExportDialog
from karyogui.export.content import content_of
from karyogui.export.files import ExportError
from karyogui.export.options import DPI_RANGE, ExportFormat, ExportOptions, PageName
from karyogui.export.pdf import page_orientation, paint_on_printer
from karyogui.export.picture import render_image
from karyogui.export.save import export_file
from karyogui.jobs.desk import JobDesk
from karyogui.model.enlarged import Enlargements
from karyogui.model.straight import Straights
from karyogui.model.view_settings import ViewSettings
from karyogui.session import OpenCell, Session
from karyogui.settings import PreferenceStore
from karyogui.theme import GRID

_CLIPBOARD_DPI = 200.0
"""About 1,600 pixels across: sharp in a report, small enough for every mail."""

Looks = Callable[[], tuple[ViewSettings, Straights, Enlargements]]
"""How the shown karyogram is looked at, its straightened chromosomes, and those that are shown super-resolved."""


def _as_scanned() -> tuple[ViewSettings, Straights, Enlargements]:
    return ViewSettings(), {}, {}


class Exporting(QObject):
    """Writes the shown cell to a file. Its changes then count as kept, if the file is a whole karyogram."""

    exported = Signal(object)  # Path
    cell_exported = Signal(int, object)  # cell id; Path
    copied = Signal(str)  # the name of the cell
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(
        self, session: Session, desk: JobDesk, store: PreferenceStore, window: QWidget, looks: Looks = _as_scanned
    ) -> None:
        """`looks` says how the shown karyogram is looked at; exports show the same."""
        super().__init__(window)
        self._looks = looks
        self._stated: dict[int, ExportOptions] = {}  # by cell: case and band level as last stated; kept nowhere else
        self._printer: QPrinter | None = None  # the preview does not own it
        self._session, self._desk, self._store, self._window = session, desk, store, window

    def ask(self, file_format: ExportFormat | None = None) -> None:
        """Ask how and where to export the shown cell; without a format, the last one is proposed."""
        entry = self._session.current()
        if entry is None or not entry.is_ready():
            return
        options = self._options_of(entry)
        if file_format is not None:
            options = replace(options, format=file_format)
        content = content_of(entry.document, *self._looks())
        dialog = ExportDialog(options, self._folder(), entry.name, self._window, content=content)
        dialog.setObjectName("export_dialog")
        dialog.accepted.connect(lambda: self.export(entry, dialog.path(), dialog.options()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, entry: OpenCell, path: Path, options: ExportOptions) -> None:
        """Write the cell as it is now, in the background."""
        content = content_of(entry.document, *self._looks())
        self._stated[entry.id] = options
        state = entry.undo_stack.index()
        self._remember(path, options)

        def work(reporter: Reporter) -> None:
            export_file(path, content, options)

        def done(_result: object) -> None:
            still_open = entry in self._session.cells()
            if still_open and entry.undo_stack.index() == state and options.format not in ("csv", "json"):
                self._session.mark_exported(entry.id)
            self.cell_exported.emit(entry.id, path)
            self.exported.emit(path)

        failed = partial(self.failed.emit, self.tr("Export %s") % entry.name)
        self._desk.start(f"export:{entry.id}", work, lane="files", on_success=done, on_failure=failed)

    def copy(self) -> None:
        """Put the shown karyogram on the clipboard, as a picture."""
        entry = self._session.current()
        if entry is None or not entry.is_ready():
            return
        content = content_of(entry.document, *self._looks())
        try:
            image = render_image(content, replace(self._options_of(entry), depth=8), dpi=_CLIPBOARD_DPI)
        except ExportError as error:
            self.failed.emit(self.tr("Copy %s") % entry.name, error)
            return
        QGuiApplication.clipboard().setImage(image)
        self.copied.emit(entry.name)

    def print_preview(self) -> QPrintPreviewDialog | None:
        """Show what would be printed, and print from there; return the dialog. Nothing printed counts as kept."""
        entry = self._session.current()
        if entry is None or not entry.is_ready():
            return None
        content, options = content_of(entry.document, *self._looks()), self._options_of(entry)
        printer = self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(entry.name)
        printer.setPageOrientation(page_orientation(content, options))
        dialog = QPrintPreviewDialog(printer, self._window)
        dialog.setObjectName("print_dialog")
        dialog.setWindowTitle(self.tr("Print %s") % entry.name)
        dialog.resize(110 * GRID, 100 * GRID)

        def paint(device: QPrinter) -> None:
            try:
                paint_on_printer(device, content, options)
            except ExportError as error:
                self.failed.emit(self.tr("Print %s") % entry.name, error)

        dialog.paintRequested.connect(paint)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _options_of(self, entry: OpenCell) -> ExportOptions:
        """The options last used, with what was last stated of this cell."""
        stated = self._stated.get(entry.id, ExportOptions())
        return replace(self._options(), depth=stated.depth, case=stated.case, band_level=stated.band_level)

    def _options(self) -> ExportOptions:
        now = self._store.now
        page: PageName = "Letter" if now.export_page == "Letter" else "A4"
        dpi = min(max(now.export_dpi, DPI_RANGE[0]), DPI_RANGE[1])
        names: dict[str, ExportFormat] = {"tiff": "tiff", "pdf": "pdf", "svg": "svg", "csv": "csv", "json": "json"}
        return ExportOptions(format=names.get(now.export_format, "png"), dpi=dpi, page=page, header=now.export_header)

    def _folder(self) -> Path:
        folder = Path(self._store.now.export_folder)
        if self._store.now.export_folder and folder.is_dir():
            return folder
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())

    def _remember(self, path: Path, options: ExportOptions) -> None:
        self._store.change(
            replace(
                self._store.now,
                export_folder=str(path.parent),
                export_format=options.format,
                export_dpi=options.dpi,
                export_page=options.page,
                export_header=options.header,
            )
        )


def show_folder(path: Path) -> None:
    """Show a file's folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
