"""Where the window stood and which panels were open, from one start to the next."""

from dataclasses import replace

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from karyogui.settings import PreferenceStore


def restore_layout(window: QMainWindow, store: PreferenceStore) -> None:
    """Bring the window to where it was left."""
    now = store.now
    if now.window_geometry:
        window.restoreGeometry(QByteArray.fromBase64(now.window_geometry.encode()))
    if now.panel_state:
        window.restoreState(QByteArray.fromBase64(now.panel_state.encode()))


def save_layout(window: QMainWindow, store: PreferenceStore) -> None:
    """Remember where the window is."""
    geometry, state = window.saveGeometry().toBase64().data(), window.saveState().toBase64().data()
    store.change(
        replace(
            store.now,
            window_geometry=bytes(geometry).decode("ascii"),
            panel_state=bytes(state).decode("ascii"),
        )
    )
