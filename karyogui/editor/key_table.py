"""Which key does what in the karyogram, but for digits, arrows, Space and Esc, which wait or lead."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from engine.types import MARKER
from karyogui.editor.selection import ROTATION_STEP

if TYPE_CHECKING:
    from karyogui.editor.view import KaryogramView

KeyTable = dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], None]]


def key_table(view: "KaryogramView") -> KeyTable:
    """Return the keys of a view."""
    key = Qt.Key
    plain, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    control = Qt.KeyboardModifier.ControlModifier
    return {
        (key.Key_X, plain): lambda: view.assign_selected("X"),
        (key.Key_Y, plain): lambda: view.assign_selected("Y"),
        (key.Key_M, plain): lambda: view.assign_selected(MARKER),
        (key.Key_T, plain): lambda: view.assign_selected(None),
        (key.Key_Delete, plain): lambda: view.assign_selected(None),
        (key.Key_F, plain): view.flip_selected,
        (key.Key_H, plain): view.mirror_selected,
        (key.Key_R, plain): lambda: view.rotate_selected(ROTATION_STEP),
        (key.Key_R, shift): lambda: view.rotate_selected(-ROTATION_STEP),
        (key.Key_U, plain): view.upright_selected,
        (key.Key_A, control): view.select_all,
        (key.Key_Home, plain): lambda: view.go_to_end(0),
        (key.Key_End, plain): lambda: view.go_to_end(-1),
        (key.Key_Left, control): lambda: view.shift_selected(-1),
        (key.Key_Right, control): lambda: view.shift_selected(1),
        (key.Key_Up, control): lambda: view.nudge_centromere(-1.0),
        (key.Key_Down, control): lambda: view.nudge_centromere(1.0),
        (key.Key_N, plain): view.review,
        (key.Key_N, shift): lambda: view.review(-1),
        (key.Key_Return, plain): view.enter,
        (key.Key_Enter, plain): view.enter,
    }
