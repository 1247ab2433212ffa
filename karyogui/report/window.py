"""The window in which a report is put together: what is left to do, what it shows, the pages as they will be.

Not modal: a click on what is left to do goes there, and the report follows as the case changes.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from karyogui.export.files import plain_name
from karyogui.model.count_sheet import count_sheet
from karyogui.model.report.choice import proposed_cells
from karyogui.model.report.facts import COMMENT, METHOD
from karyogui.model.report.lock import Reason
from karyogui.progress_bar import ProgressBar
from karyogui.report.gather import CaseData, ReportFormat, ReportOptions
from karyogui.report.page import PAPER_SIZES, PaperName
from karyogui.report.parts import CloneTree, LockList
from karyogui.report.preview import PagesView
from karyogui.report.templates import ReportTemplate
from karyogui.theme import GRID

_LEFT = 48 * GRID


class ReportWindow(QDialog):
    """Asks, shows and answers; reads and writes nothing itself."""

    options_changed = Signal()  # the preview is to be made anew
    texts_finished = Signal()  # method or comment were written: to be kept
    write_requested = Signal()
    cancel_requested = Signal()
    template_requested = Signal()  # she wants to edit it
    place_requested = Signal(object)  # Reason: go there
    closed = Signal()

    def __init__(self, options: ReportOptions, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("report_window")
        self.setWindowTitle(self.tr("Report"))
        self._data: CaseData | None = None
        self._reasons: tuple[Reason, ...] = ()  # that keep it locked
        self._folder, self._stem = folder, ""
        self.lock = LockList(self)
        self.lock.chosen.connect(self.place_requested)
        self.clones = CloneTree(self)
        self.method, self.comment = _Text(self.tr("Method"), 3), _Text(self.tr("Comment"), 4)
        self.laboratory = _Text(self.tr("Laboratory"), 3)
        self.laboratory.setPlainText(options.laboratory)
        self.template = QComboBox()
        self.edit_template = QPushButton(self.tr("Edit template"))
        self.edit_template.setToolTip(self.tr("Copy the template to a folder of your own, and show it there"))
        self.paper, self.format = QComboBox(), QComboBox()
        for paper in PAPER_SIZES:
            self.paper.addItem(paper, paper)
        self.paper.setCurrentIndex(self.paper.findData(options.paper))
        self.format.addItem(self.tr("PDF"), "pdf")
        self.format.addItem(self.tr("HTML, one file"), "html")
        self.format.setCurrentIndex(self.format.findData(options.format))
        self.approved_only = QCheckBox(self.tr("Only when every cell is approved"))
        self.approved_only.setChecked(options.approved_only)
        self.file = QLineEdit()
        self.choose_file = QPushButton(self.tr("Choose…"))
        self.note = QLabel(wordWrap=True)
        self.pages = PagesView(self)
        self.progress = ProgressBar()
        self.cancel = QPushButton(self.tr("Cancel"))
        self.write = QPushButton(self.tr("Write report"))
        self.write.setDefault(True)
        self._build()
        self._connect()
        self.show_progress(None)
        self._refresh()

    # --- what is shown -----------------------------------------------------------------------------------------------

    def show_templates(self, templates: tuple[ReportTemplate, ...], chosen: str) -> None:
        """List the templates; `chosen` is the name of her own, empty for the shipped one."""
        self.template.blockSignals(True)
        self.template.clear()
        for each in templates:
            self.template.addItem(self.tr("Shipped with the program") if each.shipped else each.name, each)
        names = ["" if each.shipped else each.name for each in templates]
        self.template.setCurrentIndex(names.index(chosen) if chosen in names else 0)
        self.template.blockSignals(False)

    def show_case(self, data: CaseData) -> None:
        """Show the case as it is now. Texts she is writing and ticks she set stay."""
        first = self._data is None
        before = self._data
        self._data = data
        sheet = count_sheet(data.case, data.records)
        ticked = proposed_cells(sheet) if first else self.clones.cells()
        self.clones.show_sheet(sheet, ticked or proposed_cells(sheet))
        for field, edit in ((METHOD, self.method), (COMMENT, self.comment)):
            stored = data.case.specimen.get(field, "")
            if before is None or edit.toPlainText() == before.case.specimen.get(field, ""):
                edit.setPlainText(stored)
        self.setWindowTitle(self.tr("Report of %s") % data.case.code)
        stem = plain_name(f"{data.case.code} report")
        if stem != self._stem:
            self._stem = stem
            self.file.setText(str(self._folder / f"{stem}.{self.format.currentData()}"))
        self._find_reasons()

    def show_progress(self, progress: tuple[int, int] | None) -> None:
        """Show how far the writing is; None: nothing is being written."""
        busy = progress is not None
        self.progress.setVisible(busy)
        self.cancel.setVisible(busy)
        if progress is not None:
            self.progress.show_progress(*progress)
        self._busy = busy
        self._refresh()

    # --- what is chosen ----------------------------------------------------------------------------------------------

    def options(self) -> ReportOptions:
        """Return what is chosen."""
        paper: PaperName = "Letter" if self.paper.currentData() == "Letter" else "A4"
        kind: ReportFormat = "html" if self.format.currentData() == "html" else "pdf"
        return ReportOptions(
            template=self.template.currentData(),
            cells=self.clones.cells(),
            format=kind,
            paper=paper,
            laboratory=self.laboratory.toPlainText(),
            method=self.method.toPlainText(),
            comment=self.comment.toPlainText(),
            approved_only=self.approved_only.isChecked(),
        )

    def path(self) -> Path:
        """Return the file, with the suffix of its format where she left it out."""
        path = Path(self.file.text().strip()).expanduser()
        return path if path.suffix or not path.name else path.with_suffix(f".{self.format.currentData()}")

    # --- building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(GRID // 2)
        form.addRow(self.tr("Karyograms"), self.clones)
        form.addRow(self.tr("Method"), self.method)
        form.addRow(self.tr("Comment"), self.comment)
        form.addRow(self.tr("Laboratory"), self.laboratory)
        form.addRow(self.tr("Template"), _row(self.template, self.edit_template))
        form.addRow(self.tr("Paper and format"), _row(self.paper, self.format))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self.lock)
        column.addWidget(self.approved_only)
        column.addLayout(form)
        column.addStretch(1)
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(inner)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(scrolled, 1)
        left.addWidget(QLabel(self.tr("File")))
        left.addLayout(_row(self.file, self.choose_file))
        left.addWidget(self.note)
        left.addLayout(_row(self.progress, self.cancel))
        left.addWidget(self.write)
        holder = QWidget()
        holder.setFixedWidth(_LEFT)
        holder.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 0, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(holder)
        layout.addWidget(self.pages, 1)
        for widget, name in (
            (self.template, self.tr("Template")),
            (self.paper, self.tr("Paper")),
            (self.format, self.tr("Format")),
            (self.file, self.tr("File")),
        ):
            widget.setAccessibleName(name)
        self.resize(130 * GRID, 100 * GRID)

    def _connect(self) -> None:
        changed: Callable[..., None] = lambda *_: self.options_changed.emit()  # noqa: E731
        self.clones.cells_changed.connect(changed)
        for combo in (self.template, self.paper):
            combo.currentIndexChanged.connect(changed)
        self.format.currentIndexChanged.connect(self._on_format_changed)
        for edit in (self.method, self.comment, self.laboratory):
            edit.textChanged.connect(changed)
        for edit in (self.method, self.comment):
            edit.left.connect(self.texts_finished)
        self.approved_only.toggled.connect(lambda _on: self._find_reasons())
        self.approved_only.toggled.connect(changed)
        self.file.textChanged.connect(lambda _text: self._refresh())
        self.choose_file.clicked.connect(self._choose)
        self.edit_template.clicked.connect(self.template_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.write.clicked.connect(self.write_requested)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.write)

    # --- keeping it true ---------------------------------------------------------------------------------------------

    def _find_reasons(self) -> None:
        if self._data is not None:
            self._reasons = self._data.reasons(approved_only=self.approved_only.isChecked())
            self.lock.show_reasons(self._reasons)
        self._refresh()

    def _refresh(self) -> None:
        data, reasons = self._data, self._reasons
        path = self.path()
        replaces = bool(path.name) and path.is_file()
        self.note.setText(self.tr("This file is there already and will be replaced.") if replaces else "")
        self.note.setVisible(replaces)
        self.write.setEnabled(data is not None and not reasons and bool(path.name) and not self._busy)
        self.write.setToolTip(self.tr("Locked: see above what is left to do") if reasons else "")

    def _on_format_changed(self) -> None:
        path = Path(self.file.text().strip())
        if path.suffix.lower() in (".pdf", ".html"):
            self.file.setText(str(path.with_suffix(f".{self.format.currentData()}")))
        self._refresh()

    def _choose(self) -> None:
        kind = self.format.currentData()
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.windowTitle(),
            self.file.text(),
            f"{self.format.currentText()} (*.{kind})",
            options=QFileDialog.Option.DontConfirmOverwrite,  # the window says so itself
        )
        if chosen:
            self.file.setText(chosen)

    def done(self, result: int) -> None:
        """Close, and say so: Escape comes by here, too."""
        self.texts_finished.emit()
        super().done(result)
        self.closed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.done(0)
        event.accept()


class _Text(QPlainTextEdit):
    """A few lines of text."""

    left = Signal()  # the focus went elsewhere

    def __init__(self, name: str, lines: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 2 * GRID)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    for index, widget in enumerate(widgets):
        row.addWidget(widget, 0 if index else 1)
    return row
