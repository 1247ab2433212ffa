"""The panels around the karyogram: which there are, where they stand, and the actions that fold them away."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPalette, QUndoGroup
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QUndoView, QWidget

from karyogui.action_set import ActionSet
from karyogui.theme import GRID

_LEFT, _RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


class Panels(QObject):
    """Docks without title bars: the panels name themselves; a title would be a frame around a frame."""

    def __init__(
        self,
        window: QMainWindow,
        actions: ActionSet,
        undo_group: QUndoGroup,
        *,
        cells: QWidget,
        compare: QWidget,
        inspector: QWidget,
    ) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self.history_view = _history_view(undo_group)
        self.cells = self._dock("cells_dock", self.tr("Cells"), cells, _LEFT)
        self.history = self._dock("history_dock", self.tr("History"), self.history_view, _LEFT)
        self.compare = self._dock("compare_dock", self.tr("Comparison"), compare, _RIGHT)
        self.inspector = self._dock("inspector_dock", self.tr("Inspector"), inspector, _RIGHT)
        window.splitDockWidget(self.cells, self.history, Qt.Orientation.Vertical)
        window.splitDockWidget(self.compare, self.inspector, Qt.Orientation.Horizontal)
        self.history.hide()
        self.compare.hide()
        window.setCorner(Qt.Corner.BottomLeftCorner, _LEFT)
        window.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
        for action_id, dock in self._toggles().items():
            dock.visibilityChanged.connect(lambda _shown, dock=dock, name=action_id: self._note(dock, name))

    def give_widths(self) -> None:
        """Give the panels their first widths; what the user made of them comes back with the window's state."""
        docks, widths = [self.cells, self.compare, self.inspector], [28 * GRID, 44 * GRID, 38 * GRID]
        self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the toggle actions do."""
        return {action_id: partial(self._fold, dock, action_id) for action_id, dock in self._toggles().items()}

    def _toggles(self) -> dict[str, QDockWidget]:
        return {
            "show_cells": self.cells,
            "show_inspector": self.inspector,
            "show_history": self.history,
            "compare": self.compare,
        }

    def _fold(self, dock: QDockWidget, action_id: str) -> None:
        inspector = self.inspector.width()
        dock.setVisible(self._actions[action_id].isChecked())
        if dock is self.compare:  # its room comes from the karyogram and goes back to it
            docks, widths = [self.compare, self.inspector], [44 * GRID, inspector]
            self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def _note(self, dock: QDockWidget, action_id: str) -> None:
        self._actions[action_id].setChecked(not dock.isHidden())

    def _dock(self, name: str, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(QWidget(dock))
        dock.setWidget(content)
        self._window.addDockWidget(area, dock)
        return dock


def _history_view(undo_group: QUndoGroup) -> QUndoView:
    """Every step of the shown cell by its name; a click goes there, back or forth."""
    view = QUndoView(undo_group)
    view.setObjectName("history")
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setEmptyLabel(view.tr("As opened"))
    view.setAccessibleName(view.tr("History"))
    view.viewport().setBackgroundRole(QPalette.ColorRole.Window)
    view.setStyleSheet(f"QUndoView {{ padding: {GRID}px; }}")
    view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return view
