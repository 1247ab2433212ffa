"""Cuts and joins as undo commands, each one step: cell, karyogram and annotations before and after."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from engine.types import CellResult
from karyogui.document import DocumentState, KaryogramDocument
from karyogui.editor.commands import ApplyState
from karyogui.model.annotation import carried_over
from karyogui.model.cell import Chromosome
from karyogui.model.replacing import with_classified_pieces, with_pieces


def replace_chromosomes(
    document: KaryogramDocument, replaced: Sequence[int], pieces: Sequence[Chromosome], text: str
) -> ApplyState:
    """Put pieces in the place of chromosomes; `text` names it in the undo menu.

    The first piece stays where the largest chromosome was, the others go to the tray. Other readings of the cell are
    dropped: they were of other chromosomes.

    Raises
    ------
    ValueError
        No cell is open.
    KeyError
        One of the replaced is not there.
    """
    state = _state(document)
    gone = [state.cell.chromosome(chromosome_id) for chromosome_id in replaced]
    cell, placements = with_pieces(state.cell, state.placements, replaced, pieces)
    annotations = carried_over(state.annotations, gone, pieces)
    return ApplyState(document, DocumentState(cell, placements, state.bundle, (), annotations), text)


def classify_pieces(document: KaryogramDocument, result: CellResult, ids: Collection[int]) -> ApplyState:
    """Place the chromosomes `ids` as a classification of the whole cell says; the others stay as they are.

    Raises
    ------
    ValueError
        No cell is open, or the result is of another number of chromosomes.
    """
    state = _state(document)
    cell, placements = with_classified_pieces(state.cell, state.placements, result, ids)
    after = replace(
        state,
        cell=cell,
        placements=placements,
        bundle=state.bundle or result.bundle,
        alternatives=result.alternatives,
    )
    text = _tr("Classify new piece") if len(ids) == 1 else _tr("Classify %d new pieces") % len(ids)
    return ApplyState(document, after, text)


def _state(document: KaryogramDocument) -> DocumentState:
    state = document.state()
    if state is None:
        raise ValueError("no cell is open")
    return state


def _tr(text: str) -> str:
    return QCoreApplication.translate("Cutting", text)
