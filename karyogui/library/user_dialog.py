"""Who works here: a name, asked for once, remembered, written into the trail."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from karyogui.theme import GRID


class UserDialog(QDialog):
    """Proposes a name; the names that have worked with this library can be chosen."""

    def __init__(self, name: str, known: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Your name"))
        words = QLabel(
            self.tr(
                "Under which name do you work? It is written beside what you do in a case, and can be changed any time."
            )
        )
        words.setWordWrap(True)
        words.setMinimumWidth(45 * GRID)
        self.name = QComboBox()
        self.name.setEditable(True)
        self.name.setAccessibleName(self.tr("Your name"))
        self.name.addItems(sorted({*known, name} - {""}))
        self.name.setCurrentText(name)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use_button = buttons.addButton(self.tr("Work under this name"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.name.editTextChanged.connect(lambda text: self.use_button.setEnabled(bool(text.strip())))
        column = QVBoxLayout(self)
        column.setSpacing(GRID)
        for part in (words, self.name, buttons):
            column.addWidget(part)

    def chosen(self) -> str:
        """Return the name without blanks around it."""
        return self.name.currentText().strip()
