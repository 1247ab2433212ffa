"""Small widgets of the inspector: quiet text, shortened text, compact buttons."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QPushButton, QSizePolicy, QWidget

from engine.types import LabelAlternative
from karyogui.inspector_parts.confidence_view import percent
from karyogui.theme import GRID


class CompactButton(QPushButton):
    """A button as wide as its place, that leaves the keyboard to the karyogram when clicked."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(0)


class SuggestionButton(CompactButton):
    """Another label with its probability; pointing at it shows what it would look like."""

    pointed_at = Signal(object)  # str: the label; None: the mouse has left

    def __init__(self, other: LabelAlternative, parent: QWidget | None = None) -> None:
        super().__init__(f"{other.label}  ({percent(other.probability)})", parent)
        self._label = other.label
        self.setToolTip(self.tr("Move to %s") % other.label)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the ideogram of the label."""
        self.pointed_at.emit(self._label)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show the own ideogram again."""
        self.pointed_at.emit(None)
        super().leaveEvent(event)


class ElidedLabel(QLabel):
    """One line that is shortened, in the middle if not told otherwise, and told in full by the tooltip."""

    def __init__(
        self,
        *,
        muted: bool = True,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._full, self._mode = "", mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if muted:
            self.setForegroundRole(QPalette.ColorRole.PlaceholderText)

    def set_text(self, text: str) -> None:
        """Show a text of any length."""
        self._full = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._shorten()

    def _shorten(self) -> None:
        short = self.fontMetrics().elidedText(self._full, self._mode, self.width())
        if short != self.text():  # a label lays its window out anew with each text it is given
            self.setText(short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten to the new width."""
        super().resizeEvent(event)
        self._shorten()


def quiet_label(text: str) -> QLabel:
    """Return a label that stands back."""
    label = QLabel(text)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def grid_layout() -> QGridLayout:
    """Return a grid with the house's spacing."""
    grid = QGridLayout()
    grid.setSpacing(GRID)
    return grid


def clear_layout(layout: QLayout) -> None:
    """Take all widgets out and delete them as soon as their own events are done."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
