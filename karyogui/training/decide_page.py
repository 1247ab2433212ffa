"""Decide: the new model against the one in use, in a sentence, figures and pictures; then use it or not."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from karyogui.inspector_parts.widgets import clear_layout
from karyogui.model.teaching import Changed, Decision
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.data_page import heading
from karyogui.training.pictures import PictureLabel, PictureStrip
from karyogui.training.plots import BarsView
from karyogui.training.shelf_view import ShelfView

SURE = "use it anyway"
"""What is typed to use a worse model; the engine asks for the same words."""

_MARKS = {"better": "▲", "same": "=", "worse": "▼"}
_ARROWS = {1: "▲", 0: "", -1: "▼"}
_MOST = 24


class DecidePage(QWidget):
    """The decision, and below it the models there are."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self.verdict = QLabel(wordWrap=True)
        font = self.verdict.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.verdict.setFont(font)
        self._table = QWidget()
        self._table.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # its rows keep together
        self.figures = QGridLayout(self._table)
        self.figures.setContentsMargins(0, 0, 0, 0)
        self.figures.setHorizontalSpacing(3 * GRID)
        self.bars, self.labels = BarsView(share=True), QLabel(wordWrap=True)
        self.labels.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.better_words, self.better = heading(""), PictureStrip()
        self.worse_words, self.worse = heading(""), PictureStrip()
        self.note = QLineEdit(placeholderText=self.tr("Note, kept with the model"))
        self.typed = QLineEdit(placeholderText=self.tr("Type “%s” to use a worse model") % SURE)
        self.promote, self.discard = QPushButton(self.tr("Use the &new model")), QPushButton(self.tr("&Discard it"))
        self.typed.textChanged.connect(lambda _text: self._refresh_button())
        self.promote.clicked.connect(lambda: course.promote(note=self.note.text(), typed=self.typed.text()))
        self.discard.clicked.connect(lambda _on: course.discard())
        self.decision = QWidget()
        self.shelf = ShelfView(course)
        self._build()
        course.trained_changed.connect(self.refresh)
        self.refresh()

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.note, 2)
        buttons.addWidget(self.typed, 2)
        buttons.addWidget(self.promote)
        buttons.addWidget(self.discard)
        table = QVBoxLayout()
        table.addWidget(self._table)
        table.addStretch(1)
        by_label = QVBoxLayout()
        by_label.addWidget(heading(self.tr("Right, percent of each label (line: the model in use)")))
        by_label.addWidget(self.bars)
        by_label.addWidget(self.labels)
        by_label.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(4 * GRID)
        beside.addLayout(table)
        beside.addLayout(by_label, 1)
        self.decision.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        upper = QVBoxLayout(self.decision)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(GRID)
        upper.addLayout(beside)
        for words, strip in ((self.worse_words, self.worse), (self.better_words, self.better)):
            upper.addWidget(words)
            upper.addWidget(strip)
        upper.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self.verdict)
        column.addWidget(self.decision)
        column.addWidget(heading(self.tr("Models")))
        column.addWidget(self.shelf, 1)

    def refresh(self) -> None:
        """Show the candidate, or that there is none."""
        trained = self._course.trained
        self.decision.setVisible(trained is not None)
        self.typed.clear()
        self.note.clear()
        if trained is None:
            self.verdict.setText(self.tr("There is no new model to decide on."))
            return
        found = trained.decision
        self.verdict.setText(f"{_MARKS[found.verdict]}  {found.sentence}")
        self._fill_figures(found)
        rows = {label: (count, now, new) for label, count, now, new in found.labels if count}
        self.bars.show_bars(
            {label: new / count for label, (count, _, new) in rows.items()},
            lines={label: now / count for label, (count, now, _) in rows.items()},
        )
        changed = [(label, *row) for label, row in rows.items() if row[1] != row[2]]
        said = "   ".join(f"{label}: {now} → {new} / {count}" for label, count, now, new in changed)
        self.labels.setText(self.tr("Changed (right of all): %s") % said if said else self.tr("No label changed."))
        for words, strip, text, changes in (
            (self.worse_words, self.worse, self.tr("Right now, wrong with the new model: %d"), found.worse),
            (self.better_words, self.better, self.tr("Wrong now, right with the new model: %d"), found.better),
        ):
            more = self.tr("; the first %d") % _MOST if len(changes) > _MOST else ""
            words.setText(text % len(changes) + more)
            strip.show_pictures([self._picture(change) for change in changes[:_MOST]])
            strip.setVisible(bool(changes))
        self.typed.setVisible(found.verdict == "worse")
        self._refresh_button()

    def _fill_figures(self, found: Decision) -> None:
        clear_layout(self.figures)
        rows = [("", found.current, found.candidate, "")]
        rows += [(f.text, f.current, f.candidate, _ARROWS[f.better]) for f in found.figures]
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                label = QLabel(text)
                if number == 0 or column == 0:
                    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
                self.figures.addWidget(label, number, column)

    def _picture(self, change: Changed) -> PictureLabel:
        tray = self.tr("tray")
        words = f"{change.truth}: {change.current or tray} → {change.candidate or tray}"
        return PictureLabel(self._course.taught_cells[change.cell], change.chromosome, words)

    def _refresh_button(self) -> None:
        trained = self._course.trained
        worse = trained is not None and trained.decision.verdict == "worse"
        self.promote.setEnabled(trained is not None and (not worse or self.typed.text().strip().lower() == SURE))
