"""The section of the count sheet: karyotype and clones above, the sums, and the table."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QStandardPaths, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.progress import Reporter
from karyogui.casework.clones_view import ClonesView
from karyogui.casework.sheet_model import SheetModel
from karyogui.casework.sheet_view import SheetView
from karyogui.casework.work import CaseWork
from karyogui.export.files import write_file
from karyogui.model.count_sheet import CountSheet
from karyogui.model.sheet_csv import sheet_csv
from karyogui.theme import GRID

if TYPE_CHECKING:
    from karyogui.model.store.library import Library


class SheetPage(QWidget):
    """What was found in each cell, and what all cells together say."""

    exported = Signal(Path)  # the file

    def __init__(self, work: CaseWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._folder = ""
        self.clones = ClonesView(work)
        self.sums = QLabel(wordWrap=True)
        self.excluded = QLabel(wordWrap=True)
        self.excluded.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.export = QPushButton(self.tr("E&xport as CSV…"))
        self.export.setToolTip(self.tr("Write the count sheet to a file for the spreadsheet"))
        self.export.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.table = SheetView(SheetModel(work))
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addWidget(self.sums)
        words.addWidget(self.excluded)
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addLayout(words, 1)
        middle.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.clones)
        column.addLayout(middle)
        column.addWidget(self.table, 1)
        self.export.clicked.connect(self._ask_where)
        work.changed.connect(self._refresh)
        self._refresh()

    def export_to(self, path: Path) -> None:
        """Write the count sheet as it is shown, in the background; the trail of the case notes it."""
        work, case = self._work, self._work.case
        if case is None or work.sheet is None:
            return
        content, link = sheet_csv(work.records, work.sheet), work.link
        user, self._folder = link.user, str(path.parent)

        def write(library: "Library", _reporter: Reporter) -> None:
            write_file(path, content)
            library.cases.note_export(case.id, user, what="count sheet", file=path.name)

        link.run(
            "sheet-csv",
            write,
            on_success=lambda _none: self.exported.emit(path),
            on_failure=partial(link.failed.emit, self.tr("Export the count sheet")),
        )

    def _ask_where(self) -> None:
        case = self._work.case
        if case is None:
            return
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = "".join(sign if sign.isalnum() or sign in " -_." else "_" for sign in case.code)
        dialog = QFileDialog(self, self.tr("Export the count sheet"), self._folder or documents)
        dialog.setObjectName("sheet_export_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("CSV (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{name} count sheet.csv")
        dialog.fileSelected.connect(lambda chosen: self.export_to(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _refresh(self) -> None:
        sheet = self._work.sheet
        self.export.setEnabled(bool(self._work.records))
        self.sums.setText(sums_text(sheet, len(self._work.records)) if sheet else "")
        excluded = excluded_text(sheet) if sheet else ""
        self.excluded.setText(excluded)
        self.excluded.setVisible(bool(excluded))


def sums_text(sheet: CountSheet, cells: int) -> str:
    """Return `20 cells · 20 counted · 5 analysed · 2 karyotyped · modal number 46 (46 × 14, 47 × 6)`."""
    parts = [
        _tr("1 cell") if cells == 1 else _tr("%d cells") % cells,
        _tr("%d counted") % sheet.counted,
        _tr("%d analysed") % sheet.analysed,
        _tr("%d karyotyped") % sheet.karyotyped,
    ]
    if sheet.modal_number is not None:
        frequent = ", ".join(f"{count}\u00a0×\u00a0{number}" for count, number in sheet.counts.items())
        parts.append(_tr("modal number %d (%s)") % (sheet.modal_number, frequent))
    return "  ·  ".join(parts)


def excluded_text(sheet: CountSheet) -> str:
    """Say which mosaicism the normal cells exclude; empty where there is an abnormal one."""
    if not sheet.excluded:
        return ""
    levels = ", ".join(
        _tr("%.1f %% at %.0f %% confidence") % (100 * share, 100 * level) for level, share in sheet.excluded.items()
    )
    if sheet.normal_cells == 1:
        return _tr("1 normal cell excludes mosaicism of %s.") % levels
    return _tr("%d normal cells exclude mosaicism of %s or more.") % (sheet.normal_cells, levels)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CountSheet", text)
