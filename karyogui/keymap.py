"""Which keys are in use: those of the table of actions, with what the user changed.

A key belongs to one action. What the user gave an action she gave away from every other; an action nobody changed has
the keys of the table that are left.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from karyogui.actions import ACTIONS, LABEL_KEYS

Combination = tuple[Qt.Key, Qt.KeyboardModifier]

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Where each arrow key points: right, down."""

_PLAIN, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_DEFAULTS: dict[str, tuple[str, ...]] = {
    **{spec.id: spec.keys for spec in ACTIONS if spec.text},
    **LABEL_KEYS,
}
_IN_KARYOGRAM = {spec.id for spec in ACTIONS if spec.in_karyogram} | LABEL_KEYS.keys()
_PRESSES = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_LEADS = {
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab),
}


class KeyMap(QObject):
    """The keys of every action, by its id; `assign:X` and the like are the keys of labels.

    Parameters
    ----------
    changes : what the user changed: all keys of an action, as `QKeySequence` writes them on every system. What cannot
        be used is left out.
    """

    changed = Signal()  # some action has other keys

    def __init__(self, changes: Mapping[str, Sequence[str]] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changes: dict[str, tuple[str, ...]] = {}
        taken: set[str] = set()
        for action_id, keys in (changes or {}).items():
            if action_id in _DEFAULTS:
                good = [key for key in map(portable, keys) if key not in taken and not refusal(action_id, key)]
                self._changes[action_id] = tuple(dict.fromkeys(good))
                taken.update(good)

    def changes(self) -> dict[str, tuple[str, ...]]:
        """Return what the user changed, to be stored."""
        return dict(self._changes)

    def is_changed(self, action_id: str) -> bool:
        """Whether an action has keys of the user's."""
        return action_id in self._changes

    def keys(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of an action; the first one is shown."""
        if action_id in self._changes:
            return self._changes[action_id]
        given = {key for keys in self._changes.values() for key in keys}
        return tuple(key for key in map(portable, _DEFAULTS[action_id]) if key not in given)

    def shown(self, action_id: str) -> str:
        """Return the first key of an action as this system writes it; empty if it has none."""
        return native(self.keys(action_id)[:1])

    def owner(self, key: str) -> str | None:
        """Return the action that has a key."""
        wanted = portable(key)
        return next((action_id for action_id in _DEFAULTS if wanted in self.keys(action_id)), None)

    def give(self, action_id: str, keys: Sequence[str]) -> None:
        """Give an action these keys and no others; whoever has them loses them.

        Raises
        ------
        ValueError
            A key cannot be given to it; `refusal` says why.
        """
        wanted = tuple(dict.fromkeys(map(portable, keys)))
        for key in wanted:
            if refusal(action_id, key):
                raise ValueError(refusal(action_id, key))
        for other, has in self._changes.items():
            self._changes[other] = tuple(key for key in has if key not in wanted)
        self._changes.pop(action_id, None)
        if wanted != self.keys(action_id):
            self._changes[action_id] = wanted
        self.changed.emit()

    def reset(self, action_id: str) -> None:
        """Give an action its first keys again, but for those the user gave to others."""
        if self._changes.pop(action_id, None) is not None:
            self.changed.emit()

    def reset_all(self) -> None:
        """Forget all changes."""
        if self._changes:
            self._changes.clear()
            self.changed.emit()


def changeable() -> tuple[str, ...]:
    """Return the ids of everything that has keys of its own."""
    return tuple(_DEFAULTS)


def portable(key: str) -> str:
    """Return a key as it is stored: the same on every system."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def native(keys: Sequence[str]) -> str:
    """Return keys as this system writes them."""
    return "   ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


def combination(key: str) -> Combination:
    """Return key and modifiers of a stored key, as a key event has them."""
    first = QKeySequence(key)[0]  # type: ignore[index]  # PySide6's stubs forget __getitem__
    return first.key(), first.keyboardModifiers()


def pressed(event: QKeyEvent) -> Combination:
    """Return what was pressed as `combination` gives it: whether it was on the keypad, and the Shift that a sign like
    `?` needs on some keyboards, are left out."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if text and text.isprintable() and not text.isalnum() and not text.isspace():
        modifiers &= ~_SHIFT
    return Qt.Key(event.key()), modifiers


def refusal(action_id: str, key: str) -> str:
    """Say in a sentence why a key cannot be given to an action; empty if it can."""
    sequence = QKeySequence(key)
    if sequence.count() != 1:
        return _tr("Press one key, with Ctrl, Alt or Shift if you like.")
    if portable(key) in map(portable, _DEFAULTS[action_id]):
        return ""
    code, modifiers = combination(key)
    if code == Qt.Key.Key_unknown:
        return _tr("This key has no name; take another one.")
    plain = modifiers in (_PLAIN, _SHIFT)
    if Qt.Key.Key_0 <= code <= Qt.Key.Key_9 and modifiers == _PLAIN:
        return _tr("Digits type the class of a chromosome; they stay.")
    if code in _LEADS and plain:
        return _tr("%s leads through the window and the karyogram; it stays.") % native([key])
    if code in _PRESSES and plain and action_id not in _IN_KARYOGRAM:
        return _tr("%s presses buttons; only what is done in the karyogram alone can have it.") % native([key])
    if modifiers == Qt.KeyboardModifier.AltModifier and Qt.Key.Key_A <= code <= Qt.Key.Key_Z:
        return _tr("Alt and a letter opens a menu; take another key.")
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeyMap", text)
