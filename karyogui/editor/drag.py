"""One drag of chromosomes: a preview of what the drop will do. It changes nothing but what is drawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, Qt, QTimer

from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.editor.commands import EditPlacements
from karyogui.editor.items import ChromosomeItem, LandingItem
from karyogui.editor.painting import PaintOptions
from karyogui.model import karyogram
from karyogui.model.hits import Landing, chromosome_at, insertion_at
from karyogui.model.karyogram import Placement
from karyogui.model.layout import KaryogramLayout, Slot

DWELL_MS = 120
"""The others make room once the pointer has stayed this long over one landing place: on the way nothing jumps."""

_SIDE_BY_SIDE = 4  # up to so many dragged chromosomes are shown side by side, more as a pile
_PILE_STEP = 8.0  # points


class ChromosomeDrag:
    """Moves lifted items with the pointer and shows where they would land.

    Parameters
    ----------
    document
        What is edited.
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
    layout_of
        Gives the layout of other placements of the cell.
    landing_item
        The overlay to show it on.
    show_others
        Draws a layout but for the dragged chromosomes.
    """

    def __init__(
        self,
        document: KaryogramDocument,
        items: Mapping[int, ChromosomeItem],
        ids: Sequence[int],
        grabbed: int,
        start: QPointF,
        layout: KaryogramLayout,
        options: PaintOptions,
        layout_of: Callable[[Iterable[Placement]], KaryogramLayout],
        landing_item: LandingItem,
        show_others: Callable[[KaryogramLayout, Sequence[int]], None],
    ) -> None:
        self.ids = tuple(ids)
        self.landing: Landing | None = None
        self.swaps = False
        self._document, self._items, self._start = document, items, start
        self._layout, self._options = layout, options
        self._layout_of, self._overlay, self._show_others = layout_of, landing_item, show_others
        self._gathered = _gather(self._layout, self.ids, grabbed)
        self._other: int | None = None  # the chromosome under the pointer
        self._has_room = False
        self._timer = QTimer(singleShot=True, interval=DWELL_MS)
        self._timer.timeout.connect(self.make_room)
        for chromosome_id in self.ids:
            items[chromosome_id].set_lifted(True)
        self._show_others(layout, self.ids)  # their marks go with them

    def move_to(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer; with Ctrl, exchange places with what lies there."""
        for chromosome_id in self.ids:
            self._items[chromosome_id].setPos(point - self._start + self._gathered[chromosome_id])
        before = self.landing, self.swaps, self._other if self.swaps else None
        self.landing = insertion_at(self._layout, point.x(), point.y(), self.ids)
        self._other = chromosome_at(self._layout, point.x(), point.y(), self.ids)
        self.swaps = bool(modifiers & Qt.KeyboardModifier.ControlModifier) and self._can_swap()
        if (self.landing, self.swaps, self._other if self.swaps else None) == before:
            return
        if self._has_room:
            self._has_room = False
            self._show_others(self._layout, self.ids)
        if self.landing is None:
            self._timer.stop()
            self._overlay.hide()
        elif self.swaps:
            self._timer.stop()
            self.make_room()  # at once: the key says that it is meant
        else:
            slot = self._layout.slot(self.landing.label)
            self._overlay.show_landing(
                self._layout, self._options, slot, self._insertion_mark(slot, self.landing.order)
            )
            self._timer.start()

    def make_room(self) -> None:
        """Show the karyogram as it will be after the drop, the dragged chromosomes as ghosts."""
        command = self.command()
        if self.landing is None or command is None:
            return
        placements = {p.chromosome_id: p for p in self._document.placements()}
        placements.update({p.chromosome_id: p for p in command.after()})
        layout = self._layout_of(placements.values())
        ghosts = [(self._items[i].image, layout.chromosomes[i]) for i in self.ids]
        self._has_room = True
        self._show_others(layout, self.ids)
        self._overlay.show_landing(layout, self._options, layout.slot(self.landing.label), None, ghosts)

    def words(self) -> str:
        """Say where they would land, and that Ctrl swaps where it would."""
        if self.landing is None:
            return ""
        name = commands.place_name(self.landing.label)
        if self.swaps:
            return _tr("Swap with %s") % name
        text = _tr("Move to %s") % name
        return _tr("%s   ·   Ctrl: swap") % text if self._can_swap() else text

    def command(self) -> EditPlacements | None:
        """Return the move or the swap; None off the paper."""
        if self.landing is None:
            return None
        if not self.swaps:
            return commands.move(self._document, self.ids, self.landing.label, self.landing.order)
        if len(self.ids) == 1 and self._other is not None:
            return commands.swap(self._document, self.ids[0], self._other)
        return commands.swap_classes(self._document, self._document.placement(self.ids[0]).label, self.landing.label)

    def end(self) -> None:
        """Put the items back on the paper; the scene then draws the document."""
        self._timer.stop()
        self._overlay.hide()
        for chromosome_id in self.ids:
            self._items[chromosome_id].set_lifted(False)

    def _can_swap(self) -> bool:
        """One chromosome swaps with the one under the pointer, a whole class with another class."""
        if self.landing is None:
            return False
        if len(self.ids) == 1:
            return self._other is not None
        home, there, placements = (
            self._document.placement(self.ids[0]).label,
            self.landing.label,
            self._document.placements(),
        )
        whole = {p.chromosome_id for p in karyogram.members(placements, home)}
        has_others = bool(karyogram.members(placements, there))  # an empty class has nothing to give
        return whole == set(self.ids) and None not in (home, there) and home != there and has_others

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


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChromosomeDrag", text)
