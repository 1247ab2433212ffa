"""The opened cells: reading, classifying, closing. Knows no widget; the window shows what it says."""

from collections.abc import Sequence
from enum import Enum
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoGroup

from engine.types import CellResult
from karyogui.document import DocumentState, KaryogramDocument
from karyogui.editor import commands
from karyogui.editor.stack import CellStack
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.model.cell import Cell

if TYPE_CHECKING:
    from engine.imaging.cells import CellSource


class CellState(Enum):
    """How far a cell has come."""

    READING = "reading"
    NEW = "new"  # read; all chromosomes in the tray
    CLASSIFYING = "classifying"
    CLASSIFIED = "classified"
    FAILED = "failed"  # could not be read


class OpenCell(QObject):
    """One opened cell: its document, its undo stack, its state. Changed by the session alone."""

    edited = Signal(int)  # cell id: the karyogram changed, or changes became or ceased to be unsaved

    def __init__(self, cell_id: int, name: str, files: tuple[Path, ...], parent: QObject) -> None:
        super().__init__(parent)
        self.id = cell_id
        self.name = name
        self.files = files
        self.state = CellState.READING
        self.message = ""  # why it failed
        self.in_library = False  # every gesture is stored as it happens; exports keep nothing that is not kept
        self._unkept = False
        self.document = KaryogramDocument(self)
        self.undo_stack = CellStack(self)
        self.document.cell_changed.connect(self._tell)
        self.document.placements_changed.connect(self._tell)
        self.document.annotations_changed.connect(self._tell)
        self.document.karyotype_written.connect(self._tell)
        self.undo_stack.cleanChanged.connect(self._tell)

    def has_changes(self) -> bool:
        """Whether there is work that is kept nowhere: not in the library, or outside it in no export."""
        return self._unkept if self.in_library else not self.undo_stack.isClean()

    def set_kept(self, *, in_library: bool, unkept: bool = False) -> None:
        """Say whether the library keeps the cell, and whether it lacks something it should have by now."""
        if (in_library, unkept) != (self.in_library, self._unkept):
            self.in_library, self._unkept = in_library, unkept
            self._tell()

    def is_ready(self) -> bool:
        """Whether there is a cell to look at."""
        return self.document.cell() is not None

    def _tell(self) -> None:
        self.edited.emit(self.id)


class Session(QObject):
    """Which cells are open, which is shown, and what is being done with them."""

    cell_added = Signal(int)  # cell id
    cell_changed = Signal(int)  # cell id: state, karyogram or unsaved changes
    cell_removed = Signal(int)  # cell id; sent before its document goes
    current_changed = Signal(object)  # int | None: the cell that is shown
    paths_opened = Signal(list)  # list[Path]: they hold cells; for the recent list
    classified = Signal(int)  # cell id: what the engine said is in its document
    warnings_found = Signal(int)  # cell id: files were left out or need a look
    failed = Signal(str, object)  # what was tried, in the user's words; the Exception
    cancel_requested = Signal()  # all that was asked for is to stop, what is between two jobs, too
    refused = Signal(str)  # a sentence: a cell is locked, nothing was done

    def __init__(self, tasks: Tasks, desk: JobDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._desk = tasks, desk
        self._cells: dict[int, OpenCell] = {}
        self._numbers = count(1)
        self._current: int | None = None
        self.undo_group = QUndoGroup(self)
        self.bundle = ""  # name of the bundle to classify with; empty: the default for the stain
        self.classify_on_open = True

    # --- reading -----------------------------------------------------------------------------------------------------

    def cells(self) -> tuple[OpenCell, ...]:
        """Return the opened cells, in the order they were opened."""
        return tuple(self._cells.values())

    def cell(self, cell_id: int) -> OpenCell:
        """Return one opened cell; `KeyError` if it was closed."""
        return self._cells[cell_id]

    def current(self) -> OpenCell | None:
        """Return the cell that is shown."""
        return self._cells.get(self._current) if self._current is not None else None

    def is_busy(self) -> bool:
        """Whether cells are being looked for, read or classified."""
        return any(not kind.startswith("quiet:") for kind in self._desk.kinds())

    # --- opening -----------------------------------------------------------------------------------------------------

    def open_paths(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open the cells in these files and folders, in the background. `remember`: they belong on the recent list."""
        if not paths:
            return
        wanted = tuple(paths)

        def found(sources: "list[CellSource]") -> None:
            if remember:
                self.paths_opened.emit(list(wanted))
            self._open_sources(sources)

        # Each opening is a kind of its own: a second drop does not take back the first.
        kind = f"find:{next(self._numbers)}"
        work = self._tasks.find_cells(wanted)
        failed = partial(self.failed.emit, self.tr("Open"))
        self._desk.start(kind, work, lane="files", on_success=found, on_failure=failed)

    def open_work(self, state: DocumentState) -> OpenCell:
        """Open a cell from saved work, which no export holds yet."""
        entry = self._add(state.cell.name, state.cell.paths)
        entry.document.restore(state)
        entry.undo_stack.resetClean()
        self._set_state(entry, CellState.CLASSIFIED if state.bundle else CellState.NEW)
        self.set_current(entry.id)
        return entry

    def add_waiting(self, name: str, *, shown: bool = True) -> OpenCell:
        """Open a cell that comes from elsewhere, from the library, and is being fetched; `fill` or `fail` follows."""
        entry = self._add(name, ())
        if shown:
            self.set_current(entry.id)
        return entry

    def fill(self, cell_id: int, state: DocumentState) -> None:
        """Put what was fetched into its place; it counts as kept."""
        entry = self._cells[cell_id]
        entry.name, entry.files = state.cell.name, state.cell.paths
        entry.document.restore(state)
        entry.undo_stack.clear()
        self._set_state(entry, CellState.CLASSIFIED if state.bundle else CellState.NEW)
        if state.cell.warnings:
            self.warnings_found.emit(cell_id)

    def take_result(self, cell_id: int, result: CellResult) -> None:
        """Show what the engine said of a cell that was opened meanwhile; not over work that was begun by hand."""
        entry = self._cells[cell_id]
        if entry.document.bundle() is None and entry.undo_stack.count() == 0:
            entry.document.set_result(result)
            self.classified.emit(cell_id)
            self._set_state(entry, CellState.CLASSIFIED)

    def fail(self, cell_id: int, error: Exception) -> None:
        """Say in the place of a cell why it could not be fetched."""
        entry = self._cells[cell_id]
        entry.message = str(error)
        self._set_state(entry, CellState.FAILED)

    def _open_sources(self, sources: "list[CellSource]") -> None:
        opened = {entry.files: entry.id for entry in self._cells.values()}
        first: int | None = None
        for source in sources:
            cell_id = opened.get(source.files)
            if cell_id is None:
                entry = self._add(source.name, source.files)
                cell_id = entry.id
                self._desk.start(
                    f"read:{cell_id}",
                    self._tasks.read_cell(source),
                    lane="files",
                    on_success=partial(self._on_read, cell_id),
                    on_failure=partial(self._on_read_failed, cell_id),
                    on_cancel=partial(self._on_read_cancelled, cell_id),
                )
            first = cell_id if first is None else first
        if first is not None:
            self.set_current(first)

    def _add(self, name: str, files: tuple[Path, ...]) -> OpenCell:
        entry = OpenCell(next(self._numbers), name, files, self)
        self._cells[entry.id] = entry
        self.undo_group.addStack(entry.undo_stack)
        entry.edited.connect(self.cell_changed)
        entry.undo_stack.refused.connect(self.refused)
        self.cell_added.emit(entry.id)
        return entry

    def _on_read(self, cell_id: int, cell: Cell) -> None:
        entry = self._cells[cell_id]
        entry.document.set_cell(cell)
        self._set_state(entry, CellState.NEW)
        if cell.warnings:
            self.warnings_found.emit(cell_id)
        if self.classify_on_open:
            self.classify([cell_id])

    def _on_read_failed(self, cell_id: int, error: Exception) -> None:
        entry = self._cells[cell_id]
        entry.message = str(error)
        self._set_state(entry, CellState.FAILED)
        self.failed.emit(self.tr("Open %s") % entry.name, error)

    def _on_read_cancelled(self, cell_id: int) -> None:
        if cell_id in self._cells:
            self.close_cell(cell_id)

    # --- classifying -------------------------------------------------------------------------------------------------

    def classify(self, cell_ids: Sequence[int]) -> None:
        """Classify cells in the background, one after the other. A cell that is being classified starts anew."""
        for cell_id in cell_ids:
            entry = self._cells[cell_id]
            cell = entry.document.cell()
            if cell is None or not entry.undo_stack.is_open():
                continue
            before = CellState.CLASSIFIED if entry.document.bundle() else CellState.NEW
            self._desk.start(
                f"classify:{cell_id}",
                self._tasks.classify(cell, self.bundle),
                on_success=partial(self._on_classified, cell_id, cell),
                on_failure=partial(self._on_classify_failed, cell_id, before),
                on_cancel=partial(self._on_classify_cancelled, cell_id, before),
            )
            self._set_state(entry, CellState.CLASSIFYING)

    def cancel(self) -> None:
        """Stop everything that was asked for; the window answers at once."""
        self.cancel_requested.emit()
        for kind in self._desk.kinds():
            if not kind.startswith("quiet:"):
                self._desk.cancel(kind)

    def _on_classified(self, cell_id: int, asked: Cell, result: CellResult) -> None:
        entry = self._cells[cell_id]
        cell = entry.document.cell()
        if not asked.holds_same(cell):  # cut or joined meanwhile: the result is of other chromosomes
            self._set_state(entry, CellState.CLASSIFIED if entry.document.bundle() else CellState.NEW)
            return
        known = len(cell.warnings) if cell else 0
        if entry.document.bundle() is None and entry.undo_stack.count() == 0 and not entry.has_changes():
            entry.document.set_result(result)
        else:  # somebody worked on it meanwhile or before: what she did stays one undo away
            entry.undo_stack.push(commands.apply_result(entry.document, result))
        self.classified.emit(cell_id)
        self._set_state(entry, CellState.CLASSIFIED)
        if len(result.warnings) > known:
            self.warnings_found.emit(cell_id)

    def _on_classify_failed(self, cell_id: int, before: CellState, error: Exception) -> None:
        entry = self._cells[cell_id]
        self._set_state(entry, before)
        self.failed.emit(self.tr("Classify %s") % entry.name, error)

    def _on_classify_cancelled(self, cell_id: int, before: CellState) -> None:
        if cell_id in self._cells:
            self._set_state(self._cells[cell_id], before)

    # --- showing and closing -----------------------------------------------------------------------------------------

    def set_current(self, cell_id: int | None) -> None:
        """Show another cell."""
        if cell_id == self._current:
            return
        self._current = cell_id
        entry = self.current()
        self.undo_group.setActiveStack(entry.undo_stack if entry else None)  # type: ignore[arg-type]
        self.current_changed.emit(cell_id)

    def step(self, by: int) -> None:
        """Show the cell `by` places further down the list; the list does not wrap."""
        ids = list(self._cells)
        if self._current in ids:
            self.set_current(ids[min(max(ids.index(self._current) + by, 0), len(ids) - 1)])

    def close_cell(self, cell_id: int) -> None:
        """Close a cell, whatever it holds: who asks the user has done so before."""
        ids = list(self._cells)
        place = ids.index(cell_id)
        entry = self._cells[cell_id]
        self.cell_removed.emit(cell_id)
        del self._cells[cell_id]
        self._desk.cancel(f"read:{cell_id}")
        self._desk.cancel(f"classify:{cell_id}")
        if self._current == cell_id:
            rest = list(self._cells)
            self._current = None
            self.set_current(rest[min(place, len(rest) - 1)] if rest else None)
            if not rest:
                self.undo_group.setActiveStack(None)  # type: ignore[arg-type]
                self.current_changed.emit(None)
        entry.edited.disconnect(self.cell_changed)
        entry.deleteLater()

    def mark_exported(self, cell_id: int) -> None:
        """An export holds the cell as it is now."""
        self._cells[cell_id].undo_stack.setClean()
        self.cell_changed.emit(cell_id)

    def _set_state(self, entry: OpenCell, state: CellState) -> None:
        entry.state = state
        self.cell_changed.emit(entry.id)
