"""A section of the case: its trail, with a check whether it is whole."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.progress import Reporter
from karyogui.export.files import plain_name
from karyogui.library.link import LibraryLink
from karyogui.theme import GRID
from karyogui.trail.table import CELL, NUMBER, WHEN, WHO, TrailFilter, TrailTable
from karyogui.trail.words import Kind, kind_word

if TYPE_CHECKING:
    from karyogui.model.store.library import Library
    from karyogui.model.store.trail import Break, Entry

_AFTER_MS = 200
"""Without a change, until a shown trail is read anew."""


class TrailPage(QWidget):
    """Who did what when in the case that is open. Reads while it is seen."""

    exported = Signal(object)  # Path
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(self, link: LibraryLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._code = ""
        self._stale = True
        self.table = TrailTable(self)
        self.filter = TrailFilter(self.table, self)
        self.view = QTableView()
        self.cell, self.kind = QComboBox(), QComboBox()
        self.check = QPushButton(self.tr("Check"))
        self.export = QPushButton(self.tr("Export as CSV…"))
        self.verdict = QLabel(wordWrap=True)
        self._timer = QTimer(self, interval=_AFTER_MS, singleShot=True)
        self._timer.timeout.connect(self._read)
        self._build()
        self.cell.currentIndexChanged.connect(self._filter)
        self.kind.currentIndexChanged.connect(self._filter)
        self.check.clicked.connect(self.check_chain)
        self.export.clicked.connect(self.ask_export)
        link.case_opened.connect(self._on_case_opened)
        link.case_changed.connect(self._on_changed)
        link.cell_saved.connect(self._on_changed)
        self._on_case_opened(link.current_case())

    def _build(self) -> None:
        self.cell.setAccessibleName(self.tr("Cell"))
        self.kind.setAccessibleName(self.tr("Kind of act"))
        self.cell.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.kind.addItem(self.tr("All acts"), None)
        for kind in Kind:
            self.kind.addItem(kind_word(kind), kind)
        self.check.setToolTip(
            self.tr("Reckon the chain of hashes anew: it finds any line that was changed, moved, added or taken away")
        )
        self.export.setToolTip(
            self.tr("Write all lines with their hashes to a table, for other programs or the archive")
        )
        self.verdict.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.view.setModel(self.filter)
        self.view.setAccessibleName(self.tr("Trail"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.setFrameShape(QTableView.Shape.NoFrame)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(3 * GRID)
        self.view.setTabKeyNavigation(False)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in ((NUMBER, 6), (WHEN, 19), (WHO, 14), (CELL, 14)):
            header.resizeSection(column, width * GRID)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.cell)
        row.addWidget(self.kind)
        row.addStretch(1)
        row.addWidget(self.check)
        row.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(row)
        layout.addWidget(self.verdict)
        layout.addWidget(self.view, 1)

    # --- reading -----------------------------------------------------------------------------------------------------

    def _on_case_opened(self, case_id: int | None) -> None:
        self._stale = True
        self.verdict.setText("")
        self._show((), "")
        for button in (self.check, self.export):
            button.setEnabled(case_id is not None)
        self._ask()

    def _on_changed(self, _id: int) -> None:
        self._stale = True
        self._ask()

    def _ask(self) -> None:
        if self.isVisible() and self._stale:
            self._timer.start()

    def _read(self) -> None:
        case_id = self._link.current_case()
        if case_id is None:
            return
        self._stale = False

        def work(library: "Library", _reporter: Reporter) -> "tuple[tuple[Entry, ...], str]":
            return library.cases.trail(case_id), library.cases.get(case_id).code

        def read(found: "tuple[tuple[Entry, ...], str]") -> None:
            if case_id == self._link.current_case():
                self._show(*found)

        self._link.run("trail", work, on_success=read)

    def _show(self, entries: "tuple[Entry, ...]", code: str) -> None:
        self._code = code
        bar = self.view.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        self.table.show_entries(entries)
        chosen = self.cell.currentData()
        self.cell.blockSignals(True)
        self.cell.clear()
        self.cell.addItem(self.tr("All cells"), "")
        for name in self.table.cells():
            self.cell.addItem(name, name)
        self.cell.setCurrentIndex(max(0, self.cell.findData(chosen)))
        self.cell.blockSignals(False)
        self._filter()
        if at_end:
            self.view.scrollToBottom()

    def _filter(self) -> None:
        self.filter.show_only(self.cell.currentData() or "", self.kind.currentData())

    # --- the check ---------------------------------------------------------------------------------------------------

    def check_chain(self) -> None:
        """Check the chain of hashes, in the library's thread, and say how it is."""
        case_id = self._link.current_case()
        if case_id is None:
            return
        self.check.setEnabled(False)
        self.verdict.setText(self.tr("The trail is being checked."))

        def work(library: "Library", _reporter: Reporter) -> "tuple[Break | None, int]":
            return library.cases.check_trail(case_id), len(library.cases.trail(case_id))

        def checked(found: "tuple[Break | None, int]") -> None:
            self.check.setEnabled(True)
            if case_id == self._link.current_case():
                self._tell(*found)

        def failed(error: Exception) -> None:
            self.check.setEnabled(True)
            self.verdict.setText("")
            self.failed.emit(self.tr("Check the trail"), error)

        self._link.run("trail:check", work, on_success=checked, on_failure=failed)

    def _tell(self, broken: "Break | None", lines: int) -> None:
        if broken is None:
            self.verdict.setText(self.tr("The trail is whole: none of its %d lines was changed or taken away.") % lines)
            return
        self.verdict.setText(
            self.tr("The trail is not what was written: %s. Restore a backup, and ask who can write to the library.")
            % broken.reason
        )
        self.cell.setCurrentIndex(0)
        self.kind.setCurrentIndex(0)
        for row, entry in enumerate(self.table.entries()):
            if entry.number == broken.number:
                self.view.selectRow(row)

    # --- as a file ---------------------------------------------------------------------------------------------------

    def ask_export(self) -> None:
        """Ask where to write the trail."""
        dialog = QFileDialog(self, self.tr("Export the trail"), "", self.tr("CSV table (*.csv)"))
        dialog.setObjectName("trail_file_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{plain_name(self._code + ' trail')}.csv")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the trail as it is now, and a line about that into it."""
        case_id, user = self._link.current_case(), self._link.user
        if case_id is None:
            return

        def work(library: "Library", _reporter: Reporter) -> None:
            from karyogui.model.store.trail import write_csv  # here: it brings the database along

            write_csv(path, library.cases.trail(case_id))

        def written(_nothing: object) -> None:
            self._link.change(
                self.tr("Note the export in the trail"),
                lambda library: library.cases.note_export(case_id, user, kind="trail", file=path.name),
                case_id=case_id,
            )
            self.exported.emit(path)

        failed = partial(self.failed.emit, self.tr("Export the trail"))
        self._link.run("trail:export", work, on_success=written, on_failure=failed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()
