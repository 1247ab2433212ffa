"""Annotations by mouse and keyboard: made, written, dragged, deleted; each one step to undo."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from karyogui.editor.annotations import AnnotationLayer
from karyogui.model.annotation import Annotation, anchor_point

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def layer(qtbot: QtBot, editor: Any) -> AnnotationLayer:
    editor.view.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is editor.view)
    return AnnotationLayer(editor.view, editor.scene)


def field(editor: Any) -> QLineEdit:
    (found,) = editor.view.viewport().findChildren(QLineEdit)
    return found


def on_screen(editor: Any, point: QPointF) -> QPoint:
    return editor.view.mapFromScene(point)


def write(editor: Any, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    assert field(editor).hasFocus()
    QTest.keyClicks(field(editor), text)
    QTest.keyClick(field(editor), key)


def anchor(editor: Any, annotation: Annotation) -> QPointF:
    placed = editor.scene.karyogram_layout().chromosomes[annotation.chromosome_id]
    return QPointF(*anchor_point(annotation, placed))


def add_arrow(editor: Any, layer: AnnotationLayer, chromosome_id: int = 0, text: str = "here") -> Annotation:
    layer.add("arrow")
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, editor.at(chromosome_id))
    write(editor, text)
    return editor.document.annotations()[-1]


def test_an_arrow_by_click_and_text(editor: Any, layer: AnnotationLayer) -> None:
    made = add_arrow(editor, layer)
    assert (made.kind, made.chromosome_id, made.text) == ("arrow", 0, "here")
    assert not layer.is_adding()
    assert (anchor(editor, made) - editor.view.mapToScene(editor.at(0))).manhattanLength() < 1e-6
    assert editor.stack.undoText() == "Add arrow"
    assert editor.view.hasFocus()
    editor.stack.undo()
    assert editor.document.annotations() == ()
    with pytest.raises(KeyError):
        layer.item(made.id)
    editor.stack.redo()
    assert editor.document.annotations() == (made,)
    assert layer.item(made.id).scene() is editor.scene


def test_an_arrow_is_dragged_from_tip_to_tail_and_needs_no_text(editor: Any, layer: AnnotationLayer) -> None:
    layer.add("arrow")
    tip = editor.at(4)
    tail = tip + QPoint(40, -30)
    editor.press(tip)
    editor.move(tip, tail)
    editor.release(tail)
    write(editor, "")
    (made,) = editor.document.annotations()
    way = editor.view.mapToScene(tail) - editor.view.mapToScene(tip)
    assert (made.text, made.dx, made.dy) == ("", pytest.approx(way.x()), pytest.approx(way.y()))


def test_a_text_by_keyboard_alone_stands_at_the_centromere(editor: Any, layer: AnnotationLayer) -> None:
    editor.click(10)
    layer.add("text")
    editor.key(Qt.Key.Key_Return)
    write(editor, "fra(X)")
    (made,) = editor.document.annotations()
    placed = editor.scene.karyogram_layout().chromosomes[10]
    assert (made.kind, made.chromosome_id, made.text) == ("text", 10, "fra(X)")
    assert anchor(editor, made).y() == pytest.approx(placed.centromere_y)
    assert editor.document.placement(10).accepted is False  # Enter belonged to the text


@pytest.mark.parametrize("text", ["", "   "])
def test_a_text_without_letters_is_none(editor: Any, layer: AnnotationLayer, text: str) -> None:
    layer.add("text")
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, editor.at(0))
    write(editor, text)
    assert editor.stack.count() == 0


def test_escape_cancels_adding_and_writing(editor: Any, layer: AnnotationLayer) -> None:
    editor.click(3)
    layer.add("arrow")
    editor.key(Qt.Key.Key_Escape)
    assert not layer.is_adding()
    assert editor.view.selected_ids() == [3]  # the first Esc took back the arrow alone
    layer.add("arrow")
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, editor.at(3))
    write(editor, "no", Qt.Key.Key_Escape)
    assert editor.stack.count() == 0
    assert not field(editor).isVisible()
    assert editor.view.hasFocus()


def test_a_click_beside_asks_for_a_chromosome(editor: Any, layer: AnnotationLayer) -> None:
    layer.add("arrow")
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, on_screen(editor, QPointF(3, 3)))
    assert layer.is_adding()
    assert not field(editor).isVisible()


def test_a_click_elsewhere_takes_what_is_written(editor: Any, layer: AnnotationLayer) -> None:
    layer.add("text")
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, editor.at(0))
    QTest.keyClicks(field(editor), "kept")
    editor.view.setFocus()
    assert [a.text for a in editor.document.annotations()] == ["kept"]


def test_it_goes_with_its_chromosome(editor: Any, layer: AnnotationLayer) -> None:
    made = add_arrow(editor, layer)
    before = layer.item(made.id).anchor
    editor.click(0)
    editor.key("f")
    placed = editor.scene.karyogram_layout().chromosomes[0]
    assert layer.item(made.id).anchor == anchor(editor, made)
    editor.key("t")  # to the tray
    assert layer.item(made.id).anchor.y() > editor.scene.karyogram_layout().slot(None).rect.y
    assert layer.item(made.id).anchor != before
    assert placed.chromosome_id == 0


def test_it_follows_a_drag_live(qtbot: QtBot, editor: Any, layer: AnnotationLayer) -> None:
    made = add_arrow(editor, layer)
    before = layer.item(made.id).anchor
    start, end = editor.at(0), editor.place("5")
    editor.press(start)
    editor.move(start, end)
    way = editor.view.mapToScene(end) - editor.view.mapToScene(start)
    qtbot.waitUntil(lambda: (layer.item(made.id).anchor - before - way).manhattanLength() < 1e-6)
    editor.key(Qt.Key.Key_Escape)
    editor.release(end)
    qtbot.waitUntil(lambda: layer.item(made.id).anchor == before)


def test_text_and_tip_are_dragged(editor: Any, layer: AnnotationLayer) -> None:
    made = add_arrow(editor, layer)
    text = on_screen(editor, anchor(editor, made) + QPointF(made.dx, made.dy))
    editor.press(text)
    editor.move(text, text + QPoint(30, 12))
    editor.release(text + QPoint(30, 12))
    (moved,) = editor.document.annotations()
    way = editor.view.mapToScene(text + QPoint(30, 12)) - editor.view.mapToScene(text)
    assert (moved.x, moved.y) == (made.x, made.y)
    assert (moved.dx - made.dx, moved.dy - made.dy) == (pytest.approx(way.x()), pytest.approx(way.y()))
    assert editor.stack.undoText() == "Move annotation"
    tip = on_screen(editor, anchor(editor, moved))
    editor.press(tip)
    editor.move(tip, tip + QPoint(0, 20))
    editor.release(tip + QPoint(0, 20))
    (pointed,) = editor.document.annotations()
    stays = anchor(editor, moved) + QPointF(moved.dx, moved.dy)
    assert (anchor(editor, pointed) + QPointF(pointed.dx, pointed.dy) - stays).manhattanLength() < 1e-6
    assert anchor(editor, pointed).y() > anchor(editor, moved).y()
    assert editor.label(0) == "1"  # the chromosome below stayed
    editor.stack.undo()
    editor.stack.undo()
    assert editor.document.annotations() == (made,)


def test_escape_ends_a_drag(editor: Any, layer: AnnotationLayer) -> None:
    made = add_arrow(editor, layer)
    text = on_screen(editor, anchor(editor, made) + QPointF(made.dx, made.dy))
    editor.press(text)
    editor.move(text, text + QPoint(30, 12))
    editor.key(Qt.Key.Key_Escape)
    editor.release(text + QPoint(30, 12))
    assert editor.document.annotations() == (made,)
    assert layer.item(made.id).annotation == made


def test_delete_removes_the_annotation_and_nothing_else(editor: Any, layer: AnnotationLayer) -> None:
    made = add_arrow(editor, layer)
    text = on_screen(editor, anchor(editor, made) + QPointF(made.dx, made.dy))
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, text)
    assert layer.selected_ids() == [made.id]
    editor.key(Qt.Key.Key_Delete)
    assert editor.document.annotations() == ()
    assert editor.ids(None) == []
    assert editor.stack.undoText() == "Delete annotation"
    editor.stack.undo()
    assert editor.document.annotations() == (made,)


def test_arrow_keys_move_it(editor: Any, layer: AnnotationLayer) -> None:
    made = add_arrow(editor, layer)
    text = on_screen(editor, anchor(editor, made) + QPointF(made.dx, made.dy))
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, text)
    editor.key(Qt.Key.Key_Right)
    editor.key(Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    (moved,) = editor.document.annotations()
    assert (moved.dx - made.dx, moved.dy - made.dy) == (pytest.approx(1.0), pytest.approx(-5.0))


@pytest.mark.parametrize("how", ["double click", "F2"])
def test_the_text_is_written_anew(editor: Any, layer: AnnotationLayer, how: str) -> None:
    made = add_arrow(editor, layer)
    text = on_screen(editor, anchor(editor, made) + QPointF(made.dx, made.dy))
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, text)
    if how == "F2":
        editor.key(Qt.Key.Key_F2)
    else:
        QTest.mouseDClick(editor.view.viewport(), LEFT, PLAIN, text)
    assert field(editor).text() == "here"
    write(editor, "there")
    assert [a.text for a in editor.document.annotations()] == ["there"]
    assert editor.stack.undoText() == "Edit annotation"


def test_a_text_emptied_is_deleted(editor: Any, layer: AnnotationLayer) -> None:
    layer.add("text")
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, editor.at(0))
    write(editor, "gone")
    layer.edit(editor.document.annotations()[0].id)
    QTest.keyClick(field(editor), Qt.Key.Key_Backspace)  # all is selected
    QTest.keyClick(field(editor), Qt.Key.Key_Return)
    assert editor.document.annotations() == ()


def test_another_cell_ends_the_writing(editor: Any, layer: AnnotationLayer, normal_cell: Any) -> None:
    layer.add("text")
    QTest.mouseClick(editor.view.viewport(), LEFT, PLAIN, editor.at(0))
    editor.document.set_cell(normal_cell[0])
    assert not field(editor).isVisible()
    assert editor.document.annotations() == ()
