"""The window for cuts: tools above, the chromosome large, what would come of it below. It is not modal."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette, QUndoStack
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from karyogui.document import KaryogramDocument
from karyogui.editor import cutting
from karyogui.editor.cut_canvas import ERASER_RANGE, CutCanvas, Proposal, Tool
from karyogui.model.pieces import Problem
from karyogui.model.replacing import next_chromosome_id
from karyogui.theme import GRID

_CHOSEN = (
    "QToolButton:checked { background: palette(highlight); color: palette(highlighted-text); border-radius: 3px; }"
)
"""Fusion's own pressed look can hardly be seen on dark ground."""


class CutWindow(QDialog):
    """Cuts one chromosome or joins two. It closes itself when the chromosomes of the cell become others."""

    cut_made = Signal(list)  # list[int]: ids of the new pieces; sent after the command was pushed

    def __init__(
        self, document: KaryogramDocument, undo_stack: QUndoStack, ids: Sequence[int], parent: QWidget | None = None
    ) -> None:
        """`ids`: one chromosome to cut, or two to join."""
        super().__init__(parent)
        cell = document.cell()
        if cell is None or len(ids) not in (1, 2):
            raise ValueError("one chromosome to cut, or two to join")
        self._document, self._undo_stack = document, undo_stack
        chromosomes = sorted((cell.chromosome(i) for i in ids), key=lambda c: -int(c.mask.sum()))
        joins = len(ids) == 2
        self.setObjectName("cut_window")
        title = self.tr("Join chromosomes") if joins else self.tr("Cut chromosome")
        self.setWindowTitle(self.tr("%s · original pixels") % title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.canvas = CutCanvas(chromosomes, document.placement(chromosomes[0].id), next_chromosome_id(cell), self)
        self.tools: dict[Tool, QToolButton] = {}
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider_label = QLabel(self.tr("Size"), self)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.accept_button = QPushButton(self.tr("Join") if joins else self.tr("Cut"), self)
        self.reset_button = QPushButton(self.tr("Reset"), self)
        self._build(joins=joins)
        self.canvas.proposed.connect(self._on_proposed)
        self.canvas.refused.connect(self._on_refused)
        document.cell_changed.connect(self.reject)
        self._on_proposed(self.canvas.proposal())
        self.canvas.setFocus()

    def _build(self, *, joins: bool) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        if not joins:
            self._add_tools(row)
        row.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        buttons.addButton(self.reset_button, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.reset_button.clicked.connect(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        if not joins:
            layout.addLayout(row)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.message)
        layout.addWidget(buttons)

    def _add_tools(self, row: QHBoxLayout) -> None:
        group = QButtonGroup(self)
        for tool, text, key, tip in (
            (Tool.SPLIT, self.tr("Line"), "L", self.tr("Draw a line to cut along; with Shift it is straight")),
            (Tool.LASSO, self.tr("Lasso"), "O", self.tr("Draw around a part to make it a chromosome of its own")),
            (Tool.ERASE, self.tr("Eraser"), "E", self.tr("Wipe away what belongs to a neighbour")),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(tool is self.canvas.tool())
            button.setShortcut(QKeySequence(key))
            button.setToolTip(f"{tip} ({key})")
            button.setStyleSheet(_CHOSEN)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, tool=tool: self._choose(tool))
            group.addButton(button)
            row.addWidget(button)
            self.tools[tool] = button
        self.slider.setRange(*ERASER_RANGE)
        self.slider.setValue(self.canvas.radius())
        self.slider.setFixedWidth(16 * GRID)
        self.slider.setAccessibleName(self.tr("Size of the eraser"))
        self.slider.valueChanged.connect(self.canvas.set_radius)
        self.canvas.radius_changed.connect(self._show_radius)
        row.addSpacing(2 * GRID)
        row.addWidget(self.slider_label)
        row.addWidget(self.slider)

    def _choose(self, tool: Tool) -> None:
        self.canvas.set_tool(tool)
        self.canvas.setFocus()
        self._show_state()

    def _reset(self) -> None:
        self.canvas.reset()
        self.canvas.setFocus()

    def _show_radius(self, radius: int) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(radius)

    def _on_proposed(self, proposal: Proposal | None) -> None:
        self.message.setText(self._result_text(proposal) if proposal else self._hint_text())
        self._show_state()

    def _on_refused(self, problem: Problem) -> None:
        self.message.setText(self._problem_text(problem))

    def _show_state(self) -> None:
        there = self.canvas.proposal() is not None
        self.accept_button.setEnabled(there)
        self.reset_button.setEnabled(there)
        erases = self.canvas.tool() is Tool.ERASE
        for widget in (self.slider, self.slider_label):
            widget.setVisible(erases)

    def _hint_text(self) -> str:
        return {
            Tool.SPLIT: self.tr("Draw a line across the chromosome. Shift makes it straight."),
            Tool.LASSO: self.tr("Draw around the part to take out."),
            Tool.ERASE: self.tr("Wipe over what does not belong here. The wheel changes the size."),
            Tool.JOIN: "",
        }[self.canvas.tool()]

    def _result_text(self, proposal: Proposal) -> str:
        if proposal.tool is Tool.JOIN:
            return self.tr("Drag the second one, or move it with the arrow keys, until it fits.")
        if proposal.tool is Tool.ERASE:
            cell = self._document.cell()
            before = int(cell.chromosome(proposal.replaced[0]).mask.sum()) if cell else 1
            gone = 100 - 100 * int(proposal.pieces[0].mask.sum()) / before
            return self.tr("%.0f %% is wiped away. Go on, or accept with Enter.") % gone
        total = sum(int(piece.mask.sum()) for piece in proposal.pieces)
        shares = " + ".join(f"{100 * int(piece.mask.sum()) / total:.0f} %" for piece in proposal.pieces)
        text = self.tr("%d pieces: %s. The first stays in place, the others go to the tray. Enter accepts.")
        return text % (len(proposal.pieces), shares)

    def _problem_text(self, problem: Problem) -> str:
        if problem is Problem.NOT_THROUGH:
            return self.tr("The line does not cut the chromosome in two; draw it all the way across.")
        if problem is Problem.NOTHING_LEFT:
            return self.tr("Nothing would be left of the chromosome.")
        if self.canvas.tool() is Tool.LASSO:
            return self.tr("There is nothing of the chromosome within the line.")
        return self.tr("The eraser met nothing of the chromosome.")

    def _command_text(self, proposal: Proposal) -> str:
        return {
            Tool.SPLIT: self.tr("Split chromosome"),
            Tool.LASSO: self.tr("Take out a part"),
            Tool.ERASE: self.tr("Erase at chromosome"),
            Tool.JOIN: self.tr("Join chromosomes"),
        }[proposal.tool]

    def accept(self) -> None:
        """Make the cut, as one command."""
        proposal = self.canvas.proposal()
        if proposal is None or self.canvas.is_drawing():
            return
        self._document.cell_changed.disconnect(self.reject)
        text = self._command_text(proposal)
        self._undo_stack.push(cutting.replace_chromosomes(self._document, proposal.replaced, proposal.pieces, text))
        self.cut_made.emit([piece.id for piece in proposal.pieces])
        super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes back one thing after the other: the stroke, the proposal, the window."""
        if event.key() == Qt.Key.Key_Escape and self.canvas.is_drawing():
            self.canvas.cancel_stroke()
        elif event.key() == Qt.Key.Key_Escape and self.canvas.proposal() and self.canvas.tool() is not Tool.JOIN:
            self.canvas.reset()
        else:
            super().keyPressEvent(event)
