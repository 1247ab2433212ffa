"""Decisions on labels belong to the pictures, wherever they lie, and can be taken back."""

from pathlib import Path

import numpy as np

from engine.types import ChromosomeImage
from karyogui.model.label_decisions import LabelDecisions, mark_of
from karyogui.model.teaching import TeachingCell


def image(grey: float) -> ChromosomeImage:
    return ChromosomeImage(np.full((4, 3), grey, np.float32), np.ones((4, 3), np.bool_), "a.png")


def cell() -> TeachingCell:
    return TeachingCell("a", "g", (image(0.2), image(0.4)), ("4", "5"), (None, None), "a", "", ("x", 0))


def test_a_correction_follows_the_picture() -> None:
    decisions = LabelDecisions()
    assert decisions.applied(cell()).labels == ("4", "5")
    decisions.decide({mark_of(image(0.2), "4"): "5", mark_of(image(0.2), "5"): "5"})
    assert decisions.applied(cell()).labels == ("5", "5")
    assert decisions.of(mark_of(image(0.2), "5")) == "5"
    assert decisions.of(mark_of(image(0.4), "5")) is None
    decisions.decide({mark_of(image(0.4), "5"): "5"})
    assert decisions.take_back()
    assert decisions.take_back()
    assert not decisions.take_back()
    assert decisions.applied(cell()).labels == ("4", "5")
    assert len(decisions) == 0


def test_they_are_kept_in_a_file(tmp_path: Path) -> None:
    decisions = LabelDecisions()
    decisions.decide({mark_of(image(0.2), "4"): "5"})
    copy = decisions.copy()
    decisions.take_back()
    copy.save(tmp_path / "labels.json")
    again = LabelDecisions.load(tmp_path / "labels.json")
    assert again.applied(cell()).labels == ("5", "5")
    assert not again.can_take_back()


def test_a_damaged_file_holds_none(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    assert len(LabelDecisions.load(file)) == 0
    for content in ("", "[]", '{"format": 2, "decisions": []}', '{"format": 1, "decisions": [["a", "4", "99"]]}'):
        file.write_text(content)
        assert len(LabelDecisions.load(file)) == 0
