"""Which key does what in karyogram and composite, but for digits, arrows, the lens and Esc, which wait or lead."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from engine.types import MARKER
from karyogui.actions import assign_id
from karyogui.editor.edit_target import EditTarget
from karyogui.editor.selection import ROTATION_STEP
from karyogui.keymap import Combination, KeyMap, combination

KeyTable = dict[Combination, Callable[[], None]]


def key_table(view: EditTarget, keymap: KeyMap) -> KeyTable:
    """Return the keys of a view: the user's for actions, and those that are the same for everybody."""
    acts: dict[str, Callable[[], None]] = {
        assign_id("X"): lambda: view.assign_selected("X"),
        assign_id("Y"): lambda: view.assign_selected("Y"),
        assign_id(MARKER): lambda: view.assign_selected(MARKER),
        "to_tray": lambda: view.assign_selected(None),
        "flip": view.flip_selected,
        "mirror": view.mirror_selected,
        "rotate_left": lambda: view.rotate_selected(ROTATION_STEP),
        "rotate_right": lambda: view.rotate_selected(-ROTATION_STEP),
        "upright": view.upright_selected,
        "select_all": view.select_all,
        "move_left": lambda: view.shift_selected(-1),
        "move_right": lambda: view.shift_selected(1),
        "centromere_up": lambda: view.nudge_centromere(-1.0),
        "centromere_down": lambda: view.nudge_centromere(1.0),
        "next_uncertain": view.review,
        "previous_uncertain": lambda: view.review(-1),
        "accept": view.accept_selected,
    }
    plain = Qt.KeyboardModifier.NoModifier
    table: KeyTable = {
        (Qt.Key.Key_Delete, plain): lambda: view.assign_selected(None),
        (Qt.Key.Key_Home, plain): lambda: view.go_to_end(0),
        (Qt.Key.Key_End, plain): lambda: view.go_to_end(-1),
    }
    table.update({combination(key): act for action_id, act in acts.items() for key in keymap.keys(action_id)})
    return table
