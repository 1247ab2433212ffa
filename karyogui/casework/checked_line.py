"""A line for a karyotype: checked with every key, with a sentence on what is wrong and a text that one click takes."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontDatabase, QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.karyotype.check import Check
from karyogui.inspector_parts.widgets import ElidedLabel
from karyogui.theme import GRID, pixmap

_WARN = "#c77700"
_SIGN = 16


class KaryotypeEdit(QLineEdit):
    """Enter keeps what was typed, and so does leaving; Escape brings back what was there."""

    kept = Signal()
    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        """Take Escape for the line while it has the keyboard; elsewhere it stops what runs."""
        if event.type() is QEvent.Type.ShortcutOverride and cast(QKeyEvent, event).key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.kept.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving keeps; a menu that opens over the line is no leaving."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.kept.emit()


class CheckedLine(QWidget):
    """The line, and what the check says of it.

    Parameters
    ----------
    check
        Judges a text.
    agrees
        What is said of a good one: `agrees with the karyogram`.
    below
        The verdict stands below the line instead of beside it.
    """

    committed = Signal(str)  # she is done with a text that she changed
    left = Signal()  # done with the line: the keyboard belongs elsewhere

    def __init__(
        self, check: Callable[[str], Check], agrees: str, *, below: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._check, self.agrees = check, agrees
        self._room = (60 if below else 26) * GRID  # for the text on the button
        self._shown = ""  # the text that is kept
        self._verdict: Check | None = None
        self._drawn: tuple[str, str, float] | None = None  # the sign: its name, colour, pixel ratio
        self.edit = KaryotypeEdit()
        self.edit.setFont(plain_digits(self.edit))
        self.edit.setPlaceholderText(self.tr("no karyotype yet"))
        self.edit.setMinimumWidth(24 * GRID)
        self.sign = QLabel()
        self.sign.setFixedSize(QSize(_SIGN, _SIGN))
        self.sentence = ElidedLabel(muted=False, mode=Qt.TextElideMode.ElideRight)
        self.take = QPushButton()
        self.take.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.take.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._build(below)
        self.edit.textEdited.connect(lambda _text: self.judge())
        self.edit.kept.connect(self.commit)
        self.edit.kept.connect(lambda: self.left.emit() if self.edit.hasFocus() else None)
        self.edit.given_up.connect(self._give_up)
        self.take.clicked.connect(self._take)
        self.judge()

    def _build(self, below: bool) -> None:
        verdict = QHBoxLayout()
        verdict.setSpacing(GRID)
        verdict.addWidget(self.sign)
        verdict.addWidget(self.sentence, 1)
        verdict.addWidget(self.take)
        outer = QVBoxLayout(self) if below else QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GRID if not below else GRID // 2)
        outer.addWidget(self.edit, 2)
        outer.addLayout(verdict, 5)

    def show_text(self, text: str) -> None:
        """Show what is kept; a text she is typing stays."""
        typing = self.is_edited()
        self._shown = text
        if not typing and self.edit.text() != text:
            self.edit.setText(text)
            self.edit.setCursorPosition(0)
        self.judge()

    def type_again(self, text: str) -> None:
        """Put a text into the line that could not be kept."""
        self.edit.setText(text)
        self.judge()

    def is_edited(self) -> bool:
        """Whether she typed what is not kept yet."""
        return self.edit.text() != self._shown

    def set_read_only(self, read_only: bool, why: str = "") -> None:
        """Let her type or not."""
        self.edit.setToolTip(why)
        if read_only != self.edit.isReadOnly():
            self.edit.setReadOnly(read_only)
            self.edit.setBackgroundRole(QPalette.ColorRole.Window if read_only else QPalette.ColorRole.Base)
            self.judge()

    def judge(self) -> None:
        """Check the text again: what it is held against may have changed."""
        verdict = self._verdict = self._check(self.edit.text())
        problem = verdict.problems[0] if verdict.problems else None
        written = bool(self.edit.text())
        warns = problem is not None and written
        colour = QColor(_WARN) if warns else self.palette().color(QPalette.ColorRole.PlaceholderText)
        name = "warning" if warns else "info" if problem else "check"
        drawn = name, colour.name(), self.devicePixelRatioF()
        if drawn != self._drawn:
            self._drawn = drawn
            self.sign.setPixmap(pixmap(name, colour, _SIGN, drawn[2]))
        nothing = problem is None and not written
        self.sign.setVisible(not nothing)
        self.sentence.set_text("" if nothing else problem.sentence if problem else self.agrees)
        self.sentence.setToolTip("\n".join(each.sentence for each in verdict.problems))
        usable = verdict.proposal is not None and not self.edit.isReadOnly()
        self.take.setVisible(usable)
        if verdict.proposal is not None:
            shown = self.fontMetrics().elidedText(verdict.proposal, Qt.TextElideMode.ElideMiddle, self._room)
            self.take.setText(_tr("Write %s") % shown)
            self.take.setToolTip(_tr("Put %s in its place") % verdict.proposal)

    def verdict(self) -> Check | None:
        """Return what the check says of the text in the line."""
        return self._verdict

    def commit(self) -> None:
        """Keep what was typed."""
        if self.is_edited() and not self.edit.isReadOnly():
            self._shown = self.edit.text().strip()
            self.edit.setText(self._shown)
            self.committed.emit(self._shown)

    def _give_up(self) -> None:
        self.edit.setText(self._shown)
        self.judge()
        self.left.emit()

    def _take(self) -> None:
        if self._verdict is not None and self._verdict.proposal is not None:
            self.edit.setText(self._verdict.proposal)
            self.judge()
            self.commit()


def plain_digits(widget: QWidget) -> QFont:
    """Brackets, signs and digits of one width: a karyotype is read sign by sign."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(widget.font().pointSizeF())
    return font


def _tr(text: str) -> str:
    return QCoreApplication.translate("CheckedLine", text)
