"""The large view: upright, one zoom for two, the ideogram at the chromosome's height, bands named on hover."""

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from karyogui.document import KaryogramDocument
from karyogui.ideogram_view import band_rect
from karyogui.inspector_parts.chromosome_view import ChromosomeView, Shown

OpenCell = Callable[..., KaryogramDocument]
Show = Callable[[KaryogramDocument, Sequence[int]], ChromosomeView]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Return a function that shows chromosomes of a document, 280 x 360 pixels large."""

    def shown(document: KaryogramDocument, ids: Sequence[int]) -> ChromosomeView:
        view, cell = ChromosomeView(), document.cell()
        assert cell is not None
        qtbot.addWidget(view)
        view.resize(280, 360)
        view.show_chromosomes([Shown(cell.chromosome(i), document.placement(i)) for i in ids])
        view.show()
        return view

    return shown


def test_the_ideogram_is_as_high_as_its_chromosome(open_cell: OpenCell, show: Show) -> None:
    view = show(open_cell(), [0])
    (chromosome,), ((ideogram, drawn),) = view.chromosome_places(), view.ideogram_places()
    assert drawn.label == "1"
    assert (ideogram.top(), ideogram.bottom()) == (chromosome.top(), chromosome.bottom())
    assert ideogram.left() > chromosome.right()


def test_a_turned_chromosome_is_shown_upright(open_cell: OpenCell, show: Show) -> None:
    """A bar of 12 x 100 pixels that lies on its side after a quarter turn is wider than high."""
    (upright,) = show(open_cell(), [0]).chromosome_places()
    (turned,) = show(open_cell(turns=[90, 0, 0, 0, 0, 0, 0]), [0]).chromosome_places()
    assert upright.height() / upright.width() == pytest.approx(100 / 12)
    assert turned.width() / turned.height() == pytest.approx(100 / 12)


def test_the_ink_is_where_the_place_says(open_cell: OpenCell, show: Show) -> None:
    view = show(open_cell(turns=[20, 0, 0, 0, 0, 0, 0]), [0])
    picture = view.grab().toImage()
    ratio = picture.devicePixelRatio()
    middle = view.chromosome_places()[0].center().toPoint() * ratio
    assert picture.pixelColor(middle).lightness() < 40
    assert picture.pixelColor(QPoint(3, 30) * ratio) == QColor("white")


def test_two_homologs_share_zoom_centromere_line_and_ideogram(open_cell: OpenCell, show: Show) -> None:
    view = show(open_cell(), [3, 4])
    first, second = view.chromosome_places()
    assert (first.top(), first.height()) == (second.top(), second.height())
    assert len(view.ideogram_places()) == 1


def test_two_of_different_labels_have_an_ideogram_each(open_cell: OpenCell, show: Show) -> None:
    document = open_cell()
    view = show(document, [0, 3])
    long, short = view.chromosome_places()
    assert [drawn.label for _, drawn in view.ideogram_places()] == ["1", "21"]
    assert long.height() / short.height() == pytest.approx(100 / 60)
    assert long.top() + 0.4 * long.height() == pytest.approx(short.top() + 0.4 * short.height())
    assert view.chromosome_places()[1].right() < view.width()


@pytest.mark.parametrize("label", [None, "mar"])
def test_without_a_class_there_is_no_ideogram_until_one_is_proposed(
    open_cell: OpenCell, show: Show, label: str | None
) -> None:
    document = open_cell([None, "1"])
    if label is not None:
        from karyogui.editor import commands

        commands.assign(document, [0], label).redo()
    view = show(document, [0])
    assert view.ideogram_places() == []
    view.propose("22")
    assert [drawn.label for _, drawn in view.ideogram_places()] == ["22"]
    view.propose(None)
    assert view.ideogram_places() == []


def test_pointing_at_a_band_draws_its_lines_across_the_chromosome(
    open_cell: OpenCell, show: Show, qtbot: QtBot
) -> None:
    view = show(open_cell(), [0])
    before = view.grab().toImage()
    rect, drawn = view.ideogram_places()[0]
    band = next(band for band in drawn.bands if band.name == "q31.1")
    qtbot.mouseMove(view, band_rect(rect, band).center().toPoint())
    after = view.grab().toImage()
    left = view.chromosome_places()[0].left() - 3
    y = round(band_rect(rect, band).top())
    column = [
        after.pixelColor(round(left), y + dy).blue() - after.pixelColor(round(left), y + dy).red() for dy in (-1, 0, 1)
    ]
    assert max(column) > 60  # the accent colour
    assert before != after
    qtbot.mouseMove(view, QPoint(2, 2))
    assert view.grab().toImage() == before


def test_the_band_level_changes_the_bands(open_cell: OpenCell, show: Show) -> None:
    view = show(open_cell(), [0])
    counts = []
    for level in (400, 550, 850):
        view.set_level(level)  # type: ignore[arg-type]
        counts.append(len(view.ideogram_places()[0][1].bands))
    assert counts == sorted(set(counts))


def test_nothing_chosen_is_white_paper(qtbot: QtBot) -> None:
    view = ChromosomeView()
    qtbot.addWidget(view)
    view.resize(200, 300)
    assert view.zoom() == 1.0
    assert view.grab().toImage().pixelColor(100, 150) == QColor("white")
