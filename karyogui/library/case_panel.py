"""The case view: cases and their cells with pictures and states; opened cells that are in no case; the queue below."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QTreeView, QVBoxLayout, QWidget

from karyogui.cell_words import state_lines, thumbnail
from karyogui.library.case_filter import CaseFilterBar
from karyogui.library.case_rows import (
    ID,
    KIND,
    LINES,
    SHARE,
    THUMB,
    CaseTree,
    Kind,
    RowDelegate,
    case_lines,
    case_tip,
    make_item,
    show_record,
)
from karyogui.library.link import LibraryLink
from karyogui.library.queue import ClassifyQueue
from karyogui.library.queue_bar import QueueBar
from karyogui.model.store.values import CaseFilter, CaseSummary, CellRecord
from karyogui.session import Session
from karyogui.theme import GRID

if TYPE_CHECKING:
    from karyogui.model.store.library import Library

_DELAY_MS = 150  # a gesture that changes forty placements draws one picture


class CasePanel(QWidget):
    """Lists cases; unfolds the cells of one when it is asked to; a click on a cell shows it."""

    listed = Signal(int)  # cases were listed anew: how many
    menu_requested = Signal(QPoint)  # global position; `chosen_case` and `chosen_cell` say for what

    def __init__(
        self, link: LibraryLink, session: Session, queue: ClassifyQueue, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._link, self._session, self._queue = link, session, queue
        self._summaries: dict[int, CaseSummary] = {}
        self._case_items: dict[int, QStandardItem] = {}
        self._cell_items: dict[int, QStandardItem] = {}  # by cell id in the library
        self._loose_items: dict[int, QStandardItem] = {}  # by cell id in the session
        self._loose: QStandardItem | None = None
        self._stale: set[int] = set()  # cells in the session whose picture is to be drawn anew
        self._unfold: set[int] = set()  # cases to be unfolded once they are listed
        self.filter = CaseFilterBar(self)
        self.tree = CaseTree(self)
        self.model = QStandardItemModel(self)
        self.queue_bar = QueueBar(queue, self)
        self._prepare_tree()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filter)
        column.addWidget(self.tree, 1)
        column.addWidget(self.queue_bar)
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self._draw_stale)
        self._connect()

    # --- what is chosen ----------------------------------------------------------------------------------------------

    def chosen_case(self) -> int | None:
        """Return the case of the chosen row, or of the chosen cell; None: none is chosen."""
        item = self._chosen()
        if item is None:
            return None
        if item.data(KIND) is Kind.CELL:
            item = item.parent()
        return int(item.data(ID)) if item.data(KIND) is Kind.CASE else None

    def case_at_hand(self) -> int | None:
        """Return the case of the chosen row; else the one that is shown."""
        chosen = self.chosen_case()
        return chosen if chosen is not None else self._link.current_case()

    def chosen_cell(self) -> int | None:
        """Return the cell (in the library) of the chosen row."""
        item = self._chosen()
        return int(item.data(ID)) if item is not None and item.data(KIND) is Kind.CELL else None

    def chosen_loose_cell(self) -> int | None:
        """Return the cell (in the session) of the chosen row, if it is in no case."""
        item = self._chosen()
        return int(item.data(ID)) if item is not None and item.data(KIND) is Kind.LOOSE_CELL else None

    def summary(self, case_id: int) -> CaseSummary | None:
        """Return what is listed of a case."""
        return self._summaries.get(case_id)

    def cases(self) -> tuple[CaseSummary, ...]:
        """Return the listed cases, newest first."""
        return tuple(self._summaries.values())

    def cells_of(self, case_id: int) -> tuple[int, ...]:
        """Return the cells of an unfolded case in their order."""
        item = self._case_items.get(case_id)
        rows = [item.child(row) for row in range(item.rowCount())] if item is not None else []
        return tuple(int(row.data(ID)) for row in rows if row.data(KIND) is Kind.CELL)

    def item(self, cell_id: int) -> QStandardItem | None:
        """Return the row of a cell of the library, if its case is unfolded."""
        return self._cell_items.get(cell_id)

    def cells_beside(self) -> int:
        """Return how many cells the shown case has."""
        case_id = self._link.current_case()
        return len(self.cells_of(case_id)) if case_id is not None else 0

    def case_at(self, position: QPoint) -> int | None:
        """Return the case whose row, or the row of whose cell, is at a place of the screen."""
        viewport = self.tree.viewport()
        place = viewport.mapFromGlobal(position)
        index = self.tree.indexAt(place) if self.isVisible() and viewport.rect().contains(place) else QModelIndex()
        if not index.isValid():
            return None
        item = self.model.itemFromIndex(index)
        case = item.parent() if item.data(KIND) is Kind.CELL else item
        return int(case.data(ID)) if case.data(KIND) is Kind.CASE else None

    def step(self, by: int) -> None:
        """Show the cell `by` rows further down, within its case or among those that are in none."""
        entry = self._session.current()
        cell_id = self._link.expected_cell(entry.id) if entry is not None else None
        if cell_id is None or cell_id not in self._cell_items:
            self._session.step(by)
            return
        cells = self.cells_of(self._cell_items[cell_id].parent().data(ID))
        self._link.show_cell(cells[min(max(cells.index(cell_id) + by, 0), len(cells) - 1)])

    # --- building ----------------------------------------------------------------------------------------------------

    def _prepare_tree(self) -> None:
        tree = self.tree
        tree.setModel(self.model)
        tree.setItemDelegate(RowDelegate(tree))
        tree.setHeaderHidden(True)
        tree.setFrameShape(QTreeView.Shape.NoFrame)
        tree.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        tree.setIndentation(GRID * 2)
        tree.setAccessibleName(self.tr("Cases"))
        tree.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._on_menu_requested)
        tree.expanded.connect(self._on_expanded)
        tree.clicked.connect(self._on_clicked)
        tree.activated.connect(self._on_clicked)

    def _connect(self) -> None:
        link, session = self._link, self._session
        self.filter.changed.connect(self.refresh)
        link.opened.connect(self.refresh)
        link.cases_changed.connect(self.refresh)
        link.case_changed.connect(self._on_case_changed)
        link.case_opened.connect(self._on_case_opened)
        link.cell_linked.connect(self._on_linked)
        self._queue.progressed.connect(self._show_queue)
        self._queue.changed.connect(self._show_all_queue)
        session.cell_added.connect(self._on_cell_added)
        session.cell_changed.connect(self._on_cell_changed)
        session.cell_removed.connect(self._on_cell_removed)
        session.current_changed.connect(lambda _id: self._choose_current())

    # --- cases -------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """List the cases anew."""
        wanted = self.filter.wanted()
        self._link.run("cases", lambda library, _reporter: library.cases.find(wanted), on_success=self._list)

    def _list(self, found: tuple[CaseSummary, ...]) -> None:
        unfolded = {case_id for case_id, item in self._case_items.items() if self.tree.isExpanded(item.index())}
        scrolled = self.tree.verticalScrollBar().value()
        for row in range(self.model.rowCount() - 1, -1, -1):
            if self.model.item(row).data(KIND) is Kind.CASE:
                self.model.removeRow(row)
        self._case_items.clear()
        self._cell_items.clear()
        self._summaries = {summary.case.id: summary for summary in found}
        rows = []
        for summary in found:
            case = summary.case
            item = make_item(Kind.CASE, case.id, case.code, case_lines(summary), case_tip(summary))
            if summary.cells:
                item.appendRow(make_item(Kind.WAIT, 0, self.tr("…"), []))
            self._case_items[case.id] = item
            rows.append(item)
        self.model.invisibleRootItem().appendRows(rows)
        for case_id in (unfolded | self._unfold) & self._case_items.keys():
            self.tree.expand(self._case_items[case_id].index())
        self._unfold &= self._unfold - self._case_items.keys()
        self.tree.verticalScrollBar().setValue(scrolled)
        self._choose_current()
        self.listed.emit(len(found))

    def _on_case_changed(self, case_id: int) -> None:
        item = self._case_items.get(case_id)
        if item is None:
            self.refresh()
            return
        code = self._summaries[case_id].case.code

        def told(found: tuple[CaseSummary, ...]) -> None:
            summary = next((summary for summary in found if summary.case.id == case_id), None)
            row = self._case_items.get(case_id)
            if summary is None or row is None:
                return
            self._summaries[case_id] = summary
            row.setData(case_lines(summary), LINES)
            row.setToolTip(case_tip(summary))
            if summary.cells and not row.rowCount():
                row.appendRow(make_item(Kind.WAIT, 0, self.tr("…"), []))

        self._link.run(
            f"case:{case_id}", lambda library, _r: library.cases.find(CaseFilter(code=code)), on_success=told
        )
        if self.tree.isExpanded(item.index()) or case_id == self._link.current_case():
            self._fetch(case_id)

    def _on_case_opened(self, case_id: int | None) -> None:
        if case_id is None:
            return
        item = self._case_items.get(case_id)
        if item is None:
            self._unfold.add(case_id)
        elif not self.tree.isExpanded(item.index()):
            self.tree.expand(item.index())

    # --- cells of a case ---------------------------------------------------------------------------------------------

    def _on_expanded(self, index: QModelIndex) -> None:
        item = self.model.itemFromIndex(index)
        if item.data(KIND) is Kind.CASE:
            self._fetch(int(item.data(ID)))

    def _fetch(self, case_id: int) -> None:
        def read(library: "Library", _reporter: object) -> tuple[tuple[CellRecord, ...], Mapping[int, bytes]]:
            return library.cells.records(case_id), library.cells.thumbnails(case_id)

        self._link.run(f"cells:{case_id}", read, on_success=partial(self._list_cells, case_id))

    def _list_cells(self, case_id: int, found: tuple[tuple[CellRecord, ...], Mapping[int, bytes]]) -> None:
        parent = self._case_items.get(case_id)
        if parent is None:
            return
        records, pictures = found
        there = [int(parent.child(row).data(ID)) for row in range(parent.rowCount())]
        if there != [record.id for record in records]:
            for cell_id in there:
                self._cell_items.pop(cell_id, None)
            parent.removeRows(0, parent.rowCount())
            for record in records:
                item = make_item(Kind.CELL, record.id, record.name, [])
                self._cell_items[record.id] = item
                parent.appendRow(item)
        for record in records:
            item = self._cell_items[record.id]
            show_record(item, record)
            if self._link.entry_of(record.id) is None:
                picture = QPixmap()
                if picture.loadFromData(pictures.get(record.id, b"")):
                    item.setData(picture, Qt.ItemDataRole.DecorationRole)
            self._show_queue(record.id)
        self._choose_current()

    def _on_linked(self, entry_id: int) -> None:
        self._remove_loose(entry_id)
        self._stale.add(entry_id)
        self._timer.start()
        self._choose_current()

    def _on_clicked(self, index: QModelIndex) -> None:
        item = self.model.itemFromIndex(index)
        kind, number = item.data(KIND), int(item.data(ID))
        if kind is Kind.CASE:
            self._link.open_case(number)
            self.tree.expand(index)
        elif kind is Kind.CELL:
            self._link.show_cell(number)
        elif kind is Kind.LOOSE_CELL:
            self._session.set_current(number)

    def _on_menu_requested(self, position: QPoint) -> None:
        index = self.tree.indexAt(position)
        if index.isValid():
            self.tree.setCurrentIndex(index)
        self.menu_requested.emit(self.tree.viewport().mapToGlobal(position))

    def _chosen(self) -> QStandardItem | None:
        index = self.tree.currentIndex()
        return self.model.itemFromIndex(index) if index.isValid() else None

    def _choose_current(self) -> None:
        entry = self._session.current()
        if entry is None:
            return
        cell_id = self._link.store_cell(entry.id)
        item = self._cell_items.get(cell_id) if cell_id is not None else self._loose_items.get(entry.id)
        if item is not None:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.tree.selectionModel().setCurrentIndex(item.index(), flag)
            self.tree.scrollTo(item.index())

    # --- the queue ---------------------------------------------------------------------------------------------------

    def _show_all_queue(self) -> None:
        for cell_id in self._cell_items:
            self._show_queue(cell_id)

    def _show_queue(self, cell_id: int) -> None:
        item = self._cell_items.get(cell_id)
        if item is None:
            return
        current = self._queue.current() == cell_id
        waits = cell_id in self._queue.waiting()
        item.setData(self._queue.share() if current else None, SHARE)
        lines = [line for line in item.data(LINES) or [] if line not in self._queue_words()]
        extra = [self._queue_words()[0]] if current else [self._queue_words()[1]] if waits else []
        item.setData(lines + extra, LINES)

    def _queue_words(self) -> tuple[str, str]:
        return self.tr("classifying…"), self.tr("waits for classification")

    # --- opened cells ------------------------------------------------------------------------------------------------

    def _on_cell_added(self, entry_id: int) -> None:
        QTimer.singleShot(0, self, partial(self._add_loose, entry_id))  # the link says first whose it is

    def _add_loose(self, entry_id: int) -> None:
        entry = next((entry for entry in self._session.cells() if entry.id == entry_id), None)
        if entry is None or self._link.is_linked(entry_id) or entry_id in self._loose_items:
            return
        if self._loose is None:
            self._loose = make_item(Kind.LOOSE_CELLS, 0, self.tr("In no case"), [])
            self._loose.setSelectable(False)
            self.model.invisibleRootItem().insertRow(0, self._loose)
        item = make_item(Kind.LOOSE_CELL, entry_id, entry.name, [])
        self._loose_items[entry_id] = item
        self._loose.appendRow(item)
        self.tree.expand(self._loose.index())
        self._on_cell_changed(entry_id)
        self._choose_current()

    def _remove_loose(self, entry_id: int) -> None:
        item = self._loose_items.pop(entry_id, None)
        if item is None or self._loose is None:
            return
        self._loose.removeRow(item.row())
        if not self._loose.rowCount():
            self.model.removeRow(self._loose.row())
            self._loose = None

    def _on_cell_changed(self, entry_id: int) -> None:
        self._stale.add(entry_id)
        if not self._timer.isActive():
            self._timer.start()
        item, entry = self._loose_items.get(entry_id), self._session.cell(entry_id)
        if item is not None:
            lines = state_lines(entry)
            item.setText(f"{entry.name} •" if entry.has_changes() else entry.name)
            item.setData(lines, LINES)
            tip = [
                entry.name,
                *lines,
                entry.message,
                self.tr("• in no case, and not exported") if entry.has_changes() else "",
            ]
            item.setToolTip("\n".join(line for line in tip if line))

    def _on_cell_removed(self, entry_id: int) -> None:
        self._stale.discard(entry_id)
        self._remove_loose(entry_id)

    def _draw_stale(self) -> None:
        stale, self._stale = self._stale, set()
        for entry in self._session.cells():
            if entry.id not in stale:
                continue
            cell_id = self._link.store_cell(entry.id)
            item = self._cell_items.get(cell_id) if cell_id is not None else self._loose_items.get(entry.id)
            if item is not None and entry.is_ready():
                picture = thumbnail(entry.document, THUMB, self.devicePixelRatioF())
                item.setData(picture, Qt.ItemDataRole.DecorationRole)
