"""Edits of the selected chromosomes: what keys, menus and toolbars call."""

from collections.abc import Callable, Iterable

from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QGraphicsView

from karyogui.editor import commands
from karyogui.editor.reviewing import accept_and_step, step_review
from karyogui.editor.scene import KaryogramScene
from karyogui.keymap import KeyMap

ROTATION_STEP = 5.0
"""Degrees that one press of R turns: the precision with which one sees that a chromosome is not upright."""


class SelectionEdits(QGraphicsView):
    """The part of the karyogram view that edits; each method is one step to undo."""

    _scene: KaryogramScene
    _keymap: KeyMap

    def keymap(self) -> KeyMap:
        """Return the keys that are in use."""
        return self._keymap

    def selected_ids(self) -> list[int]:
        """Return the selected chromosomes in reading order."""
        return self._scene.selected_ids()

    def current_id(self) -> int | None:
        """Return the selected chromosome the user last pointed at; None if nothing is selected."""
        return self._scene.current_id()

    def select(self, ids: Iterable[int]) -> None:
        """Select these chromosomes and no others."""
        self._scene.select(ids)

    def select_all(self) -> None:
        """Select all chromosomes, placed or not."""
        self._scene.select(self._scene.karyogram_layout().reading_order())

    def assign_selected(self, label: str | None) -> None:
        """Move the selected chromosomes to a class, to the markers (`MARKER`) or to the tray (None)."""
        self.edit(lambda ids: commands.assign(self._scene.document(), ids, label))

    def flip_selected(self) -> None:
        """Turn the selected chromosomes upside down."""
        self.edit(lambda ids: commands.flip(self._scene.document(), ids))

    def rotate_selected(self, degrees: float) -> None:
        """Turn the selected chromosomes counter-clockwise; one turn after the other is one step to undo."""
        if any(self._scene.is_straightened(i) for i in self.selected_ids()):
            self.say(self.tr("The straightened display stands upright; switch it off to turn the chromosome"))
            return
        self.edit(lambda ids: commands.nudge_rotation(self._scene.document(), ids, degrees))

    def upright_selected(self) -> None:
        """Give the selected chromosomes the engine's orientation back."""
        self.edit(lambda ids: commands.upright(self._scene.document(), ids))

    def mirror_selected(self) -> None:
        """Swap left and right of the selected chromosomes."""
        self.edit(lambda ids: commands.mirror(self._scene.document(), ids))

    def shift_selected(self, places: int) -> None:
        """Move the current chromosome to the right (negative: left) among its homologs."""
        chromosome_id = self.current_id()
        if chromosome_id is not None:
            placement = self._scene.document().placement(chromosome_id)
            order = max(placement.order + places, 0)
            self.edit(lambda _ids: commands.move(self._scene.document(), [chromosome_id], placement.label, order))

    def nudge_centromere(self, pixels: float) -> None:
        """Move the centromere of the current chromosome down (negative: up) by image pixels."""
        chromosome_id = self.current_id()
        if chromosome_id is not None:
            placed = self._scene.karyogram_layout().chromosomes[chromosome_id]
            step = pixels * placed.scale / placed.rect.height
            self.edit(lambda _ids: commands.nudge_centromere(self._scene.document(), chromosome_id, step))

    def accept_selected(self) -> None:
        """Accept the selected chromosomes where they lie, and go on to the next that asks for a look."""
        if not self._scene.is_dragging():
            self.forget_typing()
            self.setFocus()
            self.say(accept_and_step(self._scene, self._keymap))

    def review(self, step: int = 1) -> None:
        """Select the next chromosome that asks for a look, least certain first; -1: the one before."""
        if not self._scene.is_dragging():
            self.forget_typing()
            self.setFocus()
            self.say(step_review(self._scene, step, self._keymap))

    def edit(self, command: Callable[[list[int]], QUndoCommand]) -> None:
        """Push a command on the selected chromosomes, unless there are none or a gesture is under way."""
        self.forget_typing()
        ids = self.selected_ids()
        if ids and not self._scene.is_dragging():
            commands.push(self._scene.undo_stack(), command(ids))

    def forget_typing(self) -> None:
        """Drop a digit that waits: it must not follow another edit."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Show a line over the karyogram."""
        raise NotImplementedError
