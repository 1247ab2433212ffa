"""What the mouse does on the paper: select, carry to another label, show the cell."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from karyogui.composite.hand import CopyDrag, Target, Targets
from karyogui.editor.commands import place_name
from karyogui.model.outliers import CopyRef

if TYPE_CHECKING:
    from karyogui.composite.canvas import CompositeCanvas

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Mouse:
    """The gestures of one canvas."""

    def __init__(self, canvas: "CompositeCanvas") -> None:
        self._canvas = canvas
        self.targets: Targets | None = None
        self._pressed: CopyRef | None = None
        self._start = QPointF()
        self._clears = False  # the press was on one of several selected; a click selects it alone
        self._drag: CopyDrag | None = None

    def is_dragging(self) -> bool:
        """Whether copies follow the pointer."""
        return self._drag is not None

    def press(self, event: QMouseEvent) -> None:
        """Select what was pressed; it may become a drag."""
        if event.button() != Qt.MouseButton.LeftButton or self._drag is not None:
            return
        canvas, ref = self._canvas, self._canvas.copy_at(event.position())
        self._pressed, self._start, self._clears = ref, event.position(), False
        chosen = canvas.selected_copies()
        if ref is None:
            self._press_beside(event)
        elif event.modifiers() & _CTRL:
            canvas.select([r for r in chosen if r != ref] if ref in chosen else [*chosen, ref], ref)
        elif event.modifiers() & _SHIFT and canvas.current_copy() is not None:
            order = list(canvas.composite_layout().copies)
            ends = sorted((order.index(ref), order.index(canvas.current_copy() or ref)))
            canvas.select(order[ends[0] : ends[1] + 1], ref)
        elif ref in chosen:
            self._clears = len(chosen) > 1
        else:
            canvas.select([ref], ref)

    def _press_beside(self, event: QMouseEvent) -> None:
        """The name of a cell selects its copies; empty paper, nothing."""
        point = self._canvas.point(event.position())
        column = self._canvas.composite_layout().column_at(point.x(), point.y())
        on_name = column is not None and point.y() >= column.baseline
        refs = list(column.copies) if column is not None and on_name else []
        if event.modifiers() & _CTRL:
            refs = [*self._canvas.selected_copies(), *refs]
        self._canvas.select(refs, refs[-1] if refs else None)

    def move(self, event: QMouseEvent) -> None:
        """Set off what is under the pointer, or carry what was pressed."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._canvas.set_hovered(self._canvas.copy_at(event.position()))
            return
        if self._drag is None and self._pressed is not None:
            way = (event.position() - self._start).manhattanLength()
            if way >= QApplication.startDragDistance():
                if self._pressed not in self._canvas.selected_copies():  # Ctrl took it out of the selection
                    self._canvas.select([self._pressed], self._pressed)
                self._canvas.set_hovered(None)
                picture = self._canvas.picture_of(self._pressed)
                self._drag = CopyDrag(self._canvas.selected_copies(), picture, self._canvas.window())
        if self._drag is not None:
            point = event.globalPosition().toPoint()
            target = self._target(point)
            self._drag.move_to(point, target)
            if self.targets is not None:
                self.targets.show_target(target)
            self._canvas.say(self._canvas.tr("Move to %s") % place_name(target.label) if target is not None else "")

    def _target(self, point: QPoint) -> Target | None:
        """The label a drop would give: of the strip, or of another label's line."""
        found = self.targets.target_at(point) if self.targets is not None else None
        if found is None:
            viewport = self._canvas.viewport()
            position = viewport.mapFromGlobal(point)
            if viewport.rect().contains(position):
                at = self._canvas.point(QPointF(position))
                lines = self._canvas.composite_layout().lines_between(at.y(), at.y())
                found = Target(lines[0].label) if lines else None
        layout = self._canvas.composite_layout()
        there = {layout.line_of(ref).label for ref in self._drag.refs} if self._drag is not None else set()
        return None if found is None or there == {found.label} else found

    def release(self, event: QMouseEvent) -> None:
        """Drop what is carried; a click on one of several selects it alone."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        drag, pressed = self._drag, self._pressed
        self.cancel()
        if drag is not None:
            if drag.target is not None:
                self._canvas.assign_selected(drag.target.label)
        elif self._clears and pressed is not None:
            self._canvas.select([pressed], pressed)

    def cancel(self) -> None:
        """End a drag as if it had never begun."""
        self._pressed = None
        if self._drag is not None:
            self._drag.end()
            self._drag = None
            if self.targets is not None:
                self.targets.show_target(None)
            self._canvas.say("")
