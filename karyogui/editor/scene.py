"""The karyogram as a scene: drawn from the document, edited through commands."""

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QTransform, QUndoStack
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsSceneMouseEvent

from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.editor.describe import tooltip
from karyogui.editor.drag import ChromosomeDrag
from karyogui.editor.items import ChromosomeItem, FormItem, LandingItem
from karyogui.editor.painting import PaintOptions, chromosome_image
from karyogui.model import karyogram
from karyogui.model.layout import KaryogramLayout, Landing, LayoutOptions, compute_layout


class KaryogramScene(QGraphicsScene):
    """Shows the document and turns mouse gestures into commands.

    Selection and drag live here; both are lost without harm. Everything else is in the document.
    """

    chromosomes_selected = Signal(list)  # list[int]: all selected ids in reading order
    current_changed = Signal(object)  # int | None: the selected chromosome the user last pointed at
    layout_changed = Signal()  # the paper or the places on it changed
    landing_changed = Signal(object)  # Landing | None: where the running drag would land; None: nowhere, or it ended

    def __init__(self, document: KaryogramDocument, undo_stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._undo_stack = document, undo_stack
        self._options = PaintOptions(marks=True, places=True)
        self._layout_options = LayoutOptions()
        self._layout = compute_layout(None, ())
        self._items: dict[int, ChromosomeItem] = {}
        self._current: int | None = None
        self._selecting = False  # while many change at once; one signal follows
        self._pressed: tuple[int, QPointF] | None = None  # chromosome and place of the press that may become a drag
        self._drag: ChromosomeDrag | None = None
        self._form, self._landing = FormItem(), LandingItem()
        self.addItem(self._form)
        self.addItem(self._landing)
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
        return self._options

    def set_options(self, options: PaintOptions) -> None:
        """Show the karyogram another way; the data stay as they are."""
        if options != self._options:
            self._options = options
            self.rebuild()

    def chromosome_item(self, chromosome_id: int) -> ChromosomeItem:
        """Return the item of one chromosome; `KeyError` if there is none with this id."""
        return self._items[chromosome_id]

    def rebuild(self) -> None:
        """Make all items anew from the document. The selection stays on chromosomes that are still the same."""
        self.cancel_drag()
        cell, old = self._document.cell(), self._items
        selected = {i: old[i].chromosome.pixels for i in self.selected_ids()}
        self._selecting = True
        for item in old.values():
            self.removeItem(item)
        self._layout = compute_layout(cell, self._document.placements(), self._layout_options)
        self._items = {}
        for chromosome in cell.chromosomes if cell else ():
            before = old.get(chromosome.id)
            if before is not None and before.shows(chromosome, self._options):
                image = before.image
            else:
                image = chromosome_image(chromosome, inverted=self._options.inverted)
            item = ChromosomeItem(chromosome, image, self._layout.chromosomes[chromosome.id], self._options)
            self.addItem(item)
            item.setSelected(selected.get(chromosome.id) is chromosome.pixels)
            self._items[chromosome.id] = item
        self._selecting = False
        self.setBackgroundBrush(QColor(self._options.paper.ground))
        self._on_selection_changed()  # first: who hears of the new layout may ask for the selection
        self._show_document()

    def _on_placements_changed(self, ids: Sequence[int]) -> None:
        self.cancel_drag()
        self._layout = compute_layout(self._document.cell(), self._document.placements(), self._layout_options)
        self._show_document()

    def _show_document(self) -> None:
        self._show_layout(self._layout, ())
        self.setSceneRect(QRectF(0, 0, self._layout.width, self._layout.height))
        for chromosome_id, item in self._items.items():
            item.setToolTip(tooltip(self._document, chromosome_id))
        self.layout_changed.emit()

    def _show_layout(self, layout: KaryogramLayout, lifted: Collection[int]) -> None:
        """Draw `layout`, but leave the `lifted` where they are."""
        lights = self._document.lights() if self._options.marks else {}
        self._form.show_layout(layout, self._options, {i: light for i, light in lights.items() if i not in lifted})
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
        if self._pressed is not None and self._pressed[0] in selected:
            current: int | None = self._pressed[0]
        elif self._current in selected:
            current = self._current
        else:
            current = selected[-1] if selected else None
        self.chromosomes_selected.emit(selected)
        self._current = current
        self.current_changed.emit(current)

    # --- drag and drop -------------------------------------------------------------------------------------------

    def is_dragging(self) -> bool:
        """Say whether chromosomes follow the pointer."""
        return self._drag is not None

    def cancel_drag(self) -> None:
        """End a drag as if it had never begun."""
        self._pressed = None
        if self._drag is not None:
            self._end_drag()

    def drop_chromosomes(self, ids: Collection[int], landing: Landing) -> None:
        """Move chromosomes to a place, as one command; to their own place: nothing."""
        commands.push(self._undo_stack, commands.move(self._document, ids, landing.label, landing.order))

    def _begin_drag(self, grabbed: int, start: QPointF) -> None:
        if not self._items[grabbed].isSelected():  # Ctrl+press selects on release only
            self.select([grabbed], grabbed)
        self._drag = ChromosomeDrag(
            self._items,
            self.selected_ids(),
            grabbed,
            start,
            self._layout,
            self._options,
            self._layout_after,
            self._landing,
            self._show_layout,
        )

    def _layout_after(self, landing: Landing) -> KaryogramLayout:
        """Return the layout after the running drag's drop at a place."""
        placements = {p.chromosome_id: p for p in self._document.placements()}
        ids = self._drag.ids if self._drag else ()
        changed = karyogram.move(placements.values(), ids, landing.label, landing.order)
        placements.update({p.chromosome_id: p for p in changed})
        return compute_layout(self._document.cell(), placements.values(), self._layout_options)

    def _end_drag(self) -> None:
        drag, self._drag = self._drag, None
        if drag is not None:
            drag.end()
            self._show_layout(self._layout, ())
            self.landing_changed.emit(None)

    def _note_press(self, event: QGraphicsSceneMouseEvent) -> None:
        item = self.itemAt(event.scenePos(), QTransform())
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = (item.chromosome_id, event.scenePos()) if left and isinstance(item, ChromosomeItem) else None

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self._note_press(event)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        self._note_press(event)  # the second press of a fast click, click and drag
        super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._drag is None and self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            way = event.screenPos() - event.buttonDownScreenPos(Qt.MouseButton.LeftButton)
            if way.manhattanLength() >= QApplication.startDragDistance():
                self._begin_drag(*self._pressed)
        if self._drag is None:
            super().mouseMoveEvent(event)
            return
        before = self._drag.landing
        self._drag.move_to(event.scenePos())
        if self._drag.landing != before:
            self.landing_changed.emit(self._drag.landing)
        event.accept()

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        drag = self._drag
        super().mouseReleaseEvent(event)
        self._pressed = None
        if drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._end_drag()
            if drag.landing is not None:
                self.drop_chromosomes(drag.ids, drag.landing)
