"""The training tab: data, train, watch, decide, in this order, each open at any time."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from engine.errors import EngineError
from karyogui.model.teaching import Lesson
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.data_page import DataPage
from karyogui.training.decide_page import DecidePage
from karyogui.training.train_page import TrainPage
from karyogui.training.watch_page import WatchPage


class TrainingTab(QWidget):
    """Four pages and one line that says what is going on."""

    failed = Signal(str, object)  # what was tried; the Exception: one of ours, not the user's

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.course = course
        self.data, self.train = DataPage(course), TrainPage(course)
        self.watch, self.decide = WatchPage(course), DecidePage(course)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.data, self.tr("1  Data"))
        self.pages.addTab(self.train, self.tr("2  Train"))
        self.pages.addTab(self.watch, self.tr("3  Watch"))
        self.pages.addTab(self.decide, self.tr("4  Decide"))
        self.line = QLabel(wordWrap=True)
        self.line.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        below = QHBoxLayout()
        below.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        below.addWidget(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages, 1)
        column.addLayout(below)
        self.train.train_requested.connect(self._on_train)
        course.busy_changed.connect(self._on_busy)
        course.said.connect(self.line.setText)
        course.failed.connect(self._on_failed)
        course.trained_changed.connect(self._on_trained)

    def _on_train(self, lesson: Lesson) -> None:
        self.course.train(lesson)
        self.pages.setCurrentWidget(self.watch)

    def _on_trained(self) -> None:
        if self.course.trained is not None and self.pages.currentWidget() is self.watch:
            self.pages.setCurrentWidget(self.decide)

    def _on_busy(self, words: str, done: int, total: int) -> None:
        self.line.setText(f"{words}  ({done} / {total})" if words and total else words)

    def _on_failed(self, what: str, error: Exception) -> None:
        if isinstance(error, EngineError):
            self.line.setText(str(error))
        else:
            self.failed.emit(what, error)

    def showEvent(self, event: QShowEvent) -> None:
        """Take over what was corrected since."""
        super().showEvent(event)
        self.course.refresh_cells()
        self.course.refresh_shelf()
