"""Which copies are unlike their peers: what the classifier sees is asked for in the background, cell by cell."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from engine.progress import Reporter
from karyogui.composite.members import Members
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import CellEvidence
from karyogui.model.cell import Cell
from karyogui.model.outliers import CopyRef, Outlier, find_outliers

See = Callable[[Cell, str], Callable[[Reporter], CellEvidence]]

_KIND = "quiet:composite:see"
_PAUSE_MS = 40  # a gesture that moves forty chromosomes is judged once


class Likeness(QObject):
    """Keeps what is seen for each bundle and each picture, and judges anew when labels change."""

    changed = Signal()  # other copies are unlike their peers
    progressed = Signal(int, int)  # as `progress`
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(
        self,
        members: Members,
        desk: JobDesk,
        see: See,
        bundle: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._members, self._desk, self._see, self._bundle = members, desk, see, bundle
        self._seen: dict[tuple[str, int], tuple[Cell, CellEvidence]] = {}  # bundle and key -> of which pictures
        self._outliers: dict[CopyRef, Outlier] = {}
        self._looked_at: set[tuple[CopyRef, str]] = set()
        self._refused: set[tuple[str, int]] = set()  # could not be looked at; not tried again
        self._running = False
        self._stopped = False
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._judge)
        members.changed.connect(self._on_changed)
        members.arrived.connect(lambda _key: self._on_changed())
        members.edited.connect(lambda _key: self._on_changed())

    def outliers(self) -> Mapping[CopyRef, Outlier]:
        """Return the copies that are unlike their peers."""
        return self._outliers

    def is_open(self, ref: CopyRef) -> bool:
        """Whether a marked copy still waits for a look."""
        mark = self._outliers.get(ref)
        return mark is not None and (ref, mark.label) not in self._looked_at

    def look_at(self, ref: CopyRef) -> None:
        """Somebody looked at a marked copy and leaves it where it is; its mark steps back."""
        mark = self._outliers.get(ref)
        if mark is not None and self.is_open(ref):
            self._looked_at.add((ref, mark.label))
            self.changed.emit()

    def start(self) -> None:
        """Look at the cells that nobody looked at yet."""
        self._stopped = False
        self._on_changed()

    def stop(self) -> None:
        """Look at no more cells until `start`."""
        self._stopped = True
        self._running = False
        self._desk.cancel(_KIND)
        self._tell()

    def is_running(self) -> bool:
        """Whether cells are being looked at."""
        return self._running

    def is_settled(self) -> bool:
        """Whether every cell was looked at and the marks are those of now."""
        return not (self._running or self._timer.isActive() or self._left())

    def is_stopped(self) -> bool:
        """Whether somebody stopped it with cells left."""
        return self._stopped and bool(self._left())

    def forget(self) -> None:
        """The cells are those of another case."""
        self._seen.clear()
        self._looked_at.clear()
        self._refused.clear()

    def _on_changed(self) -> None:
        self._timer.start()
        self._next()

    def _left(self) -> list[tuple[int, Cell]]:
        """The cells whose pictures were not looked at with this bundle."""
        left = []
        for member in self._members.members():
            cell, place = member.document.cell(), (self._bundle(), member.key)
            seen = self._seen.get(place)
            if cell is None or place in self._refused or (seen is not None and cell.holds_same(seen[0])):
                continue
            left.append((member.key, cell))
        return left

    def _next(self) -> None:
        if self._running or self._stopped:
            return
        left = self._left()
        self._tell()
        if not left:
            return
        key, cell = left[0]
        place = self._bundle(), key

        def seen(evidence: CellEvidence) -> None:
            self._running = False
            self._seen[place] = cell, evidence
            self._on_changed()

        def failed(error: Exception) -> None:
            self._running = False
            self._refused.add(place)
            self.failed.emit(self.tr("Compare the copies of a cell"), error)
            self._next()

        self._running = True
        self._desk.start(
            _KIND,
            self._see(cell, place[0]),
            on_success=seen,
            on_failure=failed,
            on_cancel=partial(setattr, self, "_running", False),
        )
        self._tell()

    def progress(self) -> tuple[int, int]:
        """Return how many cells were looked at, and how many there are."""
        members = self._members.members()
        return len(members) - len(self._left()), len(members)

    def _tell(self) -> None:
        self.progressed.emit(*self.progress())

    def _judge(self) -> None:
        cells = []
        for member in self._members.members():
            cell, seen = member.document.cell(), self._seen.get((self._bundle(), member.key))
            if cell is None or seen is None:
                continue
            known = {c.id: c.pixels for c in seen[0].chromosomes}
            there: dict[int, NDArray[np.float32]] = {
                c.id: seen[1].by_id[c.id] for c in cell.chromosomes if known.get(c.id) is c.pixels
            }
            cells.append((member.key, member.document.placements(), there))
        found = find_outliers(cells)
        if found != self._outliers:
            self._outliers = found
            self.changed.emit()
