"""All keys, made from the table of actions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from karyogui.actions import ACTIONS, MENUS, tr
from karyogui.theme import GRID


def _native(keys: tuple[str, ...]) -> str:
    return "   ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


class ShortcutsDialog(QDialog):
    """A table of actions and keys by menu, with a field to search in it. May stay open beside the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.table = QTreeWidget(self)
        self.table.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.table.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows: list[QTreeWidgetItem] = []
        self._fill()
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        self.table.expandAll()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(GRID)
        column.addWidget(self.search)
        column.addWidget(self.table)
        column.addWidget(buttons)
        self.resize(64 * GRID, 80 * GRID)

    def rows(self) -> list[QTreeWidgetItem]:
        """Return the rows with keys, hidden or not."""
        return list(self._rows)

    def _fill(self) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for spec in ACTIONS:
            if spec.keys:
                top = spec.menu.partition("/")[0]
                if top not in groups:
                    groups[top] = QTreeWidgetItem(self.table, [tr(MENUS[top]).replace("&", "")])
                name = tr(spec.text).replace("&", "").removesuffix("…")
                row = QTreeWidgetItem(groups[top], [name, _native(spec.keys)])
                row.setToolTip(0, tr(spec.tip))
                self._rows.append(row)
        in_karyogram = QTreeWidgetItem(self.table, [self.tr("In the karyogram")])
        for text, keys in (
            (self.tr("Move the selected to 1…22"), self.tr("7   1 2   2 0")),
            (self.tr("Move the selected to X, Y, markers"), self.tr("X   Y   M")),
            (self.tr("Move the selected to the tray"), _native(("Del",))),
            (self.tr("Walk from chromosome to chromosome"), self.tr("arrow keys, Home, End")),
            (self.tr("Select more"), self.tr("Shift + arrow keys, Ctrl + click")),
            (self.tr("Pan"), self.tr("Space + drag, middle button")),
            (self.tr("Zoom"), self.tr("Ctrl + wheel")),
        ):
            self._rows.append(QTreeWidgetItem(in_karyogram, [text, keys]))

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for row in self._rows:
            said = f"{row.text(0)} {row.text(1)}".casefold()
            row.setHidden(not all(word in said for word in wanted))
