"""Asks how and where a karyogram is exported."""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from karyogui.export.options import DPI_RANGE, PAGES, ExportFormat, ExportOptions
from karyogui.theme import GRID

_PICTURES = ("png", "tiff")
_DRAWN = ("png", "tiff", "pdf", "svg")


class ExportDialog(QDialog):
    """Format, its options, and the file. Starts nothing."""

    def __init__(self, options: ExportOptions, folder: Path, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export karyogram"))
        self._formats: dict[ExportFormat, str] = {
            "png": self.tr("PNG picture"),
            "tiff": self.tr("TIFF picture"),
            "pdf": self.tr("PDF page"),
            "svg": self.tr("SVG drawing"),
            "csv": self.tr("CSV table of chromosomes"),
            "json": self.tr("JSON table of chromosomes"),
        }
        self.format = QComboBox(self)
        for file_format, text in self._formats.items():
            self.format.addItem(text, file_format)
        self.format.setCurrentIndex(list(self._formats).index(options.format))
        self.dpi = QSpinBox(self, minimum=DPI_RANGE[0], maximum=DPI_RANGE[1], singleStep=50, value=options.dpi)
        self.dpi.setSuffix(self.tr(" dpi"))
        self.page = QComboBox(self)
        self.page.addItems(list(PAGES))
        self.page.setCurrentText(options.page)
        self.header = QCheckBox(self.tr("With cell, karyotype and date, program and bundle"), self)
        self.header.setChecked(options.header)
        self.inverted = QCheckBox(self.tr("Bright on black"), self)
        self.inverted.setChecked(options.inverted)
        self.file = QLineEdit(str(folder / f"{_plain(name)}{self._suffix()}"), self)
        self.file.setMinimumWidth(52 * GRID)
        choose = QPushButton(self.tr("Choose…"), self)
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.file, 1)
        row.addWidget(choose)
        self.overwrites = QLabel("", self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.export_button = buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.export_button.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)

        self._form = QFormLayout(self)
        self._form.setVerticalSpacing(GRID)
        self._form.addRow(self.tr("Format"), self.format)
        self._form.addRow(self.tr("Resolution"), self.dpi)
        self._form.addRow(self.tr("Page"), self.page)
        self._form.addRow(self.tr("Heading"), self.header)
        self._form.addRow(self.tr("Colours"), self.inverted)
        self._form.addRow(self.tr("File"), row)
        self._form.addRow("", self.overwrites)
        self._form.addRow(buttons)
        self.format.currentIndexChanged.connect(self._on_format_changed)
        self.file.textChanged.connect(self._on_file_changed)
        self._on_format_changed()

    def options(self) -> ExportOptions:
        """Return what was chosen."""
        return ExportOptions(
            format=self.format.currentData(),
            dpi=self.dpi.value(),
            page="Letter" if self.page.currentText() == "Letter" else "A4",
            header=self.header.isChecked(),
            inverted=self.inverted.isChecked(),
        )

    def path(self) -> Path:
        """Return the file, with the suffix of its format where the user left it out."""
        path = Path(self.file.text().strip()).expanduser()
        return path if path.suffix else path.with_suffix(self._suffix())

    def _suffix(self) -> str:
        return f".{self.format.currentData()}"

    def _on_format_changed(self) -> None:
        chosen = self.format.currentData()
        self._form.setRowVisible(self.dpi, chosen in _PICTURES)
        self._form.setRowVisible(self.page, chosen == "pdf")
        self._form.setRowVisible(self.header, chosen in _DRAWN)
        self._form.setRowVisible(self.inverted, chosen in _DRAWN)
        path = Path(self.file.text().strip())
        if path.suffix.lower().removeprefix(".") in (*self._formats, "tif"):
            self.file.setText(str(path.with_suffix(self._suffix())))
        self._on_file_changed()

    def _on_file_changed(self) -> None:
        there = bool(self.file.text().strip())
        self.export_button.setEnabled(there)
        replaces = there and self.path().is_file()
        self.overwrites.setText(self.tr("This file is there already and will be replaced.") if replaces else "")
        self.export_button.setText(self.tr("Replace") if replaces else self.tr("Export"))

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.windowTitle(),
            self.file.text(),
            f"{self._formats[self.format.currentData()]} (*{self._suffix()})",
            options=QFileDialog.Option.DontConfirmOverwrite,  # the dialog says so itself
        )
        if chosen:
            self.file.setText(chosen)


def _plain(name: str) -> str:
    """Return a cell's name as a file name: names of cells in nested folders hold slashes."""
    kept = "".join(c if c.isalnum() or c in " .,+-_()" else "_" for c in name).strip(" .")
    return kept or "karyogram"
