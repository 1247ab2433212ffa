"""The paper of the composite: laid out for the whole case, painted where it is seen."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from karyogui.composite.copy_edits import CopyEdits
from karyogui.composite.edits import CaseEdits
from karyogui.composite.likeness import Likeness
from karyogui.composite.members import Member, Members
from karyogui.composite.paper import paint_line, paint_marks, paint_outline, paint_waiting
from karyogui.composite.pictures import EDGE, Pictures
from karyogui.composite.sheet import Sheet
from karyogui.composite.words import copy_line
from karyogui.editor.hint import HintLabel
from karyogui.editor.painting import PaintOptions
from karyogui.model.composite import CompositeLayout, Line
from karyogui.model.ideogram import BandLevel
from karyogui.model.layout import PlacedChromosome
from karyogui.model.outliers import CopyRef
from karyogui.model.straight import Straights
from karyogui.model.view_settings import ViewSettings

ZOOM_STEP = 1.25
_ZOOMS = (0.5, 6.0)  # screen pixels per point
_FITTED = (0.9, 2.6)  # between these a label is fitted into the view: smaller, nobody sees bands
_USUAL_ZOOM = 1.35
_FRAME_S, _IDLE_S = 0.004, 0.008
"""How long a frame, and a moment without one, may draw pictures; what there is already is only copied."""


class CompositeView(CopyEdits):
    """Shows the copies of some labels; which ones the tab says."""

    selection_changed = Signal(list)  # list[CopyRef]

    def __init__(self, members: Members, edits: CaseEdits, likeness: Likeness, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._members, self._edits, self._likeness = members, edits, likeness
        self._sheet = Sheet(members)
        self._layout = CompositeLayout(0.0, 0.0)
        self._labels: tuple[str | None, ...] = ("1",)
        self._options = PaintOptions(marks=True)
        self._level: BandLevel = 550
        self._zoom, self._fitted = _USUAL_ZOOM, True
        self._selected: set[CopyRef] = set()
        self._current: CopyRef | None = None
        self._hovered: CopyRef | None = None
        self._shown_cell: int | None = None
        self._pictures = Pictures()
        self._hint = HintLabel(self)
        self._ahead = QTimer(self, singleShot=True, interval=0)
        self._ahead.timeout.connect(self._draw_ahead)
        self._relayout = QTimer(self, singleShot=True, interval=0)
        self._relayout.timeout.connect(self.lay_out)

        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Composite"))
        members.changed.connect(self._on_members_changed)
        members.arrived.connect(lambda _key: self._relayout.start())  # twenty cells may arrive at once
        members.edited.connect(self._on_edited)
        likeness.changed.connect(self.viewport().update)

    # --- what is shown -----------------------------------------------------------------------------------------------

    def show_labels(self, labels: Sequence[str | None]) -> None:
        """Show the copies of these labels, from the top."""
        self._labels = tuple(labels)
        self._selected, self._current = set(), None
        self.say("")
        self.lay_out()
        self.verticalScrollBar().setValue(0)
        self._tell_selection()

    def set_settings(self, settings: ViewSettings) -> None:
        """Look at the copies as the karyogram is looked at."""
        self._options = PaintOptions(inverted=settings.inverted, tone=settings.tone, marks=True)
        self._sheet.straightened = settings.straightened
        self.lay_out()

    def set_straights(self, key: int, straights: Straights) -> None:
        """Take over the straightened looks of a cell, for when they are asked for."""
        self._sheet.set_straights(key, straights)
        if self._sheet.straightened:
            self._relayout.start()

    def is_straightened(self) -> bool:
        """Whether copies are shown along their own axes."""
        return self._sheet.straightened

    def set_level(self, level: BandLevel) -> None:
        """Draw the ideograms with so many bands."""
        self._level = level
        self.viewport().update()

    def set_shown_cell(self, key: int | None) -> None:
        """Set the name of the cell off whose karyogram is open."""
        self._shown_cell = key
        self.viewport().update()

    def composite_layout(self) -> CompositeLayout:
        """Return the numbers that are painted."""
        return self._layout

    def options(self) -> PaintOptions:
        """Return how it is painted."""
        return self._options

    def lay_out(self) -> None:
        """Break the lines anew; what stood at the top of the view stays there."""
        anchor = self._anchor()
        if self._fitted:
            self._set_zoom(self._fitting_zoom())
        self._layout = self._sheet.layout(self._labels, self.viewport().width() / self._zoom)
        self._selected &= self._layout.copies.keys()
        if self._current not in self._selected:
            self._current = next(iter(self.selected_copies()), None)
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(round(24 * self._zoom))
        bar.setRange(0, max(0, round(self._layout.height * self._zoom) - self.viewport().height()))
        if anchor is not None and anchor[0] in self._layout.copies:
            bar.setValue(round(self._layout.line_of(anchor[0]).rect.y * self._zoom + anchor[1]))
        self.viewport().update()

    def _anchor(self) -> tuple[CopyRef, float] | None:
        """The first copy of the view, and how far its line begins below the upper edge, in screen pixels."""
        top = self.verticalScrollBar().value()
        for line in self._layout.lines_between(top / self._zoom, (top + self.viewport().height()) / self._zoom):
            for column in line.columns:
                if column.copies:
                    return column.copies[0], top - line.rect.y * self._zoom
        return None

    def _fitting_zoom(self) -> float:
        """The largest zoom at which one label needs no scrolling; the usual one for several labels."""
        if len(self._labels) != 1:
            return _USUAL_ZOOM
        low, high = _FITTED
        zoom = high
        while zoom > low:
            if (
                self._sheet.layout(self._labels, self.viewport().width() / zoom).height * zoom
                <= self.viewport().height()
            ):
                return zoom
            zoom /= 1.1
        return low

    def _on_members_changed(self) -> None:
        self._sheet.forget_gone()
        self.lay_out()
        self._tell_selection()

    def _on_edited(self, _key: int) -> None:
        self.lay_out()
        self._tell_selection()

    # --- zoom --------------------------------------------------------------------------------------------------------

    def zoom(self) -> float:
        """Return the screen pixels per point."""
        return self._zoom

    def fit(self) -> None:
        """Show a label without scrolling where that is possible, and keep doing so."""
        self._fitted = True
        self.lay_out()

    def zoom_in(self) -> None:
        """Show everything a step larger."""
        self.zoom_by(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show everything a step smaller."""
        self.zoom_by(1 / ZOOM_STEP)

    def zoom_actual(self) -> None:
        """Show one image pixel of the usual cell as one screen pixel."""
        scale = self._sheet.usual_scale()
        self.zoom_by(1.0 / (scale * self._zoom * self.devicePixelRatioF()))

    def zoom_by(self, factor: float) -> None:
        """Show everything larger by a factor."""
        self._fitted = False
        self._set_zoom(self._zoom * factor)
        self.lay_out()

    def _set_zoom(self, zoom: float) -> None:
        zoom = min(max(zoom, _ZOOMS[0]), _ZOOMS[1])
        if zoom != self._zoom:
            bar = self.verticalScrollBar()
            place = bar.value() / self._zoom
            self._zoom = zoom
            bar.setRange(0, max(bar.maximum(), round(place * zoom)))
            bar.setValue(round(place * zoom))

    # --- selection ---------------------------------------------------------------------------------------------------

    def selected_copies(self) -> list[CopyRef]:
        """Return the selected copies in reading order."""
        return [ref for ref in self._layout.copies if ref in self._selected]

    def current_copy(self) -> CopyRef | None:
        """Return the selected copy the user last pointed at."""
        return self._current

    def select(self, refs: Sequence[CopyRef], current: CopyRef | None = None) -> None:
        """Select these copies and no others, and bring the current one into view."""
        self._selected = {ref for ref in refs if ref in self._layout.copies}
        self._current = current if current in self._selected else next(iter(self.selected_copies()), None)
        if self._current is not None:
            self._bring_into_view(self._current)
        self.viewport().update()
        self._tell_selection()

    def _tell_selection(self) -> None:
        current = self._current
        member = self._members.member(current.cell) if current is not None else None
        mark = self._likeness.outliers().get(current) if current is not None else None
        text = copy_line(member, current, mark) if member is not None and current is not None else ""
        self.setAccessibleDescription(text)
        self.selection_changed.emit(self.selected_copies())

    def _bring_into_view(self, ref: CopyRef) -> None:
        line, bar = self._layout.line_of(ref).rect, self.verticalScrollBar()
        top, bottom = line.y * self._zoom - 8, line.bottom * self._zoom + 8
        if top < bar.value():
            bar.setValue(round(top))
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(round(bottom) - self.viewport().height())

    def note_looked_at(self, refs: Sequence[CopyRef]) -> None:
        """Let the marks of these copies step back."""
        for ref in refs:
            self._likeness.look_at(ref)

    # --- places ------------------------------------------------------------------------------------------------------

    def point(self, position: QPointF) -> QPointF:
        """Return the point of the paper under a position of the viewport."""
        return QPointF(position.x(), position.y() + self.verticalScrollBar().value()) / self._zoom

    def rect_of(self, ref: CopyRef) -> QRectF:
        """Return where a copy is in the viewport."""
        rect, top = self._layout.copies[ref].rect, self.verticalScrollBar().value()
        z = self._zoom
        return QRectF(rect.x * z, rect.y * z - top, rect.width * z, rect.height * z)

    def copy_at(self, position: QPointF) -> CopyRef | None:
        """Return the copy at a position of the viewport."""
        point = self.point(position)
        return self._layout.copy_at(point.x(), point.y())

    def member_of(self, ref: CopyRef) -> Member | None:
        """Return the cell of a copy."""
        return self._members.member(ref.cell)

    def set_hovered(self, ref: CopyRef | None) -> None:
        """Set off the copy under the pointer."""
        if ref != self._hovered:
            for changed in (self._hovered, ref):
                if changed in self._layout.copies and changed is not None:
                    self.viewport().update(self.rect_of(changed).adjusted(-8, -8, 8, 8).toAlignedRect())
            self._hovered = ref

    # --- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        options, z, top = self._options, self._zoom, self.verticalScrollBar().value()
        area = event.rect()
        painter.fillRect(area, QColor(options.paper.ground))
        lines = self._layout.lines_between((area.top() + top) / z, (area.bottom() + top) / z)
        locked = {member.key for member in self._sheet.members() if member.read_only}
        painter.translate(0, -top)
        painter.scale(z, z)
        for line in lines:
            paint_line(painter, line, options, shown_cell=self._shown_cell, locked=locked)
        painter.resetTransform()
        self._pictures.begin_frame(_FRAME_S)
        seen = QRectF(area)
        copies = [
            (column.cell, ref)
            for line in lines
            for column in line.columns
            for ref in column.copies
            if self.rect_of(ref).adjusted(-8, -8, 8, 8).bottom() >= seen.top()
            and self.rect_of(ref).left() - 8 <= seen.right()
        ]
        for line in lines:
            self._paint_ideogram(painter, line, top)
        for _, ref in copies:
            self._paint_copy(painter, ref, top)
        painter.translate(0, -top)
        painter.scale(z, z)
        marks = self._likeness.outliers()
        for key, ref in copies:
            unlike = self._likeness.is_open(ref) if ref in marks else None
            light = self._sheet.lights(key).get(ref.chromosome)
            paint_marks(painter, self._layout, ref, options, light=light, unlike=unlike)
            if ref in self._selected or ref == self._hovered:
                paint_outline(painter, self._layout.copies[ref], options, selected=ref in self._selected)
        painter.end()
        self._ahead.start()

    def _paint_ideogram(self, painter: QPainter, line: Line, top: int) -> None:
        rect, z, ratio = line.ideogram, self._zoom, self.devicePixelRatioF()
        if rect is None or line.label is None:
            return
        picture = self._pictures.ideogram(line.label, self._level, rect, self._options, z * ratio)
        picture.setDevicePixelRatio(ratio)
        x = round((rect.x - EDGE) * z * ratio) / ratio
        y = round(((rect.y - EDGE) * z - top) * ratio) / ratio
        painter.drawPixmap(QPointF(x, y), picture)

    def _paint_copy(self, painter: QPainter, ref: CopyRef, top: int) -> None:
        """Copy the picture of a copy to whole pixels of the screen; its place only, where it is not drawn yet."""
        placed, z, ratio = self._layout.copies[ref], self._zoom, self.devicePixelRatioF()
        picture = self._picture(ref, placed)
        if picture is None:
            painter.save()
            painter.translate(0, -top)
            painter.scale(z, z)
            paint_waiting(painter, placed, self._options)
            painter.restore()
            return
        x = round((placed.rect.x - EDGE) * z * ratio) / ratio
        y = round(((placed.rect.y - EDGE) * z - top) * ratio) / ratio
        painter.drawPixmap(QPointF(x, y), picture)

    def picture_of(self, ref: CopyRef) -> QPixmap | None:
        """Return a copy as it is shown, if it was drawn already."""
        return self._picture(ref, self._layout.copies[ref])

    def _picture(self, ref: CopyRef, placed: PlacedChromosome) -> QPixmap | None:
        chromosome = self._sheet.chromosome(ref)
        scale = self._zoom * self.devicePixelRatioF()
        picture = self._pictures.picture(ref, chromosome, placed, self._options, scale)
        if picture is not None:
            picture.setDevicePixelRatio(self.devicePixelRatioF())
        return picture

    def _draw_ahead(self) -> None:
        """While nothing else is to be done, draw what is in view, then a view above and two below."""
        z, top, height = self._zoom, self.verticalScrollBar().value(), self.viewport().height()
        self._pictures.begin_frame(_IDLE_S)
        shown = self._layout.lines_between(top / z, (top + height) / z)
        near = self._layout.lines_between((top - height) / z, (top + 3 * height) / z)
        for line in (*shown, *near):
            for column in line.columns:
                for ref in column.copies:
                    placed, drawn = self._layout.copies[ref], self._pictures.drawn
                    if self._picture(ref, placed) is None:
                        self._ahead.start()
                        return
                    if self._pictures.drawn != drawn:
                        self.viewport().update(self.rect_of(ref).adjusted(-8, -8, 8, 8).toAlignedRect())

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        self._hovered = None
        self.viewport().scroll(0, dy)
        self._hint.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.place()
        self.lay_out()

    def say(self, text: str) -> None:
        """Show a line over the paper."""
        self._hint.say(text)
