"""Watch: what a training has reached, while it runs and after."""

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.types import CLASS_INDEX
from karyogui.model.teaching import Plan, Step
from karyogui.progress_bar import ProgressBar
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.data_page import heading
from karyogui.training.pace import Pace, about
from karyogui.training.pictures import PictureLabel, PictureStrip, chromosome_picture
from karyogui.training.plots import BarsView, ConfusionView, CurveView, MapView, recalls

_MOST_PICTURES = 24
_PARTS = 1000  # of the progress bar


class WatchPage(QWidget):
    """Curves, recalls, confusion and map."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self._plan: Plan | None = None
        self._last: Step | None = None
        self._pace, self._began = Pace(), 0.0
        self._field: tuple[str, str] | None = None
        self.state = QLabel(wordWrap=True)
        self.progress = ProgressBar(textVisible=False)
        self.progress.setFixedHeight(GRID)
        self.progress.setAccessibleName(self.tr("How far the training is"))
        self.loss = CurveView(self.tr("Loss (● learned from, ■ tuned on)"))
        self.accuracy = CurveView(self.tr("Right, percent (● learned from, ■ tuned on)"))
        self.rate = CurveView(self.tr("Learning rate"))
        self.recall = BarsView(share=True)
        self.confusion = ConfusionView()
        self.map = MapView()
        self.map_words, self.map_picture = QLabel(wordWrap=True), QLabel()
        self.map_picture.setFixedSize(10 * GRID, 10 * GRID)
        self.strip_words, self.strip = QLabel(wordWrap=True), PictureStrip()
        self.confusion.chosen.connect(self._choose_field)
        self.map.pointed.connect(self._show_point)
        self._build()
        course.plan_known.connect(self._on_plan)
        course.step_done.connect(self._on_step)
        course.within_step.connect(self._on_within)
        course.run_changed.connect(self._on_run)
        course.map_changed.connect(self._on_map)
        self._running = False
        self._on_run()
        self._on_map()
        self._show_field()

    def _build(self) -> None:
        curves = QHBoxLayout()
        curves.setSpacing(2 * GRID)
        for view in (self.loss, self.accuracy, self.rate):
            curves.addWidget(view)
        beside = QHBoxLayout()
        beside.addWidget(self.map_picture)
        beside.addWidget(self.map_words, 1)
        right = QVBoxLayout()
        right.addWidget(self.map, 1)
        right.addLayout(beside)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * GRID)
        grid.addWidget(heading(self.tr("What is taken for what")), 0, 0)
        grid.addWidget(heading(self.tr("How alike the model in use finds them")), 0, 1)
        grid.addWidget(self.confusion, 1, 0)
        grid.addLayout(right, 1, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.state)
        column.addWidget(self.progress)
        column.addLayout(curves)
        column.addWidget(heading(self.tr("Right, percent of each label, on the cells it is tuned on")))
        column.addWidget(self.recall)
        column.addLayout(grid, 1)
        column.addWidget(self.strip_words)
        column.addWidget(self.strip)

    # --- the run -----------------------------------------------------------------------------------------------------

    def _on_run(self) -> None:
        running = self._course.running
        self.progress.setVisible(running is not None)
        if running is not None and not self._running:  # all that is shown is of an older one
            self._plan = self._last = self._field = None
            self._pace, self._began = Pace(), time.monotonic()
            for curve in (self.loss, self.accuracy, self.rate):
                curve.clear_steps()
            self.rate.setVisible(running.way != "quick")
            self.progress.show_progress(0, 0)
            self._show_field()
        self._running = running is not None
        self._say()

    def _on_plan(self, plan: Plan) -> None:
        self._plan = plan

    def _on_step(self, step: Step) -> None:
        self._last = step
        self.loss.add(step.step, step.train_loss, step.tune_loss)
        self.accuracy.add(step.step, 100 * step.train_accuracy, 100 * step.tune_accuracy)
        if step.learning_rate is not None:
            self.rate.add(step.step, step.learning_rate, float("nan"))
        self._progress(0.0)
        if self._plan is not None:
            self.recall.show_bars(recalls(self._plan.truth, step))
            self.confusion.show_answers(self._plan.truth, step.answers)
            self._show_field()

    def _on_within(self, done: int, total: int) -> None:
        if total and self._last is not None:
            self._progress(done / total)

    def _progress(self, within: float) -> None:
        last = self._last
        if last is None:
            return
        share = min((last.step + within) / last.steps, 1.0)
        self._pace.tell(time.monotonic() - self._began - self._course.paused_seconds(), share)
        self.progress.show_progress(round(_PARTS * share), _PARTS)
        self._say()

    def _say(self) -> None:
        last, left = self._last, self._pace.left()
        if last is None:
            running = self._course.running is not None
            self.state.setText(self.tr("Training is beginning…") if running else self.tr("No training is under way."))
            return
        words = self.tr("Step %d of at most %d: %s of the chromosomes it is tuned on are right.")
        text = words % (last.step, last.steps, f"{last.tune_accuracy:.1%}")
        if self._course.running is None:
            text = f"{self.tr('Ended.')} {text}"
        elif self._course.is_paused():
            text = f"{self.tr('It waits.')} {text}"
        elif left is not None and last.step < last.steps:
            text += " " + self.tr("Left: %s.") % about(left)
        self.state.setText(text)

    # --- looking closer ----------------------------------------------------------------------------------------------

    def _choose_field(self, truth: str, answer: str) -> None:
        self._field = (truth, answer)
        self._show_field()

    def _show_field(self) -> None:
        if self._field is None or self._plan is None or self._last is None:
            self.strip_words.setText(self.tr("Click a field above to see its chromosomes."))
            self.strip.show_pictures([])
            return
        truth, answer = self._field
        chosen = (self._plan.truth == CLASS_INDEX[truth]) & (self._last.answers == CLASS_INDEX[answer])
        places = list(zip(self._plan.cell[chosen].tolist(), self._plan.chromosome[chosen].tolist(), strict=True))
        words = self.tr("%d chromosomes of label %s that the model takes for %s") % (len(places), truth, answer)
        if len(places) > _MOST_PICTURES:
            words += self.tr("; the first %d") % _MOST_PICTURES
        self.strip_words.setText(words)
        cells = self._course.taught_cells
        self.strip.show_pictures([PictureLabel(cells[c], i, cells[c].name) for c, i in places[:_MOST_PICTURES]])

    def _on_map(self) -> None:
        found = self._course.map
        self.map.show_map(found)
        words = self.tr("Point at a dot to see it.") if found else self.tr("Drawn once the cells are checked.")
        self.map_words.setText(words)
        self.map_picture.clear()

    def _show_point(self, cell: int, chromosome: int) -> None:
        used = self._course.material.used
        if cell < len(used):
            shown = used[cell]
            ratio = self.devicePixelRatioF()
            self.map_picture.setPixmap(chromosome_picture(shown, chromosome, height=10 * GRID, ratio=ratio))
            self.map_words.setText(f"{shown.labels[chromosome]}, {shown.name}\n{shown.images[chromosome].source}")
            self.map_words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
