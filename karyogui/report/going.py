"""Goes to what is left to do: opens the cell, and picks out the chromosome that asks for a look."""

from PySide6.QtCore import QObject, Signal

from karyogui.cell_pages import CellPages
from karyogui.library.link import LibraryLink
from karyogui.model.report.lock import Reason
from karyogui.session import Session


class Guide(QObject):
    """Takes the user where a report's reason is."""

    case_wanted = Signal()  # what is to be done is done in the case, not in a cell
    karyogram_wanted = Signal()  # it is done in the cell that is shown, whatever is in front of it

    def __init__(self, link: LibraryLink, session: Session, pages: CellPages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link, self._session, self._pages = link, session, pages
        self._reason: Reason | None = None  # on the way to it
        link.cell_linked.connect(lambda _entry_id: self._arrive())

    def go(self, reason: Reason) -> None:
        """Show the cell, and in it the chromosome that is least certain."""
        if reason.cell_id is None:
            self.case_wanted.emit()
            return
        self._reason = reason
        self._link.show_cell(reason.cell_id)
        self._arrive()

    def _arrive(self) -> None:
        reason = self._reason
        entry_id = self._link.entry_of(reason.cell_id) if reason and reason.cell_id is not None else None
        current, view = self._session.current(), self._pages.view()
        if reason is None or current is None or current.id != entry_id or not current.is_ready() or view is None:
            return  # still being read
        self._reason = None
        self.karyogram_wanted.emit()
        there = {placement.chromosome_id for placement in current.document.placements()}
        view.select([chromosome for chromosome in reason.chromosomes[:1] if chromosome in there])
        view.setFocus()
