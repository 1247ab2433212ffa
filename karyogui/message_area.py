"""Quiet strips above the karyogram: what the user should know and need not answer at once."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from karyogui.theme import GRID, icon, pixmap

_DETAIL_LINES = 8


class MessageStrip(QFrame):
    """One message: a sentence, buttons that answer it, details to unfold, a cross to close it."""

    closed = Signal()  # by the cross or by an answer

    def __init__(
        self,
        text: str,
        details: Sequence[str] = (),
        answers: Sequence[tuple[str, Callable[[], object]]] = (),
        *,
        symbol: str = "info",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._symbol = symbol
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Midlight)
        self.setAccessibleName(text)
        self._sign = QLabel(self)
        self.label = QLabel(text, self)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self._sign)
        row.addWidget(self.label, 1)
        self.details = QPlainTextEdit("\n".join(details), self)
        self.details_button = QPushButton(self.tr("Details"), self)
        self.buttons = [QPushButton(answer, self) for answer, _ in answers]
        for button, (_, act) in zip(self.buttons, answers, strict=True):
            button.clicked.connect(lambda _checked=False, act=act: self._answer(act))
            row.addWidget(button)
        row.addWidget(self.details_button)
        self.close_button = QToolButton(self)
        self.close_button.setAutoRaise(True)
        self.close_button.setIcon(icon("cancel"))
        self.close_button.setIconSize(QSize(12, 12))
        self.close_button.setToolTip(self.tr("Hide this message"))
        self.close_button.clicked.connect(self.closed)
        row.addWidget(self.close_button)
        self._prepare_details(bool(details), len(details))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.details)
        self.retint()

    def retint(self) -> None:
        """Draw the icons in the colours of now."""
        warns = self._symbol == "warning"
        colour = QColor("#c77700") if warns else self.palette().color(QPalette.ColorRole.WindowText)
        self._sign.setPixmap(pixmap(self._symbol, colour, 16, self.devicePixelRatioF()))
        self.close_button.setIcon(icon("cancel"))

    def _prepare_details(self, there: bool, lines: int) -> None:
        self.details.setReadOnly(True)
        self.details.setFrameShape(QFrame.Shape.NoFrame)
        self.details.setVisible(False)
        height = self.details.fontMetrics().lineSpacing() * min(lines, _DETAIL_LINES) + 2 * GRID
        self.details.setFixedHeight(height)
        self.details_button.setVisible(there)
        self.details_button.setCheckable(True)
        self.details_button.toggled.connect(self.details.setVisible)

    def _answer(self, act: Callable[[], object]) -> None:
        self.closed.emit()
        act()


class MessageArea(QWidget):
    """The strips, newest at the bottom; takes no room while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strips: dict[str, MessageStrip] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self.hide()

    def say(
        self,
        key: str,
        text: str,
        details: Sequence[str] = (),
        answers: Sequence[tuple[str, Callable[[], object]]] = (),
        *,
        symbol: str = "info",
        on_close: Callable[[], object] | None = None,
    ) -> MessageStrip:
        """Show a message in the place of the one with the same key; `on_close` hears when the user is done with it."""
        self.remove(key)
        strip = MessageStrip(text, details, answers, symbol=symbol, parent=self)
        strip.closed.connect(lambda: self.remove(key))
        if on_close is not None:
            strip.closed.connect(on_close)
        self._strips[key] = strip
        self._column.addWidget(strip)
        self.show()
        return strip

    def shown(self, key: str) -> MessageStrip | None:
        """Return the message with this key, if it is shown."""
        return self._strips.get(key)

    def remove(self, key: str) -> None:
        """Take a message away; nothing happens if it is not there."""
        strip = self._strips.pop(key, None)
        if strip is not None:
            self._column.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        if not self._strips:
            self.hide()

    def retint(self) -> None:
        """Draw the icons in the colours of now."""
        for strip in self._strips.values():
            strip.retint()
