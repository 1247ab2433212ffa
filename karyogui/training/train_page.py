"""Train: which way, how long it takes, and what is done about rare labels."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
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

from karyogui.model.teaching import Lesson, balanced, label_counts
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.data_page import heading
from karyogui.training.kept_line import KeptLine
from karyogui.training.pace import about
from karyogui.training.plots import BarsView

_THOROUGH_EPOCHS = 6  # where nothing else is chosen


class TrainPage(QWidget):
    """Choose and start."""

    train_requested = Signal(object)  # Lesson
    take_up_requested = Signal()  # go on with the training from before

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self.kept = KeptLine(course)
        self.kept.take_up_requested.connect(self.take_up_requested)
        self.quick, self.thorough = QRadioButton(self.tr("&Quick")), QRadioButton(self.tr("&Thorough"))
        self.full = QRadioButton(self.tr("From the &beginning"))
        self._ways = QButtonGroup(self)
        self.quick_words, self.thorough_words, self.full_words = _words(), _words(), _words()
        for button in (self.quick, self.thorough, self.full):
            self._ways.addButton(button)
        self.quick.setChecked(True)
        self._ways.buttonToggled.connect(lambda _button, on: self._on_way() if on else None)
        self.recipe = QComboBox()
        self.recipe.setAccessibleName(self.tr("Recipe"))
        self.recipe.addItem(self.tr("the recipe of the SRAS-net paper (Inception-ResNet-v2)"), "paper")
        self.recipe.addItem(self.tr("the program's own, smaller network"), "product")
        self.recipe.activated.connect(lambda _index: self._on_way())
        self.super_resolution = QCheckBox(self.tr("and the super-resolution network (SRAFBN)"))
        self.super_resolution.setChecked(True)
        self.super_resolution.toggled.connect(lambda _on: self.refresh())
        self.balance = QComboBox()
        self.balance.setAccessibleName(self.tr("Rare labels"))
        self.balance.activated.connect(lambda _index: self.refresh())
        self.bars = BarsView()
        self.bars_words = _words()
        self.more = QToolButton()
        self.more.setText(self.tr("Advanced"))
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAutoRaise(True)
        self.more.toggled.connect(self._fold)
        self.epochs = QSpinBox(minimum=0, maximum=200, value=0)
        self.epochs.valueChanged.connect(lambda _value: self.refresh())
        self.rate = QDoubleSpinBox(minimum=0.0, maximum=0.01, decimals=5, singleStep=0.0001, value=0.0)
        for box in (self.epochs, self.rate):
            box.setSpecialValueText(self.tr("as usual"))
        self.advanced = QWidget()
        self.start, self.pause = QPushButton(self.tr("&Start")), QPushButton()
        self.stop = QPushButton(self.tr("St&op"))
        self.start.clicked.connect(lambda: self.train_requested.emit(self.lesson()))
        self.pause.clicked.connect(lambda _on: course.pause())
        self.stop.clicked.connect(lambda _on: course.stop())
        self.state = _words()
        self._fill_balance()
        self._build()
        self._fold(False)
        for signal in (course.material.changed, course.survey_changed, course.run_changed, course.times_changed):
            signal.connect(self.refresh)
        self.refresh()

    def _build(self) -> None:
        form = QFormLayout(self.advanced)
        form.setContentsMargins(2 * GRID, 0, 0, 0)
        form.addRow(self.tr("Passes over the cells"), self.epochs)
        form.addRow(self.tr("Learning rate"), self.rate)
        recipe = QHBoxLayout()
        recipe.setContentsMargins(3 * GRID, 0, 0, GRID)
        recipe.addWidget(self.recipe)
        recipe.addWidget(self.super_resolution)
        recipe.addStretch(1)
        buttons = QHBoxLayout()
        for button in (self.start, self.pause, self.stop):
            buttons.addWidget(button)
        buttons.addWidget(self.state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID // 2)
        column.addWidget(self.kept)
        column.addWidget(heading(self.tr("How")))
        rows = ((self.quick, self.quick_words), (self.thorough, self.thorough_words), (self.full, self.full_words))
        for choice, words in rows:
            column.addWidget(choice)
            words.setContentsMargins(3 * GRID, 0, 0, GRID)
            column.addWidget(words)
        column.addLayout(recipe)
        column.addSpacing(GRID)
        column.addWidget(heading(self.tr("Rare labels")))
        column.addWidget(self.balance, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.bars)
        column.addWidget(self.bars_words)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.advanced, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(GRID)
        column.addLayout(buttons)
        column.addStretch(1)

    def lesson(self) -> Lesson:
        """Return what is chosen."""
        balance, recipe = str(self.balance.currentData()), str(self.recipe.currentData())
        epochs, rate = (0, 0.0) if self.way() == "quick" else (self.epochs.value(), self.rate.value())
        return Lesson(self.way(), balance, epochs, rate, recipe, self.super_resolution.isChecked())

    def way(self) -> str:
        """Return which way is chosen."""
        return "thorough" if self.thorough.isChecked() else "full" if self.full.isChecked() else "quick"

    def _on_way(self) -> None:
        self._fill_balance()
        if self.full.isChecked():
            self._course.measure(self.lesson())
        self.refresh()

    def _fill_balance(self) -> None:
        """Offer what the way can do about rare labels."""
        chosen, quick = self.balance.currentData(), self.way() == "quick"
        kinds = [
            ("smote_pixels", self.tr("Make up in-between pictures of rare labels (SMOTE on pixels)")),
            ("smote_features", self.tr("Make up in-between examples of rare labels (SMOTE on features)")),
            ("class_weights", self.tr("Count rare labels more (weights)")),
            ("none", self.tr("Take the cells as they are")),
        ]
        self.balance.clear()
        for kind, words in kinds[1:] if quick else kinds:
            self.balance.addItem(words, kind)
        at = self.balance.findData(chosen)
        switched = chosen in ("smote_pixels", "smote_features", None)  # each way has its own usual kind of SMOTE
        self.balance.setCurrentIndex(0 if switched or at < 0 else at)

    def refresh(self) -> None:
        """Show what would be done with the cells as they are."""
        course, survey = self._course, self._course.survey
        labels = {"quick": self.quick_words, "thorough": self.thorough_words, "full": self.full_words}
        for way, label in labels.items():
            label.setText(self._text(way) % self._time(way))
        possible = survey is None or bool(survey.problem) or survey.thorough_seconds is not None
        self.thorough.setEnabled(possible)
        if not possible:
            self.thorough_words.setText(self.tr("The model in use cannot be trained as a whole."))
        full = self.full.isChecked()
        self.recipe.setVisible(full)
        self.super_resolution.setVisible(full)
        self.more.setVisible(self.way() != "quick")
        self._fold(self.more.isChecked() and self.way() != "quick")
        self._show_balance()
        running = course.running is not None
        ready = bool(course.material.used) and survey is not None and not survey.problem
        self.start.setEnabled(ready and not running)
        self.stop.setEnabled(running)
        self.pause.setEnabled(running)
        self.pause.setText(self.tr("&Go on") if course.is_paused() else self.tr("&Pause"))
        words = self.tr("Check the cells on the Data page first.") if survey is None else survey.problem
        if running:
            words = self.tr("It waits.") if course.is_paused() else self.tr("Under way. You can go on working.")
        self.state.setText(words)

    def _text(self, way: str) -> str:
        if way == "quick":
            return self.tr("Only the last layers learn; what the model sees stays. A few cells are enough. Here: %s.")
        if way == "thorough":
            return self.tr("The whole model learns on. For dozens of cells, or another kind of preparation. Here: %s.")
        return self.tr("A new model that owes nothing to the one in use. It takes hundreds of cells. Here: %s.")

    def _time(self, way: str) -> str:
        survey = self._course.survey
        if survey is None or survey.problem:
            return self.tr("check the cells to know how long")
        if way == "quick":
            return about(survey.quick_seconds)
        if way == "thorough":
            seconds = survey.thorough_seconds or 0.0
            return about(seconds * (self.epochs.value() or _THOROUGH_EPOCHS))
        times = self._course.times.get(str(self.recipe.currentData()))
        if times is None:
            return self.tr("being measured") if self.full.isChecked() else self.tr("choose it to measure")
        each, epochs, super_resolution = times
        cells = zip(self._course.material.used, survey.roles, strict=True)
        images = sum(cell.count * {"learn": 1.0, "tune": 0.4}.get(role, 0.0) for cell, role in cells)
        seconds = each * images * (self.epochs.value() or epochs)
        return about(seconds + super_resolution * self.super_resolution.isChecked())

    def _show_balance(self) -> None:
        survey, used = self._course.survey, self._course.material.used
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


def _words() -> QLabel:
    label = QLabel(wordWrap=True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
