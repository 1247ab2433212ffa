"""Evaluation with a network that is right by construction: truth beside answer, turns, parts of the split."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.bundle import Bundle
from engine.errors import Cancelled, InputError
from engine.evaluation import evaluate, held_out, turned
from engine.training.dataset import LabelledCell
from engine.training.metrics import summary
from engine.types import CLASS_INDEX, CLASS_LABELS, CellImages

Cell = Callable[..., CellImages]
NORMAL = [label for label in CLASS_LABELS[:22] for _ in range(2)] + ["X", "Y"]


def labelled(images: CellImages, labels: list[str], *, upright: bool = True) -> LabelledCell:
    table = {c.source: CLASS_INDEX[label] for c, label in zip(images.chromosomes, labels, strict=True)}
    return LabelledCell(images.name, images.name, Path(images.name), table, upright)


def test_right_answers_whatever_the_angle(ruler: Bundle, draw_cell: Cell) -> None:
    images = draw_cell(NORMAL)
    (outcome,) = evaluate([labelled(images, NORMAL)], ruler, read=lambda _folder: images)
    figures = summary([outcome])
    assert figures["context_accuracy"] == 1.0
    assert figures["whole_cells"] == 1.0
    assert figures["polarity"] == 1.0
    assert float(np.nanmax(outcome.turn_error_deg)) < 8.0


def test_a_wrong_table_shows_as_errors(ruler: Bundle, draw_cell: Cell) -> None:
    images = draw_cell(NORMAL)
    swapped = NORMAL.copy()
    swapped[0], swapped[10] = swapped[10], swapped[0]
    (outcome,) = evaluate([labelled(images, swapped)], ruler, read=lambda _folder: images)
    assert summary([outcome])["context_accuracy"] == pytest.approx(44 / 46)
    assert not outcome.complete
    assert outcome.counts_right


def test_chromosomes_without_a_label_and_unknown_orientation_do_not_count(ruler: Bundle, draw_cell: Cell) -> None:
    images = draw_cell(NORMAL)
    cell = labelled(images, NORMAL, upright=False)
    del cell.labels[images.chromosomes[3].source]
    (outcome,) = evaluate([cell], ruler, read=lambda _folder: images)
    assert len(outcome.truth) == 45
    assert summary([outcome])["polarity"] is None


def test_turning_keeps_the_chromosome(draw_cell: Cell) -> None:
    images = draw_cell(["1", "5"])
    shown = turned(images, np.array([90.0, -37.0]))
    for before, after in zip(images.chromosomes, shown.chromosomes, strict=True):
        assert after.mask.sum() == pytest.approx(before.mask.sum(), rel=0.03)
        assert after.source == before.source
    up, right = images.chromosomes[0].mask.shape
    assert shown.chromosomes[0].mask.shape == (right, up)


def test_parts_follow_the_split_of_the_card(ruler: Bundle) -> None:
    cells = [LabelledCell(f"c{i}", f"patient{i // 2}", Path(f"c{i}"), {}, True) for i in range(200)]
    with pytest.raises(InputError, match="does not say how its training data were split"):
        held_out(cells, ruler, "test")
    assert held_out(cells, ruler, "all") == cells
    card = replace(ruler.card, training={"split": {"seed": 11, "fractions": [0.8, 0.05, 0.15]}})
    known = replace(ruler, card=card)
    parts = [held_out(cells, known, part) for part in ("train", "validation", "test")]
    assert sum(map(len, parts)) == 200
    assert {c.group for c in parts[0]}.isdisjoint(c.group for c in parts[2])
    with pytest.raises(InputError, match="test part"):
        held_out([c for c in cells if c in parts[0]], known, "test")


def test_cancel_is_asked_before_each_cell(ruler: Bundle, draw_cell: Cell) -> None:
    images = draw_cell(NORMAL)

    class Stop:
        asked = 0

        def report(self, done: int, total: int, message: str = "") -> None: ...

        def check_cancelled(self) -> None:
            self.asked += 1
            if self.asked == 2:
                raise Cancelled

    run = evaluate([labelled(images, NORMAL)] * 3, ruler, read=lambda _folder: images, reporter=Stop())
    next(run)
    with pytest.raises(Cancelled):
        next(run)
