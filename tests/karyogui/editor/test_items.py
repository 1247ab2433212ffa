"""What the items of the scene show of the state they are in."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from karyogui.editor.painting import WHITE_PAPER
from karyogui.model.review import Light

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import Draw, Editor

ACCENT = QColor(WHITE_PAPER.accent)


def accent_pixels(editor: "Editor", chromosome_id: int) -> int:
    """Pixels of the accent colour around a chromosome."""
    picture: QImage = editor.view.viewport().grab().toImage()
    rect = editor.scene.karyogram_layout().chromosomes[chromosome_id].rect
    corner = editor.view.mapFromScene(rect.x - 4, rect.y - 4)
    opposite = editor.view.mapFromScene(rect.right + 4, rect.bottom + 4)
    return sum(
        abs(colour.blue() - ACCENT.blue()) + abs(colour.red() - ACCENT.red()) < 40
        for x in range(corner.x(), opposite.x())
        for y in range(corner.y(), opposite.y())
        if (colour := picture.pixelColor(QPoint(x, y)))
    )


def test_the_selected_one_is_outlined(editor: "Editor") -> None:
    assert accent_pixels(editor, 14) == 0
    editor.click(14)
    assert accent_pixels(editor, 14) > 100
    assert accent_pixels(editor, 20) == 0


def test_a_lifted_one_lies_above_the_others_and_shows_what_is_below(editor: "Editor") -> None:
    item, other = editor.scene.chromosome_item(14), editor.scene.chromosome_item(15)
    start, end = editor.at(14), editor.place("9")
    editor.press(start)
    editor.move(start, end)
    assert item.zValue() > other.zValue()
    assert item.opacity() < 1.0
    editor.release(end)
    assert (item.zValue(), item.opacity()) == (other.zValue(), 1.0)


def test_no_image_is_made_anew_where_nothing_changed(editor: "Editor", draw: "Draw") -> None:
    before = editor.scene.chromosome_item(14).image.cacheKey()
    editor.scene.rebuild()
    assert editor.scene.chromosome_item(14).image.cacheKey() == before
    editor.view.set_inverted(True)
    assert editor.scene.chromosome_item(14).image.cacheKey() != before
    cell, _ = draw(["1"] * 20)
    editor.document.set_cell(cell)  # the same id, other pixels
    assert editor.scene.chromosome_item(14).image.height() == cell.chromosome(14).mask.shape[0]


def test_a_mark_goes_with_the_review(editor: "Editor", draw: "Draw") -> None:
    red = QColor(WHITE_PAPER.lights[Light.UNSURE])

    def marks() -> int:
        picture = editor.view.viewport().grab().toImage()
        row = editor.scene.karyogram_layout().slot("3")
        assert row.baseline is not None
        left, right = (editor.view.mapFromScene(x, row.baseline[2] - 5.5) for x in row.baseline[:2])
        return sum(picture.pixelColor(x, left.y()) == red for x in range(left.x(), right.x()))

    cell, result = draw(["3", "3"], confidences=[0.95, 0.4])
    editor.document.set_cell(cell)
    editor.document.set_result(result)
    assert marks() > 0
    editor.click(1)
    editor.type("3")
    assert editor.stack.undoText() == "Accept as 3"
    assert marks() == 0
    QTest.keyClick(editor.view, Qt.Key.Key_Escape)
    editor.stack.undo()
    assert marks() > 0
