"""What keeps a report locked: each reason alone, and in which order they are told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.karyotype.counts import ChromosomeCounts
from karyogui.model.report.lock import Obstacle, Reason, reasons
from karyogui.model.store.values import Case, CellRecord, State

Record = Callable[..., CellRecord]


def test_reviewed_cells_without_doubts_keep_nothing_locked(case: Case, record: Record) -> None:
    assert reasons(case, [record(1), record(2, ["8"])], {}) == ()


@pytest.mark.parametrize("records", [0, 1])
def test_nothing_placed(case: Case, record: Record, records: int) -> None:
    empty = [record(1, counts=ChromosomeCounts(), state=State.NEW, karyotype="")][:records]
    assert reasons(case, empty, {}) == (Reason(Obstacle.NO_CELLS),)


def test_a_cell_in_which_nothing_is_placed_is_not_reported(case: Case, record: Record) -> None:
    new = record(2, counts=ChromosomeCounts(), state=State.NEW, karyotype="")
    assert reasons(case, [record(1), new], {2: (0, 1)}, approved_only=False) == ()


def test_unreviewed_chromosomes(case: Case, record: Record) -> None:
    found = reasons(case, [record(1), record(2)], {2: (7, 3)})
    assert found == (Reason(Obstacle.UNREVIEWED, 2, "cell 2", (7, 3)),)


@pytest.mark.parametrize("state", [State.NEW, State.CLASSIFIED, State.IN_REVIEW])
def test_a_cell_nobody_called_reviewed(case: Case, record: Record, state: State) -> None:
    assert reasons(case, [record(1, state=state)], {}) == (Reason(Obstacle.NOT_REVIEWED, 1, "cell 1"),)


def test_a_karyotype_by_hand_that_is_not_what_was_counted(case: Case, record: Record) -> None:
    (found,) = reasons(case, [record(1, karyotype="47,XX,+9", karyotype_by_hand=True)], {})
    assert (found.obstacle, found.cell_id) == (Obstacle.CELL_TEXT, 1)
    assert "copies of 9" in found.detail
    assert reasons(case, [record(1, karyotype="46,XX", karyotype_by_hand=True)], {}) == ()


def test_a_karyotype_of_the_case_that_its_cells_do_not_make(case: Case, record: Record) -> None:
    cells = [record(n, ["8"]) for n in (1, 2)] + [record(n) for n in (3, 4, 5)]
    right, wrong = (replace(case, karyotype=f"47,XX,+8[{n}]/46,XX[3]") for n in (2, 4))
    assert reasons(right, cells, {}) == ()
    (found,) = reasons(wrong, cells, {})
    assert (found.obstacle, found.cell_id) == (Obstacle.CASE_TEXT, None)
    assert found.detail.endswith(".")


def test_approval_is_asked_for_by_the_setting_alone(case: Case, record: Record) -> None:
    cells = [record(1, state=State.APPROVED), record(2)]
    assert reasons(case, cells, {}) == ()
    assert reasons(case, cells, {}, approved_only=True) == (Reason(Obstacle.NOT_APPROVED, 2, "cell 2"),)


def test_of_one_cell_the_first_thing_to_do_is_told_alone(case: Case, record: Record) -> None:
    cell = record(1, state=State.CLASSIFIED)
    assert [each.obstacle for each in reasons(case, [cell], {1: (0,)}, approved_only=True)] == [Obstacle.UNREVIEWED]


def test_those_of_the_case_come_first(case: Case, record: Record) -> None:
    cells = [record(1), record(2, state=State.CLASSIFIED)]
    found = reasons(replace(case, karyotype="46,XX[9]"), cells, {1: (4,)})
    assert [(each.obstacle, each.cell_id) for each in found] == [
        (Obstacle.CASE_TEXT, None),
        (Obstacle.UNREVIEWED, 1),
        (Obstacle.NOT_REVIEWED, 2),
    ]
