"""Notes in the trail what leaves the program by the karyogram's own export."""

from pathlib import Path

from PySide6.QtCore import QObject

from karyogui.library.link import LibraryLink


class ExportNotes(QObject):
    """Writes a line for each exported karyogram of a cell of the library; others are nobody's case."""

    def __init__(self, link: LibraryLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link

    def note(self, entry_id: int, path: Path) -> None:
        """Note that the karyogram of an opened cell was written to a file."""
        cell_id, user, link = self._link.store_cell(entry_id), self._link.user, self._link
        if cell_id is None:
            return

        def noted(case_id: int) -> None:
            link.case_changed.emit(case_id)

        link.change(
            self.tr("Note the export in the trail"),
            lambda library: library.cells.note_export(cell_id, user, kind="karyogram", file=path.name),
            on_success=noted,
        )
