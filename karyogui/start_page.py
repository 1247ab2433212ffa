"""What the window shows while no cell is open: where to begin."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from karyogui.theme import GRID, pixmap

_SHOWN_RECENT = 5


class StartPage(QWidget):
    """A drop hint, buttons to open something, and what was open lately."""

    files_requested = Signal()
    folder_requested = Signal()
    sample_requested = Signal(str)  # name of the sample
    recent_requested = Signal(str)  # path

    def __init__(self, samples: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title = QLabel(self.tr("Drop the chromosome images of a cell here"), self)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        title.setFont(font)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        hint = QLabel(
            self.tr("A folder is one cell; a folder of folders is several. PNG, TIFF, BMP or JPEG, G or Q bands."), self
        )
        hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        hint.setWordWrap(True)
        self.folder_button = QPushButton(self.tr("Open folder…"), self)
        self.folder_button.setDefault(True)
        self.folder_button.setToolTip(self.tr("Open a folder of images, or a folder of such folders"))
        self.folder_button.clicked.connect(self.folder_requested)
        self.files_button = QPushButton(self.tr("Open images…"), self)
        self.files_button.setToolTip(self.tr("Open the chromosome images of one or several cells"))
        self.files_button.clicked.connect(self.files_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch()
        buttons.addWidget(self.folder_button)
        buttons.addWidget(self.files_button)
        buttons.addStretch()
        self._sample_row, self.sample_buttons = self._row_of_samples(samples)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(GRID // 2)
        self.recent_buttons: list[QPushButton] = []

        column = QVBoxLayout(self)
        column.setSpacing(2 * GRID)
        column.addStretch(2)
        for part in (self._picture, title, hint):
            column.addWidget(part)
        column.addLayout(buttons)
        column.addLayout(self._sample_row)
        column.addSpacing(2 * GRID)
        column.addLayout(self._recent)
        column.addStretch(3)
        self.retint()

    def show_recent(self, paths: Sequence[str]) -> None:
        """Show the newest of the paths that are still there."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.recent_buttons = []
        there = [path for path in paths if Path(path).exists()][:_SHOWN_RECENT]
        if there:
            heading = QLabel(self.tr("Opened lately"), self)
            heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            self._recent.addWidget(heading, 0, Qt.AlignmentFlag.AlignHCenter)
        for path in there:
            button = QPushButton(Path(path).name or path, self)
            button.setFlat(True)
            button.setToolTip(path)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, path=path: self.recent_requested.emit(path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            self.recent_buttons.append(button)

    def retint(self) -> None:
        """Draw the picture in the colours of now."""
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        self._picture.setPixmap(pixmap("drop", colour, 8 * GRID, self.devicePixelRatioF()))

    def _row_of_samples(self, samples: Sequence[str]) -> tuple[QHBoxLayout, list[QPushButton]]:
        row, buttons = QHBoxLayout(), []
        row.setSpacing(GRID)
        row.addStretch()
        if samples:
            label = QLabel(self.tr("or try a drawn sample cell:"), self)
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            row.addWidget(label)
        for sample in samples:
            button = QPushButton(sample, self)
            button.setToolTip(self.tr("Open the sample cell %s") % sample)
            button.clicked.connect(lambda _checked=False, sample=sample: self.sample_requested.emit(sample))
            row.addWidget(button)
            buttons.append(button)
        row.addStretch()
        return row, buttons
