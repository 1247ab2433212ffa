"""Who works here, and with which library: asked for when it must be, remembered."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from karyogui.library.link import LibraryLink
from karyogui.library.preferences_dialog import PreferencesDialog
from karyogui.library.user_dialog import UserDialog
from karyogui.settings import PreferenceStore


class Household(QObject):
    """The user's name, the place of the library, the preferences; opens the library and its last case at the start."""

    user_changed = Signal(str)
    preferences_changed = Signal()

    def __init__(self, link: LibraryLink, store: PreferenceStore, usual: Path, window: QWidget) -> None:
        super().__init__(window)
        self._link, self._store, self._usual, self._window = link, store, usual, window
        link.user = store.now.user or login_name()
        link.opened.connect(self._on_opened)
        link.case_opened.connect(self._on_case_opened)
        self._restored = False

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        return {"user": self.ask_user, "preferences": self.ask_preferences}

    def open(self) -> None:
        """Open the library."""
        self._link.open(self._store.now.library or self._usual)

    def ask_name_once(self) -> None:
        """Ask for the user's name if nobody has told it yet; work can go on meanwhile, under the login name."""
        if not self._store.now.user:
            self.ask_user()

    def ask_user(self) -> None:
        """Ask for the user's name."""
        if self._link.is_open():
            self._link.run("users", lambda library, _reporter: library.users.names(), on_success=self._show_user_dialog)
        else:
            self._show_user_dialog(())

    def set_user(self, name: str) -> None:
        """Work under another name from now on."""
        self._link.user = name
        self._store.change(replace(self._store.now, user=name))
        self.user_changed.emit(name)

    def ask_preferences(self) -> None:
        """Show the preferences."""
        dialog = PreferencesDialog(self._store.now, self._usual, self._window)
        dialog.setObjectName("preferences_dialog")
        dialog.accepted.connect(lambda: self._take(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_user_dialog(self, known: tuple[str, ...]) -> None:
        dialog = UserDialog(self._link.user, known, self._window)
        dialog.setObjectName("user_dialog")
        dialog.accepted.connect(lambda: self.set_user(dialog.chosen()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, dialog: PreferencesDialog) -> None:
        before = self._store.now
        self._store.change(
            replace(
                before,
                library=dialog.library_text(),
                second_person=dialog.second_person.isChecked(),
                classify_on_open=dialog.classify.isChecked(),
            )
        )
        self.preferences_changed.emit()
        if self._store.now.library != before.library or not self._link.is_open():
            self._store.change(replace(self._store.now, last_case=0))
            self._restored = True
            self.open()

    def _on_opened(self) -> None:
        last, self._restored, first = self._store.now.last_case, True, not self._restored
        if last and first:
            self._link.run(
                "last case",
                lambda library, _reporter: library.cases.get(last),
                on_success=lambda case: self._link.open_case(case.id) if self._link.current_case() is None else None,
                on_failure=lambda _error: None,  # deleted since: nothing is shown
            )

    def _on_case_opened(self, case_id: int | None) -> None:
        if case_id is not None:
            self._store.change(replace(self._store.now, last_case=case_id))


def login_name() -> str:
    """Return the name the system knows the user by; a word for one it does not know."""
    return next((os.environ[name] for name in ("LOGNAME", "USER", "USERNAME") if os.environ.get(name)), "user")
