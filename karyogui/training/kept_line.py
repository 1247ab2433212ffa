"""A training from before that was not finished: go on with it, or forget it."""

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from karyogui.theme import GRID
from karyogui.training.course import Course


class KeptLine(QWidget):
    """One line; hidden where there is nothing to go on with."""

    take_up_requested = Signal()

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self.words = QLabel(wordWrap=True)
        self.take_up, self.forget = QPushButton(self.tr("Go &on with it")), QPushButton(self.tr("For&get it"))
        self.take_up.clicked.connect(lambda _on: self.take_up_requested.emit())
        self.forget.clicked.connect(lambda _on: course.forget_kept())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 2 * GRID)
        row.addWidget(self.words, 1)
        row.addWidget(self.take_up)
        row.addWidget(self.forget)
        course.kept_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what was kept."""
        kept = self._course.kept
        self.setVisible(kept is not None and not kept.decided_on)
        if kept is None:
            return
        way = {
            "quick": self.tr("Quick"),
            "thorough": self.tr("Thorough"),
            "full": self.tr("From the beginning"),
        }.get(kept.lesson.way, kept.lesson.way)
        began = QDateTime.fromString(kept.started, Qt.DateFormat.ISODate).toLocalTime()
        when = QLocale().toString(began, QLocale.FormatType.ShortFormat)
        text = self.tr("A training was not finished: %s with %d cells, begun %s. Its cells were kept with it.")
        self.words.setText(text % (way, kept.cells, when))
