"""New pieces are classified in the background; what comes too late is dropped."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from karyogui.editor import cutting
from karyogui.jobs.desk import JobDesk
from karyogui.main_window import MainWindow
from karyogui.model.pieces import as_points, split
from karyogui.reclassifying import Reclassifying
from karyogui.session import CellState, OpenCell


def cut_first(entry: OpenCell) -> None:
    cell = entry.document.cell()
    assert cell is not None
    pieces = split(cell.chromosome(0), as_points([(0, 45), (30, 45)]), 6)
    entry.undo_stack.push(cutting.replace_chromosomes(entry.document, [0], pieces, "Split chromosome"))


def opened(
    window: MainWindow, classifier: Any, make: Callable[..., None], folder: Path
) -> tuple[OpenCell, Reclassifying]:
    make(window, folder)
    (entry,) = window.session.cells()
    desk: JobDesk = window.desk
    return entry, Reclassifying(window.session, desk, classifier.tasks(), window)


def test_pieces_are_placed_as_one_step(
    qtbot: QtBot,
    window: MainWindow,
    classifier: Any,
    open_and_wait: Callable[..., None],
    draw_folder: Callable[..., Path],
) -> None:
    entry, reclassifying = opened(window, classifier, open_and_wait, draw_folder())
    cut_first(entry)
    before = {p.chromosome_id: p for p in entry.document.placements()}
    reclassifying.classify(entry, [6, 7])
    qtbot.waitUntil(lambda: not window.session.is_busy())
    assert [entry.document.placement(i).label for i in (6, 7)] == ["1", "1"]
    assert entry.document.placement(5) == before[5]
    assert entry.undo_stack.undoText() == "Classify 2 new pieces"
    entry.undo_stack.undo()
    assert entry.document.placement(7).label is None


def test_a_late_result_is_dropped(
    qtbot: QtBot,
    window: MainWindow,
    classifier: Any,
    open_and_wait: Callable[..., None],
    draw_folder: Callable[..., Path],
) -> None:
    entry, reclassifying = opened(window, classifier, open_and_wait, draw_folder())
    cut_first(entry)
    classifier.open.clear()
    classifier.started.clear()
    reclassifying.classify(entry, [6, 7])
    qtbot.waitUntil(classifier.started.is_set)
    entry.undo_stack.undo()
    classifier.open.set()
    qtbot.waitUntil(lambda: not window.session.is_busy())
    assert entry.undo_stack.index() == 0
    assert entry.document.placement(0).label == "1"


def test_a_classification_under_way_of_other_chromosomes_is_dropped(
    qtbot: QtBot,
    window: MainWindow,
    classifier: Any,
    open_and_wait: Callable[..., None],
    draw_folder: Callable[..., Path],
) -> None:
    entry, _ = opened(window, classifier, open_and_wait, draw_folder())
    classifier.open.clear()
    classifier.started.clear()
    window.session.classify([entry.id])
    qtbot.waitUntil(classifier.started.is_set)
    cut_first(entry)
    classifier.open.set()
    qtbot.waitUntil(lambda: not window.session.is_busy())
    assert entry.state is CellState.CLASSIFIED
    assert entry.undo_stack.undoText() == "Split chromosome"


def test_failure_is_told_and_changes_nothing(
    qtbot: QtBot,
    window: MainWindow,
    classifier: Any,
    open_and_wait: Callable[..., None],
    draw_folder: Callable[..., Path],
) -> None:
    entry, reclassifying = opened(window, classifier, open_and_wait, draw_folder())
    cut_first(entry)
    classifier.error = ValueError("out of luck")
    with qtbot.waitSignal(reclassifying.failed) as said:
        reclassifying.classify(entry, [6, 7])
    assert said.args == ["Classify the pieces of cell a", classifier.error]
    assert entry.document.placement(7).label is None


def test_a_cell_nobody_classified_stays_so(
    qtbot: QtBot,
    window: MainWindow,
    classifier: Any,
    open_and_wait: Callable[..., None],
    draw_folder: Callable[..., Path],
) -> None:
    window.session.classify_on_open = False
    entry, reclassifying = opened(window, classifier, open_and_wait, draw_folder())
    cut_first(entry)
    reclassifying.classify(entry, [6, 7])
    assert not window.session.is_busy()
    assert classifier.asked == []
