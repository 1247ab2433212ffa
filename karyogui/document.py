"""The open cell: the one object that holds its values and says when they change."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from engine.types import BundleRef, CellResult, KaryotypeAlternative
from karyogui.model import review
from karyogui.model.annotation import Annotation, check_annotations
from karyogui.model.cell import Cell
from karyogui.model.karyogram import Placement, check_placements, placements_from_result, unplaced


@dataclass(frozen=True, eq=False)
class DocumentState:
    """All the document holds, as one value: what a command puts back, and what is autosaved."""

    cell: Cell
    placements: tuple[Placement, ...]  # one per chromosome
    bundle: BundleRef | None = None  # the model that classified the cell; None: nobody did
    alternatives: tuple[KaryotypeAlternative, ...] = ()  # labels in the order of the cell's chromosomes
    annotations: tuple[Annotation, ...] = ()

    def __post_init__(self) -> None:
        check_placements(self.cell, self.placements)
        check_annotations(self.cell, self.annotations)


def classified(cell: Cell, result: CellResult, annotations: tuple[Annotation, ...] = ()) -> DocumentState:
    """Return the state the engine proposes: predictions on the chromosomes, its karyogram, nothing accepted yet.

    The annotations are a person's; they stay.

    Raises
    ------
    ValueError
        `result` is of another number of chromosomes.
    """
    with_predictions = cell.with_result(result)
    placements = placements_from_result(with_predictions, result)
    return DocumentState(with_predictions, placements, result.bundle, result.alternatives, annotations)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of the karyotype by hand; kept in the library, beside the placements."""

    text: str | None = None  # all of it; None: it follows from the counts and the findings
    structural: tuple[str, ...] = ()  # findings that counts cannot show


class KaryogramDocument(QObject):
    """Holds the open cell; immutable values in, signals out. Edits come through commands alone."""

    cell_changed = Signal()  # another cell, or other chromosomes in it: everything is new
    placements_changed = Signal(list)  # list[int]: ids of the chromosomes whose placement changed
    annotations_changed = Signal()
    karyotype_written = Signal()  # by hand; what follows from the counts changes with the placements
    result_changed = Signal()  # bundle, alternatives or predictions changed; sent before cell_changed

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state: DocumentState | None = None
        self._placements: dict[int, Placement] = {}
        self._written = Written()
        self._counts: ChromosomeCounts | None = None  # of these placements, once they were asked for

    # --- reading -------------------------------------------------------------------------------------------------

    def cell(self) -> Cell | None:
        """Return the open cell; None before the first one."""
        return self._state.cell if self._state else None

    def bundle(self) -> BundleRef | None:
        """Return the model that classified the cell; None if nobody did."""
        return self._state.bundle if self._state else None

    def alternatives(self) -> tuple[KaryotypeAlternative, ...]:
        """Return the engine's other readings of the cell, closest first."""
        return self._state.alternatives if self._state else ()

    def placement(self, chromosome_id: int) -> Placement:
        """Return where one chromosome lies; `KeyError` if there is none with this id."""
        return self._placements[chromosome_id]

    def placements(self) -> tuple[Placement, ...]:
        """Return all placements, by chromosome id."""
        return tuple(self._placements.values())

    def annotations(self) -> tuple[Annotation, ...]:
        """Return the texts and arrows, in the order they were made."""
        return self._state.annotations if self._state else ()

    def state(self) -> DocumentState | None:
        """Return everything as one value, for a command's before and for autosave."""
        return replace(self._state, placements=self.placements()) if self._state else None

    def counts(self) -> ChromosomeCounts:
        """Count the placed chromosomes by label."""
        if self._counts is None:  # asked for once for each chromosome's tooltip
            self._counts = ChromosomeCounts.from_labels(p.label for p in self._placements.values())
        return self._counts

    def karyotype_text(self) -> str:
        """Return the ISCN text, `47,XY,+21`: hers, or what follows from the counts; empty while nothing is placed."""
        if self._written.text is not None:
            return self._written.text
        counts = self.counts()
        return karyotype_text(counts, structural=self._written.structural) if counts.total else ""

    def needs_review(self, chromosome_id: int) -> bool:
        """Say whether the engine was unsure of a placement that nobody has corrected or accepted yet."""
        cell = self._classified()
        return (
            cell is not None
            and review.light(cell.chromosome(chromosome_id), self._placements[chromosome_id]) in review.ASKING
        )

    def ids_to_review(self) -> list[int]:
        """Return the chromosomes that ask for a look, least certain first; those the engine placed nowhere too."""
        cell = self._classified()
        return review.ids_to_review(cell, self._placements) if cell is not None else []

    @property
    def reviewed(self) -> bool:
        """Whether the cell is fit for a report: nothing in it asks for a look any more.

        In a cell that nobody classified, a person has accepted each chromosome.
        """
        if self.bundle() is None:
            return bool(self._placements) and all(p.accepted for p in self._placements.values())
        return not self.ids_to_review()

    def was_looked_at(self) -> bool:
        """Whether a person has accepted or corrected anything."""
        return any(placement.accepted for placement in self._placements.values())

    def lights(self) -> dict[int, review.Light]:
        """Return the traffic lights of the chromosomes nobody has decided on, by id; none where nobody classified."""
        cell = self._classified()
        found = {c.id: review.light(c, self._placements[c.id]) for c in cell.chromosomes} if cell is not None else {}
        return {chromosome_id: light for chromosome_id, light in found.items() if light is not None}

    def _classified(self) -> Cell | None:
        """Return the cell, if the engine was asked about it."""
        return self.cell() if self.bundle() is not None else None

    # --- loading: not undoable; the caller clears the undo stack -------------------------------------------------

    def set_cell(self, cell: Cell) -> None:
        """Open a cell nobody has classified; all its chromosomes lie in the tray."""
        self.restore(DocumentState(cell, unplaced(cell)))

    def set_result(self, result: CellResult) -> None:
        """Show the first classification of the open cell. Over corrections, push `ApplyState` instead.

        Raises
        ------
        ValueError
            No cell is open, or the result is of another number of chromosomes.
        """
        if self._state is None:
            raise ValueError("no cell is open")
        self.restore(classified(self._state.cell, result, self._state.annotations))

    def write_karyotype(self, written: Written) -> None:
        """Take over what the library has of the karyotype. No command: `KaryotypeLine` says why."""
        if written != self._written:
            self._written = written
            self.karyotype_written.emit()

    def clear(self) -> None:
        """Close the cell."""
        if self._state is not None:
            self._state, self._placements, self._counts = None, {}, None
            self.result_changed.emit()
            self.cell_changed.emit()

    # --- called by commands (and by loading) ---------------------------------------------------------------------

    def replace(self, placements: Iterable[Placement]) -> None:
        """Called by commands only. Setting the same values twice changes nothing and says nothing."""
        changed = {p.chromosome_id: p for p in placements if self._placements[p.chromosome_id] != p}
        self._placements.update(changed)
        self._counts = None
        if changed:
            self.placements_changed.emit(list(changed))

    def replace_annotations(self, annotations: tuple[Annotation, ...]) -> None:
        """Called by commands only. Setting the same values twice changes nothing and says nothing."""
        if self._state is not None and annotations != self._state.annotations:
            self._state = replace(self._state, placements=self.placements(), annotations=annotations)
            self.annotations_changed.emit()

    def restore(self, state: DocumentState) -> None:
        """Put a whole state in place: loading, recovery, and commands that change more than placements."""
        self._state = state
        self._placements = {p.chromosome_id: p for p in sorted(state.placements, key=lambda p: p.chromosome_id)}
        self._counts = None
        self.result_changed.emit()
        self.cell_changed.emit()
