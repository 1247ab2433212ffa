"""Trials: a cell with five wrong chromosomes is corrected, reviewed and exported through the real window.

Once with the mouse alone, once with the keyboard alone, every gesture a real event. `pytest -s` prints how many
gestures each correction took and how long the program was busy with them, on the clock and in processor time. The time
of a person is not in it.
"""

import csv
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from engine.progress import Reporter
from engine.types import CLASS_INDEX, BundleRef, CellResult, ChromosomeResult, LabelAlternative
from karyogui.dialogs.export_dialog import ExportDialog
from karyogui.jobs.tasks import Tasks, classify
from karyogui.main_window import MainWindow
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import normal_degrees
from karyogui.samples import sample_path
from resources import read_bytes

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
WRONG = 5
Labels = Mapping[str, str]  # by file name


@dataclass(frozen=True)
class Truth:
    """What a person would see in a cell."""

    labels: Labels
    turns: Mapping[str, float]  # degrees that bring the p arm up, by file name
    centromeres: Mapping[str, float] = field(default_factory=dict)

    def is_upside_down(self, chromosome: Chromosome, rotation: float) -> bool:
        return abs(normal_degrees(rotation - self.turns[chromosome.source])) > 90.0


def drawn_truth(name: str) -> Truth:
    told = json.loads(read_bytes(f"samples/{name}/truth.json"))["chromosomes"]
    return Truth(
        {file: each["label"] for file, each in told.items()},
        {file: each["upright_rotation_deg"] for file, each in told.items()},
        {file: each["centromere"] for file, each in told.items()},
    )


def as_drawn(cell: Cell, truth: Truth) -> CellResult:
    """What a model would say that is right, and sure."""
    said = []
    for c in cell.chromosomes:
        label = truth.labels[c.source]
        shares = tuple(0.99 if CLASS_INDEX[label] == index else 0.01 / 23 for index in range(24))
        said.append(
            ChromosomeResult(
                c.source, label, 0.99, label, shares, truth.turns[c.source], False, truth.centromeres[c.source]
            )
        )
    return CellResult(cell.name, cell.stain, BundleRef("drawn", "1.0"), "", tuple(said), (), (), 0.1)


def spoiled(result: CellResult, truth: Truth) -> CellResult:
    """Make it wrong in five chromosomes: one astray, two exchanged, one not placed, one (sure) upside down."""
    said = {each.source: each for each in result.chromosomes}
    wrong = {
        name
        for name, each in said.items()
        if each.label != truth.labels[name] or abs(normal_degrees(each.upright_rotation_deg - truth.turns[name])) > 90
    }
    right = {label: [n for n in said if n not in wrong and truth.labels[n] == label] for label in CLASS_INDEX}

    def misplace(of: str, as_: str | None, confidence: float) -> None:
        if len(wrong) < WRONG and right[of]:
            name = right[of].pop()
            wrong.add(name)
            other = LabelAlternative(of, 0.3)
            said[name] = replace(said[name], label=as_, confidence=confidence, alternatives=(other,))

    for label in ("4", "11"):  # right, and yet to be looked at
        name = right[label].pop()
        said[name] = replace(said[name], confidence=min(said[name].confidence, 0.8))
    misplace("8", "10", 0.55)
    misplace("17", "18", 0.7)
    misplace("18", "17", 0.65)
    misplace("21", None, 0.3)
    if len(wrong) < WRONG:
        name = right["3"].pop()
        each = said[name]
        said[name] = replace(
            each, upright_rotation_deg=each.upright_rotation_deg + 180.0, centromere=1.0 - each.centromere
        )
    return replace(result, chromosomes=tuple(said.values()), alternatives=())


class Trial:
    """A person at the window: what she does is counted, and the time the program takes for it."""

    def __init__(self, qtbot: QtBot, window: MainWindow, truth: Truth) -> None:
        self.qtbot, self.window, self.truth = qtbot, window, truth
        view, entry = window.pages.view(), window.session.current()
        assert view is not None
        assert entry is not None
        self.view, self.document = view, entry.document
        self.gestures: Counter[str] = Counter()  # by what they were for
        self.seconds: Counter[str] = Counter()
        self.busy: Counter[str] = Counter()  # seconds of processor time, background threads too

    # --- what is seen ----------------------------------------------------------------------------------------------

    def is_misplaced(self, chromosome_id: int) -> bool:
        return self.document.placement(chromosome_id).label != self.right_label(chromosome_id)

    def right_label(self, chromosome_id: int) -> str:
        return self.truth.labels[self.chromosome(chromosome_id).source]

    def is_upside_down(self, chromosome_id: int) -> bool:
        rotation = self.document.placement(chromosome_id).rotation_deg
        return self.truth.is_upside_down(self.chromosome(chromosome_id), rotation)

    def chromosome(self, chromosome_id: int) -> Chromosome:
        cell = self.document.cell()
        assert cell is not None
        return cell.chromosome(chromosome_id)

    def wrong(self) -> list[int]:
        ids = self.view.scene().karyogram_layout().reading_order()
        return [i for i in ids if self.is_misplaced(i) or self.is_upside_down(i)]

    # --- what is done ----------------------------------------------------------------------------------------------

    def do(self, purpose: str, gestures: int, act: Callable[[], object]) -> None:
        """Do something and let the program answer, painting included."""
        with self.timed(purpose):
            act()
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        self.gestures[purpose] += gestures

    @contextmanager
    def timed(self, purpose: str) -> Iterator[None]:
        clock, processor = time.perf_counter(), time.process_time()
        yield
        self.seconds[purpose] += time.perf_counter() - clock
        self.busy[purpose] += time.process_time() - processor

    def at(self, chromosome_id: int) -> QPoint:
        rect = self.view.scene().karyogram_layout().chromosomes[chromosome_id].rect
        return self.view.mapFromScene(QPointF(rect.centre_x, rect.centre_y))

    def drag(self, purpose: str, chromosome_id: int, label: str) -> None:
        def act() -> None:
            viewport, start = self.view.viewport(), self.at(chromosome_id)
            rect = self.view.scene().karyogram_layout().slot(label).rect
            end = self.view.mapFromScene(QPointF(rect.x + 0.97 * rect.width, rect.centre_y))
            QTest.mousePress(viewport, LEFT, NONE, start)
            for step in range(1, 21):  # as many as a quick hand sends
                QTest.mouseMove(viewport, start + (QPointF(end - start) * step / 20).toPoint())
                QApplication.processEvents()
            QTest.mouseRelease(viewport, LEFT, NONE, end)

        self.do(purpose, 1, act)

    def double_click(self, purpose: str, chromosome_id: int) -> None:
        def act() -> None:
            point, viewport = self.at(chromosome_id), self.view.viewport()
            QTest.mouseClick(viewport, LEFT, NONE, point)
            QTest.mouseDClick(viewport, LEFT, NONE, point)
            QTest.mouseRelease(viewport, LEFT, NONE, point)

        self.do(purpose, 1, act)

    def click(self, purpose: str, widget: QWidget) -> None:
        self.do(purpose, 1, lambda: QTest.mouseClick(widget, LEFT))

    def press_tool(self, purpose: str, action_id: str) -> None:
        button = self.window.toolbar.widgetForAction(self.window.actions_[action_id])
        assert isinstance(button, QToolButton)
        assert button.isEnabled()
        self.click(purpose, button)

    def key(self, purpose: str, key: Any, modifier: Qt.KeyboardModifier = NONE, widget: QWidget | None = None) -> None:
        self.do(purpose, 1, lambda: QTest.keyClick(widget or self.view, key, modifier))

    def type_label(self, purpose: str, label: str) -> None:
        for letter in label:
            self.key(purpose, letter.lower())
        if label in ("1", "2"):
            self.key(purpose, Qt.Key.Key_Return)  # not 1 and a second digit

    # --- the two ways ----------------------------------------------------------------------------------------------

    def with_the_mouse(self) -> None:
        for chromosome_id in self.wrong():
            if self.is_misplaced(chromosome_id):
                label = self.right_label(chromosome_id)
                self.drag(f"{label} to its class", chromosome_id, label)
            if self.is_upside_down(chromosome_id):
                self.double_click(f"{self.right_label(chromosome_id)} the right way up", chromosome_id)
        assert self.wrong() == []
        if self.document.ids_to_review():
            self.press_tool("review", "next_uncertain")
        while self.document.ids_to_review():
            self.press_tool("review", "accept")

    def with_the_keyboard(self) -> None:
        """Through what is marked with Space; then to what is not, with the arrows."""
        while self.document.ids_to_review():
            if not set(self.view.selected_ids()) & set(self.document.ids_to_review()):
                self.key("review", Qt.Key.Key_Space)  # Enter has led to the next one already
            (chosen,) = self.view.selected_ids()
            label = self.right_label(chosen)
            if self.is_upside_down(chosen):
                self.key(f"{label} the right way up", "f")
            if self.is_misplaced(chosen):
                self.type_label(f"{label} to its class", label)
            else:
                self.key("review", Qt.Key.Key_Return)
        for chosen in self.wrong():
            label = self.right_label(chosen)
            purpose = f"{label} the right way up" if self.is_upside_down(chosen) else f"{label} to its class"
            self.walk_to(purpose, chosen)
            if self.is_upside_down(chosen):
                self.key(purpose, "f")
            if self.is_misplaced(chosen):
                self.type_label(purpose, label)
        assert self.wrong() == []

    def walk_to(self, purpose: str, chromosome_id: int) -> None:
        self.key(purpose, Qt.Key.Key_Home)
        order = self.view.scene().karyogram_layout()
        while order.chromosomes[self.current()].line < order.chromosomes[chromosome_id].line:
            self.key(purpose, Qt.Key.Key_Down)
        ids = order.reading_order()
        while self.current() != chromosome_id:
            ahead = ids.index(chromosome_id) > ids.index(self.current())
            self.key(purpose, Qt.Key.Key_Right if ahead else Qt.Key.Key_Left)

    def current(self) -> int:
        (chosen,) = self.view.selected_ids()
        return chosen

    def export(self, path: Path, *, by_mouse: bool) -> None:
        """Into the folder and under the name that are proposed: a report is exported again and again."""
        if by_mouse:
            self.press_tool("export", "export")
        else:
            self.key("export", "e", Qt.KeyboardModifier.ControlModifier)
        (dialog,) = [d for d in self.window.findChildren(ExportDialog) if d.isVisible()]
        assert dialog.path() == path
        ok = dialog.findChild(QDialogButtonBox).buttons()[0]
        with self.qtbot.waitSignal(self.window.exporting.exported, timeout=60_000):
            if by_mouse:
                self.click("export", ok)
            else:
                self.key("export", Qt.Key.Key_Return, widget=dialog)
        assert path.stat().st_size > 10_000

    def report(self, title: str) -> str:
        def line(name: str, gestures: int, seconds: float, busy: float) -> str:
            return f"{name}: {gestures} gestures, {seconds:.2f} s, {busy:.2f} s of processor time"

        lines = [line(name, self.gestures[name], self.seconds[name], self.busy[name]) for name in self.gestures]
        total = line(title, self.gestures.total(), self.seconds.total(), self.busy.total())
        return "\n  ".join([total, *lines])


def run(qtbot: QtBot, window: MainWindow, truth: Truth, folder: Path, title: str, *, by_mouse: bool) -> Trial:
    """Correct, review and export the shown cell; check what came of it; say what it took."""
    window.activateWindow()
    trial = Trial(qtbot, window, truth)
    trial.view.setFocus()
    wrong = trial.wrong()
    assert len(wrong) >= WRONG
    assert not trial.document.reviewed
    if by_mouse:
        trial.with_the_mouse()
    else:
        trial.with_the_keyboard()
    assert trial.document.reviewed
    assert "✓ reviewed" in window.status.facts.text()
    trial.export(folder / f"{trial.window.session.current().name}.png", by_mouse=by_mouse)  # type: ignore[union-attr]
    counts = ChromosomeCounts.from_labels(truth.labels.values())
    assert trial.document.karyotype_text() == karyotype_text(counts)
    print(f"\n{trial.report(title)}")  # noqa: T201 - what the trial is for
    return trial


def undone(trial: Trial) -> None:
    """Every step goes back and forth again."""
    stack = trial.view.scene().undo_stack()
    after = trial.document.placements()
    while stack.canUndo():
        stack.undo()
    assert len(trial.wrong()) >= WRONG
    while stack.canRedo():
        stack.redo()
    assert trial.document.placements() == after


@pytest.fixture
def export_here(tmp_path: Path) -> Callable[[MainWindow], Path]:
    """Return a function that makes a window propose a folder of the test's own for exports."""

    def chosen(window: MainWindow) -> Path:
        folder = tmp_path / "exports"
        folder.mkdir()
        store = window.exporting._store
        store.change(replace(store.now, export_folder=str(folder), export_format="png", export_dpi=150))
        return folder

    return chosen


@pytest.mark.parametrize("by_mouse", [True, False], ids=["mouse", "keyboard"])
def test_a_sample_with_five_wrong_chromosomes(
    qtbot: QtBot,
    windows: Callable[[Tasks], MainWindow],
    classifier: Any,
    open_and_wait: Callable[..., None],
    export_here: Callable[[MainWindow], Path],
    by_mouse: bool,
) -> None:
    truth = drawn_truth("46,XY")

    def wrongly(cell: Cell, bundle: str) -> Callable[[Reporter], CellResult]:
        return lambda reporter: spoiled(as_drawn(cell, truth), truth)

    window = windows(replace(classifier.tasks(), classify=wrongly))
    folder = export_here(window)
    open_and_wait(window, sample_path("46,XY"))
    trial = run(qtbot, window, truth, folder, f"sample, {'mouse' if by_mouse else 'keyboard'}", by_mouse=by_mouse)
    corrections = {name: n for name, n in trial.gestures.items() if name not in ("review", "export")}
    assert len(corrections) == WRONG
    if by_mouse:
        assert set(corrections.values()) == {1}
    else:
        assert max(n for name, n in corrections.items() if "class" in name) == 2  # a label of two digits
    assert trial.gestures["export"] == 2
    undone(trial)


def real_truth(kind: str, cell: str) -> Truth:
    top = Path(os.environ.get("KARYO_DATA", Path.home() / ".cache/karyo-data")) / kind
    if not top.is_dir():
        pytest.skip(f"real chromosome images are not at {top} (set KARYO_DATA)")
    with (top / "labels.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["cell"] == cell]
    labels = {Path(row["path"]).name: row["label"] for row in rows}
    return Truth(labels, dict.fromkeys(labels, 0.0))  # the p arm is up in the files


@pytest.mark.realdata
@pytest.mark.parametrize(("kind", "cell"), [("gband_passau", "97002023.12"), ("qband_padova", "010")])
@pytest.mark.parametrize("by_mouse", [True, False], ids=["mouse", "keyboard"])
def test_a_real_cell_with_five_wrong_chromosomes(
    qtbot: QtBot,
    windows: Callable[[Tasks], MainWindow],
    export_here: Callable[[MainWindow], Path],
    kind: str,
    cell: str,
    by_mouse: bool,
) -> None:
    truth = real_truth(kind, cell)

    def wrongly(cell: Cell, bundle: str) -> Callable[[Reporter], CellResult]:
        return lambda reporter: spoiled(classify(cell, bundle)(reporter), truth)

    window = windows(Tasks(classify=wrongly))
    folder = export_here(window)
    top = Path(os.environ.get("KARYO_DATA", Path.home() / ".cache/karyo-data")) / kind
    window.session.open_paths([top / "cells" / cell])
    qtbot.waitUntil(lambda: len(window.session.cells()) > 0 and not window.session.is_busy(), timeout=120_000)
    title = f"{kind} {cell}, {'mouse' if by_mouse else 'keyboard'}"
    run(qtbot, window, truth, folder, title, by_mouse=by_mouse)
