"""The training tab: data, train, watch, decide, in this order, each open at any time."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QTabWidget, QVBoxLayout, QWidget

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
        self._order: tuple[QWidget, ...] = (self.data, self.train, self.watch, self.decide)
        for page, title in (
            (self.data, self.tr("1  Data")),
            (self.train, self.tr("2  Train")),
            (self.watch, self.tr("3  Watch")),
            (self.decide, self.tr("4  Decide")),
        ):
            self.pages.addTab(_scrolled(page), title)
        self._sentence = ""  # what was said last; shown while nothing is under way
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
        self.train.take_up_requested.connect(self._on_take_up)
        course.errands.busy_changed.connect(self._on_busy)
        course.errands.failed.connect(self._on_failed)
        course.said.connect(self._say)
        course.models.said.connect(self._say)
        course.trained_changed.connect(self._on_trained)

    def page(self) -> QWidget:
        """Return the page in front."""
        return self._order[self.pages.currentIndex()]

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front."""
        self.pages.setCurrentIndex(self._order.index(page))

    def _on_train(self, lesson: Lesson) -> None:
        self.course.train(lesson)
        self.show_page(self.watch)

    def _on_take_up(self) -> None:
        self.course.take_up()
        self.show_page(self.watch)

    def _on_trained(self) -> None:
        waits = self.course.trained is not None
        self.pages.setTabText(self._order.index(self.decide), self.tr("4  Decide ●") if waits else self.tr("4  Decide"))
        if self.course.trained is not None and self.page() is self.watch:
            self.show_page(self.decide)

    def _on_busy(self, words: str, done: int, total: int) -> None:
        if words:
            self._sentence = ""
            self.line.setText(f"{words}  ({done} / {total})" if total else words)
        else:
            self.line.setText(self._sentence)

    def _say(self, sentence: str) -> None:
        self._sentence = sentence
        self.line.setText(sentence)

    def _on_failed(self, what: str, error: Exception) -> None:
        if isinstance(error, EngineError):
            self._say(str(error))
        else:
            self.failed.emit(what, error)

    def showEvent(self, event: QShowEvent) -> None:
        """Take over what was corrected since."""
        super().showEvent(event)
        self.course.refresh()


def _scrolled(page: QWidget) -> QScrollArea:
    """A page in a scroll area of its own: some are high, and the window must still fit a small screen."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(page)
    return area
