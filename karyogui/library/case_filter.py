"""The fields above the case view that say which cases are listed."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from karyogui.library.case_rows import state_word
from karyogui.model.store.values import CaseFilter, State
from karyogui.theme import GRID

_TYPING_MS = 150


class CaseFilterBar(QWidget):
    """A text found in codes and karyotypes, a state, an age."""

    changed = Signal()  # `wanted` says something else

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(self.tr("Code or karyotype"))
        self.text.setAccessibleName(self.tr("Find cases by code or karyotype"))
        self.text.setClearButtonEnabled(True)
        self.state = QComboBox(self)
        self.state.setAccessibleName(self.tr("State of a cell in the case"))
        self.state.setToolTip(self.tr("List cases with a cell in this state"))
        self.state.addItem(self.tr("Any state"), None)
        for state in State:
            self.state.addItem(state_word(state).capitalize(), state)
        self.age = QComboBox(self)
        self.age.setAccessibleName(self.tr("When the case was made"))
        self.age.setToolTip(self.tr("List cases made since then"))
        for words, days in (
            (self.tr("Any date"), 0),
            (self.tr("Last 24 hours"), 1),
            (self.tr("Last 7 days"), 7),
            (self.tr("Last 30 days"), 30),
            (self.tr("Last year"), 365),
        ):
            self.age.addItem(words, days)
        for box in (self.state, self.age):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        row.addWidget(self.state, 1)
        row.addWidget(self.age, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID // 2, GRID // 2, GRID // 2, GRID // 2)
        column.setSpacing(GRID // 2)
        column.addWidget(self.text)
        column.addLayout(row)
        self._timer = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._timer.timeout.connect(self.changed)
        self.text.textChanged.connect(lambda _text: self._timer.start())
        self.state.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.age.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def wanted(self) -> CaseFilter:
        """Return what the fields ask for."""
        days = self.age.currentData()
        since = datetime.now(UTC) - timedelta(days=days) if days else None
        state = self.state.currentData()
        return CaseFilter(text=self.text.text().strip(), state=State(state) if state else None, since=since)
