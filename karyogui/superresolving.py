"""Super-resolution as a way of looking: which chromosomes are shown so, and the looks, made in the background."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.types import Stain
from karyogui.cell_pages import CellPages
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.model.cell import Chromosome
from karyogui.model.enlarged import Enlarged
from karyogui.session import OpenCell, Session

_AT_ONCE = 6
"""Chromosomes that are enlarged before the first of them are shown."""

_KEPT = 8
"""Cells whose looks are kept: about 5 megabytes each."""


@dataclass
class _Cell:
    """What is known of one cell."""

    differ: frozenset[int] = frozenset()  # chromosomes shown the other way than all others
    looks: dict[int, Enlarged] = field(default_factory=dict)  # by the identity of the pixels they were made from


class SuperResolving(QObject):
    """Hands the karyograms the looks that are wanted. The choice is not part of the data and not undoable.

    What is shown says so itself; while a look is being made, the original pixels are shown and named.
    """

    changed = Signal()  # what is shown, or whether anything can be
    given_up = Signal()  # the user stopped it, or it failed: nothing is to be super-resolved any more
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(self, session: Session, pages: CellPages, desk: JobDesk, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._pages, self._desk, self._tasks = session, pages, desk, tasks
        self._all = False
        self._cells: OrderedDict[int, _Cell] = OrderedDict()  # the last shown one last
        self._bundles: dict[Stain, str | None] = {}  # that enlarge; a stain that is missing was not asked for yet
        self._finding: set[Stain] = set()
        self._under_way: dict[int, Sequence[Chromosome]] = {}  # by cell id
        session.current_changed.connect(lambda _id: self.update())
        session.cell_changed.connect(lambda _id: self.update())
        pages.view_changed.connect(self.update)
        session.cell_removed.connect(self._forget)

    # --- what can be, and what is ------------------------------------------------------------------------------------

    def can_enlarge(self) -> bool:
        """Whether an installed bundle can enlarge the shown cell."""
        return bool(self._bundle())

    def why_not(self) -> str:
        """Say why nothing can be super-resolved; empty where it can, or where nobody knows yet."""
        if self._session.current() is None or self._bundle() is not None:
            return ""
        return self.tr(
            "No installed bundle has a super-resolution network. Install one that has: karyo bundles install FILE"
        )

    def words(self) -> str:
        """Say which pixels of the shown cell are shown; empty: the original ones."""
        entry = self._session.current()
        cell = entry.document.cell() if entry else None
        if entry is None or cell is None:
            return ""
        shown, count = len(self._pages.enlargements(entry.id)), len(cell.chromosomes)
        if not shown:
            return ""
        return self.tr("super-resolved") if shown == count else self.tr("%d of %d super-resolved") % (shown, count)

    def wants(self, chromosome_id: int) -> bool:
        """Say whether a chromosome of the shown cell is wanted super-resolved."""
        entry = self._session.current()
        return entry is not None and self._wants(entry.id, chromosome_id)

    # --- the user's choice -------------------------------------------------------------------------------------------

    def set_all(self, on: bool) -> None:
        """Show all chromosomes of all cells super-resolved, or all in their original pixels."""
        if on != self._all:
            self._all = on
            self._forget_single_ones()
            self.update()

    def set_some(self, ids: Collection[int], on: bool) -> None:
        """Show some chromosomes of the shown cell super-resolved, or in their original pixels."""
        entry = self._session.current()
        if entry is not None:
            known = self._cells.setdefault(entry.id, _Cell())
            known.differ = known.differ - set(ids) if on == self._all else known.differ | set(ids)
            self.update()

    def toggle_selected(self) -> None:
        """Show the selected chromosomes the other way: all super-resolved, unless all of them are."""
        view = self._pages.view()
        if view is not None and (ids := view.selected_ids()):
            self.set_some(ids, not all(self.wants(i) for i in ids))

    # --- making the looks --------------------------------------------------------------------------------------------

    def look_for_bundle(self) -> None:
        """Find again which bundle can enlarge: bundles were installed, chosen or removed."""
        self._bundles.clear()
        self._finding.clear()
        self.update()

    def update(self) -> None:
        """Show what is there of what is wanted in the shown cell, and have the rest made."""
        entry = self._session.current()
        shown, cell = (self._pages.shown_cell(entry.id), entry.document.cell()) if entry else (None, None)
        if entry is None or shown is None or cell is None:
            return
        looks = self._cells.setdefault(entry.id, _Cell()).looks
        self._cells.move_to_end(entry.id)
        # Those of the karyogram, which may be straightened, and for the inspector the chosen ones as they were read.
        chosen = self._chosen()
        wanted = [c for c in shown.chromosomes if self._wants(entry.id, c.id)]
        beside = [c for c in cell.chromosomes if c.id in chosen and self._wants(entry.id, c.id)]
        before = self._pages.enlargements(entry.id).keys()
        self._pages.set_enlargements(entry.id, _there(wanted, looks), _there(beside, looks))
        if before != self._pages.enlargements(entry.id).keys():
            self.changed.emit()
        if cell.stain not in self._bundles:
            self._find_bundle(cell.stain)
            return
        every = {id(c.pixels): c for c in sorted((*beside, *wanted), key=lambda c: c.id not in chosen)}
        self._ask_for(entry, every, self._bundles[cell.stain])

    def _ask_for(self, entry: OpenCell, wanted: dict[int, Chromosome], bundle: str | None) -> None:
        """Have some of the looks made that are missing; when they are there, the next follow."""
        looks = self._cells[entry.id].looks
        missing = [c for key, c in wanted.items() if key not in looks]
        asked = {id(c.pixels) for c in self._under_way.get(entry.id, ())}
        if asked and asked <= {id(c.pixels) for c in missing}:
            return  # they are on their way
        self._stop(entry.id)
        if missing and bundle:
            self._make(entry, missing[:_AT_ONCE], bundle, len(wanted) - len(missing), len(wanted))

    def _find_bundle(self, stain: Stain) -> None:
        if stain in self._finding:
            return
        self._finding.add(stain)

        def found(name: str | None) -> None:
            self._finding.discard(stain)
            self._bundles[stain] = name
            self.changed.emit()
            self.update()

        work = self._tasks.find_superresolution(stain, self._session.bundle)
        self._desk.start(
            f"quiet:superresolution:{stain}",
            work,
            lane="files",
            on_success=found,
            on_failure=lambda _error: found(None),
        )

    def _make(self, entry: OpenCell, missing: Sequence[Chromosome], bundle: str, done: int, total: int) -> None:
        self._under_way[entry.id] = missing
        self._desk.start(
            f"superresolve:{entry.id}",
            self._tasks.superresolve(missing, bundle, done, total),
            lane="looks",
            on_success=partial(self._on_made, entry.id),
            on_failure=partial(self._on_failed, entry),
            on_cancel=partial(self._on_cancelled, entry.id),
        )

    def _stop(self, cell_id: int) -> None:
        """Stop what is no longer wanted; the user did not cancel."""
        if self._under_way.pop(cell_id, None) is not None:
            self._desk.cancel(f"superresolve:{cell_id}")

    def _on_made(self, cell_id: int, looks: Sequence[Enlarged]) -> None:
        self._under_way.pop(cell_id, None)
        if cell_id in self._cells:
            self._cells[cell_id].looks.update({id(look.source): look for look in looks})
        while len(self._cells) > _KEPT:
            self._cells.popitem(last=False)
        self.update()

    def _on_failed(self, entry: OpenCell, error: Exception) -> None:
        self._give_up(entry.id)
        self.failed.emit(self.tr("Super-resolve %s") % entry.name, error)

    def _on_cancelled(self, cell_id: int) -> None:
        if cell_id in self._under_way:  # else it was stopped here
            self._give_up(cell_id)

    def _give_up(self, cell_id: int) -> None:
        self._under_way.pop(cell_id, None)
        self._all = False
        self._forget_single_ones()
        self.given_up.emit()
        self.update()

    def _forget_single_ones(self) -> None:
        for known in self._cells.values():
            known.differ = frozenset()

    def _bundle(self) -> str | None:
        """The bundle for the shown cell; empty: nobody knows yet."""
        entry = self._session.current()
        cell = entry.document.cell() if entry else None
        return self._bundles.get(cell.stain, "") if cell else ""

    def _chosen(self) -> frozenset[int]:
        view = self._pages.view()
        return frozenset(view.selected_ids() if view else ())

    def _wants(self, cell_id: int, chromosome_id: int) -> bool:
        known = self._cells.get(cell_id)
        return self._all != (known is not None and chromosome_id in known.differ)

    def _forget(self, cell_id: int) -> None:
        self._stop(cell_id)
        self._cells.pop(cell_id, None)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the actions of super-resolution do, but for the one of all: that is a view setting."""
        return {"superresolve_selected": self.toggle_selected}


def _there(wanted: Iterable[Chromosome], looks: Mapping[int, Enlarged]) -> dict[int, Enlarged]:
    return {c.id: looks[id(c.pixels)] for c in wanted if id(c.pixels) in looks}
