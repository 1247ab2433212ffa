"""Shows the pages of a report, one below the other, on paper-white in every theme."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from karyogui.theme import GRID

PAGE_WIDTH = 66 * GRID
"""Of a page, in device-independent pixels."""


class PagesView(QScrollArea):
    """The pages, or one sentence in their place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Preview"))
        self.setMinimumWidth(PAGE_WIDTH + 8 * GRID)
        self.message = QLabel(wordWrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self._column.setSpacing(2 * GRID)
        self._column.addWidget(self.message)
        self._column.addStretch(1)
        self.setWidget(inner)
        self.pages: list[QLabel] = []

    def show_pages(self, images: Sequence[QImage]) -> None:
        """Show pages; what was scrolled to stays in sight."""
        self.message.hide()
        while len(self.pages) > len(images):
            page = self.pages.pop()
            self._column.removeWidget(page)
            page.deleteLater()
        while len(self.pages) < len(images):
            page = QLabel()
            self.pages.append(page)
            self._column.insertWidget(len(self.pages), page, 0, Qt.AlignmentFlag.AlignHCenter)
        for number, (page, image) in enumerate(zip(self.pages, images, strict=True), start=1):
            ratio = image.width() / PAGE_WIDTH
            image.setDevicePixelRatio(ratio)
            page.setFixedSize(QSize(PAGE_WIDTH, round(image.height() / ratio)))
            page.setPixmap(QPixmap.fromImage(image))
            page.setAccessibleName(self.tr("Page %d") % number)

    def say(self, text: str) -> None:
        """Show a sentence in the place of the pages."""
        for page in self.pages:
            self._column.removeWidget(page)
            page.deleteLater()
        self.pages.clear()
        self.message.setText(text)
        self.message.show()
