from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.types import MARKER, CellResult
from karyogui.model.cell import Cell
from karyogui.model.karyogram import accept, placements_from_result
from karyogui.model.review import Light, by_certainty, ids_to_review, light, next_to_review

Draw = Callable[..., tuple[Cell, CellResult]]


@pytest.mark.parametrize(
    ("label", "confidence", "expected"),
    [
        ("1", 0.99, Light.SURE),
        ("1", 0.9, Light.SURE),
        ("1", 0.899, Light.DOUBTFUL),
        ("1", 0.6, Light.DOUBTFUL),
        ("1", 0.599, Light.UNSURE),
        (None, 0.99, Light.UNSURE),
    ],
)
def test_the_light_follows_the_confidence(draw: Draw, label: str | None, confidence: float, expected: Light) -> None:
    cell, result = draw([label], confidences=[confidence])
    seen = cell.with_result(result)
    (placement,) = placements_from_result(seen, result)
    assert light(seen.chromosomes[0], placement) is expected
    assert light(seen.chromosomes[0], replace(placement, accepted=True)) is None
    unseen = cell.chromosomes[0]  # a piece that was cut
    assert light(unseen, placement) is Light.UNSURE
    assert light(unseen, replace(placement, accepted=True)) is None


def test_a_hand_that_moves_decides(draw: Draw) -> None:
    cell, result = draw(["1"], confidences=[0.2])
    seen = cell.with_result(result)
    (placement,) = placements_from_result(seen, result)
    assert light(seen.chromosomes[0], replace(placement, label=MARKER, accepted=True)) is None


def test_least_certain_first(draw: Draw) -> None:
    cell, result = draw(["1", "2", None, "3", "4", "5"], confidences=[0.7, 0.5, 0.9, 0.99, 0.5, 0.8])
    seen = cell.with_result(result)
    placements = placements_from_result(seen, result)
    assert by_certainty(seen) == [2, 1, 4, 0, 5, 3]
    by_id = {p.chromosome_id: p for p in placements}
    assert ids_to_review(seen, by_id) == [2, 1, 4, 0, 5]
    assert ids_to_review(seen, by_id | {p.chromosome_id: p for p in accept(placements, [1, 5])}) == [2, 4, 0]
    cut = replace(seen, chromosomes=(*seen.chromosomes[:5], cell.chromosomes[5]))
    assert ids_to_review(cut, by_id) == [2, 1, 4, 0, 5]  # the unseen piece is the last
    assert ids_to_review(cut, by_id | {p.chromosome_id: p for p in accept(placements, [5])}) == [2, 1, 4, 0]


ORDER = [7, 3, 9, 1, 4]


@pytest.mark.parametrize(
    ("left", "current", "step", "expected"),
    [
        ([7, 3, 9], None, 1, 7),
        ([7, 3, 9], None, -1, 9),
        ([7, 3, 9], 7, 1, 3),
        ([7, 3, 9], 9, 1, 7),  # round again
        ([7, 3, 9], 7, -1, 9),
        ([7, 9], 3, 1, 9),  # 3 was just accepted: on from where it stood
        ([7, 9], 3, -1, 7),
        ([7, 9], 4, 1, 7),  # a sure one was chosen
        ([7, 9], 55, 1, 7),
        ([9], 9, 1, 9),
        ([], 9, 1, None),
    ],
)
def test_the_way(left: list[int], current: int | None, step: int, expected: int | None) -> None:
    assert next_to_review(ORDER, left, current, step) == expected
