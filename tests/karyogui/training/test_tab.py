"""The whole way through the tab by mouse and keys: a model that confuses two labels is right afterwards, and in use."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt

from engine.bundle import Bundle, default_bundle, load_bundle
from engine.pipeline import classify_cell
from engine.types import CLASS_INDEX

if TYPE_CHECKING:
    from engine.training.reviewed import ReviewedCell

Draw = Callable[..., "ReviewedCell"]
CELLS = 15


def hits(bundle: Bundle, cell: "ReviewedCell", labels: tuple[str, ...]) -> float:
    said = np.array([CLASS_INDEX[row.label or "1"] for row in classify_cell(cell.images, bundle).chromosomes])
    wanted = np.isin(cell.truth, [CLASS_INDEX[label] for label in labels])
    return float((said == cell.truth)[wanted].mean())


def test_confused_labels_are_right_after_quick_and_back_again(
    hand: Any, labelled: Path, draw_reviewed: Draw, read_cells: Callable[..., list["ReviewedCell"]]
) -> None:
    tab, course = hand.tab, hand.course
    (unseen,) = read_cells([draw_reviewed(4242)])
    assert not tab.train.start.isEnabled()
    hand.add_folder(labelled, CELLS)
    assert "labels from table" in course.material.sources()[0].preview
    assert tab.data.bars.bars()["1"] == 2 * CELLS
    hand.check()

    # Data: both labels are doubted in every cell.
    doubts = course.suspects()
    assert {(s.given, s.said) for s in doubts} >= {("4", "5"), ("5", "4")}
    assert sum(s.given in {"4", "5"} for s in doubts) > len(doubts) / 2
    roles = course.survey.roles
    assert roles.count("learn") >= 5
    assert roles.count("judge") >= 4
    shown = {tab.data.table.item(row, 5).text() for row in range(CELLS)}
    assert shown == {"learn from", "tune on", "judge by"}

    # Train: by click; the window stays free, and shows what is reached.
    hand.page(tab.train)
    assert "about" in tab.train.quick_words.text()
    assert not tab.train.thorough.isEnabled()  # its network is none of the program's
    hand.click(tab.train.start)
    assert tab.page() is tab.watch
    hand.wait(lambda: course.trained is not None)
    curve = tab.watch.accuracy.points()
    assert len(curve) >= 3
    assert curve[-1][2] > curve[0][2] + 5
    assert tab.watch.map.count() == 46 * CELLS

    # Decide: better, with pictures; used from now on.
    assert tab.page() is tab.decide
    assert tab.decide.verdict.text().startswith("▲  Better")
    assert len(tab.decide.better.pictures()) >= 8
    assert tab.decide.bars.bars()["4"] > 0.5
    tab.decide.note.setText("fifteen cells of ours")
    hand.click(tab.decide.promote)
    hand.wait(lambda: default_bundle("g") == "g-own-1" and course.trained is None)
    assert hits(load_bundle("confused"), unseen, ("4", "5")) == 0.0
    assert hits(load_bundle("g-own-1"), unseen, ("4", "5")) == 1.0
    assert hand.window.session.bundle == ""  # the default, which is the new one

    # And back again, by the list of models.
    shelf = tab.decide.shelf
    hand.wait(lambda: any(row.name == "g-own-1" and row.used_for for row in course.models.rows))
    assert next(row.note for row in course.models.rows if row.name == "g-own-1") == "fifteen cells of ours"
    shelf.choose("g-own-1")
    assert not shelf.delete.isEnabled()
    assert "learned from" in shelf.facts.text()
    shelf.choose("confused")
    hand.click(shelf.use)
    hand.wait(lambda: default_bundle("g") == "confused")


def test_stop_leaves_the_model_in_use_and_another_start_works(hand: Any, labelled: Path) -> None:
    tab, course = hand.tab, hand.course
    hand.add_folder(labelled, CELLS)
    hand.check()
    hand.page(tab.train)
    hand.click(tab.train.start)
    hand.page(tab.train)
    hand.click(tab.train.pause)
    assert tab.train.pause.text() == "&Go on"
    assert "It waits" in tab.watch.state.text() or course.running is not None
    hand.click(tab.train.stop)  # a run that waits can be stopped
    assert course.running is None
    assert course.trained is None
    assert default_bundle("g") == "confused"
    hand.wait(lambda: not course.errands.is_busy())
    hand.click(tab.train.start)
    hand.page(tab.train)
    hand.click(tab.train.pause)
    hand.click(tab.train.pause)
    hand.wait(lambda: course.trained is not None)
    hand.page(tab.decide)
    hand.click(tab.decide.discard)
    assert course.trained is None
    assert tab.decide.decision.isHidden()


def test_too_few_cells_are_said_in_a_sentence(hand: Any, labelled: Path) -> None:
    tab, course = hand.tab, hand.course
    hand.add_folder(labelled, CELLS)
    for row in range(2, CELLS):  # leave only two
        tab.data.table.item(row, 0).setCheckState(Qt.CheckState.Unchecked)
    assert len(course.material.used) == 2
    hand.check()
    assert "at least three reviewed cells" in tab.data.facts.text()
    assert not tab.train.start.isEnabled()
    assert "at least three" in tab.train.state.text()


def test_keys_of_the_karyogram_rest_while_training_is_in_front(hand: Any) -> None:
    window = hand.window
    for name in ("flip", "export", "zoom_in", "to_tray"):
        assert not window.actions_[name].isEnabled()
    window.actions_["show_training"].trigger()
    assert window.tabs.shows_karyogram()


def test_field_of_the_confusion_shows_its_chromosomes(hand: Any, labelled: Path) -> None:
    tab = hand.tab
    hand.add_folder(labelled, CELLS)
    hand.check()
    hand.train()
    hand.page(tab.watch)
    counts: Any = tab.watch.confusion.counts()
    assert counts[0, 0] >= 2
    at = tab.watch.confusion.field("1", "1").toPoint()
    hand.qtbot.mouseClick(tab.watch.confusion, Qt.MouseButton.LeftButton, pos=QPoint(at))
    assert len(tab.watch.strip.pictures()) == counts[0, 0]
    assert "label 1" in tab.watch.strip_words.text()


def test_pointing_at_the_map_shows_the_chromosome(hand: Any, labelled: Path) -> None:
    tab = hand.tab
    hand.add_folder(labelled, CELLS)
    hand.check()
    hand.page(tab.watch)
    view, found = tab.watch.map, hand.course.map
    x, y = found.points[7]

    trembling = itertools.cycle((QPoint(0, 0), QPoint(1, 0)))

    # Anew until it shows: the map takes its range when it is first painted, and moves. One move at a time, since
    # pyqtgraph passes over what follows another within 10 ms.
    def pointed_at() -> bool:
        dot = view.mapFromScene(view.plotItem.vb.mapViewToScene(QPointF(x, y)))
        hand.qtbot.mouseMove(view.viewport(), dot + next(trembling))
        return not tab.watch.map_picture.pixmap().isNull()

    hand.wait(pointed_at)
    assert any(cell.name in tab.watch.map_words.text() for cell in hand.course.material.used)
