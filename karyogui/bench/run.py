"""Opens a window on drawn cells, drags, classifies, trains, and measures what a hand would feel."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication

from karyogui.app import forget_cv2_variables
from karyogui.bench.hands import FRAME_MS, Hand, Taken, along
from karyogui.bench.watch import StallWatch
from karyogui.desktop import make_application
from karyogui.editor import commands
from karyogui.editor.scene import KaryogramScene
from karyogui.editor.view import KaryogramView
from karyogui.main_window import MainWindow
from karyogui.model.teaching import Lesson
from karyogui.plain_imports import import_plainly
from karyogui.session import CellState
from karyogui.settings import Folders
from karyogui.smoothness import Smoothness
from karyogui.system_libraries import draw_off_screen, has_display
from karyogui.theme import Theme

_DROPS = 12
_QUIET_S = 2.0
_PATIENCE_S = 900.0


class Bench(QObject):
    """One window and what is measured in it."""

    def __init__(self, window: MainWindow, say: Callable[[str], None]) -> None:
        super().__init__()
        self.window, self.say = window, say
        self.figures: dict[str, float] = {}
        self._watch = StallWatch(self)

    def open(self, cells: Sequence[Path]) -> None:
        """Open the cells and classify them: the first time, the engine is loaded meanwhile."""
        self._watched(
            "first_classification",
            lambda: self.window.session.open_paths(list(cells), remember=False),
            self._all_classified,
        )
        self.window.session.set_current(self.window.session.cells()[0].id)

    def quiet(self) -> None:
        """Measure with nothing going on: what the machine itself does to the window."""
        with_nothing = time.perf_counter() + _QUIET_S
        self._watched("quiet", lambda: None, lambda: time.perf_counter() > with_nothing)

    def drops(self) -> None:
        """Drag one chromosome to another class and back, some times."""
        hand, drops = Hand(self._view(), self), []
        for number in range(_DROPS):
            ids = self._scene().karyogram_layout().reading_order()
            start, end = self._middle(ids[0 if number % 2 else -1]), self._middle(ids[len(ids) // 2])
            self._drag(hand, [start, end], rest=2)
            drops.append(hand.drop)
        self._note("drop_to_repaint", drops)
        self._take_back()

    def drag_all(self, name: str) -> None:
        """Drag all chromosomes of a cell over the whole karyogram and back to where they came from."""
        view = self._view()
        view.select_all()
        ids = view.selected_ids()
        corners = [self._middle(ids[round(part * (len(ids) - 1))]) for part in (0, 0.2, 1, 0.5, 0.3, 0)]
        hand = Hand(view, self)
        self._drag(hand, corners, rest=12)
        self._take_back()
        view.select([])
        self.figures[f"{name}_items"] = len(ids)
        self.figures[f"{name}_frames"] = len(hand.frames)
        self.figures[f"{name}_frames_over_16.7_ms"] = sum(frame.wall > FRAME_MS for frame in hand.frames)
        self.figures[f"{name}_frames_over_16.7_ms_of_work"] = sum(frame.work > FRAME_MS for frame in hand.frames)
        self._note(f"{name}_frame", hand.frames)

    def _note(self, name: str, taken: Sequence[Taken]) -> None:
        self.figures[f"{name}_ms"] = float(np.median([each.wall for each in taken]))
        self.figures[f"{name}_longest_ms"] = max(each.wall for each in taken)
        self.figures[f"{name}_work_ms"] = float(np.median([each.work for each in taken]))
        self.figures[f"{name}_work_longest_ms"] = max(each.work for each in taken)

    def classify(self) -> None:
        """Classify all cells again."""
        self._watched("classification", self.window.actions_["classify_all"].trigger, self._all_classified)
        self._take_back()

    def train(self, lesson: Lesson) -> None:
        """Teach the model with the cells, and classify them once more meanwhile."""
        course = self.window.tabs.training.course
        for entry in self.window.session.cells():
            ids = [p.chromosome_id for p in entry.document.placements()]
            commands.push(entry.undo_stack, commands.accept(entry.document, ids))
        course.material.refresh()
        problems: list[str] = []
        course.errands.failed.connect(lambda what, error: problems.append(f"{what}: {error}"))

        def begin() -> None:
            course.train(lesson)
            self.window.actions_["classify_all"].trigger()

        self._watched(f"training_{lesson.way}", begin, lambda: course.running is None)
        if problems:
            self.say(f"The training did not end well: {problems[0]}")
        course.discard()

    def close(self) -> None:
        """Close the window; nothing of it is kept."""
        for entry in self.window.session.cells():
            entry.undo_stack.setClean()
        self.window.close()

    def _take_back(self) -> None:
        """Undo everything, so that each measurement meets the same karyogram."""
        for entry in self.window.session.cells():
            while entry.undo_stack.canUndo():
                entry.undo_stack.undo()

    # --- how ---------------------------------------------------------------------------------------------------------

    def _watched(self, name: str, begin: Callable[[], object], ended: Callable[[], bool]) -> None:
        self.say(name.replace("_", " "))
        began = time.perf_counter()
        self._watch.start()
        begin()
        self._wait(ended)
        self.figures[f"{name}_longest_stall_ms"] = self._watch.stop()
        self.figures[f"{name}_longest_work_ms"] = max(self._watch.work_ms, default=0.0)
        self.figures[f"{name}_stalls_over_50_ms"] = self._watch.longer_than(50.0)
        self.figures[f"{name}_seconds"] = time.perf_counter() - began

    def _wait(self, until: Callable[[], bool]) -> None:
        """Turn the event loop until something has come about."""
        loop, limit = QEventLoop(), time.perf_counter() + _PATIENCE_S
        timer = QTimer(interval=20)
        timer.timeout.connect(lambda: loop.quit() if until() or time.perf_counter() > limit else None)
        timer.start()
        loop.exec()

    def _drag(self, hand: Hand, corners: list[QPoint], rest: int) -> None:
        loop = QEventLoop()
        hand.finished.connect(loop.quit)
        hand.drag(along(corners, rest=rest))
        loop.exec()
        hand.finished.disconnect(loop.quit)

    def _all_classified(self) -> bool:
        cells, desk = self.window.session.cells(), self.window.session
        done = (CellState.CLASSIFIED, CellState.FAILED)
        return bool(cells) and not desk.is_busy() and all(entry.state in done for entry in cells)

    def _view(self) -> KaryogramView:
        view = self.window.pages.view()
        if view is None:
            raise RuntimeError("no cell is shown")
        return view

    def _scene(self) -> KaryogramScene:
        scene = self._view().scene()
        if not isinstance(scene, KaryogramScene):
            raise TypeError("the view shows no karyogram")
        return scene

    def _middle(self, chromosome_id: int) -> QPoint:
        box = self._scene().chromosome_item(chromosome_id).sceneBoundingRect()
        return self._view().mapFromScene(box.center())


def measure(cells: Sequence[Path], scratch: Path, ways: Sequence[str], say: Callable[[str], None]) -> dict[str, float]:
    """Return the figures by name; names end in their unit.

    Parameters
    ----------
    cells : folders of cells, at least three where a training is to run.
    scratch : an empty folder for the window's own files.
    ways : of training: `quick`, `thorough`.
    say : is told what is going on.
    """
    if not has_display():
        draw_off_screen()
    forget_cv2_variables()
    import_plainly()
    app = make_application()
    folders = Folders(config=scratch / "config", data=scratch / "data", log=scratch / "log")
    smoothness = Smoothness(app)
    bench = Bench(MainWindow(folders, theme=Theme(app)), say)
    say(f"platform {QGuiApplication.platformName()}")
    bench.window.show()
    bench.open(cells)
    bench.quiet()
    bench.drops()
    bench.drag_all("drag")
    bench.classify()
    for way in ways:
        bench.train(Lesson(way=way, epochs=1))
    bench.close()
    smoothness.stop()
    return bench.figures
