from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.types import (
    CLASS_LABELS,
    BundleRef,
    CellImages,
    CellResult,
    ChromosomeImage,
    ChromosomeResult,
    KaryotypeAlternative,
)
from karyogui.document import KaryogramDocument, Written, classified
from karyogui.model.cell import Cell, cell_from_images
from karyogui.model.karyogram import Placement, accept, move
from karyogui.model.review import Light

LABELS = ("21", "21", "X", "Y", "1", None)
CONFIDENCES = (0.99, 0.6, 0.95, 0.89, 0.3, 0.1)


@pytest.fixture
def cell() -> Cell:
    image = ChromosomeImage(np.ones((20, 8), np.float32), np.ones((20, 8), np.bool_), "a.png")
    return cell_from_images(CellImages("c", "g", (image,) * len(LABELS)))


@pytest.fixture
def result() -> CellResult:
    even = (1.0 / len(CLASS_LABELS),) * len(CLASS_LABELS)
    said = tuple(
        ChromosomeResult("a.png", label, confidence, label or "1", even, 0.0, False, 0.5)
        for label, confidence in zip(LABELS, CONFIDENCES, strict=True)
    )
    alternative = KaryotypeAlternative("46,XX", 0.7, LABELS)
    return CellResult("c", "g", BundleRef("g-default", "1.0"), "", said, (alternative,), (), 0.1)


def test_empty_until_a_cell_is_opened() -> None:
    document = KaryogramDocument()
    assert (document.cell(), document.placements(), document.state(), document.karyotype_text()) == (None, (), None, "")
    assert document.counts().total == 0
    assert document.ids_to_review() == []


def test_an_opened_cell_lies_in_the_tray(qtbot: QtBot, cell: Cell) -> None:
    document = KaryogramDocument()
    with qtbot.waitSignals([document.result_changed, document.cell_changed], order="strict"):
        document.set_cell(cell)
    assert document.cell() is cell
    assert [(p.chromosome_id, p.label, p.order) for p in document.placements()] == [(i, None, i) for i in range(6)]
    assert document.bundle() is None
    assert document.karyotype_text() == ""


def test_a_result_fills_the_karyogram(qtbot: QtBot, cell: Cell, result: CellResult) -> None:
    document = KaryogramDocument()
    document.set_cell(cell)
    with qtbot.waitSignals([document.result_changed, document.cell_changed]):
        document.set_result(result)
    assert document.placement(1) == Placement(1, "21", 1)
    assert document.bundle() == BundleRef("g-default", "1.0")
    assert document.alternatives() == result.alternatives
    assert document.counts().total == 5
    assert document.counts().count("21") == 2
    shown = document.cell()
    assert shown is not None
    assert shown.chromosome(3).prediction is result.chromosomes[3]


def test_a_result_without_a_cell_is_refused(result: CellResult) -> None:
    with pytest.raises(ValueError, match="no cell"):
        KaryogramDocument().set_result(result)


def test_a_failed_result_leaves_the_document_alone(cell: Cell, result: CellResult) -> None:
    document = KaryogramDocument()
    document.set_cell(cell)
    with pytest.raises(ValueError, match="2 results for 6"):
        document.set_result(replace(result, chromosomes=result.chromosomes[:2]))
    assert document.cell() is cell
    assert document.bundle() is None


def test_only_changed_placements_are_announced(qtbot: QtBot, cell: Cell, result: CellResult) -> None:
    document = KaryogramDocument()
    document.restore(classified(cell, result))
    after = [replace(document.placement(0), label="22"), document.placement(2)]
    with qtbot.waitSignal(document.placements_changed) as signal:
        document.replace(after)
    assert signal.args == [[0]]
    with qtbot.assertNotEmitted(document.placements_changed):
        document.replace(after)


def test_the_karyotype_follows_the_placements(cell: Cell, result: CellResult) -> None:
    document = KaryogramDocument()
    document.restore(classified(cell, result))
    before = document.karyotype_text()
    document.replace(move(document.placements(), [5], "21"))
    assert document.karyotype_text() != before
    assert document.karyotype_text().startswith("6")


def test_review_asks_for_the_uncertain_until_a_person_decided(cell: Cell, result: CellResult) -> None:
    document = KaryogramDocument()
    document.restore(classified(cell, result))
    assert document.ids_to_review() == [5, 4, 1, 3]  # least certain first, before them what fits nowhere
    document.replace([replace(document.placement(1), accepted=True)])
    assert document.ids_to_review() == [5, 4, 3]
    assert not document.needs_review(1)
    assert set(document.lights()) == {0, 2, 3, 4, 5}


def test_it_is_reviewed_when_nothing_asks_for_a_look(cell: Cell, result: CellResult) -> None:
    document = KaryogramDocument()
    assert not document.reviewed
    document.set_cell(cell)
    assert not document.reviewed  # nobody classified it: nobody said what is doubtful
    document.set_result(result)
    assert not document.reviewed
    document.replace(accept(document.placements(), [3, 4, 5]))
    assert not document.reviewed
    document.replace(accept(document.placements(), [1]))
    assert document.reviewed


def test_a_cell_placed_by_hand_is_reviewed_when_each_chromosome_was_accepted(cell: Cell) -> None:
    document = KaryogramDocument()
    document.set_cell(cell)
    document.replace(accept(document.placements(), [0, 1, 2, 3, 4]))
    assert not document.reviewed
    document.replace(accept(document.placements(), [5]))
    assert document.reviewed


def test_a_piece_the_engine_has_not_seen_asks_for_a_look(cell: Cell, result: CellResult) -> None:
    document = KaryogramDocument()
    document.restore(classified(cell, result))
    document.replace(accept(document.placements(), range(6)))
    assert document.reviewed
    state = document.state()
    assert state is not None
    unseen = tuple(replace(c, prediction=None) if c.id == 2 else c for c in state.cell.chromosomes)
    placements = tuple(replace(p, accepted=p.chromosome_id != 2) for p in state.placements)
    document.restore(replace(state, cell=replace(state.cell, chromosomes=unseen), placements=placements))
    assert document.ids_to_review() == [2]
    assert document.needs_review(2)
    assert document.lights() == {2: Light.UNSURE}
    assert not document.reviewed
    document.replace(accept(document.placements(), [2]))
    assert document.reviewed


def test_a_state_comes_back_whole(cell: Cell, result: CellResult) -> None:
    document, other = KaryogramDocument(), KaryogramDocument()
    document.restore(classified(cell, result))
    document.replace(move(document.placements(), [0, 3], "5"))
    state = document.state()
    assert state is not None
    other.restore(state)
    assert other.placements() == document.placements()
    assert other.bundle() == document.bundle()
    assert other.alternatives() == document.alternatives()


def test_a_state_with_gaps_is_refused(cell: Cell, result: CellResult) -> None:
    state = classified(cell, result)
    with pytest.raises(ValueError, match="gaps"):
        replace(state, placements=(replace(state.placements[0], order=7), *state.placements[1:]))


def test_clear_closes_the_cell(qtbot: QtBot, cell: Cell) -> None:
    document = KaryogramDocument()
    document.set_cell(cell)
    with qtbot.waitSignal(document.cell_changed):
        document.clear()
    assert (document.cell(), document.placements()) == (None, ())


def test_what_was_written_of_the_karyotype_stands_beside_the_placements(
    qtbot: QtBot, open_cell: Callable[..., KaryogramDocument]
) -> None:
    document = open_cell()
    before = document.karyotype_text()
    with qtbot.waitSignal(document.karyotype_written):
        document.write_karyotype(Written(structural=("del(1)(p36.1)",)))
    assert "del(1)(p36.1)" in document.karyotype_text()
    with qtbot.assertNotEmitted(document.karyotype_written):
        document.write_karyotype(Written(structural=("del(1)(p36.1)",)))
    document.write_karyotype(Written(text="46,XX"))
    document.replace([replace(document.placement(0), label=None, order=0, accepted=True)])
    assert document.karyotype_text() == "46,XX"
    document.replace([replace(document.placement(0), label="1", order=0)])
    document.write_karyotype(Written())
    assert document.karyotype_text() == before
