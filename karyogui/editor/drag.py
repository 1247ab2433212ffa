"""One drag of chromosomes: a preview of what the drop will do. It changes nothing but what is drawn."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QTimer

from karyogui.editor.items import ChromosomeItem, LandingItem
from karyogui.editor.painting import PaintOptions
from karyogui.model.layout import KaryogramLayout, Landing, Slot, insertion_at

DWELL_MS = 120
"""The others make room once the pointer has stayed this long over one landing place: on the way nothing jumps."""

_SIDE_BY_SIDE = 4  # up to so many dragged chromosomes are shown side by side, more as a pile
_PILE_STEP = 8.0  # points


class ChromosomeDrag:
    """Moves lifted items with the pointer and shows where they would land.

    Parameters
    ----------
    items
        All chromosome items of the scene by id.
    ids
        The dragged chromosomes in reading order.
    grabbed
        The one under the pointer.
    start
        Where the pointer took hold, in points.
    layout
        The layout at the start; drops are always found in it, so that what makes room cannot flicker.
    after_drop
        Gives the layout after a drop at a landing place.
    landing_item
        The overlay to show it on.
    show_others
        Draws a layout but for the dragged chromosomes.
    """

    def __init__(
        self,
        items: Mapping[int, ChromosomeItem],
        ids: Sequence[int],
        grabbed: int,
        start: QPointF,
        layout: KaryogramLayout,
        options: PaintOptions,
        after_drop: Callable[[Landing], KaryogramLayout],
        landing_item: LandingItem,
        show_others: Callable[[KaryogramLayout, Sequence[int]], None],
    ) -> None:
        self.ids = tuple(ids)
        self.landing: Landing | None = None
        self._items, self._start, self._layout, self._options = items, start, layout, options
        self._after_drop, self._overlay, self._show_others = after_drop, landing_item, show_others
        self._gathered = _gather(self._layout, self.ids, grabbed)
        self._has_room = False
        self._timer = QTimer(singleShot=True, interval=DWELL_MS)
        self._timer.timeout.connect(self.make_room)
        for chromosome_id in self.ids:
            items[chromosome_id].set_lifted(True)
        self._show_others(layout, self.ids)  # their marks go with them

    def move_to(self, point: QPointF) -> None:
        """Follow the pointer."""
        for chromosome_id in self.ids:
            self._items[chromosome_id].setPos(point - self._start + self._gathered[chromosome_id])
        landing = insertion_at(self._layout, point.x(), point.y(), self.ids)
        if landing == self.landing:
            return
        self.landing = landing
        if self._has_room:
            self._has_room = False
            self._show_others(self._layout, self.ids)
        if landing is None:
            self._timer.stop()
            self._overlay.hide()
            return
        slot = self._layout.slot(landing.label)
        self._overlay.show_landing(self._layout, self._options, slot, self._insertion_mark(slot, landing.order))
        self._timer.start()

    def make_room(self) -> None:
        """Show the karyogram as it will be after the drop, the dragged chromosomes as ghosts."""
        if self.landing is None:
            return
        layout = self._after_drop(self.landing)
        ghosts = [(self._items[i].image, layout.chromosomes[i]) for i in self.ids]
        self._has_room = True
        self._show_others(layout, self.ids)
        self._overlay.show_landing(layout, self._options, layout.slot(self.landing.label), None, ghosts)

    def end(self) -> None:
        """Put the items back on the paper; the scene then draws the document."""
        self._timer.stop()
        self._overlay.hide()
        for chromosome_id in self.ids:
            self._items[chromosome_id].set_lifted(False)

    def _insertion_mark(self, slot: Slot, order: int) -> QLineF:
        """The line between the two neighbours it would land between."""
        stay = [self._layout.chromosomes[i] for i in slot.ids if i not in self.ids]
        left = stay[order - 1].rect if order > 0 else None
        right = stay[order].rect if order < len(stay) else None
        if left and right and stay[order - 1].line == stay[order].line:
            x = (left.right + right.x) / 2
        elif right:
            x = right.x - 4
        elif left:
            x = left.right + 4
        else:
            x = slot.rect.centre_x
        near = right or left
        if slot.label is None and near:  # a line of the tray
            return QLineF(x, near.y - 2, x, near.bottom + 2)
        bottom = slot.baseline[2] - 4 if slot.baseline else slot.rect.bottom - 6
        top = min([slot.rect.y + 6, *(placed.rect.y for placed in stay)])
        return QLineF(x, top, x, bottom)


def _gather(layout: KaryogramLayout, ids: Sequence[int], grabbed: int) -> dict[int, QPointF]:
    """Displacements that bring the dragged chromosomes beside the grabbed one, in their order."""
    gathered = {grabbed: QPointF(0, 0)}
    at = list(ids).index(grabbed)
    middle = layout.chromosomes[grabbed].rect
    for chain, side in ((ids[at:], 1), (ids[at::-1], -1)):
        x = middle.centre_x
        for before, this in pairwise(chain):
            widths = layout.chromosomes[before].rect.width + layout.chromosomes[this].rect.width
            x += side * (widths / 2 + layout.options.copy_gap if len(ids) <= _SIDE_BY_SIDE else _PILE_STEP)
            rect = layout.chromosomes[this].rect
            gathered[this] = QPointF(x - rect.centre_x, middle.centre_y - rect.centre_y)
    return gathered
