"""One question before something is done, with the way out of it."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QMessageBox, QWidget


class Question(NamedTuple):
    """What is asked."""

    name: str  # of the dialog, for whoever looks for it
    title: str
    text: str
    act: str  # on the button that does it
    keep: str  # on the button that does not; Escape means it, too
    more: str = ""  # smaller, below
    destroys: bool = True  # Return then does not do it


def ask(
    parent: QWidget, question: Question, act: Callable[[], object], keep: Callable[[], object] | None = None
) -> None:
    """Ask, and return at once; one of the two is called with the answer."""
    box = QMessageBox(parent)
    box.setObjectName(question.name)
    box.setWindowTitle(question.title)
    box.setText(question.text)
    box.setInformativeText(question.more)
    role = QMessageBox.ButtonRole.DestructiveRole if question.destroys else QMessageBox.ButtonRole.AcceptRole
    yes, no = box.addButton(question.act, role), box.addButton(question.keep, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no if question.destroys else yes)
    box.setEscapeButton(no)

    def answered() -> None:
        if box.clickedButton() is yes:
            act()
        elif keep is not None:
            keep()
        box.deleteLater()

    box.finished.connect(answered)
    box.open()
