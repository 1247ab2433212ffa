"""The straightened looks of the cells of the case, made in the background when they are first asked for."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.progress import Reporter
from karyogui.composite.members import Members
from karyogui.jobs.desk import JobDesk
from karyogui.model.cell import Cell
from karyogui.model.straight import Straight

_KIND = "quiet:composite:straighten"


class Straightening(QObject):
    """One cell after the other; what was made is kept while its pictures are the same."""

    arrived = Signal(int, object)  # key; Straights of the cell

    def __init__(
        self,
        members: Members,
        desk: JobDesk,
        straighten: Callable[[Cell], Callable[[Reporter], dict[int, Straight]]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._members, self._desk, self._straighten = members, desk, straighten
        self._made: dict[int, Cell] = {}  # key -> of which pictures
        self._on = False
        self._running = False
        members.changed.connect(self._next)
        members.arrived.connect(lambda _key: self._next())
        members.edited.connect(lambda _key: self._next())

    def set_on(self, on: bool) -> None:
        """Make what is missing from now on, or no more."""
        self._on = on
        if on:
            self._next()
        else:
            self._desk.cancel(_KIND)

    def forget(self) -> None:
        """The cells are those of another case."""
        self._made.clear()

    def _next(self) -> None:
        if not self._on or self._running:
            return
        for member in self._members.members():
            cell, made = member.document.cell(), self._made.get(member.key)
            if cell is not None and not (made is not None and cell.holds_same(made)):
                self._start(member.key, cell)
                return

    def _start(self, key: int, cell: Cell) -> None:
        def done(straights: dict[int, Straight]) -> None:
            self._running = False
            self._made[key] = cell
            self.arrived.emit(key, straights)
            self._next()

        def failed(_error: Exception) -> None:  # the copies are shown as they lie
            self._running = False
            self._made[key] = cell
            self._next()

        self._running = True
        self._desk.start(
            _KIND,
            self._straighten(cell),
            lane="files",
            on_success=done,
            on_failure=failed,
            on_cancel=partial(setattr, self, "_running", False),
        )
