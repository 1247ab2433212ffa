"""What the Help menu offers: the help, the keys, which she can change, the log folder, what the program is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from karyogui.dialogs.about_dialog import AboutDialog
from karyogui.dialogs.help_dialog import HelpDialog
from karyogui.dialogs.shortcuts_dialog import ShortcutsDialog
from karyogui.keymap import KeyMap
from karyogui.settings import PreferenceStore


class Guidance(QObject):
    """Opens the windows of the Help menu; each once."""

    def __init__(self, window: QWidget, keymap: KeyMap, log: Path) -> None:
        super().__init__(window)
        self._window, self._keymap, self._log = window, keymap, log
        self._open: dict[str, QDialog] = {}

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the actions of the Help menu do."""
        return {
            "help": lambda: self._show("help", lambda: HelpDialog(self._keymap, self._window)),
            "shortcuts": lambda: self._show("shortcuts", lambda: ShortcutsDialog(self._keymap, self._window)),
            "open_log": lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log))),
            "about": lambda: AboutDialog(self._window).open(),
        }

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        """Show a window that may stay open beside the program's; bring it to the front if it is open."""
        dialog = self._open.get(name)
        if dialog is None:
            dialog = self._open[name] = make()
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.destroyed.connect(lambda: self._open.pop(name, None))
            dialog.show()
        else:
            dialog.activateWindow()


def stored_keymap(store: PreferenceStore, parent: QObject) -> KeyMap:
    """Return the keys as they were left; each change of them is stored."""
    keymap = KeyMap(store.now.shortcuts, parent)
    keymap.changed.connect(lambda: store.change(replace(store.now, shortcuts=keymap.changes())))
    return keymap
