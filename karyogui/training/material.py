"""What there is to learn from: open cells, reviewed cells of the library, labelled folders; what was decided on them.

Knows no widget.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from engine.types import Stain
from karyogui.document import KaryogramDocument
from karyogui.editor.commands import EditPlacements
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.training_tasks import TrainingTasks
from karyogui.model import karyogram
from karyogui.model.label_decisions import LabelDecisions, mark_of
from karyogui.model.teaching import LIBRARY, TeachingCell, from_document
from karyogui.session import Session
from karyogui.training.errands import Errands

_OPEN = "open"


class LibrarySource(Protocol):
    """What the library is to the training: asked in its own thread. `karyogui.library.link` is one."""

    def is_open(self) -> bool:
        """Whether there is a library."""

    def store_cell(self, entry_id: int) -> int | None:
        """Return the id in the library of an opened cell."""

    def run(
        self,
        kind: str,
        work: Callable[[Any, Any], Any],
        *,
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run `work(library, reporter)`."""


@dataclass(frozen=True, slots=True)
class Source:
    """One labelled folder, or the library."""

    key: str  # first part of the keys of its cells
    preview: str  # what was understood, in lines for the user


class Material(QObject):
    """Collects cells, knows which are chosen, and keeps what a person decided on doubtful labels."""

    changed = Signal()  # the cells, their labels, or what was chosen of them
    library_changed = Signal()  # there is a library now, or none any more

    def __init__(
        self, session: Session, desk: JobDesk, tasks: TrainingTasks, errands: Errands, folder: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._desk, self._tasks, self._errands = session, desk, tasks, errands
        self._file = folder / "labels.json"
        self._library: LibrarySource | None = None
        self._read: dict[str, list[TeachingCell]] = {}  # by source, as they were read
        self._sources: dict[str, Source] = {}
        self._decisions = LabelDecisions()
        self._left_out: set[tuple[str, int]] = set()
        self._open: dict[tuple[str, int], KaryogramDocument] = {}
        self.stain: Stain = "g"
        self.cells: tuple[TeachingCell, ...] = ()  # of the stain, chosen or not
        self.used: tuple[TeachingCell, ...] = ()  # of these, the chosen ones
        self._asked = False

    # --- collecting --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take over what is open now, with its corrections of now."""
        if not self._asked:
            self._asked = True
            file = self._file
            work = lambda reporter: LabelDecisions.load(file)  # noqa: E731
            self._errands.start("decisions", work, self.tr("Read what was decided"), self._on_decisions, lane="files")
        found = self._open_cells()
        for cells in self._read.values():
            found += [self._decisions.applied(cell) for cell in cells if not self._is_open(cell)]
        stains = [cell.stain for cell in found]
        if stains and self.stain not in stains:
            self.stain = stains[0]
        cells_now = tuple(cell for cell in found if cell.stain == self.stain)
        if not same_cells(cells_now, self.cells):
            self.cells = cells_now
            self._choose()

    def _open_cells(self) -> list[TeachingCell]:
        found: list[TeachingCell] = []
        self._open = {}
        for entry in self._session.cells():
            cell = entry.document.cell()
            if cell is None:
                continue
            taught = from_document(
                cell, entry.document.placements(), reviewed=entry.document.reviewed, key=(_OPEN, entry.id)
            )
            if taught is not None:
                found.append(taught)
                self._open[taught.key] = entry.document
        return found

    def _is_open(self, cell: TeachingCell) -> bool:
        """Whether the window shows this cell of the library: then what is on the screen counts."""
        if self._library is None or cell.key[0] != LIBRARY:
            return False
        library = self._library
        shown = (entry.id for entry in self._session.cells() if (_OPEN, entry.id) in self._open)
        return any(library.store_cell(entry_id) == cell.key[1] for entry_id in shown)

    def stains(self) -> tuple[Stain, ...]:
        """Return the stains there are cells of."""
        every = {cell.stain for cells in self._read.values() for cell in cells}
        every |= {cell.stain for entry in self._session.cells() if (cell := entry.document.cell())}
        return tuple(sorted(every))

    def set_stain(self, stain: Stain) -> None:
        """Teach the model of another stain."""
        if stain != self.stain:
            self.stain, self.cells = stain, ()
            self.refresh()
            self._choose()

    def sources(self) -> tuple[Source, ...]:
        """Return the labelled folders, and the library once it was read."""
        return tuple(self._sources.values())

    def add_folder(self, folder: Path, *, upright: bool) -> None:
        """Read a labelled folder in the background."""

        def read(answer: tuple[list[TeachingCell], str]) -> None:
            self._take(Source(str(folder), answer[1]), answer[0])

        work = self._tasks.read_folder(folder, upright=upright)
        self._errands.start("folder", work, self.tr("Read %s") % folder.name, read)

    def remove(self, key: str) -> None:
        """Forget a source; its files, or the library, stay as they are."""
        self._read.pop(key, None)
        self._sources.pop(key, None)
        self.refresh()
        self.changed.emit()

    def use_library(self, library: LibrarySource | None) -> None:
        """Say where reviewed cells can be read; call again when it was opened or closed."""
        self._library = library
        self.remove(LIBRARY)
        self.library_changed.emit()

    def has_library(self) -> bool:
        """Whether a library can be read."""
        return self._library is not None and self._library.is_open()

    def add_library(self) -> None:
        """Read the reviewed cells of the library in the background."""
        if self._library is None:
            return
        words = self.tr("Read the library")

        def work(library: Any, reporter: Any) -> list[TeachingCell]:
            from karyogui.model.library_lessons import library_lessons  # here: a start without it is quicker

            def report(done: int, total: int, case: str) -> None:
                reporter.check_cancelled()
                reporter.report(done, total, case)

            return library_lessons(library, report=report)

        def read(cells: list[TeachingCell]) -> None:
            self._errands.busy_changed.emit("", 0, 0)
            cases = len({cell.group for cell in cells})
            words = self.tr("Library: %d reviewed cells of %d cases") % (len(cells), cases)
            self._take(Source(LIBRARY, words), cells)

        def failed(error: Exception) -> None:
            self._errands.busy_changed.emit("", 0, 0)
            self._errands.failed.emit(words, error)

        self._errands.busy_changed.emit(words, 0, 0)
        self._library.run("lessons", work, on_success=read, on_failure=failed)

    def _take(self, source: Source, cells: list[TeachingCell]) -> None:
        self._read[source.key], self._sources[source.key] = cells, source
        if cells and not self.cells:
            self.stain = cells[0].stain
        self.refresh()
        self.changed.emit()

    # --- choosing ----------------------------------------------------------------------------------------------------

    def is_used(self, cell: TeachingCell) -> bool:
        """Whether the cell was chosen."""
        return cell.key not in self._left_out

    def use(self, cell: TeachingCell, used: bool) -> None:
        """Choose a cell, or leave it out."""
        (self._left_out.discard if used else self._left_out.add)(cell.key)
        self._choose()

    def _choose(self) -> None:
        used = tuple(cell for cell in self.cells if self.is_used(cell))
        if not same_cells(used, self.used):
            self.used = used
        self.changed.emit()

    # --- doubtful labels ---------------------------------------------------------------------------------------------

    def is_decided(self, cell: TeachingCell, chromosome: int) -> bool:
        """Whether a person stands by the label a chromosome has."""
        label = cell.labels[chromosome]
        return label is None or self._decisions.of(mark_of(cell.images[chromosome], label)) == label

    def keep(self, cell: TeachingCell, chromosome: int) -> None:
        """Stand by a label: it is not doubted again."""
        label = cell.labels[chromosome]
        if label is not None:
            self._decisions.decide({mark_of(cell.images[chromosome], label): label})
            self._save()

    def correct(self, cell: TeachingCell, chromosome: int, label: str) -> None:
        """Give a chromosome another label: in an open cell as a change that can be undone, else for training alone."""
        document = self._open.get(cell.key)
        if document is not None:
            after = karyogram.assign(document.placements(), {cell.ids[chromosome]}, label)
            entry = self._session.cell(cell.key[1])
            entry.undo_stack.push(EditPlacements(document, after, self.tr("Move to %s") % label))
        else:
            given = next(c for c in self._read[cell.key[0]] if c.key == cell.key).labels[chromosome]
            image = cell.images[chromosome]
            if given is not None:  # she also stands by the new one: another model may doubt it
                self._decisions.decide({mark_of(image, given): label, mark_of(image, label): label})
                self._save()
        self.refresh()

    def can_take_back(self) -> bool:
        """Whether a decision on a doubtful label can be taken back here."""
        return self._decisions.can_take_back()

    def take_back(self) -> None:
        """Take the last decision on a doubtful label back."""
        if self._decisions.take_back():
            self._save()
            self.refresh()

    def _on_decisions(self, found: LabelDecisions) -> None:
        self._decisions = found
        self.refresh()

    def _save(self) -> None:
        decisions, file = self._decisions.copy(), self._file
        self._errands.start(
            "decisions",
            lambda reporter: decisions.save(file),
            self.tr("Keep what was decided"),
            lambda _nothing: None,
            lane="files",
        )


def same_cells(first: tuple[TeachingCell, ...], second: tuple[TeachingCell, ...]) -> bool:
    """Whether two lists hold the same cells with the same labels; open cells are made anew each time."""
    return len(first) == len(second) and all(
        a.key == b.key
        and a.labels == b.labels
        and a.upright_deg == b.upright_deg
        and all(i.pixels is j.pixels for i, j in zip(a.images, b.images, strict=True))
        for a, b in zip(first, second, strict=True)
    )
