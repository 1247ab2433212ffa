"""The context menu of the case view: the actions of the menu bar that fit the chosen row."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from karyogui.action_set import ActionSet
from karyogui.library.case_panel import CasePanel

_CASE = ("new_case", "", "open_folder", "classify_all", "approve_case", "export_case", "", "rename", "delete")
_CELL = ("review_done", "approve", "reopen", "", "rename", "move_cell", "delete")
_LOOSE = ("move_cell", "close_cell")
_NOTHING = ("new_case", "import_case")


def case_menu(panel: CasePanel, actions: ActionSet) -> QMenu:
    """Return the menu for the chosen row."""
    wanted: tuple[str, ...]
    if panel.chosen_cell() is not None:
        wanted = _CELL
    elif panel.chosen_case() is not None:
        wanted = _CASE
    else:
        wanted = _LOOSE if panel.chosen_loose_cell() is not None else _NOTHING
    menu = QMenu(panel)
    menu.setToolTipsVisible(True)
    for action_id in wanted:
        if action_id:
            menu.addAction(actions[action_id])
        else:
            menu.addSeparator()
    return menu


def show_case_menu(panel: CasePanel, actions: ActionSet, position: QPoint) -> None:
    """Show it at a place of the screen."""
    menu = case_menu(panel, actions)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(position)
