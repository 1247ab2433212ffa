"""How far the classification in the background is, with pause and cancel; there only while something waits."""

from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from karyogui.library.queue import ClassifyQueue
from karyogui.progress_bar import ProgressBar
from karyogui.theme import GRID


class QueueBar(QWidget):
    """One line of words, one of progress, two buttons."""

    def __init__(self, queue: ClassifyQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.text = QLabel(self)
        self.bar = ProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID)
        self.bar.setAccessibleName(self.tr("Classification in the background"))
        self.pause = QPushButton(self)
        self.pause.clicked.connect(lambda: queue.set_paused(not queue.is_paused()))
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setToolTip(self.tr("Classify no more of the waiting cells; they stay new"))
        self.cancel.clicked.connect(queue.cancel)
        grid = QGridLayout(self)
        grid.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        grid.setSpacing(GRID // 2)
        grid.addWidget(self.text, 0, 0, 1, 2)
        grid.addWidget(self.bar, 1, 0, 1, 2)
        grid.addWidget(self.pause, 2, 0)
        grid.addWidget(self.cancel, 2, 1)
        queue.changed.connect(self._show)
        queue.progressed.connect(lambda _cell: self._show())
        self._show()

    def _show(self) -> None:
        done, total = self._queue.counts()
        paused = self._queue.is_paused()
        self.setVisible(total > done and (total > 1 or paused))
        words = self.tr("Classifying paused: %d of %d") if paused else self.tr("Classifying %d of %d")
        self.text.setText(words % (done if paused else min(done + 1, total), total))
        self.bar.show_progress(round(100 * (done + self._queue.share())), 100 * max(total, 1))
        self.pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        tip = self.tr("Classify the waiting cells") if paused else self.tr("Finish this cell, and begin no other")
        self.pause.setToolTip(tip)
