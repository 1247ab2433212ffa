"""Where a case file goes, and whether it may tell whose case it is."""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from karyogui.theme import GRID


class ExportCaseDialog(QDialog):
    """Asks and answers; writes nothing."""

    def __init__(self, code: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export case %s") % code)
        self._code, self._folder = code, folder
        self.file = QLineEdit(str(folder / f"{_file_name(code)}.karyo"))
        self.file.setMinimumWidth(50 * GRID)
        self.file.setAccessibleName(self.tr("File"))
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(browse)
        self.anonymous_box = QCheckBox(self.tr("&Anonymous"))
        self.anonymous_box.toggled.connect(self._on_anonymous)
        hint = QLabel(
            self.tr(
                "A new code; no names of people, cells, files or folders, no dates, no notes, no free text, no trail."
            )
        )
        hint.setWordWrap(True)
        hint.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        form = QFormLayout()
        label = QLabel(self.tr("&File"))
        label.setBuddy(self.file)  # the row is a layout, which is nobody's buddy
        form.addRow(label, row)
        form.addRow("", self.anonymous_box)
        form.addRow("", hint)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(buttons)

    def path(self) -> Path:
        """Return the file, with the ending of case files."""
        path = Path(self.file.text()).expanduser()
        return path if path.suffix == ".karyo" else path.with_name(f"{path.name}.karyo")

    def anonymous(self) -> bool:
        """Whether it must not tell whose case it is."""
        return self.anonymous_box.isChecked()

    def _on_anonymous(self, anonymous: bool) -> None:
        """A proposed name that tells the code is exchanged; one she chose stays."""
        proposals = [str(self._folder / f"{name}.karyo") for name in (_file_name(self._code), "case")]
        if self.file.text() in proposals:
            self.file.setText(proposals[anonymous])

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Export case"), self.file.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("karyo")
        dialog.setNameFilter(self.tr("Case files (*.karyo)"))
        dialog.fileSelected.connect(self.file.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _file_name(code: str) -> str:
    return "".join(c if c.isalnum() or c in "-_ .," else "_" for c in code).strip(" .") or "case"
