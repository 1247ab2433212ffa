"""Asks what becomes of work that no export holds yet."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtWidgets import QMessageBox, QWidget

_SHOWN_NAMES = 10


class Answer(Enum):
    """What the user wants."""

    KEEP = "keep"
    DISCARD = "discard"
    CANCEL = "cancel"


class ChangesDialog(QMessageBox):
    """The cells with these names have changes and are to be closed."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(self.tr("Changes that were not exported"))
        if len(names) == 1:
            self.setText(self.tr("Your changes in “%s” have not been exported.") % names[0])
        else:
            self.setText(self.tr("Your changes in %d cells have not been exported.") % len(names))
            shown = list(names[:_SHOWN_NAMES])
            if len(names) > _SHOWN_NAMES:
                shown.append(self.tr("and %d more") % (len(names) - _SHOWN_NAMES))
            self.setDetailedText("\n".join(shown))
        self.setInformativeText(
            self.tr("Kept work is stored on this computer and offered when the program is started again.")
        )
        self.keep_button = self.addButton(self.tr("Keep for next time"), QMessageBox.ButtonRole.AcceptRole)
        self.discard_button = self.addButton(self.tr("Discard changes"), QMessageBox.ButtonRole.DestructiveRole)
        self.cancel_button = self.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.keep_button)
        self.setEscapeButton(self.cancel_button)

    def answer(self) -> Answer:
        """Return what was pressed; closing the dialog is a Cancel."""
        pressed = self.clickedButton()
        if pressed is self.keep_button:
            return Answer.KEEP
        return Answer.DISCARD if pressed is self.discard_button else Answer.CANCEL
