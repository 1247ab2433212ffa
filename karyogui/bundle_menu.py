"""The menu of bundles: which one classifies, remembered from one start to the next."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import BundleChoice, Tasks
from karyogui.session import Session
from karyogui.settings import PreferenceStore


class BundleMenu(QObject):
    """Fills the menu with the bundles there are when somebody looks, and hands the chosen one to the session."""

    bundles_changed = Signal()  # another one is chosen, or others are installed than before

    def __init__(
        self,
        menu: QMenu,
        session: Session,
        desk: JobDesk,
        tasks: Tasks,
        store: PreferenceStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._menu, self._session, self._desk, self._tasks, self._store = menu, session, desk, tasks, store
        self._bundles: list[BundleChoice] = []
        menu.aboutToShow.connect(self._show)

    def choose(self, name: str) -> None:
        """Classify with this bundle from now on; empty: the default for the stain."""
        self._session.bundle = name
        for action in self._menu.actions():
            action.setChecked(action.data() == name)
        self._store.change(replace(self._store.now, bundle=name))
        self.bundles_changed.emit()

    def _show(self) -> None:
        """Fill the menu with what is known, and again with what is there now: bundles come and go while it runs.

        Not before somebody asks: the list needs a part of the engine, which the start of the program does not wait for.
        """

        def listed(choices: list[BundleChoice]) -> None:
            others, self._bundles = choices != self._bundles, choices
            if self._session.bundle not in {"", *(choice.name for choice in choices)}:
                self.choose("")  # it was removed since
            self._fill()
            if others:
                self.bundles_changed.emit()

        self._fill()
        self._desk.start("quiet:bundles", self._tasks.list_bundles(), lane="files", on_success=listed)

    def _fill(self) -> None:
        menu = self._menu
        if [action.data() for action in menu.actions()] == ["", *(choice.name for choice in self._bundles)]:
            return  # not under the pointer of somebody who is choosing
        menu.clear()
        group = QActionGroup(menu)
        default = BundleChoice("", self.tr("Default for the stain"), shipped=True)
        for choice in (default, *self._bundles):
            action = menu.addAction(choice.text.replace("&", "&&"))
            action.setData(choice.name)
            action.setCheckable(True)
            action.setChecked(choice.name == self._session.bundle)
            action.triggered.connect(lambda _checked=False, name=choice.name: self.choose(name))
            group.addAction(action)
