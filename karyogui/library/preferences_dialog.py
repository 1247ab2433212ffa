"""The few things a laboratory decides once: where the library lies, who approves, what happens to opened cells."""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from karyogui.settings import Preferences
from karyogui.theme import GRID


class PreferencesDialog(QDialog):
    """Asks and answers; changes nothing."""

    def __init__(self, now: Preferences, usual: Path, parent: QWidget | None = None) -> None:
        """`usual` is the library that is used when none is chosen."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        self._usual = usual
        self.library = QLineEdit(now.library)
        self.library.setPlaceholderText(str(usual))
        self.library.setMinimumWidth(50 * GRID)
        self.library.setClearButtonEnabled(True)
        self.library.setAccessibleName(self.tr("Library"))
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.library, 1)
        row.addWidget(browse)
        self.second_person = QCheckBox(self.tr("Who &reviewed a cell may not approve it"))
        self.second_person.setChecked(now.second_person)
        self.classify = QCheckBox(self.tr("&Classify cells as soon as they are read"))
        self.classify.setChecked(now.classify_on_open)
        form = QFormLayout()
        form.setVerticalSpacing(GRID)
        label = QLabel(self.tr("&Library"))
        label.setBuddy(self.library)  # the row is a layout, which is nobody's buddy
        form.addRow(label, row)
        form.addRow("", _hint(self.tr("A file; or postgresql://user@server/name for one that a laboratory shares.")))
        form.addRow(self.tr("Approving"), self.second_person)
        form.addRow(self.tr("Opening"), self.classify)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.ok_button = buttons.button(standard.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(buttons)

    def library_text(self) -> str:
        """Return the chosen library; empty: the usual one."""
        text = self.library.text().strip()
        return "" if text == str(self._usual) else text

    def _browse(self) -> None:
        dialog = QFileDialog(
            self, self.tr("Choose a library, or name a new one"), self.library.text() or str(self._usual)
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setDefaultSuffix("sqlite")
        dialog.setNameFilters([self.tr("Libraries (*.sqlite)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self.library.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _hint(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    return label
