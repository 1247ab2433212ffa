"""The labels to look at, side by side; copies are dropped on them, and marks say where something is unlike."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from engine.types import CLASS_LABELS, MARKER
from karyogui.composite.hand import Target
from karyogui.model.composite import ALL
from karyogui.theme import GRID

CHOICES: tuple[str | None, ...] = (*CLASS_LABELS, MARKER, None, ALL)
"""From left to right."""


class LabelButton(QToolButton):
    """One label."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.marks = 0
        self.copies = 0
        self._is_target = False

    def set_target(self, on: bool) -> None:
        """Set it off: a drop would land here."""
        self._is_target = on
        self.update()

    def is_target(self) -> bool:
        """Whether a drop would land here."""
        return self._is_target

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + GRID
        return QSize(max(width, 2 * GRID), 4 * GRID)

    def minimumSizeHint(self) -> QSize:
        """In a narrow window the labels stand close; the window must still fit a small screen."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, 4 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, area = self.palette(), QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(area, 4, 4)
            bar = QRectF(area.x() + 3, area.bottom() - 2, area.width() - 6, 2)
            painter.fillRect(bar, palette.color(QPalette.ColorRole.Highlight))
        if self._is_target or self.underMouse() or self.hasFocus():
            fill = QColor(palette.color(QPalette.ColorRole.Highlight))
            fill.setAlphaF(0.22 if self._is_target else 0.0)
            role = QPalette.ColorRole.Highlight if self._is_target or self.hasFocus() else QPalette.ColorRole.Mid
            painter.setPen(QPen(palette.color(role), 2.0 if self._is_target else 1.0))
            painter.setBrush(fill)
            painter.drawRoundedRect(area, 4, 4)
        there = self.copies > 0 or self.text() in CLASS_LABELS
        painter.setPen(palette.color(QPalette.ColorRole.Text if there else QPalette.ColorRole.PlaceholderText))
        painter.setFont(self.font())
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.marks:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.translate(area.center().x(), area.y() + 4)
            painter.rotate(45)
            painter.drawRect(QRectF(-2.2, -2.2, 4.4, 4.4))


class LabelStrip(QWidget):
    """Says which label is wanted; shows the one it is told."""

    chosen = Signal(object)  # one of CHOICES

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Chromosome to compare"))
        self._buttons: dict[str | None, LabelButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        words = {MARKER: self.tr("mar"), None: self.tr("tray"), ALL: self.tr("all")}
        for label in CHOICES:
            button = LabelButton(words.get(label, label or ""), self)
            if label in ("X", MARKER, ALL):
                row.addSpacing(GRID // 2)
            row.addWidget(button)
            group.addButton(button)
            button.clicked.connect(lambda _checked=False, label=label: self.chosen.emit(label))
            self._buttons[label] = button
        self._describe()

    def button(self, label: str | None) -> LabelButton:
        """Return the button of a label."""
        return self._buttons[label]

    def show_choice(self, label: str | None) -> None:
        """Show which label is looked at."""
        self._buttons[label].setChecked(True)

    def show_facts(self, copies: dict[str | None, int], marked: Iterable[str | None]) -> None:
        """Show how many copies each label has, and where some are unlike their peers."""
        for button in self._buttons.values():
            button.copies = button.marks = 0
        for label, count in copies.items():
            self._buttons[label].copies = count
        for label in marked:
            self._buttons[label].marks += 1
        self._buttons[ALL].copies = sum(copies.values())
        self._describe()

    def _describe(self) -> None:
        for label, button in self._buttons.items():
            name = {MARKER: self.tr("Markers"), None: self.tr("Not placed"), ALL: self.tr("All chromosomes")}.get(
                label, self.tr("Chromosome %s") % label
            )
            text = self.tr("%s: %d copies") % (name, button.copies)
            if button.marks:
                text = self.tr("%s, %d unlike their peers") % (text, button.marks)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.update()

    def target_at(self, point: QPoint) -> Target | None:
        """Return the label at a point of the screen; all together are none."""
        for label, button in self._buttons.items():
            if label != ALL and button.rect().contains(button.mapFromGlobal(point)):
                return Target(label)
        return None

    def show_target(self, target: Target | None) -> None:
        """Set off the label a drop would give."""
        for label, button in self._buttons.items():
            button.set_target(target is not None and label == target.label)
