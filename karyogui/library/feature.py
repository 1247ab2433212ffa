"""All of the library in the window: puts its parts together, so that the window need not."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.library.approving import Approving
from karyogui.library.case_actions import CaseActions
from karyogui.library.case_files import SUFFIX, CaseFiles
from karyogui.library.case_panel import CasePanel
from karyogui.library.household import Household
from karyogui.library.importing import Importing
from karyogui.library.link import LibraryLink
from karyogui.library.notices import LibraryNotices
from karyogui.library.queue import ClassifyQueue
from karyogui.library.states import CellStates
from karyogui.message_area import MessageArea
from karyogui.session import Session
from karyogui.settings import Folders, PreferenceStore

if TYPE_CHECKING:
    from karyogui.model.store.values import Case


class LibraryFeature(QObject):
    """Case view, importing, queue, states, case files, user and preferences."""

    failed = Signal(str, object)  # what was tried; the Exception
    said = Signal(str)  # a sentence that need not stay: what was done
    refused = Signal(str)  # a sentence: why nothing was done

    def __init__(
        self,
        link: LibraryLink,
        session: Session,
        desk: JobDesk,
        tasks: Tasks,
        store: PreferenceStore,
        folders: Folders,
        area: MessageArea,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._link, self._store = link, store
        self.household = Household(link, store, folders.library_file, window)
        self.queue = ClassifyQueue(link, session, desk, tasks, self)
        self.importing = Importing(link, session, desk, tasks, self)
        self.panel = CasePanel(link, session, self.queue)
        self.actions = CaseActions(link, session, self.panel, self.queue, window)
        self.files = CaseFiles(link, self.panel, self._folder, window)
        self.states = CellStates(link, session, area, lambda: store.now.second_person, window)
        self.approving = Approving(link, self.panel, lambda: store.now.second_person, window)
        self.notices = LibraryNotices(link, session, area, self)
        self.notices.choice_requested.connect(self.household.ask_preferences)
        self.importing.added.connect(lambda cell: self.queue.add([cell]) if session.classify_on_open else None)
        for part in (link, self.queue, self.importing):
            part.failed.connect(self.failed)
        for refusing in (self.actions, self.files, self.states, self.approving, session):
            refusing.refused.connect(self.refused)
        self.states.reached.connect(self.said)
        self.approving.approved.connect(self.said)
        self.files.imported.connect(lambda code: self.said.emit(self.tr("Case %s is in the library now.") % code))
        self.files.exported.connect(lambda path: self.said.emit(self.tr("Exported to %s") % path))
        self.importing.finished.connect(self._on_imported)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return the slots by the ids of their actions."""
        return {
            **self.household.slots(),
            **self.actions.slots(),
            **self.files.slots(),
            **self.states.slots(),
            **self.approving.slots(),
        }

    def take(self, paths: list[Path], case_id: int | None = None, *, remember: bool = True) -> None:
        """Take files and folders that were opened or dropped: case files as cases, all others as cells of a case."""
        self.files.take([path for path in paths if path.suffix.lower() == SUFFIX])
        rest = [path for path in paths if path.suffix.lower() != SUFFIX]
        self.importing.take(rest, case_id, remember=remember)

    def is_busy(self) -> bool:
        """Whether cells are on their way into the library, or wait for their classification."""
        waits = self.queue.current() is not None or (bool(self.queue.waiting()) and not self.queue.is_paused())
        return self._link.is_opening() or not self._link.writes.is_idle() or self.importing.is_busy() or waits

    def drop_words(self, paths: list[Path], case_id: int | None) -> str:
        """Say what a drop of these files would do."""
        if paths and all(path.suffix.lower() == SUFFIX for path in paths):
            return self.tr("Import as a case")
        if not self._link.is_open():
            return self.tr("Open as cells")
        shown = case_id if case_id is not None else self._link.current_case()
        summary = self.panel.summary(shown) if shown is not None else None
        if summary is None:
            return self.tr("Open as cells, in the case “Unfiled”")
        return self.tr("Add cells to the case “%s”") % summary.case.code

    def _folder(self) -> Path:
        folder = Path(self._store.now.export_folder)
        if self._store.now.export_folder and folder.is_dir():
            return folder
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())

    def _on_imported(self, case_id: int, number: int) -> None:
        def told(case: "Case") -> None:
            words = (
                self.tr("%d cell was added to case %s") if number == 1 else self.tr("%d cells were added to case %s")
            )
            self.said.emit(words % (number, case.code))

        # The library knows its code; the list may not yet, for the case was made to put them in.
        self._link.run("imported", lambda library, _r: library.cases.get(case_id), on_success=told)
