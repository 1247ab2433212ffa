"""Data: what the model will be taught with, and which labels it doubts."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.types import CLASS_LABELS
from karyogui.model.teaching import Lesson, label_counts, rare
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.pictures import chromosome_picture
from karyogui.training.plots import BarsView

_USE, _NAME, _COUNT, _ROLE = range(4)


class SuspectsView(QWidget):
    """One doubted label after the other, with its picture: keep it or correct it by one key."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture, self.words = QLabel(), QLabel(wordWrap=True)
        self.picture.setFixedSize(20 * GRID, 20 * GRID)
        self.keep = QPushButton(self.tr("&Keep  (K)"))
        self.correct = QPushButton()
        self.keep.clicked.connect(self._keep)
        self.correct.clicked.connect(self._correct)
        buttons = QHBoxLayout()
        buttons.addWidget(self.keep)
        buttons.addWidget(self.correct)
        buttons.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self.words)
        right.addLayout(buttons)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        course.survey_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the surest doubt that is left."""
        left = self._course.suspects()
        for button in (self.keep, self.correct):
            button.setVisible(bool(left))
        self.picture.setVisible(bool(left))
        if not left:
            seen = self._course.survey is not None
            self.words.setText(
                self.tr("The model in use doubts no label.")
                if seen
                else self.tr("Not looked for yet: check the cells.")
            )
            return
        suspect = left[0]
        cell = self._course.used[suspect.cell]
        ratio = self.devicePixelRatioF()
        self.picture.setPixmap(chromosome_picture(cell, suspect.chromosome, height=20 * GRID, ratio=ratio))
        text = self.tr("%s in %s is labelled %s. The model is sure (%s) that it is %s.\n%d to look at.")
        self.words.setText(
            text
            % (
                cell.images[suspect.chromosome].source,
                cell.name,
                suspect.given,
                f"{suspect.probability:.0%}",
                suspect.said,
                len(left),
            )
        )
        self.correct.setText(self.tr("&Correct to %s  (C)") % suspect.said)

    def _keep(self) -> None:
        left = self._course.suspects()
        if left:
            self._course.keep(left[0])

    def _correct(self) -> None:
        left = self._course.suspects()
        if left:
            self._course.correct(left[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """K keeps, C corrects."""
        if event.key() == Qt.Key.Key_K:
            self._keep()
        elif event.key() == Qt.Key.Key_C:
            self._correct()
        else:
            super().keyPressEvent(event)


class DataPage(QWidget):
    """The cells, their counts, and the doubts."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self.stain = QComboBox()
        self.stain.addItem(self.tr("G bands"), "g")
        self.stain.addItem(self.tr("Q bands"), "q")
        self.stain.activated.connect(lambda _index: course.set_stain(self.stain.currentData()))
        self.add_folder = QPushButton(self.tr("Add labelled &folder…"))
        self.add_folder.clicked.connect(self._ask_folder)
        self.upright = QCheckBox(self.tr("its pictures show the p arm up"))
        self.upright.setChecked(True)
        self.forget = QPushButton(self.tr("&Remove folders"))
        self.forget.clicked.connect(course.remove_folders)
        self.check = QPushButton(self.tr("Chec&k the cells"))
        self.check.clicked.connect(lambda _on: course.look())
        self.check.setToolTip(
            self.tr("Look for repeated cells and doubtful labels, and measure how long training takes")
        )
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels(
            [self.tr("Use"), self.tr("Cell"), self.tr("Chromosomes"), self.tr("Serves to")]
        )
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setMinimumWidth(52 * GRID)
        header = self.table.horizontalHeader()
        for column in (_USE, _COUNT, _ROLE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        self.table.itemChanged.connect(self._on_item_changed)
        self.facts, self.preview = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.preview.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.bars = BarsView()
        self.suspects = SuspectsView(course)
        self._build()
        course.cells_changed.connect(self.refresh)
        course.survey_changed.connect(self.refresh)
        self.refresh()

    def _build(self) -> None:
        tools = QHBoxLayout()
        for widget in (self.stain, self.add_folder, self.upright, self.forget):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(self.check)
        left = QVBoxLayout()
        left.addWidget(self.table, 1)
        left.addWidget(self.preview)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addWidget(self.facts)
        right.addWidget(heading(self.tr("Chromosomes of each label (▾ rare)")))
        right.addWidget(self.bars)
        right.addSpacing(GRID)
        right.addWidget(heading(self.tr("Doubtful labels")))
        right.addWidget(self.suspects, 1)
        row = QHBoxLayout()
        row.setSpacing(3 * GRID)
        row.addLayout(left, 2)
        row.addLayout(right, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(tools)
        column.addLayout(row, 1)

    def refresh(self) -> None:
        """Show the cells as they are."""
        course = self._course
        self.stain.setCurrentIndex(self.stain.findData(course.stain))
        self.stain.setVisible(len(course.stains()) > 1)
        self.check.setEnabled(bool(course.used))
        self.forget.setVisible(bool(course.previews()))
        lines = [line for text in course.previews() for line in text.splitlines()]
        self.preview.setText("\n".join(line for line in lines if not _is_counts(line)))  # the bars say it
        self.preview.setVisible(bool(course.previews()))
        self._fill_table()
        counts = label_counts(course.used)
        self.bars.show_bars({label: float(n) for label, n in counts.items()}, marked=rare(counts))
        self.facts.setText(self._facts())

    def _facts(self) -> str:
        course = self._course
        if not course.cells:
            return self.tr(
                "There is nothing to learn from yet. Open cells, classify them, correct or accept their chromosomes; "
                "or add a folder of labelled chromosome images."
            )
        chromosomes = sum(cell.count for cell in course.used)
        text = self.tr("%d cells with %d labelled chromosomes.") % (len(course.used), chromosomes)
        survey = course.survey
        if survey is None:
            return text
        parts = [survey.roles.count(role) for role in ("learn", "tune", "judge")]
        if survey.problem:
            return f"{text} {survey.problem}"
        dealt = self.tr(
            "%d to learn from, %d to tune on, %d to judge by (seed %d): a cell always serves the same purpose."
        )
        text += " " + dealt % (*parts, Lesson().seed)
        if survey.repeated:
            text += " " + self.tr("Left out because they repeat another: %s.") % ", ".join(
                n for n, _ in survey.repeated
            )
        return text

    def _fill_table(self) -> None:
        course, survey = self._course, self._course.survey
        words = {
            "learn": self.tr("learn from"),
            "tune": self.tr("tune on"),
            "judge": self.tr("judge by"),
            "repeated": self.tr("repeats another"),
        }
        roles = {}
        if survey is not None:
            roles = {cell.key: words[role] for cell, role in zip(course.used, survey.roles, strict=True)}
        self.table.blockSignals(True)
        self.table.setRowCount(len(course.cells))
        for row, cell in enumerate(course.cells):
            use = QTableWidgetItem()
            use.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
            use.setCheckState(Qt.CheckState.Checked if course.is_used(cell) else Qt.CheckState.Unchecked)
            name = QTableWidgetItem(cell.name)
            name.setToolTip(cell.origin or self.tr("open cell"))
            count = QTableWidgetItem(f"{cell.count} / {len(cell.labels)}")
            count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, item in ((_USE, use), (_NAME, name), (_COUNT, count)):
                self.table.setItem(row, column, item)
            self.table.setItem(row, _ROLE, QTableWidgetItem(roles.get(cell.key, "")))
        self.table.blockSignals(False)

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == _USE:
            cell = self._course.cells[item.row()]
            self._course.use(cell, item.checkState() is Qt.CheckState.Checked)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder of labelled chromosome images"))
        dialog.setObjectName("labelled_folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._course.add_folder(Path(name), upright=self.upright.isChecked()))
        dialog.open()


def heading(text: str) -> QLabel:
    """Return the words over a part of a page."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def _is_counts(line: str) -> bool:
    """Whether a line of a preview only counts labels."""
    words = line.split()
    return line.startswith("  ") and bool(words) and all(word in CLASS_LABELS or word.isdecimal() for word in words)
