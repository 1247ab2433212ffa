"""For each opened cell its karyogram and its inspector; the session says which are shown."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QStackedWidget

from karyogui.editor.annotations import AnnotationLayer
from karyogui.editor.scene import KaryogramScene
from karyogui.editor.view import KaryogramView
from karyogui.inspector import Inspector
from karyogui.keymap import KeyMap
from karyogui.model.cell import Cell
from karyogui.model.enlarged import Enlargements
from karyogui.model.straight import Straights
from karyogui.model.view_settings import ViewSettings
from karyogui.session import CellState, OpenCell, Session


@dataclass(frozen=True, slots=True)
class _Page:
    scene: KaryogramScene
    view: KaryogramView
    inspector: Inspector
    annotations: AnnotationLayer


class CellPages(QObject):
    """Makes the widgets of a cell when it is first shown: twenty opened cells need not be painted at once."""

    view_changed = Signal()  # another karyogram is shown, or other chromosomes in it are selected
    zoom_changed = Signal(float)  # screen pixels per image pixel, of the shown karyogram
    superresolution_wanted = Signal(list, bool)  # list[int]: chromosomes of the shown cell; super-resolved or original

    def __init__(self, session: Session, keymap: KeyMap, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._keymap = session, keymap
        self._pages: dict[int, _Page] = {}
        self._settings = ViewSettings()
        self._no_superresolution = ""  # why there is none
        self.karyograms = QStackedWidget()
        self.inspectors = QStackedWidget()
        self._waiting = _centred("")
        self._no_inspector = _centred(self.tr("Nothing is open."))
        self.karyograms.addWidget(self._waiting)
        self.inspectors.addWidget(self._no_inspector)
        session.current_changed.connect(lambda _id: self._show_current())
        session.cell_changed.connect(self._on_cell_changed)
        session.cell_removed.connect(self._on_removed)

    def view(self) -> KaryogramView | None:
        """Return the shown karyogram; None while the cell is being read, or without a cell."""
        entry = self._session.current()
        page = self._pages.get(entry.id) if entry else None
        return page.view if page else None

    def annotations(self) -> AnnotationLayer | None:
        """Return the texts and arrows over the shown karyogram."""
        entry = self._session.current()
        page = self._pages.get(entry.id) if entry else None
        return page.annotations if page else None

    def looks(self) -> tuple[ViewSettings, Straights, Enlargements]:
        """Return how the shown karyogram is looked at, for exports."""
        entry = self._session.current()
        page = self._pages.get(entry.id) if entry else None
        if page is None:
            return self._settings, {}, {}
        return self._settings, page.scene.straights(), page.scene.enlargements()

    def inspector(self) -> Inspector | None:
        """Return the inspector of the shown cell."""
        entry = self._session.current()
        page = self._pages.get(entry.id) if entry else None
        return page.inspector if page else None

    def set_settings(self, settings: ViewSettings) -> None:
        """Look at all karyograms this way."""
        self._settings = settings
        for page in self._pages.values():
            page.view.set_settings(settings)

    def set_straights(self, cell_id: int, straights: Straights) -> None:
        """Hand the karyogram of a cell the straightened looks of its chromosomes."""
        page = self._pages.get(cell_id)
        if page is not None:
            page.scene.set_straights(straights)

    def shown_cell(self, cell_id: int) -> Cell | None:
        """Return a cell as its karyogram shows it, straightened or not; None where it is not shown yet."""
        page = self._pages.get(cell_id)
        return page.scene.shown_cell() if page else None

    def enlargements(self, cell_id: int) -> Enlargements:
        """Return the chromosomes of a cell that are shown super-resolved."""
        page = self._pages.get(cell_id)
        return page.scene.enlargements() if page else {}

    def set_enlargements(self, cell_id: int, enlargements: Enlargements, beside: Enlargements) -> None:
        """Show these chromosomes of a cell super-resolved, and no others; `beside` the original in the inspector."""
        page = self._pages.get(cell_id)
        if page is not None:
            page.scene.set_enlargements(enlargements)
            page.inspector.set_enlargements(beside)

    def forbid_superresolution(self, reason: str) -> None:
        """Say in all inspectors why nothing can be super-resolved; empty: it can."""
        self._no_superresolution = reason
        for page in self._pages.values():
            page.inspector.forbid_superresolution(reason)

    def _show_current(self) -> None:
        entry = self._session.current()
        if entry is None or not entry.is_ready():
            self._waiting.setText(self._waiting_text(entry))
            self.karyograms.setCurrentWidget(self._waiting)
            self.inspectors.setCurrentWidget(self._no_inspector)
        else:
            page = self._pages.get(entry.id) or self._make(entry)
            self.karyograms.setCurrentWidget(page.view)
            self.inspectors.setCurrentWidget(page.inspector)
            page.view.setFocus()
            self.zoom_changed.emit(page.view.zoom())
        self.view_changed.emit()

    def _waiting_text(self, entry: OpenCell | None) -> str:
        if entry is None:
            return ""
        return entry.message if entry.state is CellState.FAILED else self.tr("Reading %s…") % entry.name

    def _make(self, entry: OpenCell) -> _Page:
        scene = KaryogramScene(entry.document, entry.undo_stack)
        view = KaryogramView(scene, keymap=self._keymap)
        inspector = Inspector(entry.document, entry.undo_stack)
        inspector.forbid_superresolution(self._no_superresolution)
        view.set_settings(self._settings)
        view.selection_changed.connect(inspector.show_chromosomes)
        view.selection_changed.connect(lambda _ids: self.view_changed.emit())
        inspector.superresolution_wanted.connect(self.superresolution_wanted)
        view.lens_changed.connect(lambda _on: self.view_changed.emit())
        view.zoom_changed.connect(lambda zoom: self._pass_zoom(view, zoom))
        page = self._pages[entry.id] = _Page(scene, view, inspector, AnnotationLayer(view, scene))
        self.karyograms.addWidget(view)
        self.inspectors.addWidget(inspector)
        return page

    def _pass_zoom(self, view: KaryogramView, zoom: float) -> None:
        if self.karyograms.currentWidget() is view:
            self.zoom_changed.emit(zoom)

    def _on_cell_changed(self, cell_id: int) -> None:
        entry = self._session.current()
        if entry is not None and entry.id == cell_id and (entry.id not in self._pages):
            self._show_current()

    def _on_removed(self, cell_id: int) -> None:
        page = self._pages.pop(cell_id, None)
        if page is not None:
            for stack, widget in ((self.karyograms, page.view), (self.inspectors, page.inspector)):
                stack.removeWidget(widget)
                widget.hide()
                widget.deleteLater()


def _centred(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
