"""Doubtful labels, one after the other, each beside its neighbours in the cell: kept or corrected by one key."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from karyogui.model.teaching import Suspect, TeachingCell
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.pictures import PictureLabel, PictureStrip, chromosome_picture

_SIDE = 20 * GRID
_MOST_BESIDE = 3  # of each label
_MOST_LISTED = 30


class SuspectsView(QWidget):
    """The list, and the one that is looked at. K keeps, C corrects, the arrows go through the list, Z takes back."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Doubtful labels"))
        self.picture, self.words = QLabel(), QLabel(wordWrap=True)
        self.picture.setFixedSize(_SIDE, _SIDE)
        self.hint = QLabel(
            self.tr("What is corrected here counts for training; in an open cell it is a change you can undo.")
        )
        self.hint.setWordWrap(True)
        self.hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.keep, self.correct = QPushButton(self.tr("&Keep  (K)")), QPushButton()
        self.back = QPushButton(self.tr("Take back  (Z)"))
        self.keep.clicked.connect(self._keep)
        self.correct.clicked.connect(self._correct)
        self.back.clicked.connect(course.take_back)
        self.beside, self.listed = PictureStrip(), PictureStrip()
        self.listed.chosen.connect(self._choose)
        buttons = QHBoxLayout()
        for button in (self.keep, self.correct, self.back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self.words)
        right.addLayout(buttons)
        right.addWidget(self.beside)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.listed)
        column.addWidget(self.hint)
        column.addStretch(1)
        course.survey_changed.connect(self.refresh)
        course.material.changed.connect(self.refresh)
        self.refresh()

    def current(self) -> Suspect | None:
        """Return the doubt that is looked at."""
        left = self._course.suspects()
        return left[min(self._at, len(left) - 1)] if left else None

    def refresh(self) -> None:
        """Show what is left, the surest doubt first."""
        left = self._course.suspects()
        self._at = min(self._at, max(len(left) - 1, 0))
        for widget in (self.keep, self.correct, self.picture, self.beside, self.listed, self.hint):
            widget.setVisible(bool(left))
        self.back.setVisible(self._course.material.can_take_back())
        if not left:
            seen = self._course.survey is not None
            words = (
                self.tr("The model in use doubts no label.")
                if seen
                else self.tr("Not looked for yet: check the cells.")
            )
            self.words.setText(words)
            return
        suspect = left[self._at]
        cell = self._course.material.used[suspect.cell]
        ratio = self.devicePixelRatioF()
        self.picture.setPixmap(chromosome_picture(cell, suspect.chromosome, height=_SIDE, ratio=ratio))
        name = cell.images[suspect.chromosome].source
        self.picture.setAccessibleName(f"{cell.name}, {name}")
        text = self.tr("%s in %s is labelled %s. The model is sure (%s) that it is %s. %d of %d.")
        facts = (name, cell.name, suspect.given, f"{suspect.probability:.0%}", suspect.said, self._at + 1, len(left))
        self.words.setText(text % facts)
        self.correct.setText(self.tr("&Correct to %s  (C)") % suspect.said)
        beside = _like(cell, suspect, suspect.given) + _like(cell, suspect, suspect.said)
        self.beside.show_pictures([PictureLabel(cell, i, label, height=7 * GRID) for i, label in beside])
        used = self._course.material.used
        self.listed.show_pictures(
            [
                PictureLabel(used[s.cell], s.chromosome, f"{s.given} → {s.said}", height=7 * GRID, marked=i == self._at)
                for i, s in enumerate(left[:_MOST_LISTED])
            ]
        )

    def _choose(self, index: int) -> None:
        self._at = index
        self.refresh()

    def _keep(self) -> None:
        suspect = self.current()
        if suspect is not None:
            self._course.keep(suspect)

    def _correct(self) -> None:
        suspect = self.current()
        if suspect is not None:
            self._course.correct(suspect)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep, correct, take back, or look at another."""
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key == Qt.Key.Key_K:
            self._keep()
        elif plain and key == Qt.Key.Key_C:
            self._correct()
        elif plain and key == Qt.Key.Key_Z:
            self._course.take_back()
        elif plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._choose(max(self._at + (1 if key == Qt.Key.Key_Right else -1), 0))
        else:
            super().keyPressEvent(event)


def _like(cell: TeachingCell, suspect: Suspect, label: str) -> list[tuple[int, str]]:
    """Other chromosomes of the cell with a label, to compare with."""
    others = [i for i, other in enumerate(cell.labels) if other == label and i != suspect.chromosome]
    return [(index, label) for index in others[:_MOST_BESIDE]]
