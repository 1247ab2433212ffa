"""Cuts on the document: one step each, undone and done again completely."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QUndoStack

from engine.types import BundleRef, CellResult, KaryotypeAlternative
from karyogui.document import DocumentState, KaryogramDocument
from karyogui.editor import cutting
from karyogui.editor.commands import apply_result
from karyogui.model.annotation import Annotation
from karyogui.model.pieces import as_points, join, joining_offset, split

OpenCell = Callable[..., KaryogramDocument]

READING = KaryotypeAlternative("46,XX", 0.5, ("1", "1", "2", "21", "21", "X", "X"))


def same(state: DocumentState | None, other: DocumentState | None) -> bool:
    assert state is not None
    assert other is not None
    return (
        state.cell.chromosomes == other.cell.chromosomes
        and state.placements == other.placements
        and state.annotations == other.annotations
        and state.alternatives == other.alternatives
    )


@pytest.fixture
def document(open_cell: OpenCell) -> KaryogramDocument:
    opened = open_cell(readings=[READING])
    opened.replace_annotations((Annotation(0, 1, "text", "here", 0.0, 30.0, 12.0, 0.0),))
    return opened


def cut_second(document: KaryogramDocument, stack: QUndoStack) -> None:
    cell = document.cell()
    assert cell is not None
    pieces = split(cell.chromosome(1), as_points([(0, 40), (16, 40)]), 7)
    stack.push(cutting.replace_chromosomes(document, [1], pieces, "Split chromosome"))


def test_split_undo_redo(document: KaryogramDocument) -> None:
    stack, before = QUndoStack(), document.state()
    cut_second(document, stack)
    after = document.state()
    assert after is not None
    assert [c.id for c in after.cell.chromosomes] == [0, 7, 8, 2, 3, 4, 5, 6]
    assert (document.placement(7).label, document.placement(7).order) == ("1", 1)
    assert document.placement(8).label is None
    assert document.annotations()[0].chromosome_id == 7  # the lower, larger piece
    assert document.alternatives() == ()
    assert stack.undoText() == "Split chromosome"
    stack.undo()
    assert same(document.state(), before)
    stack.redo()
    assert same(document.state(), after)


def test_join_undo_redo(document: KaryogramDocument) -> None:
    stack, before = QUndoStack(), document.state()
    cell = document.cell()
    assert cell is not None
    one, two = cell.chromosome(3), cell.chromosome(4)
    whole = join(one, two, joining_offset(one, two), 7)
    stack.push(cutting.replace_chromosomes(document, [3, 4], [whole], "Join chromosomes"))
    assert [c.id for c in cell_of(document).chromosomes] == [0, 1, 2, 7, 5, 6]
    assert (document.placement(7).label, document.placement(7).order) == ("21", 0)
    stack.undo()
    assert same(document.state(), before)
    stack.redo()
    assert cell_of(document).chromosome(7) is whole


def cell_of(document: KaryogramDocument):  # noqa: ANN201 - the document's own
    cell = document.cell()
    assert cell is not None
    return cell


def test_pieces_are_classified_and_nothing_else_moves(document: KaryogramDocument) -> None:
    stack = QUndoStack()
    prediction = cell_of(document).chromosome(6).prediction
    assert prediction is not None
    cut_second(document, stack)
    before = document.state()
    result = CellResult(
        "cell 1", "g", BundleRef("drawn", "1.3"), "", tuple([replace(prediction, label="5")] * 8), (), (), 0.1
    )
    stack.push(cutting.classify_pieces(document, result, [7, 8]))
    assert [document.placement(i).label for i in (7, 8)] == ["5", "5"]
    assert [document.placement(i).label for i in (0, 2, 3)] == ["1", "2", "21"]
    assert document.bundle() == BundleRef("drawn", "1.2")
    stack.undo()
    assert same(document.state(), before)


def test_a_fresh_classification_keeps_annotations(document: KaryogramDocument) -> None:
    stack = QUndoStack()
    prediction = cell_of(document).chromosome(6).prediction
    assert prediction is not None
    result = CellResult("cell 1", "g", BundleRef("drawn", "1.3"), "", (prediction,) * 7, (), (), 0.1)
    stack.push(apply_result(document, result))
    assert [a.text for a in document.annotations()] == ["here"]


def test_without_a_cell_nothing_can_be_cut() -> None:
    with pytest.raises(ValueError, match="no cell"):
        cutting.replace_chromosomes(KaryogramDocument(), [1], [], "Split")
