"""Edits of the selected copies: the same words and keys as in the karyogram, on copies of any cells."""

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractScrollArea

from karyogui.composite.edits import CaseEdits, MakeCommand
from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.model.composite import CompositeLayout, after_removal
from karyogui.model.outliers import CopyRef


class CopyEdits(QAbstractScrollArea):
    """The part of the canvas that edits; each method is one step to take back, whatever cells it is in."""

    _edits: CaseEdits
    _layout: CompositeLayout

    def selected_copies(self) -> list[CopyRef]:
        """Return the selected copies in reading order."""
        raise NotImplementedError

    def current_copy(self) -> CopyRef | None:
        """Return the selected copy the user last pointed at."""
        raise NotImplementedError

    def select(self, refs: Sequence[CopyRef], current: CopyRef | None = None) -> None:
        """Select these copies and no others."""
        raise NotImplementedError

    def is_dragging(self) -> bool:
        """Whether copies follow the pointer."""
        raise NotImplementedError

    def forget_typing(self) -> None:
        """Drop a digit that waits: it must not follow another edit."""
        raise NotImplementedError

    def review(self, step: int = 1) -> None:
        """Go to the next copy that is unlike its peers; -1: the one before."""
        raise NotImplementedError

    def note_looked_at(self, refs: Sequence[CopyRef]) -> None:
        """Somebody looked at these copies and leaves them where they are."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Show a line over the paper."""
        raise NotImplementedError

    def select_all(self) -> None:
        """Select all copies that are shown."""
        self.select(list(self._layout.copies))

    def assign_selected(self, label: str | None) -> None:
        """Move the selected copies to another label, each in its own cell; None: to the tray."""
        self.edit(lambda document, ids: commands.assign(document, ids, label))

    def flip_selected(self) -> None:
        """Turn the selected copies upside down."""
        self.edit(commands.flip)

    def mirror_selected(self) -> None:
        """Swap left and right of the selected copies."""
        self.edit(commands.mirror)

    def rotate_selected(self, degrees: float) -> None:
        """Turn the selected copies counter-clockwise."""
        if self.is_straightened():
            self.say(self.tr("The straightened display stands upright: S shows the chromosome as it lies"))
            return
        self.edit(lambda document, ids: commands.nudge_rotation(document, ids, degrees))

    def is_straightened(self) -> bool:
        """Whether copies are shown along their own axes."""
        return False

    def upright_selected(self) -> None:
        """Give the selected copies the engine's orientation back."""
        self.edit(commands.upright)

    def shift_selected(self, places: int) -> None:
        """Move the current copy to the right (negative: left) among its homologs."""
        current = self.current_copy()
        if current is not None:
            chosen = current.chromosome

            def shifted(document: KaryogramDocument, _ids: list[int]) -> commands.EditPlacements:
                placement = document.placement(chosen)
                return commands.move(document, [chosen], placement.label, max(placement.order + places, 0))

            self.edit(shifted, [current])

    def nudge_centromere(self, pixels: float) -> None:
        """Move the centromere of the current copy down (negative: up) by image pixels."""
        current = self.current_copy()
        if current is not None:
            placed = self._layout.copies[current]
            step = pixels * placed.scale / placed.rect.height
            self.edit(lambda document, _ids: commands.nudge_centromere(document, current.chromosome, step), [current])

    def accept_selected(self) -> None:
        """Accept the selected copies where they are, and go on to the next that is unlike its peers."""
        refs = self.selected_copies()
        if refs and not self.is_dragging():
            self.edit(commands.accept)
            self.note_looked_at(refs)
            self.review()

    def go_to_end(self, index: int) -> None:
        """Select the first copy (0) or the last (-1)."""
        order = list(self._layout.copies)
        if order:
            self.select([order[index]], order[index])

    def edit(self, make: MakeCommand, refs: Sequence[CopyRef] | None = None) -> None:
        """Do something to the selected copies; those that leave the picture hand the selection to their neighbour."""
        self.forget_typing()
        refs = self.selected_copies() if refs is None else refs
        if not refs or self.is_dragging():
            return
        before = list(self._layout.copies)
        if self._edits.edit(refs, make):
            gone = [ref for ref in refs if ref not in self._layout.copies]
            if gone and not self.selected_copies():
                following = after_removal(before, gone)
                self.select([following] if following in self._layout.copies and following else [], following)
