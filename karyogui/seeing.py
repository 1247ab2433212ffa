"""How the cells are looked at: one value of view settings for all of them, its panel, and the comparison."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from karyogui.action_set import ActionSet
from karyogui.cell_pages import CellPages
from karyogui.compare_panel import ComparePanel
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.model.cell import Cell
from karyogui.model.ideogram import BandLevel
from karyogui.model.straight import Straight, straight_of
from karyogui.model.view_settings import ViewSettings
from karyogui.session import Session
from karyogui.superresolving import SuperResolving
from karyogui.theme import GRID
from karyogui.view_panel import ViewPanel

_FIRST_LEVEL: BandLevel = 550  # of ideograms that are switched on


class Seeing(QObject):
    """Hands the settings to every karyogram, and makes straightened looks when they are first asked for."""

    settings_changed = Signal(object)  # ViewSettings
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(
        self, session: Session, pages: CellPages, desk: JobDesk, tasks: Tasks, actions: ActionSet, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._pages, self._desk, self._tasks = session, pages, desk, tasks
        self._actions = actions
        self._settings = ViewSettings()
        self._level = _FIRST_LEVEL
        self._looks: dict[int, dict[int, Straight]] = {}  # by cell id, then chromosome id
        self._asked: dict[int, Cell] = {}  # by cell id: what a job is under way for, or was done for
        self.superresolving = SuperResolving(session, pages, desk, tasks, self)
        self.superresolving.changed.connect(self._note_superresolution)
        self.superresolving.failed.connect(self.failed)
        self.superresolving.given_up.connect(lambda: self.set_settings(replace(self._settings, superresolved=False)))
        pages.superresolution_wanted.connect(self.superresolving.set_some)
        self.compare = ComparePanel()
        self.panel = ViewPanel(pages.karyograms)
        self.panel.hide()
        self.panel.settings_wanted.connect(self.set_settings)
        self.panel.close_wanted.connect(lambda: self.show_panel(False))
        pages.karyograms.installEventFilter(self)
        self.compare.installEventFilter(self)
        pages.view_changed.connect(self._on_view_changed)
        session.cell_changed.connect(lambda _id: self._on_view_changed())
        session.cell_removed.connect(self._forget)

    def settings(self) -> ViewSettings:
        """Return how the cells are looked at."""
        return self._settings

    def set_settings(self, settings: ViewSettings) -> None:
        """Look at all cells another way."""
        self._settings = settings
        self._level = settings.ideograms or self._level
        self._pages.set_settings(settings)
        self.settings_changed.emit(settings)
        self.panel.show_settings(settings)
        self.compare.set_tone(settings.tone)
        for action_id, on in (
            ("inverted", settings.inverted),
            ("straightened", settings.straightened),
            ("ideograms", settings.ideograms is not None),
            ("group_letters", settings.group_letters),
            ("superresolved", settings.superresolved),
        ):
            self._actions[action_id].setChecked(on)
        self.superresolving.set_all(settings.superresolved)
        self.superresolving.update()  # straightened ones are others
        self._straighten()

    def show_panel(self, on: bool) -> None:
        """Show the panel of settings over the karyogram, or put it away."""
        self._actions["view_settings"].setChecked(on)
        self._place_panel()
        self.panel.setVisible(on)
        if on:
            self.panel.raise_()
        elif (view := self._pages.view()) is not None:
            view.setFocus()

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the actions of seeing do."""

        def checked(action_id: str) -> bool:
            return self._actions[action_id].isChecked()

        def change(**what: object) -> None:
            self.set_settings(replace(self._settings, **what))  # type: ignore[arg-type]

        return {
            "inverted": lambda: change(inverted=checked("inverted")),
            "straightened": lambda: change(straightened=checked("straightened")),
            "ideograms": lambda: change(ideograms=self._level if checked("ideograms") else None),
            "group_letters": lambda: change(group_letters=checked("group_letters")),
            "view_settings": lambda: self.show_panel(checked("view_settings")),
            "lens": self._set_lens,
            "superresolved": lambda: change(superresolved=checked("superresolved")),
            **self.superresolving.slots(),
        }

    def _note_superresolution(self) -> None:
        """Say where it can be asked for why there is none."""
        reason = self.superresolving.why_not()
        for action_id in ("superresolved", "superresolve_selected"):
            self._actions.explain(action_id, reason)
        self.panel.forbid_superresolution(reason)
        self._pages.forbid_superresolution(reason)
        self._pages.view_changed.emit()

    def _set_lens(self) -> None:
        view = self._pages.view()
        if view is not None:
            view.set_lens(self._actions["lens"].isChecked())

    def _on_view_changed(self) -> None:
        """Another cell, selection or edit: the comparison follows, and new pieces are straightened."""
        entry, view = self._session.current(), self._pages.view()
        if entry is None or view is None:
            self.compare.show_pair(None, (), None)
            return
        self._actions["lens"].setChecked(view.has_lens())
        self.compare.show_pair(entry.document, view.selected_ids(), view.current_id(), self._looks.get(entry.id))
        self._straighten()

    def _straighten(self) -> None:
        """Ask for the straightened looks that the shown cell lacks, unless that was asked already."""
        entry = self._session.current()
        cell = entry.document.cell() if entry else None
        if entry is None or cell is None or not (self._settings.straightened or self.compare.isVisible()):
            return
        looks = self._looks.setdefault(entry.id, {})
        missing = replace(cell, chromosomes=tuple(c for c in cell.chromosomes if straight_of(c, looks) is None))
        asked = self._asked.get(entry.id)
        if asked is not None and _same_pixels(asked, missing):
            return
        self._asked[entry.id] = missing
        if not missing.chromosomes:
            return

        def done(found: dict[int, Straight]) -> None:
            self._looks[entry.id] = {**self._looks.get(entry.id, {}), **found}
            self._pages.set_straights(entry.id, self._looks[entry.id])
            self.superresolving.update()
            self._on_view_changed()

        self._desk.start(f"quiet:straighten:{entry.id}", self._tasks.straighten(missing), lane="files", on_success=done)

    def _forget(self, cell_id: int) -> None:
        self._desk.cancel(f"quiet:straighten:{cell_id}")
        self._looks.pop(cell_id, None)
        self._asked.pop(cell_id, None)

    def _place_panel(self) -> None:
        """Stand in the upper right corner of the karyogram."""
        self.panel.adjustSize()
        over: QWidget = self._pages.karyograms
        self.panel.move(over.width() - self.panel.width() - 2 * GRID, 2 * GRID)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self.compare:
            if event.type() == QEvent.Type.Show:
                self._on_view_changed()
        elif event.type() == QEvent.Type.Resize:
            self._place_panel()
        return False


def _same_pixels(a: Cell, b: Cell) -> bool:
    return [id(c.pixels) for c in a.chromosomes] == [id(c.pixels) for c in b.chromosomes]
