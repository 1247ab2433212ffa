"""Every edit of the karyogram: undo commands, and the constructors that name them for the undo menu.

A constructor checks nothing away: a command that would change nothing is obsolete and leaves no trace when pushed
through `push`. Commands hold values and ids, never items or widgets.
"""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.types import MARKER, CellResult
from karyogui.document import DocumentState, KaryogramDocument, classified
from karyogui.model import karyogram
from karyogui.model.karyogram import Placement


class EditPlacements(QUndoCommand):
    """New placements for one chromosome or for forty."""

    def __init__(self, document: KaryogramDocument, after: Sequence[Placement], text: str) -> None:
        super().__init__(text)
        self._document, self._after = document, tuple(after)
        self._before = tuple(document.placement(p.chromosome_id) for p in self._after)
        self.setObsolete(self._before == self._after)  # a drop on its own place leaves no trace

    def redo(self) -> None:
        """Put the new placements in place."""
        self._document.replace(self._after)

    def undo(self) -> None:
        """Put the old placements back."""
        self._document.replace(self._before)


class ApplyState(QUndoCommand):
    """A change of more than placements: a new classification, later cut and joined chromosomes."""

    def __init__(self, document: KaryogramDocument, after: DocumentState, text: str) -> None:
        before = document.state()
        if before is None:
            raise ValueError("no cell is open")
        super().__init__(text)
        self._document, self._before, self._after = document, before, after

    def redo(self) -> None:
        """Put the new state in place."""
        self._document.restore(self._after)

    def undo(self) -> None:
        """Put the old state back."""
        self._document.restore(self._before)


def push(undo_stack: QUndoStack, command: QUndoCommand) -> bool:
    """Push a command unless it changes nothing (a push would drop what can be redone). Say whether it was pushed."""
    if command.isObsolete():
        return False
    undo_stack.push(command)
    return True


def place_name(label: str | None) -> str:
    """Return the word for a place: `21`, `markers`, `tray`."""
    if label is None:
        return _tr("tray")
    return _tr("markers") if label == MARKER else label


def move(
    document: KaryogramDocument, ids: Collection[int], label: str | None, order: int | None = None
) -> EditPlacements:
    """Move chromosomes to a place; `order` as in `karyogui.model.karyogram.move`."""
    after = karyogram.move(document.placements(), ids, label, order)
    if all(document.placement(chromosome_id).label == label for chromosome_id in ids):
        return EditPlacements(document, after, _tr("Reorder %s") % place_name(label))
    return EditPlacements(document, after, _move_text(ids, label))


def assign(document: KaryogramDocument, ids: Collection[int], label: str | None) -> EditPlacements:
    """Give chromosomes a label (None: to the tray); those that have it already are accepted."""
    if label is None:
        return EditPlacements(document, karyogram.to_tray(document.placements(), ids), _move_text(ids, None))
    after = karyogram.assign(document.placements(), ids, label)
    if all(document.placement(chromosome_id).label == label for chromosome_id in ids):
        return EditPlacements(document, after, _tr("Accept as %s") % place_name(label))
    return EditPlacements(document, after, _move_text(ids, label))


def accept(document: KaryogramDocument, ids: Collection[int]) -> EditPlacements:
    """Confirm chromosomes where they lie: their review is over."""
    labels = {document.placement(chromosome_id).label for chromosome_id in ids}
    text = _tr("Accept %d chromosomes") % len(ids)
    if len(labels) == 1:
        text = _tr("Leave in the tray") if None in labels else _tr("Accept as %s") % place_name(labels.pop())
    return EditPlacements(document, karyogram.accept(document.placements(), ids), text)


def swap(document: KaryogramDocument, first: int, second: int) -> EditPlacements:
    """Exchange the places of two chromosomes."""
    return EditPlacements(document, karyogram.swap(document.placements(), first, second), _tr("Swap chromosomes"))


def flip(document: KaryogramDocument, ids: Collection[int]) -> EditPlacements:
    """Turn chromosomes upside down."""
    text = _tr("Flip chromosome") if len(ids) == 1 else _tr("Flip %d chromosomes") % len(ids)
    return EditPlacements(document, karyogram.flip(document.placements(), ids), text)


def mirror(document: KaryogramDocument, ids: Collection[int]) -> EditPlacements:
    """Swap left and right of chromosomes."""
    text = _tr("Mirror chromosome") if len(ids) == 1 else _tr("Mirror %d chromosomes") % len(ids)
    return EditPlacements(document, karyogram.mirror(document.placements(), ids), text)


def rotate(document: KaryogramDocument, ids: Collection[int], degrees: float) -> EditPlacements:
    """Turn chromosomes by an angle, counter-clockwise."""
    angle = f"{degrees:+g}°".replace("-", "−")
    one, many = _tr("Rotate chromosome by %s"), _tr("Rotate %d chromosomes by %s")
    text = one % angle if len(ids) == 1 else many % (len(ids), angle)
    return EditPlacements(document, karyogram.rotate(document.placements(), ids, degrees), text)


def upright(document: KaryogramDocument, ids: Collection[int]) -> EditPlacements:
    """Give chromosomes the engine's orientation back."""
    cell = document.cell()
    after = karyogram.upright(cell, document.placements(), ids) if cell else ()
    text = _tr("Turn chromosome upright") if len(ids) == 1 else _tr("Turn %d chromosomes upright") % len(ids)
    return EditPlacements(document, after, text)


def apply_result(document: KaryogramDocument, result: CellResult) -> ApplyState:
    """Replace the karyogram, corrections and all, by a fresh classification.

    Raises
    ------
    ValueError
        No cell is open, or the result is of another number of chromosomes.
    """
    cell = document.cell()
    if cell is None:
        raise ValueError("no cell is open")
    return ApplyState(document, classified(cell, result), _tr("Classify again"))


def _move_text(ids: Collection[int], label: str | None) -> str:
    if len(ids) == 1:
        return _tr("Move to %s") % place_name(label)
    return _tr("Move %d chromosomes to %s") % (len(ids), place_name(label))


def _tr(text: str) -> str:
    return QCoreApplication.translate("EditorCommands", text)
