"""The right click: what is offered, and that it does it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.types import MARKER

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Draw, Editor

OpenMenu = Callable[..., QMenu | None]

# Said by Qt's offscreen platform of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)", extend=True)


@pytest.fixture
def open_menu(editor: "Editor", qtbot: QtBot) -> OpenMenu:
    """Return a function that opens the menu at a point and gives it back."""

    def opened(point: QPoint, reason: QContextMenuEvent.Reason = QContextMenuEvent.Reason.Mouse) -> QMenu | None:
        viewport = editor.view.viewport()
        QApplication.sendEvent(viewport, QContextMenuEvent(reason, point, viewport.mapToGlobal(point)))
        return editor.view.findChild(QMenu)

    return opened


def action(menu: QMenu | None, start: str) -> QAction:
    assert menu is not None
    (found,) = (one for one in menu.actions() if one.text().startswith(start))
    return found


def test_it_offers_the_alternatives_with_their_probabilities(
    editor: "Editor", draw: "Draw", open_menu: OpenMenu
) -> None:
    cell, result = draw(["3", "3"], confidences=[0.99, 0.55])
    editor.document.set_cell(cell)
    editor.document.set_result(result)
    menu = open_menu(editor.at(1))
    assert editor.view.selected_ids() == [1]
    assert action(menu, "Chromosome 3").text() == "Chromosome 3, 2 of 2, confidence 55 %, please review"
    other = action(menu, "Move to 22")
    assert other.text() == "Move to 22\t45 %"
    other.trigger()
    assert editor.label(1) == "22"
    assert editor.stack.undoText() == "Move to 22"


def test_accept_and_the_labels(editor: "Editor", open_menu: OpenMenu) -> None:
    menu = open_menu(editor.at(14))
    assert menu is not None
    (submenu,) = menu.findChildren(QMenu)
    assert [one.text().partition("\t")[0] for one in submenu.actions()] == [*map(str, range(1, 23)), "X", "Y"]
    action(menu, "Accept as 8").trigger()
    assert editor.document.placement(14).accepted
    submenu.actions()[20].trigger()
    assert editor.label(14) == "21"


@pytest.mark.parametrize(
    ("text", "undo"),
    [
        ("Move to markers", "Move to markers"),
        ("Move to tray", "Move to tray"),
        ("Flip", "Flip chromosome"),
        ("Mirror", "Mirror chromosome"),
    ],
)
def test_each_entry_is_its_command(editor: "Editor", open_menu: OpenMenu, text: str, undo: str) -> None:
    action(open_menu(editor.at(14)), text).trigger()
    assert editor.stack.undoText() == undo


def test_upright(editor: "Editor", open_menu: OpenMenu) -> None:
    editor.click(14)
    editor.key("r")
    action(open_menu(editor.at(14)), "Turn upright").trigger()
    assert editor.document.placement(14).rotation_deg == 0.0


def test_a_right_click_in_the_selection_keeps_it(editor: "Editor", open_menu: OpenMenu) -> None:
    editor.click(14)
    editor.view.select_all()
    menu = open_menu(editor.at(20))
    assert len(editor.view.selected_ids()) == 46
    assert action(menu, "46 chromosomes").isEnabled() is False
    action(menu, "Move to markers").trigger()
    assert len(editor.ids(MARKER)) == 46


def test_on_a_label_it_is_for_the_pair(editor: "Editor", open_menu: OpenMenu) -> None:
    text = editor.scene.karyogram_layout().slot("8").text
    assert text is not None
    open_menu(editor.view.mapFromScene(QPointF(text.centre_x, text.centre_y)))
    assert editor.view.selected_ids() == [14, 15]


def test_on_empty_paper_there_is_none(editor: "Editor", open_menu: OpenMenu) -> None:
    editor.click(14)
    assert open_menu(QPoint(3, 3)) is None
    assert editor.view.selected_ids() == []


def test_the_menu_key_opens_it_at_the_current_chromosome(editor: "Editor", open_menu: OpenMenu) -> None:
    editor.click(14)
    menu = open_menu(QPoint(3, 3), QContextMenuEvent.Reason.Keyboard)
    assert menu is not None
    assert (menu.pos() - editor.view.viewport().mapToGlobal(editor.at(14))).manhattanLength() < 200
    assert editor.view.selected_ids() == [14]
