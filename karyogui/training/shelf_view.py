"""The installed models: which is in use, going back to an earlier one, export, import and deletion."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from karyogui.model.teaching import ShelfRow
from karyogui.theme import GRID
from karyogui.training.course import Course

_FILTER = "*.kbundle"


class ShelfView(QWidget):
    """A table of models and what can be done with the chosen one."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels(
            [self.tr("Model"), self.tr("In use for"), self.tr("Since"), self.tr("Note")]
        )
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        header = self.table.horizontalHeader()
        for column in range(3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.table.setMinimumHeight(16 * GRID)
        self.table.itemSelectionChanged.connect(self._refresh_buttons)
        self.facts = QLabel(wordWrap=True)
        self.facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.use = QPushButton(self.tr("&Use this one"))
        self.export = QPushButton(self.tr("&Export…"))
        self.import_ = QPushButton(self.tr("&Import…"))
        self.delete = QPushButton(self.tr("Delete"))
        self.use.clicked.connect(self._use)
        self.export.clicked.connect(self._ask_target)
        self.import_.clicked.connect(self._ask_source)
        self.delete.clicked.connect(self._delete)
        buttons = QHBoxLayout()
        for button in (self.use, self.export, self.import_, self.delete):
            buttons.addWidget(button)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.facts)
        whole.addLayout(buttons)
        course.shelf_changed.connect(self._fill)
        self._fill()

    def chosen(self) -> ShelfRow | None:
        """Return the chosen model."""
        row = self.table.currentRow()
        return self._course.shelf[row] if 0 <= row < len(self._course.shelf) and self.table.selectedItems() else None

    def choose(self, name: str) -> None:
        """Choose a model by its name."""
        for row, model in enumerate(self._course.shelf):
            if model.name == name:
                self.table.selectRow(row)

    def _fill(self) -> None:
        kept = self.chosen()
        self.table.setRowCount(len(self._course.shelf))
        for number, row in enumerate(self._course.shelf):
            name = row.name + (self.tr("  (comes with the program)") if row.shipped else "")
            used = ", ".join(self.tr("%s bands") % stain.upper() for stain in row.used_for)
            since = row.when.replace("T", " ")[:16] if row.used_for else ""
            for column, text in enumerate((name, f"● {used}" if used else "", since, row.note)):
                self.table.setItem(number, column, QTableWidgetItem(text))
        if kept is not None:
            self.choose(kept.name)
        self._refresh_buttons()

    def _refresh_buttons(self) -> None:
        row = self.chosen()
        stain = self._course.stain
        self.use.setEnabled(row is not None and stain not in row.used_for and row.stain in ("any", stain))
        self.export.setEnabled(row is not None)
        self.delete.setEnabled(row is not None and not row.shipped and not row.used_for)
        self.facts.setText(row.facts if row else self.tr("Choose a model to see how it came to be."))

    def _use(self) -> None:
        row = self.chosen()
        if row is not None:
            self._course.roll_back(self._course.stain, row.name)

    def _delete(self) -> None:
        row = self.chosen()
        if row is not None:
            self._course.delete_model(row.name)

    def _ask_target(self) -> None:
        row = self.chosen()
        if row is None:
            return
        dialog = QFileDialog(self, self.tr("Export model"), f"{row.name}.kbundle", _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("kbundle")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._course.export_model(row.name, Path(name)))
        dialog.open()

    def _ask_source(self) -> None:
        dialog = QFileDialog(self, self.tr("Import model"), "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._course.import_model(Path(name)))
        dialog.open()
