"""The karyogram's commands on copies of several cells, each on the stack of its cell, and the way back through them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from karyogui.composite.members import Members
from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.model.outliers import CopyRef

MakeCommand = Callable[[KaryogramDocument, list[int]], QUndoCommand]


@dataclass(frozen=True, eq=False)
class _Part:
    """What a step did in one cell: the command that ends at this index of the stack."""

    key: int
    name: str
    stack: QUndoStack
    index: int


@dataclass(frozen=True, eq=False)
class _Step:
    """One gesture, in one cell or in several."""

    text: str
    parts: tuple[_Part, ...]

    def can_undo(self) -> bool:
        """Whether it is the last thing that was done in its cells."""
        return all(part.stack.index() == part.index for part in self.parts)

    def can_redo(self) -> bool:
        return all(part.stack.index() == part.index - 1 and part.stack.canRedo() for part in self.parts)

    def cells(self) -> str:
        return ", ".join(part.name for part in self.parts)


class CaseEdits(QObject):
    """Pushes commands and remembers in which cells; a step that was overtaken in its cell is forgotten."""

    changed = Signal()  # what can be taken back or done again is something else
    said = Signal(str)  # what was done, taken back or refused, and in which cell

    def __init__(self, members: Members, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._members = members
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._moving = False  # a document speaks before its stack has counted the command

    def edit(self, refs: Iterable[CopyRef], make: MakeCommand) -> bool:
        """Do one thing to copies of any cells; say whether anything was done."""
        by_cell: dict[int, list[int]] = {}
        for ref in refs:
            by_cell.setdefault(ref.cell, []).append(ref.chromosome)
        parts, text = [], ""
        for key, ids in by_cell.items():
            member = self._members.member(key)
            if member is None:
                continue
            if member.read_only:
                self.said.emit(self.tr("%s is approved; reopen it to change it") % member.name)
                continue
            entry = self._members.open_cell(key)
            if entry is None:
                continue
            before = entry.undo_stack.index()
            command = make(entry.document, ids)
            text = command.text()
            self._moving = True
            pushed = commands.push(entry.undo_stack, command)
            self._moving = False
            if pushed:
                stack = entry.undo_stack
                if stack.index() == before and self._done and self._ends_in(stack, before):
                    self.changed.emit()
                    continue  # it went into the step before: a turn and one more
                parts.append(_Part(key, entry.name, stack, stack.index()))
        if parts:
            step = _Step(text, tuple(parts))
            self._done.append(step)
            self._undone.clear()
            self.said.emit(self.tr("%s: %s") % (step.cells(), text))
            self.changed.emit()
        return bool(parts)

    def _ends_in(self, stack: QUndoStack, index: int) -> bool:
        return any(part.stack is stack and part.index == index for part in self._done[-1].parts)

    # --- the way back ------------------------------------------------------------------------------------------------

    def undo_text(self) -> str:
        """Return what `undo` would take back; empty: nothing."""
        self._tidy()
        return self._done[-1].parts[0].stack.undoText() if self._done else ""  # steps merge, and their text with them

    def redo_text(self) -> str:
        """Return what `redo` would do again; empty: nothing."""
        self._tidy()
        return self._undone[-1].text if self._undone else ""

    def undo(self) -> bool:
        """Take back the last step, in whichever cells it was; say whether there was one."""
        self._tidy()
        if not self._done:
            return False
        step = self._done.pop()
        if self._is_locked(step):
            return True
        self._moving = True
        for part in step.parts:
            part.stack.undo()
        self._moving = False
        self._undone.append(step)
        self.said.emit(self.tr("Taken back in %s: %s") % (step.cells(), step.text))
        self.changed.emit()
        return True

    def redo(self) -> bool:
        """Do the step again that was taken back last; say whether there was one."""
        self._tidy()
        if not self._undone:
            return False
        step = self._undone.pop()
        if self._is_locked(step):
            return True
        self._moving = True
        for part in step.parts:
            part.stack.redo()
        self._moving = False
        self._done.append(step)
        self.said.emit(self.tr("Done again in %s: %s") % (step.cells(), step.text))
        self.changed.emit()
        return True

    def forget_stack(self, stack: QUndoStack) -> None:
        """A cell is closed: its stack goes, and the steps with it."""
        for steps in (self._done, self._undone):
            steps[:] = [step for step in steps if all(part.stack is not stack for part in step.parts)]
        self.changed.emit()

    def forget_all(self) -> None:
        """The cells are others."""
        self._done.clear()
        self._undone.clear()
        self.changed.emit()

    def _is_locked(self, step: _Step) -> bool:
        for part in step.parts:
            member = self._members.member(part.key)
            if member is not None and member.read_only:
                self.said.emit(self.tr("%s is approved; reopen it to change it") % part.name)
                return True
        return False

    def _tidy(self) -> None:
        """Forget what something else was done on top of, in the karyogram."""
        if self._moving:
            return
        while self._done and not self._done[-1].can_undo():
            self._done.pop()
        while self._undone and not self._undone[-1].can_redo():
            self._undone.pop()
