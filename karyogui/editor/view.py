"""The karyogram on the screen: zoom, pan, keyboard, and the methods that menus and toolbars call."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QUndoCommand,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from engine.types import MARKER
from karyogui.editor import commands
from karyogui.editor.describe import describe
from karyogui.editor.hand import Hand, scroll_by
from karyogui.editor.hint import HintLabel
from karyogui.editor.keyboard import LabelTyping, walk
from karyogui.editor.reviewing import accept_and_step, step_review
from karyogui.editor.scene import KaryogramScene
from karyogui.model.layout import Landing

ROTATION_STEP = 5.0
"""Degrees that one press of R turns: the precision with which one sees that a chromosome is not upright."""

_ZOOM_STEP = 1.25
_ZOOM_RANGE = (0.25, 24.0)  # screen pixels per point
_PLAIN = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_EDGE = 28  # a drag this near to the edge scrolls, in screen pixels

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class KaryogramView(QGraphicsView):
    """Shows a `KaryogramScene`; fits it into the window until the user zooms."""

    selection_changed = Signal(list)  # list[int]: all selected ids in reading order
    current_changed = Signal(object)  # int | None: the selected chromosome the user last pointed at
    zoom_changed = Signal(float)  # screen pixels per image pixel

    def __init__(self, scene: KaryogramScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._scene, self._document = scene, scene.document()
        self._fitted = True
        self._hand = Hand(self)
        self._typing = LabelTyping(self)
        self._hint = HintLabel(self)
        self._keys = self._key_table()

        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.RubberBandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)  # `_zoom_by` holds the point itself
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setAcceptDrops(False)  # files dropped on the karyogram are the window's
        self.viewport().setAcceptDrops(False)
        self.setAccessibleName(self.tr("Karyogram"))

        scene.chromosomes_selected.connect(self.selection_changed)
        scene.current_changed.connect(self._on_current_changed)
        scene.layout_changed.connect(self._on_layout_changed)
        scene.landing_changed.connect(self._on_landing_changed)
        self._typing.typed_changed.connect(self._on_typed_changed)
        self._typing.label_typed.connect(self.assign_selected)

    # --- edits of the selection: what actions call ---------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """Return the selected chromosomes in reading order."""
        return self._scene.selected_ids()

    def current_id(self) -> int | None:
        """Return the selected chromosome the user last pointed at; None if nothing is selected."""
        return self._scene.current_id()

    def select_all(self) -> None:
        """Select all chromosomes, placed or not."""
        self._scene.select(self._scene.karyogram_layout().reading_order())

    def assign_selected(self, label: str | None) -> None:
        """Move the selected chromosomes to a class, to the markers (`MARKER`) or to the tray (None)."""
        self._edit(lambda ids: commands.assign(self._document, ids, label))

    def flip_selected(self) -> None:
        """Turn the selected chromosomes upside down."""
        self._edit(lambda ids: commands.flip(self._document, ids))

    def rotate_selected(self, degrees: float) -> None:
        """Turn the selected chromosomes counter-clockwise."""
        self._edit(lambda ids: commands.rotate(self._document, ids, degrees))

    def upright_selected(self) -> None:
        """Give the selected chromosomes the engine's orientation back."""
        self._edit(lambda ids: commands.upright(self._document, ids))

    def mirror_selected(self) -> None:
        """Swap left and right of the selected chromosomes."""
        self._edit(lambda ids: commands.mirror(self._document, ids))

    # --- review --------------------------------------------------------------------------------------------------

    def review(self, step: int = 1) -> None:
        """Select the next chromosome that asks for a look, least certain first; -1: the one before."""
        if not self._scene.is_dragging():
            self._typing.cancel()
            self.setFocus()
            self._hint.say(step_review(self._scene, step))

    def accept_selected(self) -> None:
        """Accept the selected chromosomes where they lie, and go on to the next that asks for a look."""
        if not self._scene.is_dragging():
            self._typing.cancel()
            self.setFocus()
            self._hint.say(accept_and_step(self._scene))

    def _enter(self) -> None:
        """Take the digit that waits, or accept."""
        if self._typing.typed():
            self._typing.commit()
        else:
            self.accept_selected()

    def _edit(self, command: Callable[[list[int]], QUndoCommand]) -> None:
        self._typing.cancel()  # a digit that waits must not follow another edit
        ids = self.selected_ids()
        if ids and not self._scene.is_dragging():
            commands.push(self._scene.undo_stack(), command(ids))

    # --- seeing --------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole karyogram, and keep doing so when the window changes."""
        self._fitted = True
        self._set_scroll_bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # they would change the size to fit into
        paper, room = self._scene.sceneRect(), self.viewport().size()
        if not paper.isEmpty() and not room.isEmpty():
            self._set_scale(min(room.width() / paper.width(), room.height() / paper.height()))
            self.centerOn(paper.center())

    def zoom_in(self) -> None:
        """Show everything a step larger."""
        self._zoom_by(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show everything a step smaller."""
        self._zoom_by(1.0 / _ZOOM_STEP)

    def zoom_actual(self) -> None:
        """Show one image pixel as one screen pixel."""
        self._zoom_by(1.0 / self.zoom())

    def zoom(self) -> float:
        """Return the screen pixels per image pixel."""
        return self.transform().m11() * self._scene.karyogram_layout().scale * self.devicePixelRatioF()

    def is_fitted(self) -> bool:
        """Say whether the whole karyogram is kept in view."""
        return self._fitted

    def set_inverted(self, inverted: bool) -> None:
        """Show bright bands on black paper instead of dark ones on white."""
        self._scene.set_options(replace(self._scene.options(), inverted=inverted))

    def _zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom while the point `about` of the viewport (None: its middle) stays where it is."""
        hold = about.toPoint() if about is not None else self.viewport().rect().center()
        under = self.mapToScene(hold)
        if self._fitted:
            self._fitted = False
            self._set_scroll_bars(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._set_scale(self.transform().m11() * factor)
        scroll_by(self, self.mapFromScene(under) - hold)

    def _set_scale(self, scale: float) -> None:
        scale = min(max(scale, _ZOOM_RANGE[0]), _ZOOM_RANGE[1])
        now = self.transform().m11()
        if scale != now:
            self.scale(scale / now, scale / now)
            self.zoom_changed.emit(self.zoom())

    def _set_scroll_bars(self, policy: Qt.ScrollBarPolicy) -> None:
        self.setHorizontalScrollBarPolicy(policy)
        self.setVerticalScrollBarPolicy(policy)

    def _on_layout_changed(self) -> None:
        self._describe(self.current_id())
        if self._fitted:
            self.fit()

    # --- what is said --------------------------------------------------------------------------------------------

    def _on_current_changed(self, chromosome_id: int | None) -> None:
        self._hint.say("")
        self._describe(chromosome_id)
        if chromosome_id is not None and not self._fitted and not self._scene.is_dragging():
            rect = self._scene.chromosome_item(chromosome_id).sceneBoundingRect()
            self.ensureVisible(rect, _EDGE, _EDGE)
        self.current_changed.emit(chromosome_id)

    def _describe(self, chromosome_id: int | None) -> None:
        self.setAccessibleDescription("" if chromosome_id is None else describe(self._document, chromosome_id))

    def _on_typed_changed(self, typed: str) -> None:
        self._hint.say(self.tr("Move to %s…  next digit, or Enter") % typed if typed else "")

    def _on_landing_changed(self, landing: Landing | None) -> None:
        self._hint.say(self.tr("Move to %s") % commands.place_name(landing.label) if landing else "")

    # --- keyboard ------------------------------------------------------------------------------------------------

    def _key_table(self) -> dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], None]]:
        key = Qt.Key
        return {
            (key.Key_X, _PLAIN): lambda: self.assign_selected("X"),
            (key.Key_Y, _PLAIN): lambda: self.assign_selected("Y"),
            (key.Key_M, _PLAIN): lambda: self.assign_selected(MARKER),
            (key.Key_T, _PLAIN): lambda: self.assign_selected(None),
            (key.Key_Delete, _PLAIN): lambda: self.assign_selected(None),
            (key.Key_F, _PLAIN): self.flip_selected,
            (key.Key_R, _PLAIN): lambda: self.rotate_selected(ROTATION_STEP),
            (key.Key_R, _SHIFT): lambda: self.rotate_selected(-ROTATION_STEP),
            (key.Key_U, _PLAIN): self.upright_selected,
            (key.Key_A, Qt.KeyboardModifier.ControlModifier): self.select_all,
            (key.Key_Home, _PLAIN): lambda: self._go_to_end(0),
            (key.Key_End, _PLAIN): lambda: self._go_to_end(-1),
            (key.Key_N, _PLAIN): self.review,
            (key.Key_N, _SHIFT): lambda: self.review(-1),
            (key.Key_Return, _PLAIN): self._enter,
            (key.Key_Enter, _PLAIN): self._enter,
        }

    def _walk(self, step: tuple[int, int], extend: bool) -> None:
        target = walk(self._scene.karyogram_layout(), self.current_id(), *step)
        if target is not None:
            self._scene.select([*self.selected_ids(), target] if extend else [target], target)

    def _go_to_end(self, index: int) -> None:
        order = self._scene.karyogram_layout().reading_order()
        if order:
            self._scene.select([order[index]], order[index])

    def _escape(self) -> None:
        """Take back the most recent thing that is under way: drag, typed digits, selection."""
        if self._scene.is_dragging():
            self._scene.cancel_drag()
        elif self._typing.typed():
            self._typing.cancel()
        else:
            self._scene.select([])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._takes_escape(event):
            event.accept()
            return True
        return super().event(event)

    def _takes_escape(self, event: QEvent) -> bool:
        """While a drag or a digit is under way Esc belongs to it, whatever else the window uses Esc for."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return escape and (self._scene.is_dragging() or bool(self._typing.typed()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif self._scene.is_dragging():
            event.ignore()
        elif key == Qt.Key.Key_Space and modifiers in (_PLAIN, _SHIFT):
            if not event.isAutoRepeat():
                self._hand.hold_space(modifiers)
        elif modifiers == _PLAIN and event.text() in tuple("0123456789"):
            if self.selected_ids():
                self._typing.type_digit(event.text())
        elif (key, modifiers) in self._keys:
            if key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._typing.cancel()
            self._keys[key, modifiers]()
        elif key in _STEPS and modifiers in (_PLAIN, _SHIFT):
            self._typing.cancel()
            self._walk(_STEPS[key], extend=modifiers == _SHIFT)
        else:
            event.ignore()  # the window's shortcuts

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            tapped = None if event.isAutoRepeat() else self._hand.release_space()
            if tapped is not None:
                self.review(-1 if tapped == _SHIFT else 1)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hand.release_space()
        self._typing.cancel()
        super().focusOutEvent(event)

    # --- mouse ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._scene.is_dragging() and self._hand.press(event):
            return
        self._typing.cancel()
        self._hint.say("")
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hand.move(event):
            return
        super().mouseMoveEvent(event)
        if self._scene.is_dragging() and not self._fitted:
            self.ensureVisible(QRectF(self.mapToScene(event.position().toPoint()), QSizeF(1, 1)), _EDGE, _EDGE)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._hand.release():
            return
        super().mouseReleaseEvent(event)
        event.accept()  # over empty paper Qt leaves it to the parent, which never saw the press

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by(_ZOOM_STEP ** (event.angleDelta().y() / 120.0), event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom_by(1.0 + event.value(), event.position())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.place()
        if self._fitted:
            self.fit()
