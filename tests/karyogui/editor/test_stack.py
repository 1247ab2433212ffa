"""A locked cell refuses commands and says why; what was done before cannot be undone any more."""

import pytest
from PySide6.QtGui import QUndoCommand

from karyogui.editor.stack import CellStack


@pytest.fixture
def stack() -> CellStack:
    return CellStack()


def test_a_locked_stack_refuses_commands_with_a_sentence(stack: CellStack) -> None:
    said: list[str] = []
    stack.refused.connect(said.append)
    stack.push(QUndoCommand("before"))
    stack.lock("It is approved.")
    assert not stack.canUndo()
    stack.push(QUndoCommand("late"))
    assert (stack.count(), said) == (0, ["It is approved."])
    assert not stack.is_open()
    stack.lock("")
    assert stack.is_open()
    stack.push(QUndoCommand("again"))
    assert stack.count() == 1


def test_a_macro_is_refused_once_and_as_a_whole(stack: CellStack) -> None:
    said: list[str] = []
    stack.refused.connect(said.append)
    stack.lock("It is approved.")
    stack.beginMacro("Accept 2")
    stack.push(QUndoCommand("one"))
    stack.push(QUndoCommand("two"))
    stack.endMacro()
    assert (stack.count(), len(said)) == (0, 1)
    stack.lock("")
    stack.beginMacro("Accept 2")
    stack.push(QUndoCommand("one"))
    stack.endMacro()
    assert (stack.count(), stack.text(0)) == (1, "Accept 2")
