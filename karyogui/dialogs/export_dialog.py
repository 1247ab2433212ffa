"""Asks how and where a karyogram is exported, and shows what will be written."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPalette, QPixmap
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
    QVBoxLayout,
    QWidget,
)

from karyogui.export.content import ExportContent
from karyogui.export.files import plain_name
from karyogui.export.options import DEPTHS, DPI_RANGE, LONGEST_CASE, PAGES, ExportFormat, ExportOptions
from karyogui.export.pdf import page_image
from karyogui.export.picture import pixel_size, render_image
from karyogui.export.sheet import export_layout, picture_sheet
from karyogui.model.ideogram import BAND_LEVELS
from karyogui.theme import GRID

_PICTURES = ("png", "tiff")
_DRAWN = ("png", "tiff", "pdf", "svg")
_PREVIEW = QSize(32 * GRID, 40 * GRID)


class ExportDialog(QDialog):
    """Format, its options, and the file. Starts nothing."""

    def __init__(
        self,
        options: ExportOptions,
        folder: Path,
        name: str,
        parent: QWidget | None = None,
        *,
        content: ExportContent | None = None,
    ) -> None:
        """`content` is what will be exported; with it the dialog shows a preview and the size in pixels."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export karyogram"))
        self._content = content
        self._layout = export_layout(content) if content else None
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
        self.bits = QComboBox(self)
        for bits in DEPTHS:
            self.bits.addItem(self.tr("%d bits of grey") % bits, bits)
        self.bits.setCurrentIndex(DEPTHS.index(options.depth))
        self.size_note = QLabel(self)
        self.size_note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.page = QComboBox(self)
        self.page.addItems(list(PAGES))
        self.page.setCurrentText(options.page)
        self.case = QLineEdit(options.case, self)
        self.case.setMaxLength(LONGEST_CASE)
        self.case.setPlaceholderText(self.tr("not stated"))
        self.band_level = QComboBox(self)
        self.band_level.addItem(self.tr("not stated"), None)
        for level in BAND_LEVELS:
            self.band_level.addItem(self.tr("%d bands") % level, level)
        self.band_level.setCurrentIndex(self.band_level.findData(options.band_level))
        self.header = QCheckBox(self.tr("Case, cell, karyotype and date above, origin below"), self)
        self.header.setChecked(options.header)
        self.inverted = QCheckBox(self.tr("Bright on black"), self)
        self.inverted.setChecked(options.inverted)
        self.file = QLineEdit(str(folder / f"{plain_name(name)}{self._suffix()}"), self)
        self.file.setMinimumWidth(48 * GRID)
        for part, tip in (
            (self.format, self.tr("Picture, page, drawing or table")),
            (self.dpi, self.tr("Pixels to an inch of the paper")),
            (self.bits, self.tr("How finely greys are told apart")),
            (self.page, self.tr("Size of the page")),
            (self.case, self.tr("As it is to stand in the header")),
            (self.band_level, self.tr("As it is to stand in the header")),
            (self.header, self.tr("Write what it is and where it comes from on the export")),
            (self.inverted, self.tr("Bright bands on black instead of dark ones on white")),
            (self.file, self.tr("Where it is written")),
        ):
            part.setToolTip(tip)
        self.file.setAccessibleName(self.tr("File"))
        self.overwrites = QLabel("", self)
        self.preview = QLabel(self)
        self.preview.setFixedSize(_PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setWordWrap(True)
        self.preview.setAccessibleName(self.tr("Preview"))
        self.preview.setVisible(content is not None)
        self._form = QFormLayout()
        self._build()
        self.format.currentIndexChanged.connect(self._on_format_changed)
        self.file.textChanged.connect(self._on_file_changed)
        self.dpi.valueChanged.connect(self._show_size)
        self.page.currentIndexChanged.connect(self._show_preview)
        self.header.toggled.connect(self._show_preview)
        self.header.toggled.connect(self._show_heading)
        self.case.editingFinished.connect(self._show_preview)
        self.band_level.currentIndexChanged.connect(self._show_preview)
        self.inverted.toggled.connect(self._show_preview)
        self._on_format_changed()
        self._show_heading()

    def options(self) -> ExportOptions:
        """Return what was chosen."""
        return ExportOptions(
            format=self.format.currentData(),
            dpi=self.dpi.value(),
            depth=self.bits.currentData(),
            page=PAGES[self.page.currentIndex()],
            header=self.header.isChecked(),
            inverted=self.inverted.isChecked(),
            case=self.case.text().strip(),
            band_level=self.band_level.currentData(),
        )

    def path(self) -> Path:
        """Return the file, with the suffix of its format where the user left it out."""
        path = Path(self.file.text().strip()).expanduser()
        return path if path.suffix or not path.name else path.with_suffix(self._suffix())

    def _build(self) -> None:
        choose = QPushButton(self.tr("Choose…"), self)
        choose.setToolTip(self.tr("Choose another folder or name"))
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.file, 1)
        row.addWidget(choose)
        self._form.setVerticalSpacing(GRID)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow(self.tr("Format"), self.format)
        self._form.addRow(self.tr("Resolution"), self.dpi)
        self._form.addRow("", self.size_note)
        self._form.addRow(self.tr("Depth"), self.bits)
        self._form.addRow(self.tr("Page"), self.page)
        self._form.addRow(self.tr("Heading"), self.header)
        self._form.addRow(self.tr("Case"), self.case)
        self._form.addRow(self.tr("Band level"), self.band_level)
        self._form.addRow(self.tr("Colours"), self.inverted)
        self._form.addRow(self.tr("File"), row)
        self._form.addRow("", self.overwrites)
        columns = QHBoxLayout()
        columns.setSpacing(3 * GRID)
        columns.addLayout(self._form, 1)
        columns.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.export_button = buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.export_button.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(columns, 1)
        layout.addWidget(buttons)

    def _suffix(self) -> str:
        return f".{self.format.currentData()}"

    def _on_format_changed(self) -> None:
        chosen = self.format.currentData()
        self._form.setRowVisible(self.dpi, chosen in _PICTURES)
        self._form.setRowVisible(self.size_note, chosen in _PICTURES and self._content is not None)
        self._form.setRowVisible(self.bits, chosen in _PICTURES)
        self._form.setRowVisible(self.page, chosen == "pdf")
        self._form.setRowVisible(self.case, chosen in _DRAWN)
        self._form.setRowVisible(self.band_level, chosen in _DRAWN)
        self._form.setRowVisible(self.header, chosen in _DRAWN)
        self._form.setRowVisible(self.inverted, chosen in _DRAWN)
        path = Path(self.file.text().strip())
        if path.suffix.lower().removeprefix(".") in (*self._formats, "tif"):
            self.file.setText(str(path.with_suffix(self._suffix())))
        self._on_file_changed()
        self._show_preview()

    def _on_file_changed(self) -> None:
        there = bool(self.path().name)
        self.export_button.setEnabled(there)
        replaces = there and self.path().is_file()
        self.overwrites.setText(self.tr("This file is there already and will be replaced.") if replaces else "")
        self.export_button.setText(self.tr("Replace") if replaces else self.tr("Export"))

    def _show_heading(self) -> None:
        for widget in (self.case, self.band_level):
            widget.setEnabled(self.header.isChecked())

    def _show_preview(self) -> None:
        self._show_size()
        if self._content is None:
            return
        if self.format.currentData() not in _DRAWN:
            self.preview.setText(self.tr("A table with one line for each chromosome"))
            return
        self.preview.setPixmap(QPixmap.fromImage(self._picture(self._content)))

    def _picture(self, content: ExportContent) -> QImage:
        """Return the preview in the screen's own pixels."""
        options, ratio = self.options(), self.devicePixelRatioF()
        if options.format == "pdf":
            picture = page_image(content, options)
        else:
            picture = render_image(content, replace(options, dpi=DPI_RANGE[0], depth=8))
        fitted = picture.scaled(
            _PREVIEW * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        fitted.setDevicePixelRatio(ratio)
        return fitted

    def _show_size(self) -> None:
        if self._layout is None:
            return
        footer = self._content is not None and self._content.has_footer(self.options())
        sheet = picture_sheet(self._layout, header=self.header.isChecked(), footer=footer)
        pixels = pixel_size(sheet.width, sheet.height, self.dpi.value())
        centimetres = (sheet.width / 72 * 2.54, sheet.height / 72 * 2.54)
        self.size_note.setText(self.tr("%d × %d pixels, %.1f × %.1f cm") % (*pixels, *centimetres))

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
