from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QUndoStack

from engine.types import MARKER, CellResult
from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.model.cell import Cell

Draw = Callable[..., tuple[Cell, CellResult]]
Make = Callable[[KaryogramDocument], commands.EditPlacements]


@pytest.fixture
def document(draw: Draw) -> KaryogramDocument:
    """Ids 0, 1: class 8; 2, 3: class 21 (3 unsure); 4: tray."""
    cell, result = draw(["8", "8", "21", "21", None], confidences=[0.99, 0.98, 0.97, 0.5, 0.1], turns=[0, 90, 0, 0, 0])
    made = KaryogramDocument()
    made.set_cell(cell)
    made.set_result(result)
    return made


EDITS: dict[str, Make] = {
    "Move to 21": lambda d: commands.move(d, [0], "21", 1),
    "Move 2 chromosomes to 9": lambda d: commands.move(d, [0, 2], "9"),
    "Reorder 8": lambda d: commands.move(d, [0], "8", 1),
    "Move to tray": lambda d: commands.assign(d, [2], None),
    "Move to markers": lambda d: commands.assign(d, [4], MARKER),
    "Move 3 chromosomes to X": lambda d: commands.assign(d, [1, 2, 4], "X"),
    "Accept as 21": lambda d: commands.assign(d, [3], "21"),
    "Leave in the tray": lambda d: commands.accept(d, [4]),
    "Accept 2 chromosomes": lambda d: commands.accept(d, [3, 4]),
    "Swap chromosomes": lambda d: commands.swap(d, 0, 2),
    "Swap 8 and 21": lambda d: commands.swap_classes(d, "8", "21"),
    "Rotate chromosome by −15°": lambda d: commands.nudge_rotation(d, [0], -15.0),
    "Move centromere": lambda d: commands.set_centromere(d, 0, 0.3),
    "Flip chromosome": lambda d: commands.flip(d, [3]),
    "Flip 2 chromosomes": lambda d: commands.flip(d, [0, 4]),
    "Mirror chromosome": lambda d: commands.mirror(d, [1]),
    "Mirror 2 chromosomes": lambda d: commands.mirror(d, [1, 2]),
    "Rotate chromosome by +5°": lambda d: commands.rotate(d, [0], 5.0),
    "Rotate 2 chromosomes by −5°": lambda d: commands.rotate(d, [0, 1], -5.0),
    "Turn chromosome upright": lambda d: commands.upright(d, [1]),
    "Turn 2 chromosomes upright": lambda d: commands.upright(d, [1, 0]),
}


@pytest.mark.parametrize("text", EDITS)
def test_done_undone_redone_with_its_name(document: KaryogramDocument, text: str) -> None:
    document.replace([replace(document.placement(1), rotation_deg=12.0)])  # something for upright to do
    stack, before = QUndoStack(), document.placements()
    command = EDITS[text](document)
    assert command.text() == text
    assert commands.push(stack, command)
    after = document.placements()
    assert after != before
    stack.undo()
    assert document.placements() == before
    stack.redo()
    assert document.placements() == after
    assert stack.undoText() == text


def test_what_changes_nothing_keeps_the_redo(document: KaryogramDocument) -> None:
    stack = QUndoStack()
    commands.push(stack, commands.flip(document, [0]))
    stack.undo()
    assert not commands.push(stack, commands.move(document, [0], "8", 0))
    assert not commands.push(stack, commands.assign(document, [4], None))
    assert not commands.push(stack, commands.move(document, [4], None, 0))
    assert stack.canRedo()


def test_a_correction_ends_the_review(document: KaryogramDocument) -> None:
    stack = QUndoStack()
    assert document.ids_to_review() == [4, 3]
    commands.push(stack, commands.assign(document, [3], "21"))
    assert document.ids_to_review() == [4]
    commands.push(stack, commands.accept(document, [4]))
    assert document.reviewed
    stack.undo()
    stack.undo()
    assert document.ids_to_review() == [4, 3]


def test_classifying_again_over_corrections_is_undone_whole(document: KaryogramDocument, draw: Draw) -> None:
    stack = QUndoStack()
    commands.push(stack, commands.move(document, [0, 4], "X"))
    corrected, old_cell = document.placements(), document.cell()
    _, fresh = draw(["9", "9", "22", "22", "Y"])
    commands.push(stack, commands.apply_result(document, replace(fresh, bundle=replace(fresh.bundle, version="2"))))
    assert [p.label for p in document.placements()] == ["9", "9", "22", "22", "Y"]
    assert (bundle := document.bundle()) is not None
    assert bundle.version == "2"
    assert stack.undoText() == "Classify again"
    stack.undo()
    assert document.placements() == corrected
    assert document.cell() is old_cell
    assert (bundle := document.bundle()) is not None
    assert bundle.version == "1"
    stack.undo()
    stack.redo()
    stack.redo()
    assert document.counts().y == 1


def test_classifying_again_needs_a_cell(draw: Draw) -> None:
    with pytest.raises(ValueError, match="no cell"):
        commands.apply_result(KaryogramDocument(), draw(["1"])[1])
