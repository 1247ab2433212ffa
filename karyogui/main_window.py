"""The window: puts the parts together, and connects the actions to them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QToolBar, QVBoxLayout, QWidget

from karyogui.action_set import ActionSet
from karyogui.actions import needs_of
from karyogui.autosave import Autosave, Shelf
from karyogui.bundle_menu import BundleMenu
from karyogui.cell_pages import CellPages
from karyogui.centre_tabs import CentreTabs
from karyogui.closing import Closing
from karyogui.composite.composite import Composite
from karyogui.cutting_tools import CuttingTools
from karyogui.drop_overlay import DropOverlay
from karyogui.exporting import Exporting
from karyogui.guidance import Guidance, stored_keymap
from karyogui.jobs.desk import JobDesk
from karyogui.jobs.tasks import Tasks
from karyogui.karyogram_slots import KaryogramSlots
from karyogui.layout_memory import restore_layout, save_layout
from karyogui.library.case_menu import show_case_menu
from karyogui.library.feature import LibraryFeature
from karyogui.library.link import LibraryLink
from karyogui.message_area import MessageArea
from karyogui.notices import Notices
from karyogui.opening import Opening, dropped_paths
from karyogui.panels import Panels
from karyogui.reclassifying import Reclassifying
from karyogui.report.going import Guide
from karyogui.report.reporting import Reporting
from karyogui.samples import sample_names
from karyogui.seeing import Seeing
from karyogui.session import Session
from karyogui.settings import Folders, PreferenceStore
from karyogui.start_page import StartPage
from karyogui.status_line import StatusLine, WorkMonitor
from karyogui.theme import GRID, Theme, icon
from karyogui.trail.noting import ExportNotes
from karyogui.trail.page import TrailPage

_MESSAGE_MS = 4000


class MainWindow(QMainWindow):
    """The program's window. Features are widgets of their own, handed what they need here."""

    def __init__(self, folders: Folders, *, tasks: Tasks | None = None, theme: Theme | None = None) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowIcon(icon("app"))
        self.setAcceptDrops(True)
        self._folders = folders
        self._tasks = tasks or Tasks()
        self._store = PreferenceStore(folders.preferences_file)
        self._closed = False

        self.desk = JobDesk(self)
        self.session = Session(self._tasks, self.desk, self)
        self.session.bundle = self._store.now.bundle
        self.session.classify_on_open = self._store.now.classify_on_open
        self.library = LibraryLink(self.session, self.desk, self)
        self.autosave = Autosave(self.session, self.desk, Shelf(folders.data), self)
        self.closing = Closing(self.session, self.autosave, self)
        self.messages = MessageArea()
        self.cases = LibraryFeature(
            self.library, self.session, self.desk, self._tasks, self._store, folders, self.messages, self
        )
        self.opening = Opening(self.session, self.cases.take, self._store, self)
        self.keymap = stored_keymap(self._store, self)
        self.pages = CellPages(self.session, self.keymap, self)
        self.exporting = Exporting(self.session, self.desk, self._store, self, self.pages.looks)
        self.reclassifying = Reclassifying(self.session, self.desk, self._tasks, self)
        self.composite = Composite(self.session, self.library, self.pages, self.desk, self._tasks, self.keymap, self)
        self.karyogram_slots = KaryogramSlots(self.pages, self.composite.in_front, self)
        self.cutting = CuttingTools(self.session, self.pages, self.reclassifying, self)
        self.notices = Notices(self.session, self.autosave, self.messages, folders.log_file, self)
        self.status = StatusLine(self)
        self.monitor = WorkMonitor(self.desk, self.session, self.status, self)
        self.reporting = Reporting(self.library, self.desk, self._store, folders.config / "report", self)
        self.guide = Guide(self.library, self.session, self.pages, self)
        self.export_notes = ExportNotes(self.library, self)
        self.actions_ = ActionSet(self, self.keymap)
        self.guidance = Guidance(self, self.keymap, folders.log)
        self.seeing = Seeing(self.session, self.pages, self.desk, self._tasks, self.actions_, self)

        self._build()
        self._connect()
        self.actions_["auto_classify"].setChecked(self.session.classify_on_open)
        restore_layout(self, self._store)
        self._refresh()
        self.cases.household.open()
        if theme is not None:
            theme.changed.connect(self._retint)

    def _build(self) -> None:
        self.setWindowTitle(self.tr("karyogui"))
        self.start_page = StartPage(sample_names())
        self.centre = QStackedWidget()
        self.centre.addWidget(self.start_page)
        self.centre.addWidget(self.pages.karyograms)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        self.tabs = CentreTabs(
            self.centre, self.composite.tab, self.session, self.desk, self.library, self._folders.data
        )
        self.trail = TrailPage(self.library)
        self.tabs.case.add_section(self.trail, self.tr("Trail"))
        column.addWidget(self.tabs, 1)
        self.setCentralWidget(middle)
        self.drop_overlay = DropOverlay(middle)

        self.toolbar = QToolBar(self.tr("Toolbar"), self)
        self.toolbar.setObjectName("toolbar")
        self.toolbar.setMovable(False)
        self.toolbar.setStyleSheet(f"QToolBar {{ border: none; padding: {GRID // 2}px {GRID}px; spacing: 2px; }}")
        self.toolbar.setIconSize(QSize(20, 20))
        self.toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(self.toolbar)
        self.actions_.fill_toolbar(self.toolbar)
        self.actions_.fill_menu_bar(self.menuBar())
        self.setStatusBar(self.status)

        self.panels = Panels(
            self,
            self.actions_,
            self.session.undo_group,
            cells=self.cases.panel,
            compare=self.seeing.compare,
            inspector=self.pages.inspectors,
        )
        self.resize(180 * GRID, 110 * GRID)
        self.panels.give_widths()

    def _connect(self) -> None:
        self.actions_.connect_all(self._slots(), self.karyogram_slots.assign)
        self.actions_.menus["file/recent"].aboutToShow.connect(
            lambda: self.opening.fill_recent(self.actions_.menus["file/recent"])
        )
        self.opening.fill_samples(self.actions_.menus["file/samples"])
        bundles = self.actions_.menus["cell/bundle"]
        self.bundles = BundleMenu(bundles, self.session, self.desk, self._tasks, self._store, self)
        self.bundles.bundles_changed.connect(self.seeing.superresolving.look_for_bundle)
        self.start_page.files_requested.connect(self.opening.ask_files)
        self.start_page.folder_requested.connect(self.opening.ask_folder)
        self.start_page.sample_requested.connect(self.opening.open_sample)
        self.start_page.recent_requested.connect(self.opening.open_recent)
        self.opening.recent_changed.connect(lambda: self.start_page.show_recent(self._store.now.recent))
        self.start_page.show_recent(self._store.now.recent)
        self.exporting.exported.connect(self.notices.exported)
        self.exporting.copied.connect(
            lambda name: self.statusBar().showMessage(self.tr("Copied %s to the clipboard") % name, _MESSAGE_MS)
        )
        self.exporting.cell_exported.connect(self.export_notes.note)
        self.reporting.exported.connect(self.notices.exported)
        self.reporting.failed.connect(self.notices.failed)
        self.reporting.place_requested.connect(self.guide.go)
        self.guide.karyogram_wanted.connect(self.tabs.show_karyogram)
        self.guide.case_wanted.connect(partial(self.tabs.setCurrentWidget, self.tabs.case))
        self.trail.exported.connect(self.notices.exported)
        self.trail.failed.connect(self.notices.failed)
        self.library.case_opened.connect(lambda _id: self._refresh())
        self.reclassifying.failed.connect(self.notices.failed)
        self.exporting.failed.connect(self.notices.failed)
        self.cases.failed.connect(self.notices.failed)
        self.cases.said.connect(lambda text: self.statusBar().showMessage(text, _MESSAGE_MS))
        self.cases.refused.connect(self._say_refused)
        self.cases.importing.paths_opened.connect(self.opening.remember)
        self.cases.panel.menu_requested.connect(
            lambda position: show_case_menu(self.cases.panel, self.actions_, position)
        )
        self.cases.household.preferences_changed.connect(self._take_preferences)
        self.tabs.currentChanged.connect(lambda _index: self._refresh())
        self.tabs.karyotype.left.connect(self.karyogram_slots.focus)
        self.tabs.case.sheet.exported.connect(self.notices.exported)
        self.tabs.training.failed.connect(self.notices.failed)
        self.tabs.training.course.models.use_changed.connect(lambda _name: self.bundles.choose(""))
        self.library.opened.connect(lambda: self.tabs.training.course.material.use_library(self.library))
        self.tabs.training.course.models.use_changed.connect(lambda _name: self.composite.bundle_changed())
        self.actions_["cancel"].changed.connect(
            lambda: self.status.cancel.setToolTip(self.actions_["cancel"].toolTip())
        )
        self.status.cancel_requested.connect(self.session.cancel)
        self.monitor.busy_changed.connect(lambda _busy: self._refresh())
        self.pages.view_changed.connect(self._refresh)
        self.seeing.failed.connect(self.notices.failed)
        self.pages.zoom_changed.connect(self.status.show_zoom)
        self.session.current_changed.connect(lambda _id: self._refresh())
        self.session.cell_changed.connect(lambda _id: self._refresh())
        self.composite.changed.connect(self._refresh)
        self.composite.failed.connect(self.notices.failed)
        self.composite.karyogram_wanted.connect(self.tabs.show_karyogram)
        self.seeing.settings_changed.connect(self.composite.set_settings)
        group = self.session.undo_group
        for changed in (group.canUndoChanged, group.canRedoChanged, group.undoTextChanged, group.redoTextChanged):
            changed.connect(lambda _now: self._refresh())

    def _slots(self) -> dict[str, Callable[[], object]]:
        return {
            "open_files": self.opening.ask_files,
            "open_folder": self.opening.ask_folder,
            "export": self.exporting.ask,
            "export_png": lambda: self.exporting.ask("png"),
            "export_pdf": lambda: self.exporting.ask("pdf"),
            "print": self.exporting.print_preview,
            "copy": self.exporting.copy,
            "cut": self.cutting.cut,
            "join": self.cutting.join,
            "close_cell": self.closing.close_current,
            "quit": self.close,
            "classify": self._classify_current,
            "auto_classify": self._set_auto_classify,
            "cancel": self.session.cancel,
            **self.cases.slots(),
            **self.karyogram_slots.slots(),
            **self.composite.slots(),
            **self.reporting.slots(),
            **self.seeing.slots(),
            **self.panels.slots(),
            **self.tabs.slots(),
            "show_trail": partial(self.tabs.show_section, self.trail),
            "full_screen": lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
            **self.guidance.slots(),
        }

    def is_closed(self) -> bool:
        """Whether the window was closed for good: its threads have ended."""
        return self._closed

    # --- what the actions do -----------------------------------------------------------------------------------------

    def _classify_current(self) -> None:
        entry = self.session.current()
        if entry is not None:
            self.session.classify([entry.id])

    def _set_auto_classify(self) -> None:
        wanted = self.actions_["auto_classify"].isChecked()
        self.session.classify_on_open = wanted
        self._store.change(replace(self._store.now, classify_on_open=wanted))

    def _take_preferences(self) -> None:
        self.session.classify_on_open = self._store.now.classify_on_open
        self.actions_["auto_classify"].setChecked(self.session.classify_on_open)

    def _say_refused(self, sentence: str) -> None:
        view = self.pages.view() if self.tabs.shows_karyogram() else None
        if view is not None:
            view.say(sentence)  # where she looks
        self.statusBar().showMessage(sentence, _MESSAGE_MS)

    # --- keeping the window true -------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show the state of the session in everything that is not a widget of its own."""
        entry, view = self.session.current(), self.pages.view() if self.tabs.shows_karyogram() else None
        copies = self.composite.in_front()
        self.centre.setCurrentWidget(self.pages.karyograms if entry else self.start_page)
        self.status.show_document(entry.document if entry else None, self.seeing.superresolving.words())
        self.status.show_zoom(view.zoom() if view else None)
        mark = "• " if entry and entry.has_changes() else ""
        self.setWindowTitle(self.tr("%s%s – karyogui") % (mark, entry.name) if entry else self.tr("karyogui"))
        there = needs_of(
            cell=view is not None,
            paper=view is not None or copies is not None,
            entry=entry is not None,
            selection=bool(copies.selected_copies() if copies else view and view.selected_ids()),
            cells=max(len(self.session.cells()), self.cases.panel.cells_beside()),
            busy=self.session.is_busy(),
            undo=self.composite.can_undo(),
            redo=self.composite.can_redo(),
            enlarger=self.seeing.superresolving.can_enlarge(),
            case=self.library.current_case() is not None,
        )
        self._name_undo("undo", self.tr("&Undo"), self.composite.undo_text())
        self._name_undo("redo", self.tr("&Redo"), self.composite.redo_text())
        self.actions_.enable(there)

    def _name_undo(self, action_id: str, word: str, text: str) -> None:
        action = self.actions_[action_id]
        action.setText(f"{word} {text}".rstrip())

    def _retint(self) -> None:
        self.actions_.retint()
        self.start_page.retint()
        self.messages.retint()

    # --- remembering and closing -------------------------------------------------------------------------------------

    def _shut_down(self) -> None:
        save_layout(self, self._store)
        self.reporting.close()
        self.hide()  # before waiting for the threads: a step of inference takes its time
        self.desk.close()
        self.library.close()
        self.autosave.close(keep=self.closing.keeps)
        self._closed = True

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.closing.may_close():
            event.ignore()
            return
        self._shut_down()
        super().closeEvent(event)

    # --- files dropped on the window ---------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.drop_overlay.say(self.cases.drop_words(dropped_paths(event.mimeData()), None))
            self.drop_overlay.setVisible(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        case_id = self.cases.panel.case_at(self.mapToGlobal(event.position().toPoint()))
        self.drop_overlay.say(self.cases.drop_words(dropped_paths(event.mimeData()), case_id))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_overlay.setVisible(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_overlay.setVisible(False)
        paths: list[Path] = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.cases.take(paths, self.cases.panel.case_at(self.mapToGlobal(event.position().toPoint())))
