"""Watch: what a training has reached, while it runs and after."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from engine.types import CLASS_INDEX
from karyogui.inspector_parts.widgets import clear_layout
from karyogui.model.teaching import Plan, Step
from karyogui.theme import GRID
from karyogui.training.course import Course
from karyogui.training.data_page import heading
from karyogui.training.pictures import PictureLabel, chromosome_picture
from karyogui.training.plots import BarsView, ConfusionView, CurveView, MapView, recalls
from karyogui.training.train_page import about

_MOST_PICTURES = 24


class PictureStrip(QScrollArea):
    """Chromosomes side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setWidget(inside)
        self.setFixedHeight(15 * GRID)

    def show_pictures(self, pictures: list[PictureLabel]) -> None:
        """Show other pictures."""
        clear_layout(self._row)
        for picture in pictures:
            self._row.addWidget(picture)

    def pictures(self) -> list[PictureLabel]:
        """Return what is shown."""
        found = [item.widget() for i in range(self._row.count()) if (item := self._row.itemAt(i)) is not None]
        return [widget for widget in found if isinstance(widget, PictureLabel)]


class WatchPage(QWidget):
    """Curves, recalls, confusion and map."""

    def __init__(self, course: Course, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._course = course
        self._plan: Plan | None = None
        self._last: Step | None = None
        self.state = QLabel(wordWrap=True)
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedHeight(GRID)
        self.loss = CurveView(self.tr("Loss (grey: learned from, blue: tuned on)"))
        self.accuracy = CurveView(self.tr("Right, in percent"))
        self.rate = CurveView(self.tr("Learning rate"))
        self.recall = BarsView(share=True)
        self.confusion = ConfusionView()
        self.map = MapView()
        self.map_words, self.map_picture = QLabel(), QLabel()
        self.map_picture.setFixedSize(12 * GRID, 12 * GRID)
        self.strip_words, self.strip = QLabel(), PictureStrip()
        self.strip_words.setText(self.tr("Click a field to see its chromosomes."))
        self.confusion.chosen.connect(self._show_field)
        self.map.pointed.connect(self._show_point)
        self._build()
        course.plan_known.connect(self._on_plan)
        course.step_done.connect(self._on_step)
        course.run_changed.connect(self._on_run)
        course.map_changed.connect(self._on_map)
        self._on_run()
        self._on_map()

    def _build(self) -> None:
        curves = QHBoxLayout()
        for view in (self.loss, self.accuracy, self.rate):
            curves.addWidget(view)
        beside = QHBoxLayout()
        beside.addWidget(self.map_picture)
        beside.addWidget(self.map_words, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * GRID)
        grid.addWidget(heading(self.tr("Right, percent of each label, on cells it is tuned on")), 0, 0, 1, 2)
        grid.addWidget(self.recall, 1, 0, 1, 2)
        grid.addWidget(heading(self.tr("What is taken for what")), 2, 0)
        grid.addWidget(heading(self.tr("How alike the model finds them")), 2, 1)
        grid.addWidget(self.confusion, 3, 0)
        right = QVBoxLayout()
        right.addWidget(self.map, 1)
        right.addLayout(beside)
        grid.addLayout(right, 3, 1)
        grid.setRowStretch(3, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.state)
        column.addWidget(self.progress)
        column.addLayout(curves)
        column.addLayout(grid, 1)
        column.addWidget(self.strip_words)
        column.addWidget(self.strip)

    def _on_run(self) -> None:
        running = self._course.running
        self.progress.setVisible(running is not None)
        if running is not None:  # all that is shown is of an older one
            self._plan = self._last = None
            for curve in (self.loss, self.accuracy, self.rate):
                curve.clear_steps()
        self.rate.setVisible(running is not None and running.way == "thorough")
        if running is None:
            self.state.setText(self.tr("No training is under way.") if self._last is None else self.tr("Ended."))
        else:
            self.state.setText(self.tr("Training is beginning…"))
            self.progress.setRange(0, 0)

    def _on_plan(self, plan: Plan) -> None:
        self._plan = plan

    def _on_step(self, step: Step) -> None:
        self._last = step
        self.loss.add(step.step, step.train_loss, step.tune_loss)
        self.accuracy.add(step.step, 100 * step.train_accuracy, 100 * step.tune_accuracy)
        if step.learning_rate is not None:
            self.rate.add(step.step, step.learning_rate, float("nan"))
        self.progress.setRange(0, step.steps)
        self.progress.setValue(step.step)
        words = self.tr("Step %d of at most %d: %s of the chromosomes it is tuned on are right.")
        text = words % (step.step, step.steps, f"{step.tune_accuracy:.1%}")
        if 0 < step.step < step.steps:
            text += " " + self.tr("Left: %s.") % about(step.seconds / step.step * (step.steps - step.step))
        self.state.setText(text)
        if self._plan is not None:
            self.recall.show_bars(recalls(self._plan.truth, step))
            self.confusion.show_answers(self._plan.truth, step.answers)

    def _on_map(self) -> None:
        found = self._course.map
        self.map.show_map(found)
        words = self.tr("Point at a dot to see it.") if found else self.tr("Drawn once the cells are checked.")
        self.map_words.setText(words)
        self.map_picture.clear()

    def _show_field(self, truth: str, answer: str) -> None:
        if self._plan is None or self._last is None:
            return
        chosen = (self._plan.truth == CLASS_INDEX[truth]) & (self._last.answers == CLASS_INDEX[answer])
        places = list(zip(self._plan.cell[chosen].tolist(), self._plan.chromosome[chosen].tolist(), strict=True))
        words = self.tr("%d chromosomes of label %s that the model takes for %s")
        self.strip_words.setText(words % (len(places), truth, answer))
        cells = self._course.taught_cells
        self.strip.show_pictures([PictureLabel(cells[c], i, cells[c].name) for c, i in places[:_MOST_PICTURES]])

    def _show_point(self, cell: int, chromosome: int) -> None:
        used = self._course.used
        if cell < len(used):
            shown = used[cell]
            ratio = self.devicePixelRatioF()
            self.map_picture.setPixmap(chromosome_picture(shown, chromosome, height=12 * GRID, ratio=ratio))
            self.map_words.setText(f"{shown.labels[chromosome]}, {shown.name}")
