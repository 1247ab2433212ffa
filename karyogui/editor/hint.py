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
        self._said = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)  # quiet on the paper, light and dark
        self.setContentsMargins(8, 2, 8, 2)
        self.hide()

    def say(self, text: str) -> None:
        """Show `text`; hide if it is empty."""
        self._said = text
        self.setVisible(bool(text))
        self.place()

    def place(self) -> None:
        """Move to the upper middle of the parent; what does not fit into its width ends in dots."""
        area = self._over.rect()
        margins = self.contentsMargins()
        room = area.width() - margins.left() - margins.right()
        self.setText(self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, room))
        self.adjustSize()
        self.move((area.width() - self.width()) // 2, _MARGIN)
