"""What goes on in the training tab: which cells, which run, what came of it. Knows no widget."""

import queue
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from karyogui.jobs.desk import JobDesk
from karyogui.jobs.job import Job, Work
from karyogui.jobs.learning_tasks import LearningTasks
from karyogui.jobs.training_tasks import KeptLooks, TrainingTasks
from karyogui.model.kept_run import KeptRun
from karyogui.model.teaching import FeatureMap, Lesson, Plan, Step, Survey, Suspect, TeachingCell, Trained
from karyogui.session import Session
from karyogui.training.errands import Errands
from karyogui.training.material import Material, same_cells
from karyogui.training.models import Models

_DRAW_MS = 100


class Course(QObject):
    """Cells -> survey -> run -> decision; each step starts only when asked for."""

    survey_changed = Signal()  # a survey arrived or became out of date
    map_changed = Signal()
    times_changed = Signal()  # how long From the beginning takes was measured
    run_changed = Signal()  # a run began, pauses, goes on, ended or was stopped
    kept_changed = Signal()  # a training was found from before, taken up or forgotten
    plan_known = Signal(object)  # Plan: of the run that goes on
    step_done = Signal(object)  # Step
    within_step = Signal(int, int)  # done, total: of the step that goes on
    trained_changed = Signal()  # there is a candidate to decide on, or none any more
    said = Signal(str)  # a sentence for the user: something was done

    def __init__(self, session: Session, desk: JobDesk, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.errands = Errands(desk, self)
        looks = KeptLooks()
        self._tasks, self._learning = TrainingTasks(looks), LearningTasks(looks, folder / "run")
        self.material = Material(session, desk, self._tasks, self.errands, folder, self)
        self.models = Models(self.errands, self)
        self.survey: Survey | None = None
        self.map: FeatureMap | None = None
        self.times: dict[str, tuple[float, int, float]] = {}  # by recipe: of one image, epochs, of SRAFBN; seconds
        self.trained: Trained | None = None
        self.running: Lesson | None = None
        self.kept: KeptRun | None = None  # a training from before that can be taken up
        self.taught_cells: tuple[TeachingCell, ...] = ()  # what the run that goes on, or the last one, was given
        self._surveyed: tuple[TeachingCell, ...] = ()
        self._job: Job | None = None
        self._paused_at: float | None = None
        self._paused = 0.0  # seconds
        self._asked = False
        self._facts: queue.SimpleQueue[Plan | Step] = queue.SimpleQueue()
        self._timer = QTimer(self, interval=_DRAW_MS)
        self._timer.timeout.connect(self._drain)
        self.material.changed.connect(self._on_material)
        self.models.use_changed.connect(self._on_use_changed)
        desk.progressed.connect(self._on_progressed)

    def refresh(self) -> None:
        """Take over what was opened and corrected since, and look once for a training from before."""
        self.material.refresh()
        self.models.refresh()
        if not self._asked:
            self._asked = True
            self._look_for_kept()

    # --- survey ------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the chosen cells with the model in use."""
        cells = self.material.used
        if not cells:
            return

        def seen(survey: Survey) -> None:
            if not same_cells(cells, self.material.used):
                return  # others were chosen meanwhile
            self.survey, self._surveyed = survey, cells
            self.survey_changed.emit()
            self.errands.start("map", self._tasks.feature_map(cells), self.tr("Draw the map"), mapped)

        def mapped(found: FeatureMap) -> None:
            if self._surveyed is cells:
                self.map = found
                self.map_changed.emit()

        work = self._tasks.survey(cells, Lesson().seed)
        self.errands.start("survey", work, self.tr("Look at the cells"), seen)

    def suspects(self) -> tuple[Suspect, ...]:
        """Return the doubted labels nobody has decided on."""
        if self.survey is None:
            return ()
        used = self.material.used
        return tuple(
            s
            for s in self.survey.suspects
            if used[s.cell].labels[s.chromosome] == s.given and not self.material.is_decided(used[s.cell], s.chromosome)
        )

    def keep(self, suspect: Suspect) -> None:
        """Stand by the label: the doubt is not shown again."""
        self.material.keep(self.material.used[suspect.cell], suspect.chromosome)
        self.survey_changed.emit()

    def correct(self, suspect: Suspect, label: str = "") -> None:
        """Take another label, by default the one the model gives."""
        survey, found = self.survey, self.map
        self.material.correct(self.material.used[suspect.cell], suspect.chromosome, label or suspect.said)
        self._hold(survey, found)

    def take_back(self) -> None:
        """Take the last decision on a doubtful label back."""
        survey, found = self.survey, self.map
        self.material.take_back()
        self._hold(survey, found)

    def _hold(self, survey: Survey | None, found: FeatureMap | None) -> None:
        """One label changed: what was seen of the others still holds."""
        self.survey, self.map, self._surveyed = survey, found, self.material.used
        self.survey_changed.emit()
        self.map_changed.emit()

    def _on_material(self) -> None:
        if self._surveyed and not same_cells(self._surveyed, self.material.used):
            self._forget_survey()

    def _forget_survey(self) -> None:
        self.survey, self.map, self._surveyed = None, None, ()
        self.survey_changed.emit()
        self.map_changed.emit()

    def measure(self, lesson: Lesson) -> None:
        """Measure how long From the beginning takes here, once for each recipe."""
        if lesson.recipe in self.times or self.errands.is_busy("times") or self.running is not None:
            return

        def measured(found: tuple[float, int, float]) -> None:
            self.times[lesson.recipe] = found
            self.times_changed.emit()

        self.errands.start("times", self._tasks.full_seconds(lesson), self.tr("Measure"), measured)

    # --- a run -------------------------------------------------------------------------------------------------------

    def train(self, lesson: Lesson) -> None:
        """Teach the model in use in the background, with the chosen cells."""
        cells = self.material.used
        if self.running is None and cells:
            self._facts = queue.SimpleQueue()
            self._begin(lesson, cells)
            self._run(self._learning.learn(cells, lesson, self._facts))

    def take_up(self) -> None:
        """Go on with the training from before, with the cells it was begun with."""
        kept = self.kept
        if self.running is not None or kept is None:
            return

        def read(cells: tuple[TeachingCell, ...]) -> None:
            self._facts = queue.SimpleQueue()
            self._begin(kept.lesson, cells)
            self._run(self._learning.take_up(self._facts))

        self.errands.start("kept", self._learning.cells(), self.tr("Read the training that was kept"), read)

    def forget_kept(self) -> None:
        """Delete the training from before."""
        if self.running is None:
            self.kept = None
            self.kept_changed.emit()
            self.errands.start("kept", self._learning.forget(), self.tr("Forget the training"), lambda _nothing: None)

    def is_paused(self) -> bool:
        """Whether the run waits."""
        return self._paused_at is not None

    def pause(self) -> None:
        """Let the run wait, or go on."""
        if self._job is None:
            return
        if self._paused_at is None:
            self._paused_at = time.monotonic()
            self._job.pause()
        else:
            self._paused += time.monotonic() - self._paused_at
            self._paused_at = None
            self._job.go_on()
        self.run_changed.emit()

    def paused_seconds(self) -> float:
        """Return how long the run has waited so far."""
        return self._paused + (0.0 if self._paused_at is None else time.monotonic() - self._paused_at)

    def stop(self) -> None:
        """Stop the run; it can be taken up again."""
        self.errands.cancel("run")

    def discard(self) -> None:
        """Forget the candidate."""
        self.trained = None
        self.trained_changed.emit()
        self.forget_kept()

    def promote(self, *, note: str, typed: str) -> None:
        """Bring the candidate into use."""
        if self.trained is not None:
            self.models.promote(self.trained, note=note, typed=typed)

    def _begin(self, lesson: Lesson, cells: tuple[TeachingCell, ...]) -> None:
        self.trained, self.kept = None, None
        self.running, self.taught_cells = lesson, cells
        self._paused, self._paused_at = 0.0, None
        self.trained_changed.emit()
        self.kept_changed.emit()

    def _run(self, work: Work) -> None:
        def done(trained: Trained) -> None:
            self.trained, self.taught_cells = trained, trained.cells
            self.trained_changed.emit()

        self._job = self.errands.start("run", work, self.tr("Training"), done, on_end=self._ended)
        self._timer.start()
        self.run_changed.emit()

    def _ended(self) -> None:
        self._drain()
        self._timer.stop()
        self._job, self.running, self._paused_at = None, None, None
        self.run_changed.emit()
        if not self.errands.is_closed():
            self._look_for_kept()

    def _look_for_kept(self) -> None:
        """See whether a training can be taken up; one that came to its end is shown at once."""

        def found(kept: KeptRun | None) -> None:
            if self.running is not None or self.trained is not None:
                return
            self.kept = kept
            self.kept_changed.emit()
            if kept is not None and kept.decided_on:
                self.take_up()

        self.errands.start("kept", self._learning.look(), self.tr("Look for a training"), found)

    def _drain(self) -> None:
        while True:
            try:
                fact = self._facts.get_nowait()
            except queue.Empty:
                return
            (self.plan_known if isinstance(fact, Plan) else self.step_done).emit(fact)

    def _on_progressed(self, kind: str, done: int, total: int, message: str) -> None:
        if kind == "quiet:training:run" and self.running is not None:
            self.within_step.emit(done, total if message.startswith("epoch") else 0)

    def _on_use_changed(self, name: str) -> None:
        if self.trained is not None and self.trained.decision.candidate == name:
            self.trained = None
            self.trained_changed.emit()
            self.forget_kept()
        self._forget_survey()  # seen with another model
        self.said.emit(self.tr("%s is in use. Cells are classified with it from now on.") % name)
