"""The karyogram on the screen: zoom, pan, keyboard, and the methods that menus and toolbars call."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from karyogui.editor.context_menu import chromosome_menu
from karyogui.editor.describe import describe
from karyogui.editor.hand import Hand, scroll_by
from karyogui.editor.hint import HintLabel
from karyogui.editor.items import ChromosomeItem
from karyogui.editor.key_table import key_table
from karyogui.editor.keyboard import LabelTyping, walk
from karyogui.editor.lens import Lens, LensKey
from karyogui.editor.scene import KaryogramScene
from karyogui.editor.selection import SelectionEdits
from karyogui.keymap import ARROWS, Combination, KeyMap, combination, pressed
from karyogui.model.view_settings import ViewSettings

_ZOOM_STEP = 1.25
_ZOOM_RANGE = (0.25, 24.0)  # screen pixels per point
_PLAIN = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_EDGE = 28  # a drag this near to the edge scrolls, in screen pixels


class KaryogramView(SelectionEdits):
    """Shows a `KaryogramScene`; fits it into the window until the user zooms."""

    selection_changed = Signal(list)  # list[int]: all selected ids in reading order
    current_changed = Signal(object)  # int | None: the selected chromosome the user last pointed at
    lens_changed = Signal(bool)
    zoom_changed = Signal(float)  # screen pixels per image pixel

    def __init__(self, scene: KaryogramScene, parent: QWidget | None = None, keymap: KeyMap | None = None) -> None:
        super().__init__(scene, parent)
        scene.setParent(self)  # it dies with the view, not when the garbage collector comes
        self._scene, self._document = scene, scene.document()
        self._fitted = True
        self._hand = Hand(self)
        self._typing = LabelTyping(self)
        self._hint = HintLabel(self)
        self._lens = Lens(self)
        self._lens_key = LensKey(self._lens)
        self._keymap = keymap or KeyMap(parent=self)
        self._take_keys()

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
        scene.gesture_moved.connect(self.say)
        self._typing.typed_changed.connect(self._on_typed_changed)
        self._typing.label_typed.connect(self.assign_selected)
        self._keymap.changed.connect(self._take_keys)

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

    def settings(self) -> ViewSettings:
        """Return how the karyogram is looked at."""
        return self._scene.settings()

    def set_settings(self, settings: ViewSettings) -> None:
        """Look at the karyogram another way; the data stay as they are."""
        self._scene.set_settings(settings)

    def has_lens(self) -> bool:
        """Say whether the lens is out."""
        return not self._lens.isHidden()

    def set_lens(self, on: bool) -> None:
        """Take the lens out, or put it away."""
        self._lens.toggle(on)
        self.lens_changed.emit(on)

    def set_inverted(self, inverted: bool) -> None:
        """Show bright bands on black paper instead of dark ones on white."""
        self.set_settings(replace(self.settings(), inverted=inverted))

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
        self.say("")
        self._describe(chromosome_id)
        if chromosome_id is not None and not self._fitted and not self._scene.is_dragging():
            rect = self._scene.chromosome_item(chromosome_id).sceneBoundingRect()
            self.ensureVisible(rect, _EDGE, _EDGE)
        self.current_changed.emit(chromosome_id)

    def _describe(self, chromosome_id: int | None) -> None:
        self.setAccessibleDescription("" if chromosome_id is None else describe(self._document, chromosome_id))

    def _on_typed_changed(self, typed: str) -> None:
        self.say(self.tr("Move to %s…  next digit, or Enter") % typed if typed else "")

    def say(self, text: str) -> None:
        """Show a line over the karyogram; empty: take it away."""
        self._hint.say(text)

    # --- keyboard ------------------------------------------------------------------------------------------------

    def forget_typing(self) -> None:
        """Drop a digit that waits."""
        self._typing.cancel()

    def _take_keys(self) -> None:
        self._keys = key_table(self, self._keymap)
        self._lens_keys: set[Combination] = set(map(combination, self._keymap.keys("lens")))

    def _walk(self, step: tuple[int, int], extend: bool) -> None:
        target = walk(self._scene.karyogram_layout(), self.current_id(), *step)
        if target is not None:
            self._scene.select([*self.selected_ids(), target] if extend else [target], target)

    def go_to_end(self, index: int) -> None:
        """Select the first chromosome in reading order (0) or the last (-1)."""
        order = self._scene.karyogram_layout().reading_order()
        if order:
            self._scene.select([order[index]], order[index])

    def _escape(self) -> None:
        """Take back the most recent thing that is under way: drag, typed digits, selection."""
        if self._scene.is_dragging():
            self._scene.cancel_drag()
        elif self._typing.typed():
            self._typing.cancel()
        elif self.has_lens():
            self.set_lens(False)
        else:
            self._scene.select([])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._takes_escape(event):
            event.accept()
            return True
        return super().event(event)

    def _takes_escape(self, event: QEvent) -> bool:
        """While a drag, a digit or the lens is under way Esc belongs to it, whatever else the window uses Esc for."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return escape and (self._scene.is_dragging() or bool(self._typing.typed()) or self.has_lens())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = pressed(event)
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif self._scene.is_dragging():
            self._tell_modifiers(event, down=True)
            event.ignore()
        elif key == Qt.Key.Key_Space and modifiers in (_PLAIN, _SHIFT):
            if not event.isAutoRepeat():
                self._hand.hold_space(modifiers)
        elif (key, modifiers) in self._lens_keys:
            self._lens_key.press(repeats=event.isAutoRepeat())
            self.lens_changed.emit(self.has_lens())
        elif modifiers == _PLAIN and event.text() in tuple("0123456789"):
            if self.selected_ids():
                self._typing.type_digit(event.text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._typing.typed():
            self._typing.commit()
        elif (key, modifiers) in self._keys:
            self._typing.cancel()
            self._keys[key, modifiers]()
        elif key in ARROWS and modifiers in (_PLAIN, _SHIFT):
            self._typing.cancel()
            self._walk(ARROWS[key], extend=modifiers == _SHIFT)
        else:
            event.ignore()  # the window's shortcuts

    def _tell_modifiers(self, event: QKeyEvent, *, down: bool) -> None:
        """Tell the running gesture of Ctrl and Shift at once; systems differ in whether the event counts its key."""
        modifiers = event.modifiers()
        for key, modifier in ((Qt.Key.Key_Control, _CTRL), (Qt.Key.Key_Shift, _SHIFT)):
            if event.key() == key:
                modifiers = modifiers | modifier if down else modifiers & ~modifier
        self._scene.modifiers_changed(modifiers)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._scene.is_dragging():
            self._tell_modifiers(event, down=False)
        if event.key() in {int(key) for key, _ in self._lens_keys} and not event.isAutoRepeat():
            self._lens_key.release()
            self.lens_changed.emit(self.has_lens())
        elif event.key() == Qt.Key.Key_Space:
            tapped = None if event.isAutoRepeat() else self._hand.release_space()
            act = self._keys.get((Qt.Key.Key_Space, tapped)) if tapped is not None else None
            if act is not None:
                act()
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
        self.say("")
        if event.button() == Qt.MouseButton.RightButton:
            return  # the menu's; Qt would begin a rubber band and empty the selection
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        event.accept()  # as a press on empty paper

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._lens_key.moved()
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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._scene.is_dragging():
            return
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse:
            self._select_under(self.mapToScene(event.pos()))
        current = self.current_id()
        if current is None:
            return
        item = self._scene.chromosome_item(current)
        at_item = self.viewport().mapToGlobal(self.mapFromScene(item.sceneBoundingRect().center()))
        chromosome_menu(self, self._document).popup(event.globalPos() if by_mouse else at_item)

    def _select_under(self, point: QPointF) -> None:
        """Select what a right click is on, unless it is selected already; empty paper: nothing."""
        item, slot = self._scene.item_under(point), self._scene.slot_under(point)
        if isinstance(item, ChromosomeItem):
            if not item.isSelected():
                self._scene.select([item.chromosome_id], item.chromosome_id)
        elif slot is not None:
            self._scene.select(slot.ids, slot.ids[0])
        else:
            self._scene.select([])

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
