"""The paper is painted where it is seen, at the scale of the screen, and stays where it is when something changes."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage, QUndoCommand
from pytestqt.qtbot import QtBot

from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.model.composite import ALL

if TYPE_CHECKING:
    from tests.karyogui.composite.conftest import Bench, MakeBench


def grey(image: QImage) -> np.ndarray:
    converted = image.convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.asarray(converted.constBits(), np.uint8).reshape(converted.height(), converted.bytesPerLine())
    return lines[:, : converted.width()].copy()


def shown(bench: "Bench") -> np.ndarray:
    return grey(bench.canvas.viewport().grab().toImage())


def test_copies_are_painted_where_the_layout_says(qtbot: QtBot, bench: "Bench") -> None:
    qtbot.waitUntil(
        lambda: all(bench.canvas.picture_of(ref) for ref in bench.canvas.composite_layout().copies), timeout=30000
    )
    image = shown(bench)
    for ref in bench.canvas.composite_layout().copies:
        rect = bench.canvas.rect_of(ref).toRect()
        inside = image[rect.top() + 4 : rect.bottom() - 4, rect.left() + 4 : rect.right() - 4]
        assert inside.mean() < 160  # half grey on white paper, with a black band
    left = image[20:, :8]
    assert (left == 255).all()


def test_inverted_paper_is_black(bench: "Bench") -> None:
    bench.window.actions_["inverted"].trigger()
    assert (shown(bench)[-6:, :6] == 0).all()


def test_only_pictures_near_the_view_are_drawn(qtbot: QtBot, make_bench: "MakeBench") -> None:
    labels = [label for number in range(1, 23) for label in (str(number),) * 2]
    bench = make_bench(*[labels] * 6)
    bench.tab.show_choice(ALL)
    bench.window.actions_["zoom_in"].trigger()
    layout = bench.canvas.composite_layout()
    first, *_, last = layout.copies
    view = bench.canvas.viewport().height() / bench.canvas.zoom()
    assert layout.height > 6 * view
    drawn = bench.canvas._pictures._pixmaps
    qtbot.waitUntil(lambda: first in drawn, timeout=30000)
    assert last not in drawn
    bench.canvas.verticalScrollBar().setValue(bench.canvas.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: last in drawn, timeout=30000)


def test_a_selection_out_of_view_is_brought_into_it(make_bench: "MakeBench") -> None:
    bench = make_bench(*[[str(number) for number in range(1, 23)]] * 6)
    bench.tab.show_choice(ALL)
    ref = list(bench.canvas.composite_layout().copies)[-1]
    bench.select(ref)
    rect = bench.canvas.rect_of(ref)
    assert rect.top() >= 0
    assert rect.bottom() <= bench.canvas.viewport().height()


def test_what_is_in_view_stays_there_when_a_copy_above_leaves(make_bench: "MakeBench") -> None:
    bench = make_bench(*[["1", *(str(number) for number in range(1, 23))]] * 6)
    bench.tab.show_choice(ALL)
    bar = bench.canvas.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    layout = bench.canvas.composite_layout()
    line = layout.lines_between((bar.value() + 30) / bench.canvas.zoom(), layout.height)[0]
    ref = line.columns[0].copies[0]
    before = bench.canvas.rect_of(ref).top()
    entry = bench.window.composite.members.open_cell(bench.keys[0])
    assert entry is not None
    bench.window.composite.edits.edit([bench.ref(0, 0)], _to_22)
    assert abs(bench.canvas.rect_of(ref).top() - before) <= 1.5


def _to_22(document: KaryogramDocument, ids: list[int]) -> QUndoCommand:
    return commands.assign(document, ids, "22")


def test_the_zoom_fits_a_label_and_breaks_the_lines_anew(bench: "Bench") -> None:
    canvas = bench.canvas
    assert canvas.verticalScrollBar().maximum() == 0
    lines = len(canvas.composite_layout().lines)
    for _ in range(6):
        canvas.zoom_in()
    assert len(canvas.composite_layout().lines) > lines
    assert canvas.verticalScrollBar().maximum() > 0
    canvas.fit()
    assert len(canvas.composite_layout().lines) == lines


def test_actual_size_is_one_image_pixel_for_one_of_the_screen(bench: "Bench") -> None:
    bench.canvas.zoom_actual()
    ref = bench.ref(0, 0)
    placed = bench.canvas.composite_layout().copies[ref]
    ratio = placed.scale * bench.canvas.zoom() * bench.canvas.devicePixelRatioF()
    assert abs(ratio - 1.0) < 0.02


def test_the_shown_cell_is_set_off(qtbot: QtBot, bench: "Bench") -> None:
    before = shown(bench)
    bench.window.library.show_cell(bench.keys[1])
    qtbot.waitUntil(lambda: bench.window.pages.view() is not None, timeout=30000)
    bench.window.actions_["show_composite"].trigger()
    qtbot.waitUntil(lambda: bench.canvas._shown_cell == bench.keys[1], timeout=30000)
    column = bench.canvas.composite_layout().lines[0].columns[1]
    zoom = bench.canvas.zoom()
    y, left, right = (round(value * zoom) for value in (column.baseline + 1, column.rect.x + 4, column.rect.right - 4))
    assert shown(bench)[y, left:right].mean() != before[y, left:right].mean()
