"""A training outlives the program: stopped, closed and taken up, it gives the bundle of an uninterrupted one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine.bundle import Bundle, default_bundle, load_bundle
from karyogui.model import kept_run

CELLS = 8
EPOCHS = 3


def start_thorough(hand: Any, folder: Path) -> None:
    """Check the cells, choose Thorough with a few passes, and start."""
    tab = hand.tab
    hand.add_folder(folder, CELLS)
    hand.check()
    hand.page(tab.train)
    hand.choose(tab.train.thorough)
    hand.click(tab.train.more)
    hand.type_into(tab.train.epochs, str(EPOCHS))
    assert tab.train.epochs.value() == EPOCHS
    hand.click(tab.train.start)
    assert tab.page() is tab.watch


def uninterrupted(parent: Bundle, folder: Path, place: Path) -> Bundle:
    """The same training without a window."""
    from engine.training.own_cells import reviewed_cells
    from engine.training.reviewed import deal_cells
    from engine.training.sources import open_source
    from engine.training.thorough import ThoroughConfig, train_thorough

    deal = deal_cells(reviewed_cells(open_source(folder, upright=True)))
    return train_thorough(deal, parent, ThoroughConfig(EPOCHS), folder=place)


def test_a_thorough_that_was_stopped_and_closed_goes_on_to_the_same_bundle(
    whole_hand: Any, whole: Bundle, write_labelled: Callable[..., Path], open_tab: Callable[[], Any], tmp_path: Path
) -> None:
    from engine.training.candidate import weights_of

    folder = write_labelled("ours", range(CELLS))
    hand = whole_hand
    start_thorough(hand, folder)
    hand.wait(lambda: len(hand.tab.watch.accuracy.points()) >= 2)  # one pass is done
    hand.page(hand.tab.train)
    hand.click(hand.tab.train.stop)
    hand.wait(lambda: hand.course.kept is not None)
    hand.click(hand.tab.train.kept.take_up)  # on with it at once
    hand.wait(lambda: hand.course.running is not None and len(hand.tab.watch.accuracy.points()) >= 2)
    hand.window.close()  # in the middle of it
    assert hand.window.is_closed()
    for path in folder.rglob("*.png"):  # what was to be learned from is gone: it was kept
        path.unlink()

    hand = open_tab()
    tab = hand.tab
    hand.page(tab.train)
    hand.wait(tab.train.kept.isVisible)
    assert f"Thorough with {CELLS} cells" in tab.train.kept.words.text()
    assert not hand.course.material.cells
    hand.click(tab.train.kept.take_up)
    assert tab.page() is tab.watch
    hand.wait(lambda: hand.course.trained is not None)
    steps = [step for step, _, _ in tab.watch.accuracy.points()]
    assert steps[-1] == EPOCHS
    assert not tab.train.kept.isVisible()
    made = hand.course.trained.model
    rest = write_labelled("again", range(CELLS))
    expected = uninterrupted(whole, rest, tmp_path / "alone")
    first, second = weights_of(expected), weights_of(made)
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert made.card.training["steps"][0]["sha256"] == expected.card.training["steps"][0]["sha256"]


def test_a_new_model_waits_for_a_decision_until_the_next_start(
    hand: Any, labelled: Path, open_tab: Callable[[], Any], home: Path
) -> None:
    hand.add_folder(labelled, 15)
    hand.check()
    hand.train()
    verdict = hand.tab.decide.verdict.text()
    pictures = len(hand.tab.decide.better.pictures())
    hand.window.close()

    hand = open_tab()
    hand.wait(lambda: hand.course.trained is not None)
    hand.page(hand.tab.decide)
    assert hand.tab.decide.verdict.text() == verdict
    assert len(hand.tab.decide.better.pictures()) == pictures
    hand.click(hand.tab.decide.promote)
    hand.wait(lambda: default_bundle("g") == "g-own-1")
    load_bundle("g-own-1")
    hand.wait(lambda: not hand.course.errands.is_busy())
    assert kept_run.look(home / "data" / "training" / "run") is None
    hand.window.close()
    hand = open_tab()
    hand.wait(lambda: hand.course.models.rows and not hand.course.errands.is_busy())
    assert hand.course.trained is None


def test_a_training_that_was_kept_can_be_forgotten(
    whole_hand: Any, write_labelled: Callable[..., Path], home: Path
) -> None:
    hand = whole_hand
    start_thorough(hand, write_labelled("ours", range(CELLS)))
    hand.wait(hand.tab.watch.accuracy.points)
    hand.page(hand.tab.train)
    hand.click(hand.tab.train.stop)
    hand.wait(lambda: hand.course.kept is not None)
    hand.click(hand.tab.train.kept.forget)
    hand.wait(lambda: not hand.course.errands.is_busy())
    assert not hand.tab.train.kept.isVisible()
    assert not any((home / "data" / "training" / "run").iterdir())


def test_a_damaged_training_is_said_in_a_sentence(
    whole_hand: Any, write_labelled: Callable[..., Path], home: Path
) -> None:
    hand = whole_hand
    start_thorough(hand, write_labelled("ours", range(CELLS)))
    hand.wait(hand.tab.watch.accuracy.points)
    hand.page(hand.tab.train)
    hand.click(hand.tab.train.stop)
    hand.wait(lambda: hand.course.kept is not None)
    (home / "data" / "training" / "run" / kept_run.CELLS_FILE).write_bytes(b"damaged")
    hand.click(hand.tab.train.kept.take_up)
    hand.wait(lambda: "is damaged and cannot be taken up" in hand.tab.line.text())
    assert hand.course.running is None
