"""The count sheet's table: a click on a cell's finding shows the cell, marks and notes are written in place."""

from typing import cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette, QValidator
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from karyogui.casework.sheet_model import MARKS, WRITTEN, Column, SheetModel
from karyogui.model.store.values import BAND_LEVELS, QUALITIES
from karyogui.theme import GRID

_WIDTHS = {Column.CELL: 13, Column.CHANGES: 8, Column.KARYOTYPE: 14}  # in GRID


class SheetView(QTableView):
    """Arrows move, Space ticks, typing writes, Enter shows the cell of a finding or goes on below a note."""

    cell_wanted = Signal(int)  # cell id in the library: she wants to see it

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = model
        self.setModel(model)
        self.setItemDelegate(_Writing(self))
        self.setAccessibleName(self.tr("Count sheet"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # of "metaphase 02" the end tells it from others
        self.setMouseTracking(True)
        self.setMinimumHeight(20 * GRID)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + GRID)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(5 * GRID)
        for column in Column:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width * GRID)
        header.setStretchLastSection(True)

    def leads_to_cell(self, index: QModelIndex) -> bool:
        """Whether a click there shows the cell: everywhere but where something is written down."""
        return index.isValid() and index.column() not in (*MARKS, *WRITTEN)

    def _want(self, index: QModelIndex) -> None:
        self.cell_wanted.emit(self._sheet.record_at(index.row()).id)

    # --- Qt's names --------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and cast(QKeyEvent, event).key() == Qt.Key.Key_F2:
            event.accept()  # here it writes into the table; elsewhere it is the key of an action
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        writing = self.state() is QAbstractItemView.State.EditingState  # the editor passes Enter on when it is done
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid() and not writing:
            if self.leads_to_cell(index):
                self._want(index)
            elif index.column() in WRITTEN:
                self.edit(index)
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        shape = Qt.CursorShape.PointingHandCursor
        over = self.leads_to_cell(self.indexAt(event.position().toPoint()))
        self.viewport().setCursor(shape if over else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index == self.currentIndex() and self.leads_to_cell(index):
            self._want(index)


class _Writing(QStyledItemDelegate):
    """Editors that fill their place; Enter goes on one line below, as in a spreadsheet."""

    def __init__(self, view: SheetView) -> None:
        super().__init__(view)
        self._view = view
        self.closeEditor.connect(self._on_closed)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        super().initStyleOption(option, index)
        if index.column() == Column.CELL:  # looks as what it is: the way to the cell
            option.palette.setBrush(QPalette.ColorRole.Text, option.palette.brush(QPalette.ColorRole.Link))
        elif index.column() in MARKS:
            # Fusion draws the box a shade darker than the window, which nobody sees on a dark one.
            option.palette.setBrush(QPalette.ColorRole.Window, option.palette.brush(QPalette.ColorRole.PlaceholderText))

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setAutoFillBackground(True)
        if index.column() == Column.BANDS:
            editor.setValidator(_Range(BAND_LEVELS, editor))
        elif index.column() == Column.QUALITY:
            editor.setValidator(_Range(QUALITIES, editor))
        return editor

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        """Fill the editor, but not over what she is typing when the table changes beneath it."""
        line = cast(QLineEdit, editor)
        if not line.isModified():
            line.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))

    def setModelData(  # noqa: N802 - Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model.setData(index, cast(QLineEdit, editor).text(), Qt.ItemDataRole.EditRole)

    def _on_closed(self, _editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        index = self._view.currentIndex()
        below = index.siblingAtRow(index.row() + 1)
        if hint is QStyledItemDelegate.EndEditHint.SubmitModelCache and below.isValid():
            # Once the view has put the editor away: going elsewhere before would have it keep the text a second time.
            QTimer.singleShot(0, self._view, lambda: self._go_on(index, below))

    def _go_on(self, index: QModelIndex, below: QModelIndex) -> None:
        if self._view.currentIndex() == index:  # she has not gone elsewhere meanwhile
            self._view.setCurrentIndex(below)


class _Range(QValidator):
    """A number of a range, or nothing. QIntValidator would let 7 stand where 1 to 5 may."""

    def __init__(self, numbers: range, parent: QWidget) -> None:
        super().__init__(parent)
        self._numbers = numbers

    def validate(self, text: str, position: int) -> object:
        if not text:
            state = QValidator.State.Acceptable
        elif not (text.isascii() and text.isdecimal()) or int(text) > self._numbers[-1]:
            state = QValidator.State.Invalid
        else:
            state = QValidator.State.Acceptable if int(text) in self._numbers else QValidator.State.Intermediate
        return state, text, position
