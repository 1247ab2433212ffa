"""The right panel: the chosen chromosome large, how sure the model is, what else it may be, other readings of the cell.

Everything it does is a command on the undo stack.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QUndoStack
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.types import MARKER, ChromosomeResult, LabelAlternative
from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.editor.commands import EditPlacements, push
from karyogui.editor.selection import ROTATION_STEP
from karyogui.inspector_parts.chromosome_view import ChromosomeView, Shown
from karyogui.inspector_parts.confidence_view import Certainty, ConfidenceView
from karyogui.inspector_parts.readings import ReadingList
from karyogui.inspector_parts.widgets import (
    CompactButton,
    ElidedLabel,
    SuggestionButton,
    clear_layout,
    grid_layout,
    quiet_label,
)
from karyogui.model.enlarged import Enlargements, enlarged_of
from karyogui.model.ideogram import BAND_LEVELS, BandLevel
from karyogui.model.karyogram import Placement
from karyogui.model.suggestions import suggestions
from karyogui.theme import GRID


class Inspector(QScrollArea):
    """Shows what is chosen in the karyogram; the shell tells it with `show_chromosomes`."""

    superresolution_wanted = Signal(list, bool)  # list[int]: the chosen chromosomes; super-resolved or original

    def __init__(self, document: KaryogramDocument, undo_stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._undo_stack = document, undo_stack
        self._ids: tuple[int, ...] = ()
        self._enlargements: Enlargements = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(264)

        self._empty = QLabel(self.tr("Choose a chromosome to see it large, beside its ideogram."), wordWrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._chosen = self._build_chosen()
        self._readings = ReadingList(document, undo_stack)

        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._chosen, 1)
        layout.addWidget(self._readings)
        self.setWidget(content)

        document.cell_changed.connect(self._refresh)
        document.placements_changed.connect(self._refresh)
        self._refresh()

    def show_chromosome(self, chromosome_id: int | None) -> None:
        """Show one chromosome; None: the empty state."""
        self.show_chromosomes([] if chromosome_id is None else [chromosome_id])

    def show_chromosomes(self, ids: Sequence[int]) -> None:
        """Show the chosen chromosomes: one in full, two compared side by side; the buttons act on all of them."""
        if tuple(ids) != self._ids:  # else the document says what is new, once
            self._ids = tuple(ids)
            self._refresh()

    def set_enlargements(self, enlargements: Enlargements) -> None:
        """Show these chromosomes super-resolved beside the original."""
        if enlargements != self._enlargements:
            self._enlargements = enlargements
            self._refresh()

    def forbid_superresolution(self, reason: str) -> None:
        """Say why nothing can be super-resolved; empty: it can."""
        self._superresolved.setEnabled(not reason)
        self._superresolved.setToolTip(reason or self.tr("Bands may be invented: look at the original beside it"))

    def shown_ids(self) -> tuple[int, ...]:
        """Return the chromosomes that are shown and acted on."""
        return self._ids

    def set_band_level(self, level: BandLevel) -> None:
        """Choose the band level of the ideogram."""
        self._levels[level].setChecked(True)
        self._view.set_level(level)

    # --- building ------------------------------------------------------------------------------------------------

    def _build_chosen(self) -> QWidget:
        self._title = QLabel()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self._title.setFont(font)
        self._source = ElidedLabel()
        self._view = ChromosomeView()
        self._superresolved = QCheckBox(self.tr("Super-resolved beside the original"))
        self._superresolved.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the keyboard stays with the karyogram
        self._superresolved.clicked.connect(lambda on: self.superresolution_wanted.emit(list(self._ids), on))
        self.forbid_superresolution("")
        self._confidence = ConfidenceView()
        self._suggestions_title = quiet_label(self.tr("Could also be"))
        self._suggestions = grid_layout()
        self._suggestions.setColumnStretch(0, 1)
        self._suggestions.setColumnStretch(1, 1)

        chosen = QWidget()
        layout = QVBoxLayout(chosen)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title)
        head.addWidget(self._source)
        layout.addLayout(head)
        layout.addWidget(self._view, 1)
        layout.addLayout(self._build_levels())
        layout.addWidget(self._superresolved)
        layout.addWidget(self._confidence)
        layout.addWidget(self._suggestions_title)
        layout.addLayout(self._suggestions)
        layout.addSpacing(GRID // 2)
        layout.addLayout(self._build_actions())
        return chosen

    def _build_levels(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(quiet_label(self.tr("Ideogram bands")), 1)
        group = QButtonGroup(self)
        self._levels: dict[BandLevel, QToolButton] = {}
        for level in BAND_LEVELS:
            button = QToolButton()
            button.setText(str(level))
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setToolTip(self.tr("Show the ideogram at %d bands per haploid set") % level)
            button.clicked.connect(lambda _checked=False, level=level: self._view.set_level(level))
            group.addButton(button)
            row.addWidget(button)
            self._levels[level] = button
        self.set_band_level(550)
        return row

    def _build_actions(self) -> QGridLayout:
        step = f"{ROTATION_STEP:g}°"
        grid = grid_layout()
        self._accept = self._action(self.tr("Accept"), self.tr("The label is right"), self._accept_label)
        self._tray = self._action(
            self.tr("To tray"),
            self.tr("Take it out of the karyogram"),
            lambda: self._edit(lambda ids: commands.assign(self._document, ids, None)),
        )
        flip = self._action(
            self.tr("Flip"),
            self.tr("Turn it upside down: p arm and q arm change ends"),
            lambda: self._edit(lambda ids: commands.flip(self._document, ids)),
        )
        upright = self._action(
            self.tr("Upright"),
            self.tr("Back to the orientation the model proposed"),
            lambda: self._edit(lambda ids: commands.upright(self._document, ids)),
        )
        left = self._action(
            f"↺ {step}",
            self.tr("Turn it to the left"),
            lambda: self._edit(lambda ids: commands.rotate(self._document, ids, ROTATION_STEP)),
        )
        right = self._action(
            f"↻ {step}",
            self.tr("Turn it to the right"),
            lambda: self._edit(lambda ids: commands.rotate(self._document, ids, -ROTATION_STEP)),
        )
        for index, button in enumerate((self._accept, self._tray, flip, upright, left, right)):
            grid.addWidget(button, index // 2, index % 2)
            grid.setColumnStretch(index % 2, 1)
        return grid

    def _action(self, text: str, tip: str, run: Callable[[], None]) -> QPushButton:
        button = CompactButton(text)
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        button.clicked.connect(lambda _checked=False: run())
        return button

    # --- showing -------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        cell = self._document.cell()
        there = {chromosome.id for chromosome in cell.chromosomes} if cell else set()
        self._ids = tuple(i for i in self._ids if i in there)
        self._empty.setVisible(not self._ids)
        self._chosen.setVisible(bool(self._ids))
        self._readings.refresh()
        if cell is None or not self._ids:
            self._view.show_chromosomes([])
            return
        placements = [self._document.placement(i) for i in self._ids]
        self._view.show_chromosomes(self._looks(placements))
        one = len(self._ids) == 1
        several = self.tr("Super-resolved")
        self._superresolved.setText(self.tr("Super-resolved beside the original") if one else several)
        self._superresolved.setChecked(all(i in self._enlargements for i in self._ids))
        self._title.setText(self._title_text())
        self._source.set_text(", ".join(cell.chromosome(i).source for i in self._ids))
        prediction = cell.chromosome(self._ids[0]).prediction if one else None
        self._confidence.setVisible(one)
        self._confidence.show_confidence(self._certainty(prediction), prediction.confidence if prediction else 0.0)
        self._show_suggestions(suggestions(prediction, placements[0].label) if prediction else ())
        self._suggestions_title.setVisible(one and prediction is not None)
        self._accept.setEnabled(any(p.label is not None and not p.accepted for p in placements))
        self._tray.setEnabled(any(p.label is not None for p in placements))

    def _looks(self, placements: Sequence[Placement]) -> list[Shown]:
        """One chromosome is shown in its original pixels first; super-resolution never stands alone."""
        cell = self._document.cell()
        looks = [Shown(cell.chromosome(p.chromosome_id), p) for p in placements] if cell else []
        if len(looks) == 1:
            enlarged = enlarged_of(looks[0].chromosome, self._enlargements)
            looks += [replace(looks[0], enlarged=enlarged)] if enlarged else []
        return looks

    def _title_text(self) -> str:
        if len(self._ids) > 1:
            return self.tr("%d chromosomes") % len(self._ids)
        placement = self._document.placement(self._ids[0])
        if placement.label is None:
            return self.tr("Not placed")
        if placement.label == MARKER:
            return self.tr("Marker")
        return self.tr("Chromosome %s") % placement.label

    def _certainty(self, prediction: ChromosomeResult | None) -> Certainty:
        placement = self._document.placement(self._ids[0])
        if prediction is None:
            return Certainty.UNKNOWN if not placement.accepted else Certainty.BY_HAND
        if placement.label != prediction.label:
            return Certainty.BY_HAND
        if placement.accepted:
            return Certainty.ACCEPTED
        return Certainty.LOOK_AGAIN if self._document.needs_review(placement.chromosome_id) else Certainty.SURE

    def _show_suggestions(self, others: Sequence[LabelAlternative]) -> None:
        clear_layout(self._suggestions)
        placed = self._document.placement(self._ids[0]).label is not None
        title = self.tr("Could also be") if placed else self.tr("Could be")
        self._suggestions_title.setText(title if others else self.tr("No other label is likely"))
        for column, other in enumerate(others):
            button = SuggestionButton(other)
            button.clicked.connect(lambda _checked=False, label=other.label: self._assign(label))
            button.pointed_at.connect(self._view.propose)
            self._suggestions.addWidget(button, column // 2, column % 2)
            button.show()  # at once: Qt would show it one turn of the event loop later, a flicker

    # --- acting --------------------------------------------------------------------------------------------------

    def _edit(self, make: Callable[[Sequence[int]], EditPlacements]) -> None:
        if self._ids:
            push(self._undo_stack, make(self._ids))

    def _assign(self, label: str) -> None:
        self._edit(lambda ids: commands.assign(self._document, ids, label))

    def _accept_label(self) -> None:
        """Accept each chosen chromosome as what it is placed as; several are one step to undo."""
        placed = [p for p in map(self._document.placement, self._ids) if p.label is not None]
        labels = {p.label for p in placed}
        if len(labels) == 1:
            self._edit(lambda ids: commands.assign(self._document, ids, labels.pop()))
            return
        self._undo_stack.beginMacro(self.tr("Accept %d chromosomes") % len(placed))
        for placement in placed:
            push(self._undo_stack, commands.assign(self._document, [placement.chromosome_id], placement.label))
        self._undo_stack.endMacro()
