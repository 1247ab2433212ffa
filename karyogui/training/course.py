"""What goes on in the training tab: which cells, which run, what came of it. Knows no widget."""

import queue
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from karyogui.document import KaryogramDocument
from karyogui.editor.commands import EditPlacements
from karyogui.jobs import shelf_tasks
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.training_tasks import TrainingTasks
from karyogui.model import karyogram
from karyogui.model.teaching import (
    FeatureMap,
    Lesson,
    Plan,
    ShelfRow,
    Step,
    Survey,
    Suspect,
    TeachingCell,
    Trained,
    from_document,
)
from karyogui.session import Session

_LANE = "training"
_DRAW_MS = 100


class Course(QObject):
    """Cells -> survey -> run -> decision; each step starts only when asked for."""

    cells_changed = Signal()  # the cells, their labels, or what was chosen of them
    survey_changed = Signal()  # a survey arrived or became out of date
    map_changed = Signal()
    run_changed = Signal()  # a run began, ended or was stopped
    plan_known = Signal(object)  # Plan: of the run that goes on
    step_done = Signal(object)  # Step
    trained_changed = Signal()  # there is a candidate to decide on, or none any more
    shelf_changed = Signal()
    busy_changed = Signal(str, int, int)  # what is being done in words, done, total; empty: nothing
    said = Signal(str)  # a sentence for the user: something was done
    failed = Signal(str, object)  # what was tried; the Exception
    promoted = Signal(str)  # a model came into use

    def __init__(self, session: Session, desk: JobDesk, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk, self.state_folder = session, desk, folder
        self._tasks = TrainingTasks()
        self._folders: dict[str, list[TeachingCell]] = {}
        self._previews: dict[str, str] = {}
        self._left_out: set[tuple[str, int]] = set()
        self._kept: set[tuple[tuple[str, int], int, str]] = set()  # doubted labels a person stands by
        self._open: dict[tuple[str, int], KaryogramDocument] = {}
        self.stain = "g"
        self.cells: tuple[TeachingCell, ...] = ()  # of the stain, chosen or not
        self.used: tuple[TeachingCell, ...] = ()  # of these, the chosen ones: what survey and run were given
        self.survey: Survey | None = None
        self.map: FeatureMap | None = None
        self.trained: Trained | None = None
        self.shelf: list[ShelfRow] = []
        self.running: Lesson | None = None
        self.taught_cells: tuple[TeachingCell, ...] = ()  # what the run that goes on, or the last one, was given
        self._facts: queue.SimpleQueue[Plan | Step] = queue.SimpleQueue()
        self._timer = QTimer(self, interval=_DRAW_MS)
        self._timer.timeout.connect(self._drain)
        desk.progressed.connect(self._on_progressed)

    # --- cells -------------------------------------------------------------------------------------------------------

    def refresh_cells(self) -> None:
        """Take over what is open now, with its corrections of now."""
        found: list[TeachingCell] = []
        self._open = {}
        for entry in self._session.cells():
            cell = entry.document.cell()
            if cell is None:
                continue
            taught = from_document(
                cell,
                entry.document.placements(),
                reviewed=entry.document.reviewed,
                cell_id=entry.id,
                paths=tuple(entry.files),
            )
            if taught is not None:
                found.append(taught)
                self._open[taught.key] = entry.document
        for cells in self._folders.values():
            found += cells
        stains = [cell.stain for cell in found]
        if stains and self.stain not in stains:
            self.stain = stains[0]
        cells_now = tuple(cell for cell in found if cell.stain == self.stain)
        if _same(cells_now, self.cells):
            return
        self.cells = cells_now
        self._choose()

    def stains(self) -> tuple[str, ...]:
        """Return the stains there are cells of."""
        every = {cell.stain for cells in self._folders.values() for cell in cells}
        every |= {entry_cell.stain for entry in self._session.cells() if (entry_cell := entry.document.cell())}
        return tuple(sorted(every))

    def set_stain(self, stain: str) -> None:
        """Teach the model of another stain."""
        if stain != self.stain:
            self.stain = stain
            self.cells = ()
            self.refresh_cells()
            self.cells_changed.emit()

    def is_used(self, cell: TeachingCell) -> bool:
        """Whether the cell was chosen."""
        return cell.key not in self._left_out

    def use(self, cell: TeachingCell, used: bool) -> None:
        """Choose a cell, or leave it out."""
        (self._left_out.discard if used else self._left_out.add)(cell.key)
        self._choose()

    def add_folder(self, folder: Path, *, upright: bool) -> None:
        """Read a labelled folder in the background."""

        def read(answer: tuple[list[TeachingCell], str]) -> None:
            self._folders[str(folder)], self._previews[str(folder)] = answer
            if answer[0] and not self.cells:
                self.stain = answer[0][0].stain
            self.refresh_cells()

        self._start("folder", self._tasks.read_folder(folder, upright=upright), read, self.tr("Read %s") % folder.name)

    def previews(self) -> tuple[str, ...]:
        """Return what was understood of each labelled folder."""
        return tuple(self._previews.values())

    def remove_folders(self) -> None:
        """Forget the labelled folders; their files stay where they are."""
        self._folders.clear()
        self._previews.clear()
        self.refresh_cells()

    # --- survey ------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the chosen cells with the model in use."""
        if not self.used:
            return

        def seen(survey: Survey) -> None:
            self.survey = survey
            self.survey_changed.emit()
            self._start("map", self._tasks.feature_map(cells), mapped, self.tr("Draw the map"))

        def mapped(found: FeatureMap) -> None:
            self.map = found
            self.map_changed.emit()

        cells = self.used
        self._start("survey", self._tasks.survey(cells, Lesson().seed), seen, self.tr("Look at the cells"))

    def suspects(self) -> tuple[Suspect, ...]:
        """Return the doubted labels nobody has decided on."""
        if self.survey is None:
            return ()
        return tuple(s for s in self.survey.suspects if self._mark(s) not in self._kept)

    def keep(self, suspect: Suspect) -> None:
        """Stand by the label: the doubt is not shown again."""
        self._kept.add(self._mark(suspect))
        self.survey_changed.emit()

    def correct(self, suspect: Suspect) -> None:
        """Take the label the model gives; in an open cell as a change that can be undone."""
        cell = self.used[suspect.cell]
        self._kept.add(self._mark(suspect))
        document = self._open.get(cell.key)
        if document is not None:
            ids = {cell.ids[suspect.chromosome]}
            after = karyogram.assign(document.placements(), ids, suspect.said)
            entry = self._session.cell(cell.key[1])
            text = self.tr("Move to %s") % suspect.said
            entry.undo_stack.push(EditPlacements(document, after, text))
        else:
            cells = self._folders[cell.key[0]]
            at = next(i for i, other in enumerate(cells) if other.key == cell.key)
            cells[at] = cells[at].with_label(suspect.chromosome, suspect.said)
        survey, found = self.survey, self.map
        self.refresh_cells()
        self.survey, self.map = survey, found  # one label changed: what was seen of the others still holds
        self.survey_changed.emit()
        self.map_changed.emit()

    def _mark(self, suspect: Suspect) -> tuple[tuple[str, int], int, str]:
        return self.used[suspect.cell].key, suspect.chromosome, suspect.said

    # --- a run -------------------------------------------------------------------------------------------------------

    def train(self, lesson: Lesson) -> None:
        """Teach the model in use in the background."""
        if self.running is not None or not self.used:
            return
        self._facts = queue.SimpleQueue()
        self.trained = None
        self.running = lesson
        self.taught_cells = self.used
        self.trained_changed.emit()
        work = self._tasks.learn(self.taught_cells, lesson, self.state_folder, self._facts)

        def done(trained: Trained) -> None:
            self._ended()
            self.trained = trained
            self.trained_changed.emit()

        self._start("run", work, done, self.tr("Train"), self._ended)
        self._timer.start()
        self.run_changed.emit()

    def stop(self) -> None:
        """Stop the run; Thorough can be taken up again."""
        self._desk.cancel("quiet:training:run")

    def _ended(self) -> None:
        self._drain()
        self._timer.stop()
        self.running = None
        self.run_changed.emit()

    def _drain(self) -> None:
        while True:
            try:
                fact = self._facts.get_nowait()
            except queue.Empty:
                return
            (self.plan_known if isinstance(fact, Plan) else self.step_done).emit(fact)

    # --- the shelf ---------------------------------------------------------------------------------------------------

    def refresh_shelf(self) -> None:
        """List the installed models anew."""

        def listed(rows: list[ShelfRow]) -> None:
            self.shelf = rows
            self.shelf_changed.emit()

        self._start("shelf", shelf_tasks.list_shelf(), listed, self.tr("List the models"), lane="files")

    def promote(self, *, note: str, typed: str) -> None:
        """Bring the candidate into use."""
        trained = self.trained
        if trained is None:
            return

        def brought(name: str) -> None:
            self.trained = None
            self.trained_changed.emit()
            self._changed_use(name)

        verdict = trained.decision.verdict
        work = shelf_tasks.promote(trained.model, trained.stain, note=note, verdict=verdict, typed=typed)
        self._start("promote", work, brought, self.tr("Use the new model"), lane="files")

    def discard(self) -> None:
        """Forget the candidate."""
        self.trained = None
        self.trained_changed.emit()

    def roll_back(self, stain: str, to: str) -> None:
        """Bring an installed model back into use."""
        work = shelf_tasks.roll_back("q" if stain == "q" else "g", to)
        self._start("promote", work, self._changed_use, self.tr("Use %s") % to, lane="files")

    def export_model(self, name: str, target: Path) -> None:
        """Write a model to a file."""
        done = partial(self._say, self.tr("Written: %s"))
        self._start("file", shelf_tasks.export_model(name, target), done, self.tr("Export %s") % name, lane="files")

    def import_model(self, source: Path) -> None:
        """Install a model from a file."""
        done = partial(self._say, self.tr("%s is installed; it is used when you choose it."))
        self._start("file", shelf_tasks.import_model(source), done, self.tr("Import %s") % source.name, lane="files")

    def delete_model(self, name: str) -> None:
        """Delete a model that is not in use."""
        done = partial(self._say, self.tr("%s is deleted."))
        self._start("file", shelf_tasks.delete_model(name), done, self.tr("Delete %s") % name, lane="files")

    def _say(self, sentence: str, name: str) -> None:
        self.said.emit(sentence % name)
        self.refresh_shelf()

    def _changed_use(self, name: str) -> None:
        self.survey, self.map = None, None  # seen with another model
        self._kept.clear()
        self.survey_changed.emit()
        self.map_changed.emit()
        self.promoted.emit(name)
        self.said.emit(self.tr("%s is in use. Cells are classified with it from now on.") % name)
        self.refresh_shelf()

    # --- jobs --------------------------------------------------------------------------------------------------------

    def is_busy(self) -> bool:
        """Whether the training lane works on something."""
        return any(kind.startswith("quiet:training:") for kind in self._desk.kinds())

    def _start(
        self,
        kind: str,
        work: Callable[..., Any],
        on_success: Callable[[Any], None],
        words: str,
        on_end: Callable[[], None] | None = None,
        lane: str = _LANE,
    ) -> None:
        def failed(error: Exception) -> None:
            if on_end is not None:
                on_end()
            self.busy_changed.emit("", 0, 0)
            self.failed.emit(words, error)

        def cancelled() -> None:
            if on_end is not None:
                on_end()
            self.busy_changed.emit("", 0, 0)

        def succeeded(value: Any) -> None:
            self.busy_changed.emit("", 0, 0)
            on_success(value)

        self._desk.start(
            f"quiet:training:{kind}",
            work,
            lane="files" if lane == "files" else "training",
            on_success=succeeded,
            on_failure=failed,
            on_cancel=cancelled,
        )

    def _on_progressed(self, kind: str, done: int, total: int, message: str) -> None:
        words = {
            "quiet:training:folder": self.tr("Reading"),
            "quiet:training:survey": self.tr("Looking at"),
            "quiet:training:run": self.tr("Training"),
        }.get(kind)
        if words is not None:
            self.busy_changed.emit(f"{words} {message}".strip(), done, total)

    def _choose(self) -> None:
        used = tuple(cell for cell in self.cells if self.is_used(cell))
        if not _same(used, self.used):
            self.used = used
            if self.survey is not None or self.map is not None:
                self.survey, self.map = None, None
                self.survey_changed.emit()
                self.map_changed.emit()
        self.cells_changed.emit()


def _same(first: tuple[TeachingCell, ...], second: tuple[TeachingCell, ...]) -> bool:
    """Whether two lists hold the same cells with the same labels; open cells are made anew each time."""
    return len(first) == len(second) and all(
        a.key == b.key
        and a.labels == b.labels
        and a.upright_deg == b.upright_deg
        and all(i.pixels is j.pixels for i, j in zip(a.images, b.images, strict=True))
        for a, b in zip(first, second, strict=True)
    )


def tr(text: str) -> str:
    """Translate a text of the training tab."""
    return QCoreApplication.translate("Training", text)
