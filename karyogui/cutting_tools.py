"""From the wish to cut or to join to the window for it, and from the cut to the classification of the pieces."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from karyogui.cell_pages import CellPages
from karyogui.editor.cut_window import CutWindow
from karyogui.editor.view import KaryogramView
from karyogui.reclassifying import Reclassifying
from karyogui.session import OpenCell, Session


class CuttingTools(QObject):
    """Opens one window for cuts at a time, beside the karyogram of the shown cell."""

    def __init__(self, session: Session, pages: CellPages, reclassifying: Reclassifying, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._pages, self._reclassifying, self._parent = session, pages, reclassifying, window
        self._open: CutWindow | None = None
        session.current_changed.connect(lambda _id: self._close())

    def cut(self) -> None:
        """Cut the chromosome the user last pointed at."""
        view = self._pages.view()
        current = view.current_id() if view else None
        if view is not None and current is not None:
            self._show(view, (current,))

    def join(self) -> None:
        """Join the two selected chromosomes."""
        view = self._pages.view()
        if view is None:
            return
        ids = view.selected_ids()
        if len(ids) == 2:
            self._show(view, tuple(ids))
        else:
            view.say(self.tr("Select the two chromosomes to join"))

    def _show(self, view: KaryogramView, ids: tuple[int, ...]) -> None:
        entry = self._session.current()
        if entry is None or not entry.undo_stack.is_open():
            return
        self._close()
        window = self._open = CutWindow(entry.document, entry.undo_stack, ids, self._parent)
        window.cut_made.connect(partial(self._on_cut, entry, view))
        window.finished.connect(self._on_finished)
        window.show()

    def _close(self) -> None:
        if self._open is not None:
            self._open.reject()

    def _on_finished(self) -> None:
        self._open = None

    def _on_cut(self, entry: OpenCell, view: KaryogramView, ids: list[int]) -> None:
        view.select(ids)
        view.setFocus()
        self._reclassifying.classify(entry, ids)
