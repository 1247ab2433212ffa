"""Train: which way, how long it takes, and what is done about rare labels."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from karyogui.jobs.training_tasks import has_unfinished
from karyogui.model.teaching import Lesson, balanced, label_counts
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.data_page import heading
from karyogui.training.plots import BarsView


class TrainPage(QWidget):
    """Choose and start."""

    train_requested = Signal(object)  # Lesson

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self.quick, self.thorough = QRadioButton(self.tr("&Quick")), QRadioButton(self.tr("&Thorough"))
        self._ways = QButtonGroup(self)
        self.quick_words, self.thorough_words = _words(), _words()
        for button in (self.quick, self.thorough):
            self._ways.addButton(button)
        self.quick.setChecked(True)
        self._ways.buttonToggled.connect(lambda _button, _on: self.refresh())
        self.balance = QComboBox()
        self.balance.addItem(self.tr("Make up in-between examples of rare labels"), "smote_features")
        self.balance.addItem(self.tr("Count rare labels more"), "class_weights")
        self.balance.addItem(self.tr("Take the cells as they are"), "none")
        self.balance.activated.connect(lambda _index: self.refresh())
        self.bars = BarsView()
        self.bars_words = _words()
        self.more = QToolButton()
        self.more.setText(self.tr("Advanced"))
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAutoRaise(True)
        self.more.toggled.connect(self._fold)
        self.epochs = QSpinBox(minimum=1, maximum=100, value=6)
        self.epochs.valueChanged.connect(lambda _value: self.refresh())
        self.rate = QDoubleSpinBox(minimum=0.00001, maximum=0.01, decimals=5, singleStep=0.0001, value=0.0003)
        self.advanced = QWidget()
        self.start, self.stop = QPushButton(self.tr("&Start")), QPushButton(self.tr("St&op"))
        self.start.clicked.connect(lambda: self.train_requested.emit(self.lesson()))
        self.stop.clicked.connect(course.stop)
        self.state = _words()
        self._build()
        self._fold(False)
        for signal in (course.cells_changed, course.survey_changed, course.run_changed):
            signal.connect(self.refresh)
        self.refresh()

    def _build(self) -> None:
        form = QFormLayout(self.advanced)
        form.setContentsMargins(2 * GRID, 0, 0, 0)
        form.addRow(self.tr("Passes over the cells (Thorough)"), self.epochs)
        form.addRow(self.tr("Learning rate (Thorough)"), self.rate)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(heading(self.tr("How")))
        for button, words in ((self.quick, self.quick_words), (self.thorough, self.thorough_words)):
            column.addWidget(button)
            words.setContentsMargins(3 * GRID, 0, 0, GRID)
            column.addWidget(words)
        column.addWidget(heading(self.tr("Rare labels")))
        column.addWidget(self.balance, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.bars)
        column.addWidget(self.bars_words)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.advanced)
        column.addSpacing(GRID)
        column.addLayout(buttons)
        column.addStretch(1)

    def lesson(self) -> Lesson:
        """Return what is chosen."""
        way = "thorough" if self.thorough.isChecked() else "quick"
        balance = str(self.balance.currentData())
        return Lesson(way, balance, self.epochs.value(), self.rate.value())

    def refresh(self) -> None:
        """Show what would be done with the cells as they are."""
        course, survey = self._course, self._course.survey
        unknown = self.tr("check the cells to know how long")
        times = [unknown, unknown]
        if survey is not None:
            times[0] = about(survey.quick_seconds)
            if survey.thorough_seconds is not None:
                times[1] = about(survey.thorough_seconds * self.epochs.value())
        text = self.tr("Only the last layers learn; what the model sees stays. A few cells are enough. Here: %s.")
        self.quick_words.setText(text % times[0])
        text = self.tr("The whole model learns on. For dozens of cells, or another kind of preparation. Here: %s.")
        self.thorough_words.setText(text % times[1])
        possible = survey is None or bool(survey.problem) or survey.thorough_seconds is not None
        self.thorough.setEnabled(possible)
        if not possible:
            self.thorough_words.setText(self.tr("The model in use cannot be trained as a whole."))
        self._show_balance()
        running = course.running is not None
        ready = bool(course.used) and survey is not None and not survey.problem
        self.start.setEnabled(ready and not running)
        self.stop.setEnabled(running)
        unfinished = self.thorough.isChecked() and has_unfinished(course.state_folder)
        words = self.tr("Check the cells on the Data page first.") if survey is None else survey.problem
        if running:
            words = self.tr("Under way. You can go on working.")
        elif ready and unfinished:
            words = self.tr("A stopped Thorough is taken up again if cells and settings are the same.")
        self.state.setText(words)

    def _show_balance(self) -> None:
        survey, used = self._course.survey, self._course.used
        if survey is not None:
            used = tuple(c for c, role in zip(used, survey.roles, strict=True) if role == "learn")
        counts = label_counts(used)
        after = balanced(counts, str(self.balance.currentData()))
        made = sum(after.values()) - sum(counts.values())
        self.bars.show_bars(
            {label: float(n) for label, n in counts.items()}, {label: float(n) for label, n in after.items()}
        )
        words = self.tr("Blue: what there is to learn from. Grey: %d made-up examples. ") % made if made else ""
        self.bars_words.setText(words + self.tr("Nothing made up ever serves to tune or to judge."))

    def _fold(self, shown: bool) -> None:
        self.advanced.setVisible(shown)
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)


def about(seconds: float) -> str:
    """Say a time as people do."""
    if seconds < 50:
        return f"about {max(5, 5 * round(seconds / 5))} seconds"
    if seconds < 5400:
        minutes = max(1, round(seconds / 60))
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    return f"about {seconds / 3600:.1f} hours"


def _words() -> QLabel:
    label = QLabel(wordWrap=True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
