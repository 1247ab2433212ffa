"""The composite under the hands: keys, mouse, tooltips."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from karyogui.composite.edits import CaseEdits
from karyogui.composite.likeness import Likeness
from karyogui.composite.members import Members
from karyogui.composite.mouse import Mouse
from karyogui.composite.view import ZOOM_STEP, CompositeView
from karyogui.composite.words import copy_tooltip
from karyogui.editor.key_table import key_table
from karyogui.editor.keyboard import LabelTyping
from karyogui.keymap import ARROWS, KeyMap, pressed

_PLAIN, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier


class CompositeCanvas(CompositeView):
    """Lets copies be selected and edited, with the keys of the karyogram."""

    label_wanted = Signal(object)  # label to look at, typed
    step_wanted = Signal(int)  # to the next label (+1) or the one before
    cell_wanted = Signal(object)  # CopyRef: show its cell with it selected
    review_wanted = Signal(int)  # the next (+1) copy that is unlike its peers, of whatever label

    def __init__(
        self, members: Members, edits: CaseEdits, likeness: Likeness, keymap: KeyMap, parent: QWidget | None = None
    ) -> None:
        super().__init__(members, edits, likeness, parent)
        self._mouse = Mouse(self)
        self._typing = LabelTyping(self)
        self._keymap = keymap
        self._take_keys()
        keymap.changed.connect(self._take_keys)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        edits.said.connect(self.say)
        self._typing.typed_changed.connect(self._on_typed_changed)
        self._typing.label_typed.connect(self._on_label_typed)

    def review(self, step: int = 1) -> None:
        """Go to the next copy that is unlike its peers; -1: the one before."""
        if not self.is_dragging():
            self.forget_typing()
            self.setFocus()
            self.review_wanted.emit(step)

    # --- keys --------------------------------------------------------------------------------------------------------

    def _take_keys(self) -> None:
        self._keys = key_table(self, self._keymap)

    def forget_typing(self) -> None:
        """Drop a digit that waits."""
        self._typing.cancel()

    def assign_selected(self, label: str | None) -> None:
        """Move the selected copies to a label; without a selection, look at the label instead."""
        if self._selected:
            super().assign_selected(label)
        else:
            self.label_wanted.emit(label)

    def _on_label_typed(self, label: str) -> None:
        self.assign_selected(label)

    def _on_typed_changed(self, typed: str) -> None:
        text = (
            self.tr("Move to %s…  next digit, or Enter")
            if self._selected
            else self.tr("Show %s…  next digit, or Enter")
        )
        self.say(text % typed if typed else "")

    def is_dragging(self) -> bool:
        """Whether copies follow the pointer."""
        return self._mouse.is_dragging()

    def mouse(self) -> Mouse:
        """Return what the mouse does."""
        return self._mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = pressed(event)
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif self.is_dragging():
            event.ignore()
        elif modifiers == _PLAIN and event.text() in tuple("0123456789"):
            self._typing.type_digit(event.text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._typing.typed():
            self._typing.commit()
        elif (key, modifiers) in self._keys:
            self._typing.cancel()
            self._keys[key, modifiers]()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and (modifiers == _ALT or not self._selected):
            self.step_wanted.emit(ARROWS[key][0])
        elif key in ARROWS and modifiers in (_PLAIN, _SHIFT):
            self._typing.cancel()
            self._walk(ARROWS[key], extend=modifiers == _SHIFT)
        else:
            event.ignore()

    def _walk(self, step: tuple[int, int], *, extend: bool) -> None:
        target = self._layout.walk(self._current, *step)
        if target is not None:
            self.select([*self.selected_copies(), target] if extend else [target], target)

    def _escape(self) -> None:
        if self.is_dragging():
            self._mouse.cancel()
        elif self._typing.typed():
            self._typing.cancel()
        else:
            self.select([])

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.key() == Qt.Key.Key_Escape and (self.is_dragging() or bool(self._typing.typed())))
        ):
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._typing.cancel()
        super().focusOutEvent(event)

    # --- mouse -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.say("")
        self._typing.cancel()
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        ref = self.copy_at(event.position())
        if ref is not None and event.button() == Qt.MouseButton.LeftButton:
            self.cell_wanted.emit(ref)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(ZOOM_STEP ** (event.angleDelta().y() / 120.0))
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            ref = self.copy_at(QPointF(event.pos()))
            member = self.member_of(ref) if ref is not None else None
            if ref is not None and member is not None:
                text = copy_tooltip(member, ref, self._likeness.outliers().get(ref))
                QToolTip.showText(event.globalPos(), text, self.viewport(), self.rect_of(ref).toAlignedRect())
            else:
                QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.Leave:
            self.set_hovered(None)
        return super().viewportEvent(event)
