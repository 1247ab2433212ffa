"""Says that the program made a mistake, and gives the user something to send."""

import platform
import traceback
from importlib.metadata import version
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget


def error_details(error: BaseException) -> str:
    """Return program, system and error as text; no path of a patient's file is added to what the error says itself."""
    lines = "".join(traceback.format_exception(error)).rstrip()
    return f"karyogui {version('karyogui')}, Python {platform.python_version()}, {platform.platform()}\n\n{lines}"


class ErrorDialog(QMessageBox):
    """An unexpected error: what was tried, what to do, details to copy."""

    def __init__(self, tried: str, error: BaseException, log_file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(self.tr("Unexpected error"))
        self.setText(self.tr("“%s” did not work: the program made a mistake.") % tried)
        advice = self.tr(
            "Your cells are unchanged. Please send the details, also kept in %s, to whoever looks after the program."
        )
        self.setInformativeText(advice % log_file)
        self._details = error_details(error)
        self.setDetailedText(self._details)
        self.copy_button = self.addButton(self.tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
        self.copy_button.clicked.disconnect()  # copying does not close the dialog
        self.copy_button.clicked.connect(self._copy)
        self.close_button = self.addButton(QMessageBox.StandardButton.Close)
        self.setDefaultButton(QMessageBox.StandardButton.Close)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
