"""Zoom and pan, with real events."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Editor

CTRL = Qt.KeyboardModifier.ControlModifier


def wheel(editor: "Editor", steps: int, modifier: Qt.KeyboardModifier) -> None:
    point = QPointF(200, 200)
    event = QWheelEvent(
        point,
        QPointF(editor.view.viewport().mapToGlobal(point.toPoint())),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor.view.viewport(), event)


def whole_paper_visible(editor: "Editor") -> bool:
    area = editor.view.viewport().rect().adjusted(-1, -1, 1, 1)
    return area.contains(editor.view.mapFromScene(editor.scene.sceneRect()).boundingRect())


def test_the_whole_karyogram_is_kept_in_view(editor: "Editor") -> None:
    assert whole_paper_visible(editor)
    before = editor.view.zoom()
    editor.view.resize(600, 500)
    assert whole_paper_visible(editor)
    assert editor.view.zoom() < before
    editor.click(14)
    editor.key("t")
    assert whole_paper_visible(editor)


def test_ctrl_wheel_zooms_about_the_pointer_until_fit(editor: "Editor", qtbot: QtBot) -> None:
    before = editor.view.zoom()
    under = editor.view.mapToScene(200, 200)
    with qtbot.waitSignal(editor.view.zoom_changed):
        wheel(editor, 3, CTRL)
    assert editor.view.zoom() == pytest.approx(before * 1.25**3)
    assert (editor.view.mapToScene(200, 200) - under).manhattanLength() < 4
    assert not editor.view.is_fitted()
    editor.view.resize(600, 500)
    assert editor.view.zoom() == pytest.approx(before * 1.25**3)
    editor.view.fit()
    assert whole_paper_visible(editor)


def test_zoom_steps_and_actual_pixels(editor: "Editor") -> None:
    before = editor.view.zoom()
    editor.view.zoom_in()
    assert editor.view.zoom() == pytest.approx(before * 1.25)
    editor.view.zoom_out()
    assert editor.view.zoom() == pytest.approx(before)
    editor.view.zoom_actual()
    assert editor.view.zoom() == pytest.approx(1.0)
    for _ in range(40):
        editor.view.zoom_in()
    assert editor.view.transform().m11() == pytest.approx(24.0)


def test_the_wheel_alone_does_not_zoom(editor: "Editor") -> None:
    before = editor.view.zoom()
    wheel(editor, 2, Qt.KeyboardModifier.NoModifier)
    assert editor.view.zoom() == before


@pytest.mark.parametrize("with_space", [False, True])
def test_pan(editor: "Editor", with_space: bool) -> None:
    for _ in range(6):
        editor.view.zoom_in()
    viewport = editor.view.viewport()
    start, end = QPoint(400, 300), QPoint(340, 260)
    under = editor.view.mapToScene(start)
    button = Qt.MouseButton.LeftButton if with_space else Qt.MouseButton.MiddleButton
    if with_space:
        QTest.keyPress(editor.view, Qt.Key.Key_Space)
    QTest.mousePress(viewport, button, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, button, Qt.KeyboardModifier.NoModifier, end)
    if with_space:
        QTest.keyRelease(editor.view, Qt.Key.Key_Space)
    assert (editor.view.mapToScene(end) - under).manhattanLength() < 2
    assert editor.stack.count() == 0
    assert editor.view.selected_ids() == []


def test_walking_brings_the_chromosome_into_view(editor: "Editor") -> None:
    for _ in range(8):
        editor.view.zoom_in()
    editor.key(Qt.Key.Key_End)
    rect = editor.scene.chromosome_item(45).sceneBoundingRect()
    assert editor.view.viewport().rect().contains(editor.view.mapFromScene(rect).boundingRect().center())


def test_a_drag_to_the_edge_scrolls(editor: "Editor") -> None:
    for _ in range(6):
        editor.view.zoom_in()
    editor.view.centerOn(0, 0)
    point = next(p for p in (editor.at(i) for i in range(46)) if editor.view.viewport().rect().contains(p))
    before = editor.view.verticalScrollBar().value()
    editor.press(point)
    editor.move(point, QPoint(point.x(), editor.view.viewport().height() - 3))
    assert editor.view.verticalScrollBar().value() > before
    editor.key(Qt.Key.Key_Escape)
    editor.release(point)
    assert editor.stack.count() == 0


def test_it_has_a_name_for_screen_readers_and_leaves_files_to_the_window(editor: "Editor") -> None:
    assert editor.view.accessibleName() == "Karyogram"
    assert not editor.view.acceptDrops()
    assert not editor.view.viewport().acceptDrops()
