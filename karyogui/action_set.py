"""The Qt actions made from the table of actions, and the menus and the toolbar they stand in."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar

from engine.types import CLASS_LABELS, MARKER
from karyogui.actions import ACTIONS, LABEL_KEYS, MENUS, SEPARATOR, TOOLBAR, ActionSpec, Needs, assign_id, tr
from karyogui.keymap import KeyMap
from karyogui.theme import icon

_CHOSEN = Needs.PAPER | Needs.SELECTION


class ActionSet(QObject):
    """The Qt actions of the table, with the menus and the toolbar they stand in."""

    def __init__(self, parent: QObject, keymap: KeyMap | None = None) -> None:
        super().__init__(parent)
        self._keymap = keymap or KeyMap(parent=self)
        self.menus: dict[str, QMenu] = {}
        self._needs: dict[str, Needs] = {}
        self._actions: dict[str, QAction] = {}
        self._assign: dict[str, QAction] = {}
        for spec in ACTIONS:
            if spec.text:
                self._actions[spec.id] = self._make(spec)
                self._needs[spec.id] = spec.needs
        for label in (*CLASS_LABELS, MARKER):
            action = QAction(tr("Marker") if label == MARKER else label, self)
            # Shown, not bound: the karyogram itself waits for the second digit, which a shortcut would swallow.
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setToolTip(tr("Move the selected chromosomes to %s") % action.text())
            self._assign[label] = action
        self._reasons: dict[str, str] = {}  # by action id: why it cannot be used
        self._keymap.changed.connect(self._take_keys)
        self._take_keys()

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def connect_all(self, slots: Mapping[str, Callable[[], object]], assign: Callable[[str], object]) -> None:
        """Connect each action to its slot.

        Raises
        ------
        ValueError
            An action has no slot, or a slot no action.
        """
        if slots.keys() != self._actions.keys():
            raise ValueError(f"actions and slots differ: {sorted(slots.keys() ^ self._actions.keys())}")
        for action_id, slot in slots.items():
            self._actions[action_id].triggered.connect(lambda _checked=False, slot=slot: slot())
        for label, action in self._assign.items():
            action.triggered.connect(lambda _checked=False, label=label: assign(label))

    def enable(self, there: Needs) -> None:
        """Enable what can be used with what is there."""
        for action_id, needs in self._needs.items():
            self._actions[action_id].setEnabled(needs & there == needs)
        for action in self._assign.values():
            action.setEnabled(there & _CHOSEN == _CHOSEN)

    def explain(self, action_id: str, reason: str) -> None:
        """Say in the tooltip why an action cannot be used; an empty reason: what it does, as always."""
        if reason != self._reasons.get(action_id, ""):
            self._reasons[action_id] = reason
            self._take_keys()

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        """Make all menus."""
        for path, text in MENUS.items():
            parent, _, _ = path.rpartition("/")
            menu = QMenu(tr(text), self.menus.get(parent, bar))
            menu.setToolTipsVisible(True)
            self.menus[path] = menu
            if not parent:
                bar.addMenu(menu)
        for spec in ACTIONS:
            menu = self.menus[spec.menu]
            if spec.id == SEPARATOR:
                menu.addSeparator()
            elif spec.id.startswith("menu:"):
                menu.addMenu(self.menus[spec.id.removeprefix("menu:")])
            else:
                menu.addAction(self._actions[spec.id])
        self.menus["chromosome/assign"].addActions(list(self._assign.values()))

    def fill_toolbar(self, bar: QToolBar) -> None:
        """Put the most used actions into the toolbar."""
        for action_id in TOOLBAR:
            if action_id == SEPARATOR:
                bar.addSeparator()
            else:
                bar.addAction(self._actions[action_id])

    def retint(self) -> None:
        """Draw the icons anew after the colours of the system changed."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(spec.icon))

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(tr(spec.text), self)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        if spec.in_karyogram:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown, not bound
        if spec.icon:
            action.setIcon(icon(spec.icon))
        return action

    def _take_keys(self) -> None:
        """Show and bind the keys of now."""
        for spec in ACTIONS:
            if spec.text:
                action, tip, key = self._actions[spec.id], tr(spec.tip), self._keymap.shown(spec.id)
                action.setShortcuts([QKeySequence(each) for each in self._keymap.keys(spec.id)])
                lines = f"{tip} ({key})" if key else tip, self._reasons.get(spec.id, "")
                action.setToolTip("\n".join(line for line in lines if line))
        for label, action in self._assign.items():
            typed = assign_id(label) not in LABEL_KEYS
            action.setShortcuts(
                [QKeySequence(", ".join(label))]
                if typed
                else [QKeySequence(key) for key in self._keymap.keys(assign_id(label))]
            )
