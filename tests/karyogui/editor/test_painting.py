from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from engine.types import MARKER, CellResult
from karyogui.editor.painting import (
    PaintOptions,
    chromosome_image,
    image_transform,
    mark_point,
    paint_chromosome,
    paint_karyogram,
)
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement, placements_from_result
from karyogui.model.layout import KaryogramLayout, Rect, compute_layout
from karyogui.model.review import Light

Draw = Callable[..., tuple[Cell, CellResult]]
ZOOM = 2


def to_array(image: QImage) -> NDArray[np.uint8]:
    """(H, W, 4) as blue, green, red, alpha."""
    return np.asarray(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4).copy()


def painted(
    layout: KaryogramLayout, cell: Cell, options: PaintOptions, lights: Mapping[int, Light] | None = None
) -> NDArray[np.uint8]:
    image = QImage(round(layout.width * ZOOM), round(layout.height * ZOOM), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(ZOOM, ZOOM)
    paint_karyogram(painter, layout, cell, options, lights)
    painter.end()
    return to_array(image)[..., :3]


def inside(picture: NDArray[np.uint8], rect: Rect) -> NDArray[np.uint8]:
    return picture[round(rect.y * ZOOM) : round(rect.bottom * ZOOM), round(rect.x * ZOOM) : round(rect.right * ZOOM)]


def test_grey_is_one_minus_the_pixels_and_the_ground_is_clear() -> None:
    mask = np.zeros((30, 20), np.bool_)
    mask[8:22, 6:14] = True
    pixels = np.where(mask, 0.25, 0.0).astype(np.float32)
    pixels[10, 9] = 1.0
    chromosome = Chromosome(0, "x", pixels, mask)
    shown = to_array(chromosome_image(chromosome))
    assert shown[10, 9].tolist() == [0, 0, 0, 255]
    assert shown[15, 9].tolist() == [191, 191, 191, 255]
    assert shown[0, 0].tolist() == [0, 0, 0, 0]
    assert (shown[mask][:, 3] == 255).all()
    assert shown[5:9, 10, 3].tolist() == [0, 85, 170, 255]  # fades, never a step from clear to full
    assert to_array(chromosome_image(chromosome, PaintOptions(inverted=True)))[15, 9].tolist() == [64, 64, 64, 255]


@pytest.mark.parametrize("angle", [0.0, 90.0, -30.0, 180.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_pixels_fall_where_the_layout_says(angle: float, mirrored: bool) -> None:
    mask = np.zeros((40, 26), np.bool_)
    mask[3:37, 4:10] = mask[3:9, 4:21] = True
    cell = Cell("c", "g", (Chromosome(0, "L", mask.astype(np.float32), mask),))
    layout = compute_layout(cell, (Placement(0, "1", 0, rotation_deg=angle, mirrored=mirrored),))
    placed = layout.chromosomes[0]
    image = QImage(round(layout.width * ZOOM), round(layout.height * ZOOM), QImage.Format.Format_RGB32)
    image.fill("white")
    painter = QPainter(image)
    painter.scale(ZOOM, ZOOM)
    paint_chromosome(painter, chromosome_image(cell.chromosomes[0]), placed)
    painter.end()
    rows, columns = np.nonzero(to_array(image)[..., 0] < 128)
    found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    rect = placed.rect
    assert np.array(found) / ZOOM == pytest.approx([rect.x, rect.y, rect.right, rect.bottom], abs=3.0)
    # The foot of the L, far from the centre, tells every turn and mirror image apart.
    foot = image_transform(placed).map(QPointF(6.5 - 13, 35 - 20))
    assert to_array(image)[round(foot.y() * ZOOM), round(foot.x() * ZOOM), 0] < 60


def test_a_karyogram_is_painted_on_its_paper(qtbot: QtBot, draw: Draw) -> None:
    cell, result = draw(["1", "1", "9", "21"])
    layout = compute_layout(cell, placements_from_result(cell, result))
    picture = painted(layout, cell, PaintOptions())
    assert picture[1, 1].tolist() == [255, 255, 255]
    for placed in layout.chromosomes.values():
        middle = inside(picture, placed.rect)
        assert middle.min() < 40
        assert np.median(middle) < 200
    line = layout.slot("9").baseline
    assert line is not None
    assert picture[round(line[2] * ZOOM), round((line[0] + line[1]) * ZOOM / 2)].max() < 150
    for label in ("9", "X"):
        text = layout.slot(label).text
        assert text is not None
        assert inside(picture, text).min() < 200  # there is a label, grey where the class is empty


def test_drop_places_are_for_the_editor_only(qtbot: QtBot, draw: Draw) -> None:
    cell, result = draw(["1", "1"])
    layout = compute_layout(cell, placements_from_result(cell, result))
    tray = layout.tray
    assert tray is not None
    markers = layout.slot(MARKER).rect
    plain, edited = (painted(layout, cell, PaintOptions(places=places)) for places in (False, True))
    assert inside(plain, tray.rect).min() == 255
    assert inside(plain, markers).min() == 255
    assert inside(edited, tray.rect).min() < 255
    assert inside(edited, markers).min() < 255


def test_marks_are_lights_with_shapes_and_only_where_asked(qtbot: QtBot, draw: Draw) -> None:
    cell, result = draw(["1", "1", "2", "2"])
    layout = compute_layout(cell, placements_from_result(cell, result))
    lights = {1: Light.SURE, 2: Light.DOUBTFUL, 3: Light.UNSURE}
    points = [mark_point(layout, layout.chromosomes[i]) for i in range(4)]
    boxes = [Rect(point.x() - 5, point.y() - 5, 10, 10) for point in points]
    picture = painted(layout, cell, PaintOptions(marks=True), lights)
    unmarked, sure, doubtful, unsure = (inside(picture, box).astype(int) for box in boxes)
    assert unmarked.min() == 255
    middle = sure[len(sure) // 2, len(sure) // 2]
    assert middle[1] > middle[2] + 20  # green above red
    red_over_green = [light[..., 2] - light[..., 1] for light in (doubtful, unsure)]
    assert 60 < red_over_green[0].max() < red_over_green[1].max()  # amber, red
    # Told apart without colour: a point, a triangle, a square.
    areas = [int((light.min(axis=-1) < 180).sum()) for light in (sure, doubtful, unsure)]
    assert 2 * areas[0] < areas[1] < areas[2]
    widths = [(light.min(axis=-1) < 180).sum(axis=1) for light in (doubtful, unsure)]
    assert len(set(widths[1][widths[1] > 1])) <= 2
    assert len(set(widths[0])) > 4
    assert points[0].y() == points[1].y()
    quiet = painted(layout, cell, PaintOptions(), lights)
    assert all(inside(quiet, box).min() == 255 for box in boxes)


def test_inverted_is_bright_on_black(qtbot: QtBot, draw: Draw) -> None:
    cell, result = draw(["1", "1"])
    layout = compute_layout(cell, placements_from_result(cell, result))
    picture = painted(layout, cell, PaintOptions(inverted=True))
    assert picture[1, 1].tolist() == [0, 0, 0]
    assert inside(picture, layout.chromosomes[0].rect).max() > 230


def test_neighbours_are_not_covered_by_white_boxes(qtbot: QtBot) -> None:
    mask = np.zeros((60, 60), np.bool_)
    mask[20:40, 20:40] = True
    dark = mask.astype(np.float32)
    one = Chromosome(0, "x", dark, mask)
    cell = Cell("c", "g", (one, replace(one, id=1)))
    layout = compute_layout(cell, (Placement(0, "1", 0), Placement(1, "1", 1)))
    left, right = layout.chromosomes[0], layout.chromosomes[1]
    assert right.x - left.x < left.scale * 60  # their image boxes do overlap
    picture = painted(layout, cell, PaintOptions())
    for placed in (left, right):
        rect = placed.rect
        core = Rect(rect.x + 4, rect.y + 4, rect.width - 8, rect.height - 8)
        assert inside(picture, core).max() < 10
