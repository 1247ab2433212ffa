"""From files to cells of a case: found, read one after the other in the background, stored, classified."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.library.link import LibraryLink
from karyogui.model.cell import Cell
from karyogui.session import Session

if TYPE_CHECKING:
    from engine.imaging.cells import CellSource
    from karyogui.model.store.library import Library
    from karyogui.model.store.values import CellRecord

UNFILED = "Unfiled"
"""The code of the case that takes what is opened while no case is."""


@dataclass(eq=False)
class _Batch:
    """Cells that were asked for at once."""

    number: int
    asked: int | None  # the case it was asked for
    case_id: int | None  # where it goes; None: `Unfiled`, found or made once there is something to put into it
    sources: "list[CellSource]" = field(default_factory=list)  # still to be read
    total: int = 0
    added: int = 0
    shown: bool = False  # its first cell


class Importing(QObject):
    """Puts what is opened into the library, so that there is no saving to forget."""

    paths_opened = Signal(list)  # list[Path]: they hold cells; for the recent list
    added = Signal(int)  # cell id in the library: a new one
    progressed = Signal(int, int)  # cells done, all of them; 0, 0: nothing is being imported
    finished = Signal(int, int)  # case id, how many cells were added to it
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(
        self, link: LibraryLink, session: Session, desk: JobDesk, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._link, self._session, self._desk, self._tasks = link, session, desk, tasks
        self._numbers = count(1)
        self._batches: dict[int, _Batch] = {}
        session.cancel_requested.connect(self._on_cancel_requested)

    def take(self, paths: Sequence[Path], case_id: int | None = None, *, remember: bool = True) -> None:
        """Add the cells in these files and folders to a case: the given one, the shown one, or `Unfiled`.

        Cells that were read from the same files before are shown and not added again; in another case than the given
        one they do not count. Without a library they are opened all the same, in no case.
        """
        if not paths:
            return
        if not self._link.is_open() and not self._link.is_opening():
            self._session.open_paths(paths, remember=remember)
            return
        shown = self._link.current_case()  # as it is now: it may be another one when the cells have been read
        batch = _Batch(next(self._numbers), case_id, shown if case_id is None else case_id)

        def found(sources: "list[CellSource]") -> None:
            if remember:
                self.paths_opened.emit(list(paths))
            self._sort_out(batch, sources)

        failed = partial(self.failed.emit, self.tr("Open"))
        work = self._tasks.find_cells(tuple(paths))
        self._desk.start(f"find:{batch.number}", work, lane="files", on_success=found, on_failure=failed)

    def is_busy(self) -> bool:
        """Whether cells are being looked for or added."""
        return bool(self._batches)

    def _sort_out(self, batch: _Batch, sources: "list[CellSource]") -> None:
        """Leave out what is in the library already."""
        wanted = batch.asked

        def look(library: "Library", _reporter: object) -> list[int | None]:
            return [library.cells.of_files(source.files, wanted) if source.files else None for source in sources]

        def known(cells: list[int | None]) -> None:
            batch.sources = [source for source, cell in zip(sources, cells, strict=True) if cell is None]
            batch.total = len(batch.sources)
            first = next((cell for cell in cells if cell is not None), None)
            if first is not None:
                batch.shown = True
                self._link.show_cell(first)
            if batch.sources:
                self._batches[batch.number] = batch
                self._tell()
                self._read_next(batch)

        self._link.run(f"known:{batch.number}", look, on_success=known, quiet=False)

    def _read_next(self, batch: _Batch) -> None:
        if not batch.sources:
            self._end(batch)
            return
        source = batch.sources.pop(0)

        def failed(error: Exception) -> None:
            self.failed.emit(self.tr("Open %s") % source.name, error)
            self._tell()
            self._read_next(batch)

        self._desk.start(
            f"import:{batch.number}",
            self._tasks.read_cell(source),
            lane="files",
            on_success=partial(self._add, batch),
            on_failure=failed,
            on_cancel=partial(self._end, batch),
        )

    def _add(self, batch: _Batch, cell: Cell) -> None:
        case_id, user = batch.case_id, self._link.user

        def store(library: "Library") -> "CellRecord":
            target = library.cases.named(UNFILED, user).id if case_id is None else case_id
            return library.cells.add(target, cell, user)

        def stored(record: "CellRecord") -> None:
            batch.added += 1
            if case_id is None:
                self._link.cases_changed.emit()  # it may be a new one
            batch.case_id = record.case_id  # the rest goes to the same place
            if not batch.shown:
                batch.shown = True
                self._link.show_cell(record.id)
            self.added.emit(record.id)
            self._link.case_changed.emit(record.case_id)
            self._tell()
            self._read_next(batch)

        def refused(error: Exception) -> None:
            self.failed.emit(self.tr("Add %s to the library") % cell.name, error)
            self._read_next(batch)

        self._link.change(self.tr("Add %s to the library") % cell.name, store, on_success=stored, on_failure=refused)

    def _on_cancel_requested(self) -> None:
        """What is being stored between two readings cannot be stopped; nothing is read after it."""
        for batch in self._batches.values():
            batch.sources.clear()

    def _end(self, batch: _Batch) -> None:
        self._batches.pop(batch.number, None)
        if batch.added and batch.case_id is not None:
            self.finished.emit(batch.case_id, batch.added)
        self._tell()

    def _tell(self) -> None:
        total = sum(batch.total for batch in self._batches.values())
        left = sum(len(batch.sources) for batch in self._batches.values())
        self.progressed.emit(total - left, total)
