"""The tab Composite: the labels, the paper, and what is to be known about them."""

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from karyogui.composite.canvas import CompositeCanvas
from karyogui.composite.edits import CaseEdits
from karyogui.composite.likeness import Likeness
from karyogui.composite.members import Members
from karyogui.composite.strip import CHOICES, LabelStrip
from karyogui.composite.words import copy_line
from karyogui.editor.commands import place_name
from karyogui.keymap import KeyMap
from karyogui.model.composite import ALL, EVERY_LABEL, labels_of
from karyogui.model.ideogram import BAND_LEVELS, BandLevel
from karyogui.model.outliers import CopyRef
from karyogui.model.view_settings import ViewSettings
from karyogui.theme import GRID


class CompositeTab(QWidget):
    """Which label is shown; the counts; the way from one marked copy to the next."""

    shown_changed = Signal(bool)  # it came to the front, or went
    filled_changed = Signal()  # there is something to show, or nothing any more

    def __init__(
        self, members: Members, edits: CaseEdits, likeness: Likeness, keymap: KeyMap, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._members, self._likeness = members, likeness
        self._choice: str | None = "1"
        self.canvas = CompositeCanvas(members, edits, likeness, keymap)
        self.strip = LabelStrip()
        self.canvas.mouse().targets = self.strip
        self.facts = QLabel()
        self.facts.setObjectName("composite_facts")
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # cut in a narrow window
        self.level = QComboBox()
        self.level.setAccessibleName(self.tr("Bands of the ideogram"))
        self.level.setToolTip(self.tr("How many bands the ideogram shows"))
        for level in BAND_LEVELS:
            self.level.addItem(self.tr("%d bands") % level, level)
        self.level.setCurrentIndex(BAND_LEVELS.index(550))
        self.compare = QPushButton()
        self.compare.setFlat(True)
        self.next_mark = QPushButton(self.tr("Next unlike"))
        self.next_mark.setToolTip(self.tr("Go to the next copy that is unlike its peers (Space)"))
        self._empty = QLabel(wordWrap=True)
        self._empty.setObjectName("composite_empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._empty.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.canvas)
        self._pages.addWidget(self._empty)
        self._build()
        self._connect()
        self.show_choice(self._choice)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        head.setSpacing(GRID // 2)
        head.addWidget(self.strip)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.facts, 1)
        row.addWidget(self.compare)
        row.addWidget(self.next_mark)
        row.addWidget(self.level)
        head.addLayout(row)
        column.addLayout(head)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self._pages.currentChanged.connect(lambda _index: self.filled_changed.emit())
        self.strip.chosen.connect(self.show_choice)
        self.strip.chosen.connect(lambda _label: self.canvas.setFocus())
        self.canvas.label_wanted.connect(self.show_choice)
        self.canvas.step_wanted.connect(self.step)
        self.canvas.review_wanted.connect(self.review)
        self.level.currentIndexChanged.connect(lambda index: self.canvas.set_level(BAND_LEVELS[index]))
        self.next_mark.clicked.connect(lambda: self.review(1))
        self.compare.clicked.connect(self._start_or_stop)
        self._members.changed.connect(self._refresh)
        self._members.arrived.connect(lambda _key: self._refresh())
        self._members.edited.connect(lambda _key: self._refresh())
        self._likeness.changed.connect(self._refresh)
        self._likeness.progressed.connect(lambda _done, _total: self._refresh())

    # --- what is shown -----------------------------------------------------------------------------------------------

    def choice(self) -> str | None:
        """Return the label that is shown, or `ALL`."""
        return self._choice

    def show_choice(self, choice: str | None) -> None:
        """Show the copies of a label, or of all."""
        self._choice = choice
        self.strip.show_choice(choice)
        self.canvas.show_labels(labels_of(choice))
        self._refresh()

    def step(self, by: int) -> None:
        """Show the next label of the strip (+1) or the one before (-1)."""
        place = CHOICES.index(self._choice) + by
        if 0 <= place < len(CHOICES):
            self.show_choice(CHOICES[place])

    def review(self, by: int = 1) -> None:
        """Select the next copy that is unlike its peers and waits for a look, of whatever label; -1: the one before."""
        waiting = self._waiting_marks()
        if not waiting:
            running = self._likeness.is_running() or self._members.waiting() > 0
            self.canvas.say(self.tr("Still comparing…") if running else self.tr("No copy is unlike its peers"))
            return
        current = self.canvas.current_copy()
        order = self._reading_order()
        way = waiting if by > 0 else waiting[::-1]
        target = way[0]
        if current in order:
            here = order.index(current)
            target = next((ref for ref in way if (order.index(ref) - here) * by > 0), way[0])
        elif self._choice != ALL:  # from the label that is shown on
            first = EVERY_LABEL.index(self._choice)
            labels = {ref: EVERY_LABEL.index(self._label(ref)) for ref in way}
            target = next((ref for ref in way if (labels[ref] - first) * by >= 0), way[0])
        self._go_to(target, len(waiting))

    def _go_to(self, ref: CopyRef, left: int) -> None:
        label = self._label(ref)
        if self._choice not in (ALL, label):
            self.show_choice(label)
        self.canvas.select([ref], ref)
        member, mark = self._members.member(ref.cell), self._likeness.outliers().get(ref)
        if member is not None:
            text = copy_line(member, ref, mark)
            self.canvas.say(self.tr("%s   ·   %d left   ·   Enter leaves it, a label moves it") % (text, left))

    def _label(self, ref: CopyRef) -> str | None:
        member = self._members.member(ref.cell)
        return member.document.placement(ref.chromosome).label if member is not None else None

    def _reading_order(self) -> list[CopyRef]:
        by_label: dict[str | None, list[CopyRef]] = {label: [] for label in EVERY_LABEL}
        for member in self._members.members():
            for placement in sorted(member.document.placements(), key=lambda p: p.order):
                by_label[placement.label].append(CopyRef(member.key, placement.chromosome_id))
        return [ref for refs in by_label.values() for ref in refs]

    def _waiting_marks(self) -> list[CopyRef]:
        marks = self._likeness.outliers()
        return [ref for ref in self._reading_order() if ref in marks and self._likeness.is_open(ref)]

    def set_settings(self, settings: ViewSettings) -> None:
        """Look at the copies as the karyogram is looked at."""
        if settings.ideograms is not None:
            self.level.setCurrentIndex(BAND_LEVELS.index(settings.ideograms))
        self.canvas.set_settings(settings)

    def band_level(self) -> BandLevel:
        """Return how many bands the ideogram shows."""
        return BAND_LEVELS[self.level.currentIndex()]

    # --- what is said ------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show the counts, the marks, how far the comparison is, and why there is nothing where there is nothing."""
        members, marks = self._members.members(), self._likeness.outliers()
        counts: Counter[str | None] = Counter(p.label for m in members for p in m.document.placements())
        waiting = [ref for ref in marks if self._likeness.is_open(ref)]
        self.strip.show_facts(dict(counts), [marks[ref].label for ref in waiting])
        shown = labels_of(self._choice)
        copies = sum(counts[label] for label in shown)
        parts = [self.tr("%d copies in %d cells") % (copies, len(members))]
        unlike = sum(marks[ref].label in shown for ref in waiting)
        if unlike:
            parts.append(self.tr("◆ %d unlike their peers") % unlike)
        if self._members.waiting():
            parts.append(self.tr("reading %d more cells…") % self._members.waiting())
        self.facts.setText("  ·  ".join(parts) if members else "")
        self._show_progress(len(members))
        self.next_mark.setEnabled(bool(waiting))
        self._empty.setText(self._why_empty(bool(members), copies))
        self._pages.setCurrentWidget(self._empty if self._empty.text() else self.canvas)

    def _show_progress(self, members: int) -> None:
        done, total = self._likeness.progress()
        self.compare.setVisible(members > 1 and done < total)
        if self._likeness.is_stopped():
            self.compare.setText(self.tr("Compare copies"))
            self.compare.setToolTip(
                self.tr("Look for copies that are unlike their peers: %d cells left") % (total - done)
            )
        else:
            self.compare.setText(self.tr("Comparing %d of %d  ✕") % (done + 1, total))
            self.compare.setToolTip(self.tr("Looking for copies that are unlike their peers; a click stops it"))

    def _why_empty(self, any_cells: bool, copies: int) -> str:
        if not any_cells:
            if self._members.waiting():
                return self.tr("Reading the cells of the case…")
            if self._members.is_case():
                return self.tr("This case has no cells yet.")
            return self.tr("Open a case, or several cells: here all copies of a chromosome stand side by side.")
        if copies:
            return ""
        if self._choice is None:
            return self.tr("Every chromosome is placed.")
        if self._choice == ALL:
            return self.tr("The cells hold no chromosomes.")
        if self._choice == "mar":
            return self.tr("No cell has a marker.")
        return self.tr("No cell has a copy of %s.") % place_name(self._choice)

    def _start_or_stop(self) -> None:
        if self._likeness.is_stopped():
            self._likeness.start()
        else:
            self._likeness.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown_changed.emit(True)
        self.canvas.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown_changed.emit(False)
