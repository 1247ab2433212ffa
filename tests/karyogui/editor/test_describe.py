from collections.abc import Callable

import pytest

from engine.types import MARKER, CellResult
from karyogui.document import KaryogramDocument
from karyogui.editor.describe import describe, tooltip
from karyogui.model.cell import Cell
from karyogui.model.karyogram import assign

Draw = Callable[..., tuple[Cell, CellResult]]


@pytest.fixture
def document(draw: Draw) -> KaryogramDocument:
    cell, result = draw(["8", "8", "21", None], confidences=[0.99, 0.62, 0.95, 0.1])
    made = KaryogramDocument()
    made.set_cell(cell)
    made.set_result(result)
    return made


def test_certain_uncertain_and_unplaced(document: KaryogramDocument) -> None:
    assert describe(document, 0) == "Chromosome 8, 1 of 2, confidence 99 %"
    assert describe(document, 1) == "Chromosome 8, 2 of 2, confidence 62 %, please review"
    assert describe(document, 3) == "Not placed"


def test_what_a_person_did(document: KaryogramDocument) -> None:
    document.replace(assign(document.placements(), [1], "8"))
    assert describe(document, 1) == "Chromosome 8, 2 of 2, accepted"
    document.replace(assign(document.placements(), [2], MARKER))
    assert describe(document, 2) == "Marker, 1 of 1, set by hand"
    assert tooltip(document, 2).splitlines() == [
        "Marker, 1 of 1, set by hand",
        "Proposed: 21",
        "Else: 22 (5 %)",
        "40.png",
    ]


def test_before_any_classification(draw: Draw) -> None:
    document = KaryogramDocument()
    document.set_cell(draw(["1"])[0])
    assert tooltip(document, 0).splitlines() == ["Not placed", "100.png"]
