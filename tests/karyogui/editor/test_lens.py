"""The lens: what it shows, and when it is out."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.editor.lens import Lens

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Editor


def lens_of(editor: "Editor") -> Lens:
    (lens,) = editor.view.findChildren(Lens)
    return lens


def hold_l(editor: "Editor") -> None:
    """Press L and keep it: systems repeat a held key."""
    QTest.keyPress(editor.view, Qt.Key.Key_L)
    event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_L, Qt.KeyboardModifier.NoModifier, "l", autorep=True, count=1)
    QApplication.sendEvent(editor.view, event)


def test_a_tap_takes_it_out_and_puts_it_away(editor: "Editor", qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.view.lens_changed) as signal:
        editor.key("l")
    assert signal.args == [True]
    assert editor.view.has_lens()
    editor.key("l")
    assert not editor.view.has_lens()


def test_a_held_key_shows_it_until_it_is_let_go(editor: "Editor") -> None:
    hold_l(editor)
    assert editor.view.has_lens()
    QTest.keyRelease(editor.view, Qt.Key.Key_L)
    assert not editor.view.has_lens()


def test_a_key_held_while_the_pointer_moves_too(editor: "Editor") -> None:
    QTest.keyPress(editor.view, Qt.Key.Key_L)
    QTest.mouseMove(editor.view.viewport(), QPoint(300, 300))
    QTest.mouseMove(editor.view.viewport(), QPoint(340, 310))
    QTest.keyRelease(editor.view, Qt.Key.Key_L)
    assert not editor.view.has_lens()


def test_it_follows_the_pointer_and_enlarges_what_is_below(editor: "Editor") -> None:
    editor.view.set_lens(True)
    lens = lens_of(editor)
    QTest.mouseMove(editor.view.viewport(), editor.at(20))
    QTest.mouseMove(editor.view.viewport(), editor.at(14))
    assert lens.geometry().contains(editor.at(14))
    rect = editor.scene.karyogram_layout().chromosomes[14].rect
    assert (lens.middle().x(), lens.middle().y()) == pytest.approx((rect.centre_x, rect.centre_y), abs=1.0)
    assert lens.scale() == pytest.approx(max(3 * editor.view.transform().m11(), 4.0))
    picture = lens.grab().toImage()
    row = [picture.pixelColor(x, picture.height() // 2).lightness() for x in range(60, picture.width() - 60)]
    assert sum(grey < 150 for grey in row) == pytest.approx(rect.width * lens.scale(), rel=0.15)


def test_clicks_go_through_and_escape_puts_it_away_first(editor: "Editor") -> None:
    editor.view.set_lens(True)
    QTest.mouseMove(editor.view.viewport(), editor.at(14))
    editor.click(14)
    assert editor.view.selected_ids() == [14]
    editor.key(Qt.Key.Key_Escape)
    assert not editor.view.has_lens()
    assert editor.view.selected_ids() == [14]


def test_it_is_on_black_where_the_paper_is(editor: "Editor") -> None:
    editor.view.set_inverted(True)
    editor.view.set_lens(True)
    lens_of(editor).follow(QPoint(4, 4))
    picture = lens_of(editor).grab().toImage()
    assert picture.pixelColor(picture.width() // 2, picture.height() // 2 + 4) == QColor("black")
