"""Reasons in words."""

import pytest

from karyogui.model.report.lock import Obstacle, Reason
from karyogui.report.sentences import sentence, summary


@pytest.mark.parametrize("obstacle", list(Obstacle))
def test_every_reason_is_a_sentence_that_names_its_cell(obstacle: Obstacle) -> None:
    text = sentence(Reason(obstacle, 3, "slide 7", (1, 2), "It says 47."))
    assert text.endswith(".")
    assert ("slide 7" in text) == (obstacle not in (Obstacle.NO_CELLS, Obstacle.CASE_TEXT))


def test_one_chromosome_and_several() -> None:
    assert sentence(Reason(Obstacle.UNREVIEWED, 1, "a", (4,))) == "a: 1 chromosome is not reviewed."
    assert sentence(Reason(Obstacle.UNREVIEWED, 1, "a", (4, 5))) == "a: 2 chromosomes are not reviewed."


def test_how_it_stands() -> None:
    one = Reason(Obstacle.NO_CELLS)
    assert summary(()).startswith("Nothing is left to do")
    assert "1 thing is" in summary([one])
    assert "2 things are" in summary([one, one])
