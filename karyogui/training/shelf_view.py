"""The installed models: which is in use, going back to an earlier one, notes, export, import and deletion."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from karyogui.dialogs.question import Question, ask
from karyogui.model.teaching import ShelfRow
from karyogui.theme import GRID
from karyogui.training.course import Course

_FILTER = "*.kbundle"


class ShelfView(QWidget):
    """A table of models and what can be done with the chosen one."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course, self._models = course, course.models
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(self.tr("Models"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Model"), self.tr("In use for"), self.tr("Since"), self.tr("Note")]
        )
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(3 * GRID)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in range(3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.table.setMinimumHeight(16 * GRID)
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.facts = QLabel(wordWrap=True)
        self.facts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note = QLineEdit(placeholderText=self.tr("Note on the chosen model; Enter keeps it"))
        self.note.returnPressed.connect(self._keep_note)
        self.use = QPushButton(self.tr("&Use this one"))
        self.export = QPushButton(self.tr("&Export…"))
        self.import_ = QPushButton(self.tr("&Import…"))
        self.delete = QPushButton(self.tr("Delete…"))
        self.use.clicked.connect(self._use)
        self.export.clicked.connect(self._ask_target)
        self.import_.clicked.connect(self._ask_source)
        self.delete.clicked.connect(self._ask_delete)
        buttons = QHBoxLayout()
        for button in (self.use, self.export, self.import_, self.delete):
            buttons.addWidget(button)
        buttons.addWidget(self.note, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.table, 1)
        whole.addLayout(buttons)
        whole.addWidget(self.facts)
        self._models.changed.connect(self._fill)
        self._fill()

    def chosen(self) -> ShelfRow | None:
        """Return the chosen model."""
        row = self.table.currentRow()
        return self._models.rows[row] if 0 <= row < len(self._models.rows) and self.table.selectedItems() else None

    def choose(self, name: str) -> None:
        """Choose a model by its name."""
        for row, model in enumerate(self._models.rows):
            if model.name == name:
                self.table.selectRow(row)

    def _fill(self) -> None:
        kept = self.chosen()
        self.table.setRowCount(len(self._models.rows))
        for number, row in enumerate(self._models.rows):
            name = row.name + (self.tr("  (comes with the program)") if row.shipped else "")
            used = ", ".join(self.tr("%s bands") % stain.upper() for stain in row.used_for)
            since = row.when.replace("T", " ")[:16] if row.used_for else ""
            for column, text in enumerate((name, f"● {used}" if used else "", since, row.note)):
                self.table.setItem(number, column, QTableWidgetItem(text))
        if kept is not None:
            self.choose(kept.name)
        self._show_chosen()

    def _show_chosen(self) -> None:
        row = self.chosen()
        stain = self._course.material.stain
        self.use.setEnabled(row is not None and stain not in row.used_for and row.stain in ("any", stain))
        self.export.setEnabled(row is not None)
        self.delete.setEnabled(row is not None and not row.shipped and not row.used_for)
        self.note.setEnabled(row is not None)
        self.note.setText(row.note if row else "")
        self.facts.setText(row.facts if row else self.tr("Choose a model to see how it came to be."))

    def _use(self) -> None:
        row = self.chosen()
        if row is not None:
            self._models.roll_back(self._course.material.stain, row.name)

    def _keep_note(self) -> None:
        row = self.chosen()
        if row is not None:
            self._models.set_note(row.name, self.note.text())

    def _ask_delete(self) -> None:
        row = self.chosen()
        if row is None:
            return
        question = Question(
            "delete_model_dialog",
            self.tr("Delete model"),
            self.tr("Delete the model %s?") % row.name,
            self.tr("Delete"),
            self.tr("Keep it"),
            self.tr("It cannot be brought back. Export it first if you are not sure."),
        )
        ask(self, question, lambda: self._models.delete_model(row.name))

    def _ask_target(self) -> None:
        row = self.chosen()
        if row is None:
            return
        dialog = QFileDialog(self, self.tr("Export model"), f"{row.name}.kbundle", _FILTER)
        dialog.setObjectName("export_model_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("kbundle")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._models.export_model(row.name, Path(name)))
        dialog.open()

    def _ask_source(self) -> None:
        dialog = QFileDialog(self, self.tr("Import model"), "", _FILTER)
        dialog.setObjectName("import_model_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._models.import_model(Path(name)))
        dialog.open()
