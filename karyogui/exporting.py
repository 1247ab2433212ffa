"""From the wish to export to the file: dialog, job, and what the user hears of it."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from engine.progress import Reporter
from karyogui.dialogs.export_dialog import ExportDialog
from karyogui.export.content import content_of
from karyogui.export.options import DPI_RANGE, ExportFormat, ExportOptions, PageName
from karyogui.export.save import export_file
from karyogui.jobs.desk import JobDesk
from karyogui.session import OpenCell, Session
from karyogui.settings import PreferenceStore


class Exporting(QObject):
    """Writes the shown cell to a file. Its changes then count as kept, if the file is a whole karyogram."""

    exported = Signal(object)  # Path
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(self, session: Session, desk: JobDesk, store: PreferenceStore, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._desk, self._store, self._window = session, desk, store, window

    def ask(self, file_format: ExportFormat | None = None) -> None:
        """Ask how and where to export the shown cell; without a format, the last one is proposed."""
        entry = self._session.current()
        if entry is None or not entry.is_ready():
            return
        options = self._options()
        if file_format is not None:
            options = replace(options, format=file_format)
        content = content_of(entry.document)
        dialog = ExportDialog(options, self._folder(), entry.name, self._window, content=content)
        dialog.setObjectName("export_dialog")
        dialog.accepted.connect(lambda: self.export(entry, dialog.path(), dialog.options()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, entry: OpenCell, path: Path, options: ExportOptions) -> None:
        """Write the cell as it is now, in the background."""
        content = content_of(entry.document)
        state = entry.undo_stack.index()
        self._remember(path, options)

        def work(reporter: Reporter) -> None:
            export_file(path, content, options)

        def done(_result: object) -> None:
            still_open = entry in self._session.cells()
            if still_open and entry.undo_stack.index() == state and options.format not in ("csv", "json"):
                self._session.mark_exported(entry.id)
            self.exported.emit(path)

        failed = partial(self.failed.emit, self.tr("Export %s") % entry.name)
        self._desk.start(f"export:{entry.id}", work, lane="files", on_success=done, on_failure=failed)

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
