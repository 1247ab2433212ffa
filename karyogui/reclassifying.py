"""After a cut: the new pieces are classified in the background, within their cell."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.types import CellResult
from karyogui.editor import cutting
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.model.cell import Cell
from karyogui.session import OpenCell, Session


class Reclassifying(QObject):
    """Classifies the whole cell again, for its context, and applies what is said of the pieces, as one command.

    A result that comes after the chromosomes have changed once more is dropped.
    """

    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(self, session: Session, desk: JobDesk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk, self._tasks = session, desk, tasks

    def classify(self, entry: OpenCell, ids: Sequence[int]) -> None:
        """Classify pieces of a cell; nothing happens in a cell that nobody has classified yet."""
        cell = entry.document.cell()
        if cell is None or entry.document.bundle() is None:
            return
        self._desk.start(
            f"classify:{entry.id}",  # the kind of the session: a classification under way is of other chromosomes
            self._tasks.classify(cell, self._session.bundle),
            on_success=partial(self._on_classified, entry, cell, tuple(ids)),
            on_failure=partial(self.failed.emit, self.tr("Classify the pieces of %s") % entry.name),
        )

    def _on_classified(self, entry: OpenCell, asked: Cell, ids: tuple[int, ...], result: CellResult) -> None:
        if entry in self._session.cells() and asked.holds_same(entry.document.cell()):
            entry.undo_stack.push(cutting.classify_pieces(entry.document, result, ids))
