"""Which copies stand where, all by hand-checked numbers: bars of known length."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from engine.types import CellResult
from karyogui.model.cell import Cell
from karyogui.model.composite import EVERY_LABEL, CaseCell, CompositeLayout, CompositeOptions, after_removal, compose
from karyogui.model.ideogram import ideogram
from karyogui.model.karyogram import placements_from_result
from karyogui.model.layout import Rect, cell_scale
from karyogui.model.outliers import CopyRef

Draw = Callable[..., tuple[Cell, CellResult]]
MakeCase = Callable[..., list[CaseCell]]


@pytest.fixture
def make_case(draw: Draw) -> MakeCase:
    """Return a function that makes a case of cells with these labels; keys 100, 101, ..."""

    def make(*cells: Sequence[str | None]) -> list[CaseCell]:
        made = []
        for number, labels in enumerate(cells):
            cell, result = draw(labels)
            placed = placements_from_result(cell, result)
            made.append(CaseCell(100 + number, f"cell {number + 1}", cell, placed, cell_scale(cell)))
        return made

    return make


def keys(layout: CompositeLayout) -> list[list[int]]:
    return [[column.cell for column in line.columns] for line in layout.lines]


def test_copies_stand_in_the_order_of_the_case_and_of_their_class(make_case: MakeCase) -> None:
    layout = compose(make_case(["1", "1", "2"], ["2", "1", "1", "1"]), ["1"], 1000.0)
    assert list(layout.copies) == [CopyRef(100, 0), CopyRef(100, 1), CopyRef(101, 1), CopyRef(101, 2), CopyRef(101, 3)]
    (line,) = layout.lines
    assert [column.name for column in line.columns] == ["cell 1", "cell 2"]
    lefts = [placed.rect.x for placed in layout.copies.values()]
    assert lefts == sorted(lefts)


def test_all_centromeres_of_a_line_have_one_height_and_the_ideogram_too(make_case: MakeCase) -> None:
    case = make_case(["3", "3"], ["3", "3"])
    lower = tuple(replace(p, centromere=0.6) for p in case[1].placements)
    layout = compose([case[0], replace(case[1], placements=lower)], ["3"], 1000.0)
    (line,) = layout.lines
    for placed in layout.copies.values():
        share = 0.4 if placed.rect.y == layout.copies[CopyRef(100, 0)].rect.y else 0.6
        assert placed.rect.y + share * placed.rect.height == pytest.approx(line.centromere_y)
    assert line.ideogram is not None
    drawn = line.ideogram.y + ideogram("3", 850).centromere * line.ideogram.height
    assert drawn == pytest.approx(line.centromere_y)
    assert all(line.rect.y <= placed.rect.y and placed.rect.bottom < line.baseline for placed in layout.copies.values())


def test_cells_of_different_magnification_are_shown_at_one_size(make_case: MakeCase) -> None:
    small, large = make_case(["1", "1", "21"], ["1", "1", "21"])
    blown_up = replace(large, scale=large.scale / 2)  # half the points for a pixel: its pictures have twice the pixels
    layout = compose([small, blown_up], ["1"], 1000.0)
    first, second = layout.copies[CopyRef(100, 0)].rect, layout.copies[CopyRef(101, 0)].rect
    assert second.height == pytest.approx(first.height / 2)


def test_lines_are_broken_to_the_width_and_keep_a_cell_together(make_case: MakeCase) -> None:
    case = make_case(*[["1", "1"]] * 7)
    o = CompositeOptions()
    width = 2 * o.margin + o.side + 3 * o.column_width + 2 * o.column_gap
    layout = compose(case, ["1"], width)
    assert keys(layout) == [[100, 101, 102], [103, 104, 105], [106]]
    assert [line.first for line in layout.lines] == [True, False, False]
    assert all(placed.rect.right <= width - o.margin for placed in layout.copies.values())
    assert layout.height >= layout.lines[-1].rect.bottom


def test_a_view_narrower_than_a_cell_still_shows_every_cell(make_case: MakeCase) -> None:
    assert keys(compose(make_case(["1", "1"], ["1", "1"]), ["1"], 10.0)) == [[100], [101]]


def test_a_cell_without_the_chromosome_keeps_its_column_empty(make_case: MakeCase) -> None:
    layout = compose(make_case(["1", "21", "21"], ["1"], ["1", "21"], ["1", "21", "21"]), ["21"], 1000.0)
    assert [len(column.copies) for column in layout.lines[0].columns] == [2, 0, 1, 2]
    one = layout.lines[0].columns[2]
    assert layout.copies[one.copies[0]].rect.right < one.rect.centre_x  # the gap is on the right


def test_markers_and_tray_show_only_the_cells_that_have_any(make_case: MakeCase) -> None:
    case = make_case([None, "1"], ["1"], ["1", None, None])
    layout = compose(case, [None], 1000.0)
    assert keys(layout) == [[100, 102]]
    assert layout.lines[0].ideogram is None


def test_everything_is_a_block_for_each_label_in_reading_order(make_case: MakeCase) -> None:
    layout = compose(make_case(["X", "2", "2", None], ["1", "Y"]), EVERY_LABEL, 1000.0)
    assert [line.label for line in layout.lines] == ["1", "2", "X", "Y", None]
    tops = [line.rect.y for line in layout.lines]
    assert tops == sorted(tops)
    pairs = zip(layout.lines, layout.lines[1:], strict=False)
    assert all(upper.rect.bottom < lower.rect.y for upper, lower in pairs)


def test_nothing_to_show_is_an_empty_paper(make_case: MakeCase) -> None:
    assert compose([], EVERY_LABEL, 500.0).lines == ()
    assert compose(make_case(["1"]), ["Y"], 500.0).copies == {}


def test_only_the_lines_of_a_strip_are_named(make_case: MakeCase) -> None:
    layout = compose(make_case(*[["1", "1"]] * 12), ["1"], 150.0)
    third = layout.lines[2]
    found = layout.lines_between(third.rect.y + 1, third.rect.bottom - 1)
    assert found == (third,)
    assert layout.lines_between(0, layout.height) == layout.lines
    assert layout.lines_between(layout.height + 1, layout.height + 9) == ()


def test_points_and_areas_find_copies_and_cells(make_case: MakeCase) -> None:
    layout = compose(make_case(["1", "1"], ["1", "1"]), ["1"], 1000.0)
    for ref, placed in layout.copies.items():
        assert layout.copy_at(placed.rect.centre_x, placed.rect.centre_y) == ref
    column = layout.lines[0].columns[1]
    assert layout.column_at(column.rect.centre_x, column.baseline + 5) == column
    assert layout.copy_at(column.rect.centre_x, column.baseline + 5) is None
    assert layout.copies_in(Rect(column.rect.x, 0, column.rect.width, layout.height)) == list(column.copies)


def test_arrows_walk_in_reading_order_and_from_line_to_line(make_case: MakeCase) -> None:
    layout = compose(make_case(["1", "1"], ["1", "1"], ["1", "1"]), ["1"], 150.0)
    order = list(layout.copies)
    assert layout.walk(None, 1, 0) == order[0]
    assert layout.walk(order[1], 1, 0) == order[2]
    assert layout.walk(order[0], -1, 0) == order[0]
    assert layout.walk(order[1], 0, 1) == order[3]
    assert layout.walk(order[5], 0, 1) == order[5]
    assert compose([], ["1"], 150.0).walk(None, 1, 0) is None


def test_after_a_move_the_next_copy_is_selected() -> None:
    order = [CopyRef(1, 0), CopyRef(1, 1), CopyRef(2, 0)]
    assert after_removal(order, {order[0]}) == order[1]
    assert after_removal(order, {order[2]}) == order[1]
    assert after_removal(order, set(order)) is None
    assert after_removal(order, set()) is None
