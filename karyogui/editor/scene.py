"""The karyogram as a scene: drawn from the document, edited through commands."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QTransform, QUndoStack
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsScene, QGraphicsSceneMouseEvent

from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.editor.describe import tooltip
from karyogui.editor.display import Display
from karyogui.editor.drag import ChromosomeDrag
from karyogui.editor.gesture import Gesture
from karyogui.editor.glide import Glide
from karyogui.editor.handles import CentromereHandle, TurnHandle
from karyogui.editor.ideogram_item import IdeogramItem, ideogram_items
from karyogui.editor.items import ChromosomeItem, FormItem, LandingItem
from karyogui.editor.painting import PaintOptions
from karyogui.editor.turning import CentromereGesture, TurnGesture
from karyogui.model.cell import Cell
from karyogui.model.enlarged import Enlargements
from karyogui.model.hits import label_at
from karyogui.model.layout import KaryogramLayout, Slot
from karyogui.model.straight import Straights
from karyogui.model.view_settings import ViewSettings


class KaryogramScene(QGraphicsScene):
    """Shows the document and turns mouse gestures into commands.

    Selection and drag live here; both are lost without harm. Everything else is in the document.
    """

    chromosomes_selected = Signal(list)  # list[int]: all selected ids in reading order
    current_changed = Signal(object)  # int | None: the selected chromosome the user last pointed at
    layout_changed = Signal()  # the paper or the places on it changed
    gesture_moved = Signal(str)  # what letting go would do now; empty: nothing, or the gesture ended

    def __init__(self, document: KaryogramDocument, undo_stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._undo_stack = document, undo_stack
        self._display = Display(document)
        self._ideograms: list[IdeogramItem] = []
        self._layout = self._display.layout_of(())
        self._items: dict[int, ChromosomeItem] = {}
        self._pixels: dict[int, NDArray[np.float32]] = {}  # by chromosome id, as they were read
        self._current: int | None = None
        self._selecting = False  # while many change at once; one signal follows
        self._pressed: tuple[QGraphicsItem, QPointF] | None = None  # what and where: it may become a gesture
        self._flips = False  # the press was the second of a double click on a chromosome
        self._gesture: Gesture | None = None
        self._glide = Glide(self)
        self._last_point = QPointF()
        self._form, self._landing = FormItem(), LandingItem()
        self.addItem(self._form)
        self.addItem(self._landing)
        self._turn = TurnHandle(self.tr("Drag to turn"))
        self._centromere = CentromereHandle(self.tr("Drag to move the centromere"))
        self.addItem(self._turn)
        self.addItem(self._centromere)
        # 46 items that often change their bounds: a linear list is faster than rebuilding the index.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.selectionChanged.connect(self._on_selection_changed)
        document.cell_changed.connect(self.rebuild)
        document.placements_changed.connect(self._on_placements_changed)
        self.rebuild()

    def undo_stack(self) -> QUndoStack:
        """Return the stack that all edits go to."""
        return self._undo_stack

    def document(self) -> KaryogramDocument:
        """Return what is shown."""
        return self._document

    # --- drawing -------------------------------------------------------------------------------------------------

    def karyogram_layout(self) -> KaryogramLayout:
        """Return the numbers the scene is drawn from."""
        return self._layout

    def options(self) -> PaintOptions:
        """Return how the karyogram is shown."""
        return self._display.options

    def settings(self) -> ViewSettings:
        """Return how the karyogram is looked at."""
        return self._display.settings

    def set_settings(self, settings: ViewSettings) -> None:
        """Show the karyogram another way; the data stay as they are."""
        before = self._display.settings
        if settings == before:
            return
        self._display.set_settings(settings)
        if settings == replace(before, tone=settings.tone, superresolved=settings.superresolved):
            self._repaint(self._items.values())  # a slider moves: nothing changes place
        else:
            self.rebuild()

    def set_straights(self, straights: Straights) -> None:
        """Take over the straightened looks of the cell, for when they are asked for."""
        self._display.set_straights(straights)
        if self._display.settings.straightened:
            self.rebuild()

    def straights(self) -> Straights:
        """Return the straightened looks that are shown; none while chromosomes are shown as they were read."""
        return self._display.straights()

    def set_enlargements(self, enlargements: Enlargements) -> None:
        """Show these chromosomes super-resolved, and all others in the pixels they were read with."""
        self._display.set_enlargements(enlargements)
        cell = self._document.cell()
        if cell is None or self._items.keys() != {c.id for c in cell.chromosomes}:
            return  # of another cell: these are drawn when it is
        changed = [i for i in self._items.values() if self._display.enlarged(i.chromosome) is not i.enlarged]
        self._repaint(changed)
        if changed and self._gesture is None:  # else the end of the gesture draws the marks
            self._show_document()

    def enlargements(self) -> Enlargements:
        """Return the super-resolved looks that are shown."""
        return {i: item.enlarged for i, item in self._items.items() if item.enlarged is not None}

    def shown_cell(self) -> Cell | None:
        """Return the cell as it is shown: straightened where that is asked for."""
        return self._display.cell()

    def is_straightened(self, chromosome_id: int) -> bool:
        """Say whether a chromosome is shown along its own axis."""
        return self._display.is_straightened(chromosome_id)

    def chromosome_item(self, chromosome_id: int) -> ChromosomeItem:
        """Return the item of one chromosome; `KeyError` if there is none with this id."""
        return self._items[chromosome_id]

    def rebuild(self) -> None:
        """Make all items anew from the document. The selection stays on chromosomes that are still the same."""
        self.cancel_drag()
        cell, shown, old = self._document.cell(), self._display.cell(), self._items
        options = self._display.options
        selected = {i: self._pixels[i] for i in self.selected_ids()}
        self._selecting = True
        for item in old.values():
            self.removeItem(item)
        self._layout = self._display.layout_of(self._document.placements())
        self._items = {}
        self._pixels = {chromosome.id: chromosome.pixels for chromosome in cell.chromosomes} if cell else {}
        for chromosome in shown.chromosomes if shown else ():
            before, enlarged = old.get(chromosome.id), self._display.enlarged(chromosome)
            if before is not None and before.shows(chromosome, options, enlarged):
                image = before.image
            else:
                image = self._display.image_of(chromosome)
            item = ChromosomeItem(chromosome, image, self._layout.chromosomes[chromosome.id], options, enlarged)
            self.addItem(item)
            item.setSelected(selected.get(chromosome.id) is self._pixels[chromosome.id])
            self._items[chromosome.id] = item
        self._selecting = False
        self.setBackgroundBrush(QColor(self._display.options.paper.ground))
        self._on_selection_changed()  # first: who hears of the new layout may ask for the selection
        self._show_document()

    def _repaint(self, items: Iterable[ChromosomeItem]) -> None:
        for item in items:
            shown = item.chromosome
            item.show_image(self._display.image_of(shown), self._display.options, self._display.enlarged(shown))

    def _on_placements_changed(self, ids: Sequence[int]) -> None:
        self.cancel_drag()
        self._layout = self._display.layout_of(self._document.placements())
        self._show_document()

    def _show_document(self) -> None:
        self._show_layout(self._layout, ())
        self.setSceneRect(QRectF(0, 0, self._layout.width, self._layout.height))
        for chromosome_id, item in self._items.items():
            item.setToolTip(tooltip(self._document, chromosome_id, superresolved=item.enlarged is not None))
        self._show_handles()
        self.layout_changed.emit()

    def _show_handles(self) -> None:
        """Put the handles on the selected chromosome, if it is one and nothing is under way."""
        placed = self._layout.chromosomes.get(self._current) if self._current is not None else None
        if placed is None or len(self.selected_ids()) != 1 or self._gesture is not None:
            self._turn.hide()
            self._centromere.hide()
            return
        if self.is_straightened(placed.chromosome_id):
            self._turn.hide()  # it stands along its axis, however the chromosome is turned
        else:
            self._turn.show_at(placed, self._display.options)
        self._centromere.show_at(placed, self._display.options)

    def _show_layout(self, layout: KaryogramLayout, lifted: Collection[int]) -> None:
        """Draw `layout`, but leave the `lifted` where they are."""
        lights = self._document.lights() if self._display.options.marks else {}
        self._form.show_layout(
            layout,
            self._display.options,
            {i: light for i, light in lights.items() if i not in lifted},
            [i for i in self.enlargements() if i not in lifted],
        )
        for ideogram in self._ideograms:
            self.removeItem(ideogram)
        self._ideograms = ideogram_items(layout, self._display.options)
        for ideogram in self._ideograms:
            self.addItem(ideogram)
        for chromosome_id, item in self._items.items():
            if chromosome_id not in lifted:
                item.show_placed(layout.chromosomes[chromosome_id])

    # --- selection -----------------------------------------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """Return the selected chromosomes in reading order."""
        return [i for i in self._layout.reading_order() if i in self._items and self._items[i].isSelected()]

    def current_id(self) -> int | None:
        """Return the selected chromosome the user last pointed at; None if nothing is selected."""
        return self._current

    def select(self, ids: Iterable[int], current: int | None = None) -> None:
        """Select these chromosomes and no others."""
        wanted = set(ids)
        self._selecting = True
        for chromosome_id, item in self._items.items():
            item.setSelected(chromosome_id in wanted)
        self._selecting = False
        if current is not None:
            self._current = current
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        if self._selecting:
            return
        selected = self.selected_ids()
        pressed = self._pressed[0] if self._pressed else None
        if isinstance(pressed, ChromosomeItem) and pressed.chromosome_id in selected:
            current: int | None = pressed.chromosome_id
        elif self._current in selected:
            current = self._current
        else:
            current = selected[-1] if selected else None
        self._current = current  # first: who hears of the selection may ask for it
        self.chromosomes_selected.emit(selected)
        self._show_handles()
        self.current_changed.emit(current)

    # --- gestures ------------------------------------------------------------------------------------------------

    def is_dragging(self) -> bool:
        """Say whether a gesture is under way: chromosomes or a handle follow the pointer."""
        return self._gesture is not None

    def cancel_drag(self) -> None:
        """End a gesture as if it had never begun."""
        self._pressed = None
        self._end_gesture()

    def modifiers_changed(self, modifiers: Qt.KeyboardModifier) -> None:
        """Tell the running gesture of a key that went down or up while the pointer stood still."""
        if self._gesture is not None:
            self._move_gesture(self._last_point, modifiers)

    def slot_under(self, point: QPointF) -> Slot | None:
        """Return the class whose label is at a point and that has chromosomes: a handle for all of them."""
        slot = label_at(self._layout, point.x(), point.y())
        return slot if slot is not None and slot.ids else None

    def item_under(self, point: QPointF) -> QGraphicsItem | None:
        """Return the chromosome or handle at a point."""
        views = self.views()
        return self.itemAt(point, views[0].viewportTransform() if views else QTransform())

    def _begin_gesture(self) -> None:
        """Begin what the noted press may become."""
        if self._pressed is None:
            return
        held, start = self._pressed
        item = self._items.get(self._current) if self._current is not None else None
        if held is self._turn and item is not None:
            self._gesture = TurnGesture(self._document, item, self._turn, start)
            self._centromere.hide()
        elif held is self._centromere and item is not None:
            zoom = self.views()[0].transform().m11() if self.views() else 1.0
            behind = partial(self._display.centromere_behind, item.chromosome_id)
            self._gesture = CentromereGesture(self._document, item, self._centromere, start, zoom, behind)
        elif isinstance(held, ChromosomeItem):
            self._gesture = self._lift(held.chromosome_id, start)

    def _lift(self, grabbed: int, start: QPointF) -> ChromosomeDrag:
        if not self._items[grabbed].isSelected():  # Ctrl+press selects on release only
            self.select([grabbed], grabbed)
        self._turn.hide()
        self._centromere.hide()
        return ChromosomeDrag(
            self._document,
            self._items,
            self.selected_ids(),
            grabbed,
            start,
            self._layout,
            self._display.options,
            self._display.layout_of,
            self._landing,
            self._show_preview,
        )

    def _show_preview(self, layout: KaryogramLayout, lifted: Collection[int]) -> None:
        """Draw `layout` as `_show_layout`, but let the others glide to their places."""
        others = [item for chromosome_id, item in self._items.items() if chromosome_id not in lifted]
        self._glide.around(others, partial(self._show_layout, layout, lifted))

    def _move_gesture(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if self._gesture is not None:
            self._last_point = point
            self._gesture.move_to(point, modifiers)
            self.gesture_moved.emit(self._gesture.words())

    def _end_gesture(self) -> None:
        gesture, self._gesture = self._gesture, None
        self._glide.settle()
        if gesture is not None:
            gesture.end()
            self._show_layout(self._layout, ())
            self._show_handles()
            self.gesture_moved.emit("")

    def _note_press(self, event: QGraphicsSceneMouseEvent) -> None:
        """Note what was pressed; a label selects its whole class."""
        self._pressed = None
        if event.button() != Qt.MouseButton.LeftButton:
            return
        item = self.item_under(event.scenePos())
        if isinstance(item, ChromosomeItem | TurnHandle | CentromereHandle):
            self._pressed = item, event.scenePos()
            return
        slot = self.slot_under(event.scenePos())
        if slot is not None:
            add = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self.select([*self.selected_ids(), *slot.ids] if add else slot.ids, slot.ids[0])
            self._pressed = self._items[slot.ids[0]], event.scenePos()

    def _takes_press(self, event: QGraphicsSceneMouseEvent) -> bool:
        """Whether Qt is not to handle it: it would begin a rubber band, or take the selection away."""
        held = self._pressed[0] if self._pressed else None
        on_label = isinstance(held, ChromosomeItem) and self.item_under(event.scenePos()) is not held
        return on_label or isinstance(held, TurnHandle | CentromereHandle)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self._flips = False
        self._note_press(event)
        if self._takes_press(event):
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Flip on release; it may still become a drag, and is the second press of a fast click then."""
        self._note_press(event)
        on_chromosome = isinstance(self.item_under(event.scenePos()), ChromosomeItem)
        self._flips = on_chromosome and event.modifiers() == Qt.KeyboardModifier.NoModifier
        if self._takes_press(event):
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._gesture is None and self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            way = event.screenPos() - event.buttonDownScreenPos(Qt.MouseButton.LeftButton)
            if way.manhattanLength() >= QApplication.startDragDistance():
                self._begin_gesture()
        if self._gesture is None:
            super().mouseMoveEvent(event)
            return
        self._move_gesture(event.scenePos(), event.modifiers())
        event.accept()

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        gesture, pressed = self._gesture, self._pressed
        if not isinstance(pressed[0] if pressed else None, TurnHandle | CentromereHandle):
            super().mouseReleaseEvent(event)
        self._pressed = None
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if gesture is not None:
            command = gesture.command()  # before the preview goes: it knows where it is
            self._end_gesture()
            if command is not None:
                commands.push(self._undo_stack, command)
        elif self._flips and pressed is not None and isinstance(pressed[0], ChromosomeItem):
            commands.push(self._undo_stack, commands.flip(self._document, [pressed[0].chromosome_id]))
        self._flips = False
