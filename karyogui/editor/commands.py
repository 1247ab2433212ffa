"""Every edit of the karyogram: undo commands, and the constructors that name them for the undo menu.

A constructor checks nothing away: a command that would change nothing is obsolete and leaves no trace when pushed
through `push`. Commands hold values and ids, never items or widgets.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.types import MARKER, CellResult
from karyogui.document import DocumentState, KaryogramDocument, classified
from karyogui.editor.stack import CellStack
from karyogui.model import karyogram
from karyogui.model.karyogram import Placement


class EditPlacements(QUndoCommand):
    """New placements for one chromosome or for forty."""

    def __init__(self, document: KaryogramDocument, after: Sequence[Placement], text: str) -> None:
        super().__init__(text)
        self._document, self._after = document, tuple(after)
        self._before = tuple(document.placement(p.chromosome_id) for p in self._after)
        self.setObsolete(self._before == self._after)  # a drop on its own place leaves no trace

    def before(self) -> tuple[Placement, ...]:
        """Return what it changes, as it was."""
        return self._before

    def after(self) -> tuple[Placement, ...]:
        """Return what it changes, for a preview."""
        return self._after

    def redo(self) -> None:
        """Put the new placements in place."""
        self._document.replace(self._after)

    def undo(self) -> None:
        """Put the old placements back."""
        self._document.replace(self._before)


class Nudge(EditPlacements):
    """A small step of something; steps of one kind on the same chromosomes become one command.

    Parameters
    ----------
    kind
        Steps merge with steps of the same kind.
    amount
        How far; the amounts of merged steps are summed.
    words
        The text of the command for a summed amount.
    """

    def __init__(
        self,
        document: KaryogramDocument,
        after: Sequence[Placement],
        kind: "NudgeKind",
        amount: float,
        words: Callable[[float], str],
    ) -> None:
        super().__init__(document, after, words(amount))
        self._kind, self.amount, self._words = kind, amount, words

    def id(self) -> int:
        """Commands with one id are offered to `mergeWith`."""
        return self._kind.value

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Take in the next step; two that cancel out leave no trace."""
        if not isinstance(other, Nudge) or other.before() != self._after:
            return False
        self._after, self.amount = other.after(), self.amount + other.amount
        self.setText(self._words(self.amount))
        self.setObsolete(self._before == self._after)
        return True


class NudgeKind(Enum):
    """What steps are merged."""

    TURN = 1
    CENTROMERE = 2


class ApplyState(QUndoCommand):
    """A change of more than placements: a new classification, cut and joined chromosomes.

    Parameters
    ----------
    classification
        The engine said all of it, nothing is a person's.
    """

    def __init__(
        self, document: KaryogramDocument, after: DocumentState, text: str, *, classification: bool = False
    ) -> None:
        before = document.state()
        if before is None:
            raise ValueError("no cell is open")
        super().__init__(text)
        self._document, self._before, self._after = document, before, after
        self.classification = classification

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
    return not (isinstance(undo_stack, CellStack) and undo_stack.is_locked())


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


def swap_classes(document: KaryogramDocument, first: str | None, second: str | None) -> EditPlacements:
    """Exchange all chromosomes of two classes."""
    after = karyogram.swap_classes(document.placements(), first, second)
    return EditPlacements(document, after, _tr("Swap %s and %s") % (place_name(first), place_name(second)))


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
    after = karyogram.rotate(document.placements(), ids, degrees)
    return EditPlacements(document, after, _rotate_text(len(ids), degrees))


def nudge_rotation(document: KaryogramDocument, ids: Collection[int], degrees: float) -> Nudge:
    """As `rotate`; consecutive steps become one command."""
    after = karyogram.rotate(document.placements(), ids, degrees)
    return Nudge(document, after, NudgeKind.TURN, degrees, partial(_rotate_text, len(ids)))


def set_centromere(document: KaryogramDocument, chromosome_id: int, fraction: float) -> EditPlacements:
    """Say where the centromere is: 0 (top) .. 1 (bottom) of the extent as it is shown."""
    after = replace(document.placement(chromosome_id), centromere=min(max(fraction, 0.0), 1.0))
    return EditPlacements(document, [after], _tr("Move centromere"))


def nudge_centromere(document: KaryogramDocument, chromosome_id: int, step: float) -> Nudge:
    """Move the centromere down by a share of the extent; consecutive steps become one command."""
    before = document.placement(chromosome_id)
    after = replace(before, centromere=min(max(before.centromere + step, 0.0), 1.0))
    return Nudge(document, [after], NudgeKind.CENTROMERE, step, lambda _amount: _tr("Move centromere"))


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
    after = classified(cell, result, document.annotations())
    return ApplyState(document, after, _tr("Classify again"), classification=True)


def _rotate_text(count: int, degrees: float) -> str:
    angle = signed_degrees(degrees)
    one, many = _tr("Rotate chromosome by %s"), _tr("Rotate %d chromosomes by %s")
    return one % angle if count == 1 else many % (count, angle)


def signed_degrees(degrees: float) -> str:
    """Return an angle with its sign: `+5°`, `−12°`."""
    return f"{degrees:+g}°".replace("-", "−")


def _move_text(ids: Collection[int], label: str | None) -> str:
    if len(ids) == 1:
        return _tr("Move to %s") % place_name(label)
    return _tr("Move %d chromosomes to %s") % (len(ids), place_name(label))


def _tr(text: str) -> str:
    return QCoreApplication.translate("EditorCommands", text)
