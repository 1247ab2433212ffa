"""The left side of the report's window: what is left to do, and the cells whose karyograms are shown."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from karyogui.model.count_sheet import CountSheet, SheetLine
from karyogui.model.report.choice import clone_lines
from karyogui.model.report.lock import Reason
from karyogui.report.sentences import sentence, summary
from karyogui.theme import GRID

_MOST_LINES = 6


class LockList(QWidget):
    """What keeps the report locked; choosing a line goes there."""

    chosen = Signal(object)  # Reason

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = QLabel(wordWrap=True)
        self.list = _Lines()
        self.list.setAccessibleName(self.tr("What is left to do"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.itemClicked.connect(self._choose)
        self.list.line_entered.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.summary)
        column.addWidget(self.list)
        self._reasons: tuple[Reason, ...] = ()
        self.show_reasons(())

    def show_reasons(self, reasons: Sequence[Reason]) -> None:
        """Show what is left to do."""
        self._reasons = tuple(reasons)
        self.summary.setText(summary(reasons))
        self.list.clear()
        font = self.font()
        font.setUnderline(True)
        for reason in reasons:
            item = QListWidgetItem(sentence(reason))
            item.setFont(font)  # not by its colour alone
            item.setForeground(self.palette().link())
            self.list.addItem(item)
        self.list.setVisible(bool(reasons))
        line = self.fontMetrics().height() + GRID
        self.list.setFixedHeight(min(len(reasons), _MOST_LINES) * line + GRID)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._reasons[self.list.row(item)])


class _Lines(QListWidget):
    """A list whose lines are entered with the return key. `itemActivated` comes with a click, too, on some systems."""

    line_entered = Signal(QListWidgetItem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.line_entered.emit(self.currentItem())
        else:
            super().keyPressEvent(event)


class CloneTree(QTreeWidget):
    """The clones with their cells; those with a tick are shown."""

    cells_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setAccessibleName(self.tr("Karyograms shown"))
        self.setRootIsDecorated(False)
        self.setMinimumHeight(18 * GRID)
        self._items: list[QTreeWidgetItem] = []
        self.itemChanged.connect(lambda _item, _column: self.cells_changed.emit())

    def show_sheet(self, sheet: CountSheet, ticked: Collection[int]) -> None:
        """Show the clones of a case; `ticked` cells have their tick."""
        blocked = QSignalBlocker(self)
        self.clear()
        self._items = []
        for clone, lines in clone_lines(sheet):
            top = QTreeWidgetItem([self.tr("%s  ·  %d cells") % (clone.karyotype, len(lines))])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.addTopLevelItem(top)
            for line in lines:
                item = QTreeWidgetItem([self._text(line)])
                item.setFlags(
                    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
                )
                on = line.cell_id in ticked
                item.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
                item.setData(0, Qt.ItemDataRole.UserRole, line.cell_id)
                top.addChild(item)
                self._items.append(item)
        self.expandAll()
        blocked.unblock()

    def cells(self) -> tuple[int, ...]:
        """Return the cells with a tick, from top to bottom."""
        ticked = (item for item in self._items if item.checkState(0) is Qt.CheckState.Checked)
        return tuple(int(item.data(0, Qt.ItemDataRole.UserRole)) for item in ticked)

    def _text(self, line: SheetLine) -> str:
        entry, parts = line.entry, [line.name]
        if entry.karyotyped:
            parts.append(self.tr("karyotyped"))
        if entry.band_level:
            parts.append(self.tr("%d bands") % entry.band_level)
        if entry.quality:
            parts.append(self.tr("quality %d") % entry.quality)
        return ", ".join(parts)
