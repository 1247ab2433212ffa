"""All keys, made from the table of actions; each action can be given other ones."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from karyogui.actions import ACTIONS, LABEL_KEYS, MENUS, plain_text, tr
from karyogui.keymap import KeyMap, native, refusal
from karyogui.theme import GRID

_ID = Qt.ItemDataRole.UserRole


class KeyField(QKeySequenceEdit):
    """Takes the keys that are pressed, but lets those through that lead through the window."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()  # closes the dialog
        else:
            super().keyPressEvent(event)


class ShortcutsDialog(QDialog):
    """Actions and keys by menu, a field to search in them, and below what can be done with the keys of the chosen one.

    A change holds at once, everywhere. May stay open beside the window.
    """

    def __init__(self, keymap: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_dialog")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self._keymap = keymap
        self._rows: list[QTreeWidgetItem] = []
        self._groups: list[QTreeWidgetItem] = []
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search for an action or a key"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.table = QTreeWidget(self)
        self.table.setAccessibleName(self.tr("Actions and their keys"))
        self.table.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.table.currentItemChanged.connect(lambda _now, _before: self._show_chosen())
        self._fill()
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        self.table.expandAll()
        column = QVBoxLayout(self)
        column.setSpacing(GRID)
        column.addWidget(self.search)
        column.addWidget(self.table)
        column.addLayout(self._editor())
        column.addWidget(self._buttons())
        keymap.changed.connect(self._on_keys_changed)
        self._on_keys_changed()
        self._show_chosen()
        self.resize(72 * GRID, 88 * GRID)

    def rows(self) -> list[QTreeWidgetItem]:
        """Return the rows with keys, hidden or not."""
        return list(self._rows)

    def choose(self, action_id: str) -> None:
        """Go to the row of an action."""
        self.table.setCurrentItem(next(row for row in self._rows if row.data(0, _ID) == action_id))

    def chosen(self) -> str | None:
        """Return the action whose keys can be changed now."""
        item = self.table.currentItem()
        found = item.data(0, _ID) if item is not None else None
        return str(found) if found else None

    # --- building ----------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for spec in ACTIONS:
            if spec.text:
                top = spec.menu.partition("/")[0]
                if top not in groups:
                    groups[top] = self._group(tr(MENUS[top]).replace("&", ""))
                self._row(groups[top], plain_text(spec.id), spec.id).setToolTip(0, tr(spec.tip))
        labels = self._group(self.tr("Labels, in the karyogram"))
        self._row(labels, self.tr("Move to 1…22"), keys=self.tr("7   1 2   2 0"))
        for action_id in LABEL_KEYS:
            self._row(labels, plain_text(action_id), action_id)
        fixed = self._group(self.tr("Always the same, in the karyogram"))
        for text, keys in (
            (self.tr("Move to the tray"), native(["Del"])),
            (self.tr("Walk from chromosome to chromosome"), self.tr("arrow keys, Home, End")),
            (self.tr("Select more"), self.tr("Shift + arrow keys, Ctrl + click")),
            (self.tr("Take back what is under way"), native(["Esc"])),
            (self.tr("Pan"), self.tr("Space + drag, middle button")),
            (self.tr("Zoom"), self.tr("Ctrl + wheel")),
        ):
            self._row(fixed, text, keys=keys)

    def _group(self, text: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem(self.table, [text])
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self._groups.append(group)
        return group

    def _row(self, group: QTreeWidgetItem, text: str, action_id: str = "", keys: str = "") -> QTreeWidgetItem:
        row = QTreeWidgetItem(group, [text, keys])
        row.setData(0, _ID, action_id)
        self._rows.append(row)
        return row

    def _editor(self) -> QVBoxLayout:
        self.heading = QLabel(self)
        self.keys = KeyField(self)
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        self.keys.setAccessibleName(self.tr("New keys"))
        self.keys.setToolTip(self.tr("Click here, then press the new keys"))
        self.keys.keySequenceChanged.connect(lambda _keys: self._on_pressed())
        self.set_button = self._button(self.tr("Set"), self.tr("Give the action these keys and no others"))
        self.add_button = self._button(self.tr("Add"), self.tr("Give the action these keys, too"))
        self.clear_button = self._button(self.tr("No keys"), self.tr("Take all keys from the action"))
        self.reset_button = self._button(self.tr("Reset"), self.tr("Give the action its first keys again"))
        self.set_button.clicked.connect(lambda: self._give([self._pressed()]))
        self.add_button.clicked.connect(lambda: self._give([*self._keys_of_chosen(), self._pressed()]))
        self.clear_button.clicked.connect(lambda: self._give([]))
        self.reset_button.clicked.connect(self._reset)
        self.verdict = QLabel(self, wordWrap=True)
        self.verdict.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.verdict.setMinimumHeight(2 * self.fontMetrics().lineSpacing())  # what is said moves nothing
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.keys, 1)
        for button in (self.set_button, self.add_button, self.clear_button, self.reset_button):
            row.addWidget(button)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(self.heading)
        column.addLayout(row)
        column.addWidget(self.verdict)
        return column

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)  # Enter may be the key that is pressed for an action
        return button

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        self.reset_all_button = self._button(self.tr("Reset all"), self.tr("Give all actions their first keys again"))
        self.reset_all_button.clicked.connect(self._keymap.reset_all)
        buttons.addButton(self.reset_all_button, QDialogButtonBox.ButtonRole.ResetRole)
        return buttons

    # --- what is chosen and pressed ----------------------------------------------------------------------------------

    def _pressed(self) -> str:
        return self.keys.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _keys_of_chosen(self) -> tuple[str, ...]:
        action_id = self.chosen()
        return self._keymap.keys(action_id) if action_id else ()

    def _show_chosen(self) -> None:
        """Another action is chosen: begin anew."""
        action_id = self.chosen()
        if action_id:
            self.heading.setText(self.tr("New keys for: %s") % plain_text(action_id))
        else:
            self.heading.setText(self.tr("Choose an action to change its keys."))
        self.keys.clear()
        self.keys.setEnabled(action_id is not None)
        self._judge()

    def _on_pressed(self) -> None:
        self._judge()
        if self.set_button.isEnabled():
            self.set_button.setFocus()  # the next key is an answer

    def _judge(self) -> None:
        """Say what the pressed key is now, and let it be given if that can be."""
        action_id, key = self.chosen(), self._pressed()
        refused = refusal(action_id, key) if action_id and key else ""
        owner = self._keymap.owner(key) if key else None
        text = refused
        if action_id and key and not refused:
            shown = native([key])
            if owner is None:
                text = self.tr("%s is free.") % shown
            elif owner == action_id:
                text = self.tr("%s does this already.") % shown
            else:
                text = self.tr("%s is now the key of “%s”, which will lose it.") % (shown, plain_text(owner))
        self.verdict.setText(text)
        fits = bool(action_id and key) and not refused
        self.set_button.setEnabled(fits)
        self.add_button.setEnabled(fits and owner != action_id)
        self.clear_button.setEnabled(bool(self._keys_of_chosen()))
        self.reset_button.setEnabled(action_id is not None and self._keymap.is_changed(action_id))

    def _give(self, keys: list[str]) -> None:
        action_id = self.chosen()
        if action_id:
            self._keymap.give(action_id, keys)
            self.keys.clear()
            has = native(self._keymap.keys(action_id)) or self.tr("none")
            self.verdict.setText(self.tr("Keys of “%s”: %s") % (plain_text(action_id), has))
            self.table.setFocus()

    def _reset(self) -> None:
        action_id = self.chosen()
        if action_id:
            self._keymap.reset(action_id)

    def _on_keys_changed(self) -> None:
        changed = False
        for row in self._rows:
            action_id = row.data(0, _ID)
            if action_id:
                mine = self._keymap.is_changed(action_id)
                changed = changed or mine
                row.setText(1, native(self._keymap.keys(action_id)) or self.tr("none"))
                font = self.table.font()
                font.setBold(mine)  # hers
                row.setFont(1, font)
                row.setToolTip(1, self.tr("Changed by you") if mine else "")
        self.reset_all_button.setEnabled(changed)
        self._filter(self.search.text())
        self._judge()

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for row in self._rows:
            said = f"{row.text(0)} {row.text(1)}".casefold()
            row.setHidden(not all(word in said for word in wanted))
        for group in self._groups:
            children = [group.child(number) for number in range(group.childCount())]
            group.setHidden(all(child is None or child.isHidden() for child in children))
