"""Other readings of the whole cell, each a click away."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from karyogui.document import KaryogramDocument
from karyogui.editor.commands import EditPlacements, push
from karyogui.inspector_parts.widgets import CompactButton, ElidedLabel, clear_layout, grid_layout, quiet_label
from karyogui.model.reading import fits, relabelled
from karyogui.theme import GRID


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the whole cell."""

    karyotype: str
    gap: float  # natural logarithm, to the model's own reading
    labels: Mapping[int, str | None]


class ReadingList(QWidget):
    """The model's reading of the whole cell and those that come close; one click (undoable) changes to another."""

    def __init__(self, document: KaryogramDocument, undo_stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._undo_stack = document, undo_stack
        self._lines: list[tuple[_Reading, bool]] = []  # as they are shown, and whether the karyogram reads so
        self.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(quiet_label(self.tr("The whole cell may be read as")))
        self._grid = grid_layout()
        self._grid.setColumnStretch(0, 1)
        layout.addLayout(self._grid)

    def refresh(self) -> None:
        """Show the readings of the open cell; nothing where the model sees but one."""
        placements = self._document.placements()
        lines = [(reading, fits(placements, reading.labels)) for reading in self._all_readings()]
        if lines == self._lines:  # most gestures leave them as they are
            return
        self._lines = lines
        clear_layout(self._grid)
        self.setVisible(len(lines) > 1)
        for row, (reading, shown) in enumerate(lines):
            self._add(row, reading, shown)

    def _all_readings(self) -> list[_Reading]:
        cell = self._document.cell()
        if cell is None or any(c.prediction is None for c in cell.chromosomes):
            return []
        own = {c.id: c.prediction.label for c in cell.chromosomes if c.prediction is not None}
        counts = ChromosomeCounts.from_labels(own.values())
        if not counts.total:
            return []
        others = [
            _Reading(a.karyotype, a.log_likelihood_gap, dict(zip(own, a.labels, strict=True)))
            for a in self._document.alternatives()
        ]
        return [_Reading(karyotype_text(counts), 0.0, own), *others]

    def _add(self, row: int, reading: _Reading, is_shown: bool) -> None:
        text = ElidedLabel(muted=False)
        text.set_text(reading.karyotype)
        gap = quiet_label(self.tr("gap %s") % f"{reading.gap:.1f}" if row else self.tr("likeliest"))
        if row:
            gap.setToolTip(self.tr("About %s times less likely than the first reading") % f"{exp(reading.gap):.3g}")
        choice: QWidget
        if is_shown:
            shown = quiet_label(self.tr("✓ shown"))
            shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
            choice = shown
        else:
            choice = self._apply_button(reading)
        for column, widget in enumerate((text, gap, choice)):
            self._grid.addWidget(widget, row, column)
            widget.show()  # at once: Qt would show it one turn of the event loop later, a flicker

    def _apply_button(self, reading: _Reading) -> CompactButton:
        button = CompactButton(self.tr("Apply"))
        button.setAccessibleName(self.tr("Apply %s") % reading.karyotype)
        button.setToolTip(self.tr("Move the chromosomes so that the cell reads %s") % reading.karyotype)
        button.clicked.connect(lambda _checked=False: self._apply(reading))
        return button

    def _apply(self, reading: _Reading) -> None:
        after = relabelled(self._document.placements(), reading.labels)
        push(self._undo_stack, EditPlacements(self._document, after, self.tr("Read as %s") % reading.karyotype))
