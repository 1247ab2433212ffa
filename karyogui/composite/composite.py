"""The composite's place in the window: what its actions do, and the way back from its edits."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from karyogui.cell_pages import CellPages
from karyogui.composite.canvas import CompositeCanvas
from karyogui.composite.edits import CaseEdits
from karyogui.composite.likeness import Likeness
from karyogui.composite.members import Members
from karyogui.composite.straightening import Straightening
from karyogui.composite.tab import CompositeTab
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.keymap import KeyMap
from karyogui.library.link import LibraryLink
from karyogui.model.outliers import CopyRef
from karyogui.model.view_settings import ViewSettings
from karyogui.session import Session


class Composite(QObject):
    """Puts the parts together and speaks for them."""

    changed = Signal()  # what is selected, or what can be taken back, is something else
    karyogram_wanted = Signal()  # bring the karyogram to the front
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(
        self,
        session: Session,
        library: LibraryLink,
        pages: CellPages,
        desk: JobDesk,
        tasks: Tasks,
        keymap: KeyMap,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._library, self._pages = session, library, pages
        self.members = Members(session, library, self)
        self.edits = CaseEdits(self.members, self)
        self.likeness = Likeness(self.members, desk, tasks.see, lambda: session.bundle, self)
        self.straightening = Straightening(self.members, desk, tasks.straighten, self)
        self.tab = CompositeTab(self.members, self.edits, self.likeness, keymap)
        self._shown = self._straightened = False
        self.straightening.arrived.connect(self.tab.canvas.set_straights)
        self.tab.shown_changed.connect(self._on_shown)
        self.tab.filled_changed.connect(self.changed)
        self.tab.canvas.cell_wanted.connect(self._show_cell)
        self.tab.canvas.selection_changed.connect(lambda _refs: self.changed.emit())
        self.edits.changed.connect(self.changed)
        self.members.changed.connect(self._show_current)
        self.likeness.failed.connect(self.failed)
        library.case_opened.connect(lambda _case: self._on_other_case())
        session.cell_removed.connect(self._on_cell_removed)
        session.current_changed.connect(lambda _id: self._show_current())

    def in_front(self) -> CompositeCanvas | None:
        """Return what edits speak to, while the composite is in front and has something to show."""
        return self.tab.canvas if self._shown and self.tab.canvas.isVisible() else None

    def set_settings(self, settings: ViewSettings) -> None:
        """Look at the copies as the karyograms are looked at."""
        self._straightened = settings.straightened
        self.tab.set_settings(settings)
        self.straightening.set_on(self._shown and self._straightened)

    def bundle_changed(self) -> None:
        """Another model came into use: what was seen before is not what it sees."""
        self.likeness.forget()
        if self._shown:
            self.likeness.start()

    # --- the way back ------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last change: of the copies while they are in front, else of the shown cell."""
        if not (self._shown and self.edits.undo()):
            self._session.undo_group.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        if not (self._shown and self.edits.redo()):
            self._session.undo_group.redo()

    def undo_text(self) -> str:
        """Return what `undo` takes back."""
        return (self.edits.undo_text() if self._shown else "") or self._session.undo_group.undoText()

    def redo_text(self) -> str:
        """Return what `redo` does again."""
        return (self.edits.redo_text() if self._shown else "") or self._session.undo_group.redoText()

    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._shown and self.edits.undo_text()) or self._session.undo_group.canUndo()

    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._shown and self.edits.redo_text()) or self._session.undo_group.canRedo()

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        return {"undo": self.undo, "redo": self.redo}

    # --- following ---------------------------------------------------------------------------------------------------

    def _on_shown(self, shown: bool) -> None:
        self._shown = shown
        self.members.set_active(shown)
        self.straightening.set_on(shown and self._straightened)
        if shown:
            self._show_current()
            self.likeness.start()
        else:
            self.likeness.stop()
        self.changed.emit()

    def _on_other_case(self) -> None:
        """Keys name other cells now."""
        self.likeness.forget()
        self.straightening.forget()
        self.edits.forget_all()

    def _on_cell_removed(self, entry_id: int) -> None:
        self.edits.forget_stack(self._session.cell(entry_id).undo_stack)

    def _show_current(self) -> None:
        entry = self._session.current()
        key = None if entry is None else self._library.store_cell(entry.id) if self.members.is_case() else entry.id
        self.tab.canvas.set_shown_cell(key)

    def _show_cell(self, ref: CopyRef) -> None:
        self.members.show(ref.cell)
        self.karyogram_wanted.emit()
        view = self._pages.view()
        if view is not None:
            view.select([ref.chromosome])
            view.setFocus()
