"""Doubtful labels: looked at beside their neighbours, kept or corrected by one key, and taken back."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

CELLS = 15


@pytest.fixture
def doubting(hand: Any, labelled: Path) -> Any:
    """A hand in front of the doubts; one picture of a 1 is labelled 16."""
    table = labelled / "labels.csv"
    table.write_text(table.read_text().replace("c03/000.png,1,", "c03/000.png,16,"))
    hand.add_folder(labelled, CELLS)
    hand.check()
    hand.tab.data.suspects.setFocus()
    return hand


def test_a_wrong_label_is_corrected_by_one_key(doubting: Any, labelled: Path) -> None:
    hand, view = doubting, doubting.tab.data.suspects
    while hand.course.suspects():
        suspect = view.current()
        assert view.picture.pixmap().width() > 0
        key = Qt.Key.Key_C if suspect.given == "16" else Qt.Key.Key_K
        hand.qtbot.keyClick(view, key)
    used = hand.course.material.used
    changed = next(cell for cell in used if cell.name == "c03")
    at = [image.source for image in changed.images].index("000.png")
    assert changed.labels[at] == "1"
    assert sum(cell.labels.count("1") for cell in used) == 2 * CELLS
    assert "16," in (labelled / "labels.csv").read_text().partition("c03/000.png,")[2]  # the file stays as it was
    assert hand.course.survey is not None
    assert "doubts no label" in view.words.text()


def test_the_last_decision_is_taken_back(doubting: Any) -> None:
    hand, view = doubting, doubting.tab.data.suspects
    before = hand.course.suspects()
    hand.qtbot.keyClick(view, Qt.Key.Key_K)
    hand.qtbot.keyClick(view, Qt.Key.Key_C)
    assert len(hand.course.suspects()) == len(before) - 2
    hand.qtbot.keyClick(view, Qt.Key.Key_Z)
    hand.click(view.back)
    assert hand.course.suspects() == before
    assert not view.back.isVisible()


def test_one_looks_at_any_of_them(doubting: Any) -> None:
    hand, view = doubting, doubting.tab.data.suspects
    doubts = hand.course.suspects()
    hand.qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.current() == doubts[1]
    hand.qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.current() == doubts[0]
    assert len(view.listed.pictures()) == min(len(doubts), 30)
    hand.wait(lambda: view.listed.pictures()[3].x() > 0)  # they are laid out
    hand.qtbot.mouseClick(view.listed.pictures()[3], Qt.MouseButton.LeftButton)
    assert view.current() == doubts[3]
    beside = view.beside.pictures()
    given, said = doubts[3].given, doubts[3].said
    assert {picture.accessibleName().rpartition(": ")[2] for picture in beside} <= {given, said}


def test_what_was_decided_is_known_at_the_next_start(doubting: Any, labelled: Path, open_tab: Any) -> None:
    hand, view = doubting, doubting.tab.data.suspects
    while hand.course.suspects():
        corrected = view.current().given == "16"
        hand.qtbot.keyClick(view, Qt.Key.Key_C if corrected else Qt.Key.Key_K)
    hand.wait(lambda: not hand.course.errands.is_busy())
    hand.window.close()
    hand = open_tab()
    hand.add_folder(labelled, CELLS)
    assert sum(cell.labels.count("1") for cell in hand.course.material.used) == 2 * CELLS
    hand.check()
    assert hand.course.suspects() == ()
