"""The lines of a trail as a table, newest last, and a filter over it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from karyogui.trail.words import Kind, kind_of, words

if TYPE_CHECKING:
    from karyogui.model.store.trail import Entry

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
NUMBER, WHEN, WHO, CELL, WHAT = range(5)


class TrailTable(QAbstractTableModel):
    """The lines of one case; read only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._texts: list[str] = []

    def show_entries(self, entries: "Sequence[Entry]") -> None:
        """Show other lines."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self._texts = [words(entry) for entry in entries]
        self.endResetModel()

    def entry(self, row: int) -> "Entry":
        """Return the line of a row."""
        return self._entries[row]

    def entries(self) -> "tuple[Entry, ...]":
        """Return all lines."""
        return self._entries

    def cells(self) -> tuple[str, ...]:
        """Return the names of the cells that occur, in their order."""
        return tuple(dict.fromkeys(entry.cell for entry in self._entries if entry.cell))

    def text(self, row: int) -> str:
        """Return a line in words."""
        return self._texts[row]

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Line"), self.tr("When"), self.tr("Who"), self.tr("Cell"), self.tr("What"))[section]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            shown = (entry.number, local_time(entry.at), entry.user, entry.cell, self._texts[index.row()])
            return shown[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == WHAT:
            return self._texts[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == NUMBER:
            return self.tr("Hash %s") % entry.hash
        return None


class TrailFilter(QSortFilterProxyModel):
    """Those of one cell, of one kind."""

    def __init__(self, table: TrailTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table, self._cell = table, ""
        self._kind: Kind | None = None
        self.setSourceModel(table)

    def show_only(self, cell: str, kind: Kind | None) -> None:
        """Show the lines of a cell (empty: of all, and of the case) and of a kind (None: of all)."""
        self._cell, self._kind = cell, kind
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: AnyIndex) -> bool:  # noqa: N802
        entry = self._table.entry(row)
        return self._cell in ("", entry.cell) and self._kind in (None, kind_of(entry))


def local_time(at: str) -> str:
    """Return a moment as this computer's clock showed it; what is no moment as it is."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError):
        return at
