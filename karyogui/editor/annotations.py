"""Annotations in the editor: added by a click or by keyboard, written in place, dragged, deleted; each one command."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QUndoCommand
from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from karyogui.document import KaryogramDocument
from karyogui.editor.annotation_items import AnnotationItem, text_box
from karyogui.editor.commands import push
from karyogui.editor.painting import to_qrect
from karyogui.editor.scene import KaryogramScene
from karyogui.editor.view import KaryogramView
from karyogui.keymap import ARROWS
from karyogui.model.annotation import (
    LONGEST_TEXT,
    Annotation,
    AnnotationKind,
    anchor_point,
    image_point,
    next_annotation_id,
    with_annotation,
    without_annotations,
)
from karyogui.model.straight import straight_of
from karyogui.model.straightened_annotations import from_straight, shown_annotations

_BESIDE = {"text": QPointF(26.0, 0.0), "arrow": QPointF(26.0, -16.0)}
"""Where a new text, or the tail of a new arrow, stands from its point unless it is dragged there; in points."""

_NEAR = 4.0  # points: a click this near to a chromosome is on it, a drag this short is a click
_FAR = 5.0  # points that Shift and an arrow key move
_FIELD = 176  # width of the field for the text, in screen pixels


class EditAnnotations(QUndoCommand):
    """All annotations of the cell before and after."""

    def __init__(self, document: KaryogramDocument, after: tuple[Annotation, ...], text: str) -> None:
        super().__init__(text)
        self._document, self._before, self._after = document, document.annotations(), after
        self.setObsolete(self._before == after)

    def redo(self) -> None:
        """Put the new annotations in place."""
        self._document.replace_annotations(self._after)

    def undo(self) -> None:
        """Put the old ones back."""
        self._document.replace_annotations(self._before)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An annotation that is being made: it has no text yet."""

    kind: AnnotationKind
    chromosome_id: int
    x: float
    y: float
    way: QPointF  # from the point to the text

    def with_text(self, number: int, text: str) -> Annotation:
        return Annotation(number, self.chromosome_id, self.kind, text, self.x, self.y, self.way.x(), self.way.y())


class AnnotationLayer(QObject):
    """Lies over a karyogram: shows the document's annotations and turns gestures on them into commands."""

    def __init__(self, view: KaryogramView, scene: KaryogramScene) -> None:
        super().__init__(view)
        self._view, self._scene, self._document = view, scene, scene.document()
        self._items: dict[int, AnnotationItem] = {}
        self._adding: AnnotationKind | None = None
        self._draft: _Draft | None = None  # from the press to the text
        self._preview: AnnotationItem | None = None
        self._writing: _Draft | Annotation | None = None
        self._follows = False
        self._field = QLineEdit(view.viewport())
        self._field.setMaxLength(LONGEST_TEXT)
        self._field.setFixedWidth(_FIELD)
        self._field.setAccessibleName(self.tr("Text of the annotation"))
        self._field.hide()
        self._field.editingFinished.connect(self._on_left)
        self._field.installEventFilter(self)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        self._document.annotations_changed.connect(self._rebuild)
        self._document.cell_changed.connect(self.cancel)
        self._scene.layout_changed.connect(self._rebuild)
        self._rebuild()

    # --- what actions call ---------------------------------------------------------------------------------------

    def add(self, kind: AnnotationKind) -> None:
        """Wait for the point: the next click on a chromosome, or Enter for the middle of the selected one."""
        if self._document.cell() is None or self._scene.is_dragging():
            return
        self.commit()
        self._adding = kind
        self._view.setFocus()
        self._view.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._view.say(
            self.tr("Click where the arrow points, or drag from there; Enter: the selected chromosome; Esc cancels")
            if kind == "arrow"
            else self.tr(
                "Click where the text belongs, or drag from there; Enter: the selected chromosome; Esc cancels"
            )
        )

    def is_adding(self) -> bool:
        """Say whether the next click makes an annotation."""
        return self._adding is not None

    def selected_ids(self) -> list[int]:
        """Return the selected annotations."""
        return [i for i, item in self._items.items() if item.isSelected()]

    def item(self, annotation_id: int) -> AnnotationItem:
        """Return the item of an annotation; `KeyError` if there is none with this id."""
        return self._items[annotation_id]

    def delete_selected(self) -> None:
        """Remove the selected annotations."""
        ids = self.selected_ids()
        if ids:
            text = _tr("Delete annotation") if len(ids) == 1 else _tr("Delete %d annotations") % len(ids)
            self._push(without_annotations(self._document.annotations(), ids), text)

    def edit(self, annotation_id: int) -> None:
        """Write the text of an annotation, in place."""
        self.commit()
        item = self._items[annotation_id]
        self._write(item.annotation, item.annotation.text)

    def commit(self) -> None:
        """Take what is written."""
        written, text = self._writing, self._field.text().strip()
        if written is None:
            return
        self._end_writing()
        everything = self._document.annotations()
        if isinstance(written, _Draft):
            if text or written.kind == "arrow":
                new = written.with_text(next_annotation_id(everything), text)
                self._push(
                    with_annotation(everything, new), _tr("Add arrow") if new.kind == "arrow" else _tr("Add text")
                )
        elif any(annotation.id == written.id for annotation in everything):
            if text or written.kind == "arrow":
                self._push(with_annotation(everything, replace(written, text=text)), _tr("Edit annotation"))
            else:
                self._push(without_annotations(everything, {written.id}), _tr("Delete annotation"))

    # --- showing -------------------------------------------------------------------------------------------------

    def _rebuild(self) -> None:
        """Show the document's annotations; items stay, so that one may hear of its own drop."""
        cell = self._document.cell()
        there = {annotation.id: annotation for annotation in self._document.annotations()} if cell else {}
        for annotation_id in set(self._items) - set(there):
            self._scene.removeItem(self._items.pop(annotation_id))
        for annotation_id, annotation in there.items():
            anchor = self._anchor(annotation)
            if annotation_id in self._items:
                self._items[annotation_id].show_annotation(annotation, anchor, self._scene.options())
            else:
                made = AnnotationItem(annotation, anchor, self._scene.options(), self._on_dropped, self.edit)
                made.setToolTip(self.tr("Drag to move, double click to write, Delete removes"))
                self._items[annotation_id] = made
                self._scene.addItem(made)
        if bool(there) != self._follows:  # costs nothing in the many cells that have none
            self._follows = bool(there)
            if self._follows:
                self._scene.changed.connect(self._follow)
            else:
                self._scene.changed.disconnect(self._follow)

    def _follow(self) -> None:
        """Go along with chromosomes that are dragged or turned."""
        for item in self._items.values():
            if not item.is_held():
                item.show_at(self._anchor(item.annotation))

    def _anchor(self, annotation: Annotation) -> QPointF:
        cell = self._document.cell()
        chromosome = self._scene.chromosome_item(annotation.chromosome_id)
        shown = shown_annotations(cell, [annotation], self._scene.straights())[0] if cell else annotation
        return QPointF(*anchor_point(shown, chromosome.placed)) + chromosome.pos()

    def _point(self, chromosome_id: int, point: QPointF) -> tuple[float, float]:
        """Return which point of a chromosome, as it was read, is shown at `point`."""
        cell = self._document.cell()
        x, y = image_point(self._scene.chromosome_item(chromosome_id).placed, point.x(), point.y())
        straight = straight_of(cell.chromosome(chromosome_id), self._scene.straights()) if cell else None
        return from_straight(straight, x, y) if straight else (x, y)

    def _on_dropped(self, item: AnnotationItem) -> None:
        moved = item.annotation
        if item.moves_tip():
            x, y = self._point(moved.chromosome_id, item.anchor)
            moved = replace(moved, x=x, y=y)
        self._push(with_annotation(self._document.annotations(), moved), _tr("Move annotation"))

    def _nudge(self, way: QPointF) -> None:
        everything = self._document.annotations()
        for annotation_id in self.selected_ids():
            old = self._items[annotation_id].annotation
            everything = with_annotation(everything, replace(old, dx=old.dx + way.x(), dy=old.dy + way.y()))
        self._push(everything, _tr("Move annotation"))

    def _push(self, after: tuple[Annotation, ...], text: str) -> None:
        push(self._scene.undo_stack(), EditAnnotations(self._document, after, text))

    # --- adding --------------------------------------------------------------------------------------------------

    def cancel(self) -> None:
        """Stop adding and writing; nothing is changed."""
        self._end_adding()
        self._end_writing()

    def _end_adding(self) -> None:
        if self._adding is not None:
            self._adding = None
            self._view.viewport().unsetCursor()
            self._view.say("")

    def _begin(self, point: QPointF) -> None:
        """Take the point of a new annotation."""
        near = [
            placed
            for placed in self._scene.karyogram_layout().chromosomes.values()
            if to_qrect(placed.rect).adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(point)
        ]
        if not near or self._adding is None:
            self._view.say(self.tr("Click on a chromosome; Esc cancels"))
            return
        placed = min(near, key=lambda one: abs(one.rect.centre_x - point.x()))
        x, y = self._point(placed.chromosome_id, point)
        self._draft = _Draft(self._adding, placed.chromosome_id, x, y, _BESIDE[self._adding])
        self._show_draft()

    def _show_draft(self) -> None:
        if self._draft is None:
            return
        shown = self._draft.with_text(-1, "" if self._draft.kind == "arrow" else "…")
        anchor = self._anchor(shown)
        if self._preview is None:
            self._preview = AnnotationItem(shown, anchor, self._scene.options(), lambda _item: None, lambda _id: None)
            self._preview.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
            self._scene.addItem(self._preview)
        self._preview.show_annotation(shown, anchor, self._scene.options())

    def _finish(self) -> None:
        """The point is known: ask for the text."""
        draft = self._draft
        self._end_adding()
        if draft is not None:
            self._write(draft, "")

    # --- writing -------------------------------------------------------------------------------------------------

    def _write(self, what: _Draft | Annotation, text: str) -> None:
        annotation = what if isinstance(what, Annotation) else what.with_text(-1, "…")
        middle = text_box(annotation, self._anchor(annotation), self._scene.options()).center()
        self._writing = what
        self._field.setPlaceholderText(
            self.tr("Text, or Enter for none") if annotation.kind == "arrow" else self.tr("Text, then Enter")
        )
        self._field.setText(text)
        place = QRect(QPoint(0, 0), self._field.sizeHint().expandedTo(QSize(_FIELD, 0)))
        place.moveCenter(self._view.mapFromScene(middle))
        room = self._view.viewport().rect()
        place.moveLeft(max(min(place.left(), room.right() - place.width()), 0))
        place.moveTop(max(min(place.top(), room.bottom() - place.height()), 0))
        self._field.setGeometry(place)
        self._field.show()
        self._field.selectAll()
        self._field.setFocus()

    def _on_left(self) -> None:
        if isValid(self._view):  # a field loses the focus also while its view is being deleted
            self.commit()

    def _end_writing(self) -> None:
        self._draft = None
        if self._preview is not None:
            self._scene.removeItem(self._preview)
            self._preview = None
        if self._writing is not None:
            self._writing = None
            self._field.hide()
            self._view.setFocus()

    # --- events of field, view and viewport ----------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - an override
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            return self._takes_escape(event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._field_key(event) if watched is self._field else watched is self._view and self._key(event)
        if isinstance(event, QMouseEvent) and watched is self._view.viewport() and self._adding is not None:
            return self._mouse(event)
        return super().eventFilter(watched, event)

    def _takes_escape(self, event: QKeyEvent) -> bool:
        """While something is under way Esc belongs to it, whatever else the window uses Esc for."""
        held = any(item.is_held() for item in self._items.values())
        if event.key() == Qt.Key.Key_Escape and (self._adding is not None or self._writing is not None or held):
            event.accept()
            return True
        return False

    def _field_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()  # here: behind the field the karyogram would take it for "accept"
        else:
            return False
        return True

    def _key(self, event: QKeyEvent) -> bool:
        if self._adding is not None:
            return self._adding_key(event)
        selected = self.selected_ids()
        if not selected:
            return False
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_selected()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit(selected[0])
        elif key in ARROWS:
            far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            self._nudge(QPointF(*ARROWS[key]) * far)
        elif key == Qt.Key.Key_Escape:
            held = [item for item in self._items.values() if item.is_held()]
            for item in held:
                item.cancel_drag()
            if not held:
                self._scene.clearSelection()
        else:
            return False
        return True

    def _adding_key(self, event: QKeyEvent) -> bool:
        current = self._scene.current_id()
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current is not None:
            placed = self._scene.karyogram_layout().chromosomes[current]
            self._begin(QPointF(placed.rect.centre_x, placed.centromere_y))
            self._finish()
        else:
            return False
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        point = self._view.mapToScene(event.position().toPoint())
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._begin(point)
        elif event.type() == QEvent.Type.MouseMove and self._draft is not None:
            shown = self._draft.with_text(-1, "…")
            way = point - self._anchor(shown)
            if way.manhattanLength() > _NEAR:
                self._draft = replace(self._draft, way=way)
                self._show_draft()
        elif event.type() == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            if self._draft is not None:
                self._finish()
        else:
            return False
        return True


def _tr(text: str) -> str:
    return QCoreApplication.translate("Annotations", text)
