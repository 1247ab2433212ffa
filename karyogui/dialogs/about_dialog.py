"""What the program is, and what it is not."""

from importlib.metadata import version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from karyogui.theme import GRID, pixmap


class AboutDialog(QDialog):
    """Version, licence, purpose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About"))
        picture = QLabel(self)
        picture.setPixmap(pixmap("app", self.palette().windowText().color(), 8 * GRID, self.devicePixelRatioF()))
        title = QLabel(f"karyogui {version('karyogui')}", self)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        title.setFont(font)
        text = QLabel(
            self.tr(
                "Karyograms from the segmented chromosomes of a cell.\n\n"
                "Research use only. This is not a medical device: a qualified person must check every karyogram, "
                "and no diagnosis may rest on it alone.\n\n"
                "Patient data stay on this computer; the program opens no network connection.\n\n"
                "MIT licence."
            ),
            self,
        )
        text.setWordWrap(True)
        text.setFixedWidth(50 * GRID)
        text.setMinimumHeight(text.heightForWidth(50 * GRID))  # a layout asks only for the least of a wrapped text
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(text)
        column.addWidget(buttons)
