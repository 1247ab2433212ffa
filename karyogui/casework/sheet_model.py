"""The count sheet as a table: one row per cell, marks and notes to be written into it."""

from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt

from karyogui.casework.work import CaseWork
from karyogui.model.count_sheet import SheetLine
from karyogui.model.store.values import BAND_LEVELS, QUALITIES, CellRecord, SheetEntry, State

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()  # the table is flat


class Column(IntEnum):
    """The columns from left to right."""

    CELL = 0
    COUNT = 1
    SEX = 2
    CHANGES = 3
    KARYOTYPE = 4
    COUNTED = 5
    ANALYSED = 6
    KARYOTYPED = 7
    BANDS = 8
    QUALITY = 9
    NOTE = 10


MARKS: dict[int, str] = {
    Column.COUNTED: "counted",
    Column.ANALYSED: "analysed",
    Column.KARYOTYPED: "karyotyped",
}
"""Columns that are ticked, and the field each stands for."""

WRITTEN: dict[int, str] = {Column.BANDS: "band_level", Column.QUALITY: "quality", Column.NOTE: "note"}
"""Columns that are written into."""


class SheetModel(QAbstractTableModel):
    """Shows the cells of the open case; what is written goes to `CaseWork`, which stores it."""

    def __init__(self, work: CaseWork) -> None:
        super().__init__(work)
        self._work = work
        self._records: tuple[CellRecord, ...] = ()
        self._lines: dict[int, SheetLine] = {}
        work.changed.connect(self._refresh)
        self._refresh()

    def record_at(self, row: int) -> CellRecord:
        """Return the cell of a row."""
        return self._records[row]

    def _refresh(self) -> None:
        """Take over the values; rows stay where they are if the cells do, and an open editor with them."""
        before, records, sheet = self._records, self._work.records, self._work.sheet
        lines = {line.cell_id: line for line in sheet.lines} if sheet else {}
        if [r.id for r in records] != [r.id for r in before]:
            self.beginResetModel()
            self._records, self._lines = records, lines
            self.endResetModel()
            return
        known, self._records, self._lines = self._lines, records, lines
        for row, record in enumerate(records):
            if record != before[row] or lines.get(record.id) != known.get(record.id):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _shown(self, record: CellRecord, column: int) -> str:
        line, entry = self._lines.get(record.id), record.sheet
        if column == Column.CELL:
            return record.name
        if column == Column.BANDS:
            return str(entry.band_level or "")
        if column == Column.QUALITY:
            return str(entry.quality or "")
        if column == Column.NOTE:
            return entry.note
        if line is None:
            return ""
        if column == Column.COUNT:
            return f"{line.count} + {line.unplaced}" if line.unplaced else str(line.count)
        if column == Column.SEX:
            return line.sex
        if column == Column.CHANGES:
            return " ".join((*line.gains, *line.losses, *line.structural))
        return line.karyotype if column == Column.KARYOTYPE else ""

    def _tip(self, record: CellRecord, column: int) -> str:
        unplaced = record.chromosomes - record.counts.total
        if column == Column.COUNT and unplaced:
            return _tr("%d chromosomes lie in the tray: the count is not final") % unplaced
        if column in (*MARKS, *WRITTEN):
            return _tr("The cell is approved; reopen it to change this") if record.state is State.APPROVED else ""
        return _tr("Show %s") % record.name

    # --- Qt's names --------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(Column)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _headings()[Column(section)]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return _heading_tips().get(Column(section), "")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record, column = self._records[index.row()], index.column()
        if column in MARKS:
            if role == Qt.ItemDataRole.CheckStateRole:
                marked = bool(getattr(record.sheet, MARKS[column]))
                return Qt.CheckState.Checked if marked else Qt.CheckState.Unchecked
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return f"{record.name}: {_headings()[Column(column)]}"
        elif role == Qt.ItemDataRole.DisplayRole or (role == Qt.ItemDataRole.EditRole and column in WRITTEN):
            return self._shown(record, column)
        return self._tip(record, column) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if not index.isValid() or self._records[index.row()].state is State.APPROVED:
            return flags
        if index.column() in MARKS:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() in WRITTEN:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 - Qt's name
        record, column = self._records[index.row()], index.column()
        if column in MARKS and role == Qt.ItemDataRole.CheckStateRole:
            marked = Qt.CheckState(value) is Qt.CheckState.Checked
            self._work.save_entry(record.id, _marked(record.sheet, MARKS[column], marked))
            return True
        if column in WRITTEN and role == Qt.ItemDataRole.EditRole:
            entry = _written(record.sheet, WRITTEN[column], str(value).strip())
            if entry is not None:
                self._work.save_entry(record.id, entry)
                return True
        return False


def _marked(entry: SheetEntry, name: str, marked: bool) -> SheetEntry:
    """Tick a mark. What is karyotyped was analysed, and what is analysed was counted; unticking goes the other way."""
    marks = list(MARKS.values())
    place = marks.index(name)
    changes: dict[str, Any] = dict.fromkeys(marks[: place + 1] if marked else marks[place:], marked)
    return replace(entry, **changes)


def _written(entry: SheetEntry, name: str, text: str) -> SheetEntry | None:
    """Return the entry with a field written; None for a number that is none."""
    value: Any = text
    if name != "note":
        allowed = BAND_LEVELS if name == "band_level" else QUALITIES
        if text and not (text.isascii() and text.isdecimal() and int(text) in allowed):
            return None
        value = int(text) if text else None
    changes: dict[str, Any] = {name: value}
    return replace(entry, **changes)


def _headings() -> dict[Column, str]:
    return {
        Column.CELL: _tr("Cell"),
        Column.COUNT: _tr("Count"),
        Column.SEX: _tr("Sex"),
        Column.CHANGES: _tr("Changes"),
        Column.KARYOTYPE: _tr("Karyotype"),
        Column.COUNTED: _tr("Counted"),
        Column.ANALYSED: _tr("Analysed"),
        Column.KARYOTYPED: _tr("Karyotyped"),
        Column.BANDS: _tr("Bands"),
        Column.QUALITY: _tr("Quality"),
        Column.NOTE: _tr("Note"),
    }


def _heading_tips() -> dict[Column, str]:
    return {
        Column.COUNT: _tr("Placed chromosomes; + what still lies in the tray"),
        Column.CHANGES: _tr("Gains, losses and structural findings against the normal set of the patient"),
        Column.BANDS: _tr("Bands per haploid set, %d to %d") % (BAND_LEVELS[0], BAND_LEVELS[-1]),
        Column.QUALITY: _tr("1 (barely usable) to 5 (excellent)"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("CountSheet", text)
