"""A small line of text over the karyogram: what is being typed, where a drag would land."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

_MARGIN = 4  # from the upper edge of the parent, in screen pixels: above the first row of the karyogram


class HintLabel(QLabel):
    """Lies over its parent, lets all events through, is hidden while there is nothing to say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)  # quiet on the paper, light and dark
        self.setContentsMargins(8, 2, 8, 2)
        self.hide()

    def say(self, text: str) -> None:
        """Show `text`; hide if it is empty."""
        self.setText(text)
        self.setVisible(bool(text))
        self.place()

    def place(self) -> None:
        """Move to the upper middle of the parent."""
        self.adjustSize()
        area = self._over.rect()
        self.move((area.width() - self.width()) // 2, _MARGIN)
