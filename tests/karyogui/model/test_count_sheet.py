"""The count sheet by numbers that can be checked by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from engine.types import CLASS_LABELS
from karyogui.model.count_sheet import CONFIDENCES, count_sheet
from karyogui.model.store.values import Case, CellRecord, SheetEntry, State

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CASE = Case(1, "0" * 32, "A", NOW)
XY = ChromosomeCounts.normal("XY")


def plus(counts: ChromosomeCounts, label: str, copies: int = 1) -> ChromosomeCounts:
    autosomes = tuple(n + copies * (str(i) == label) for i, n in enumerate(counts.autosomes, start=1))
    return replace(
        counts, autosomes=autosomes, x=counts.x + copies * (label == "X"), y=counts.y + copies * (label == "Y")
    )


def cell(number: int, counts: ChromosomeCounts, tray: int = 0, **more: object) -> CellRecord:
    text = karyotype_text(counts) if counts.total else ""
    record = CellRecord(
        id=number,
        case_id=1,
        position=number,
        name=f"cell {number}",
        stain="g",
        state=State.REVIEWED,
        revision=1,
        added=NOW,
        chromosomes=counts.total + tray,
        counts=counts,
        karyotype=text,
        karyotype_by_hand=False,
        structural=(),
        sheet=SheetEntry(),
        reviewed_by=None,
        approved_by=None,
    )
    return replace(record, **more)  # type: ignore[arg-type]


def cells(*counts: ChromosomeCounts) -> list[CellRecord]:
    return [cell(number, each) for number, each in enumerate(counts)]


def test_twenty_normal_cells_exclude_what_the_books_say() -> None:
    sheet = count_sheet(CASE, cells(*[XY] * 20))
    assert (sheet.cells, sheet.normal_cells, sheet.modal_number) == (20, 20, 46)
    assert [round(100 * sheet.excluded[level], 1) for level in CONFIDENCES] == [10.9, 13.9, 20.6]
    assert sheet.proposal is not None
    assert sheet.proposal.karyotype == "46,XY"
    assert all(line.normal and line.sex == "XY" for line in sheet.lines)


def test_six_of_twenty_with_trisomy_8() -> None:
    acquired = replace(CASE, constitutional=False)
    sheet = count_sheet(acquired, cells(*[plus(XY, "8")] * 6, *[XY] * 14))
    assert sheet.counts == {46: 14, 47: 6}
    assert (sheet.modal_number, sheet.normal_cells, sheet.excluded) == (46, 14, {})
    assert sheet.lines[0].gains == ("+8",)
    assert sheet.proposal is not None
    assert sheet.proposal.karyotype == "47,XY,+8[6]/46,XY[14]"


def test_gains_and_losses_by_copy_and_against_the_patient_s_sex() -> None:
    odd = plus(plus(plus(XY, "8", 2), "7", -1), "Y", -1)
    line = count_sheet(replace(CASE, sex="XY"), cells(odd)).lines[0]
    assert (line.count, line.sex) == (46, "X")
    assert (line.gains, line.losses) == (("+8", "+8"), ("-Y", "-7"))
    assert not line.normal  # for all its 46 chromosomes
    # Without a word about the sex the other cells tell: a lost Y is a lost Y, not a lost X.
    by_others = count_sheet(CASE, cells(odd, XY, XY))
    assert by_others.lines[0].losses == ("-Y", "-7")


def test_a_cell_with_something_in_the_tray_is_in_doubt() -> None:
    records = [*cells(XY, XY), cell(2, plus(XY, "21", -1), tray=1), cell(3, ChromosomeCounts(), tray=46)]
    sheet = count_sheet(CASE, records)
    assert (sheet.cells, sheet.doubts) == (3, ("cell 2",))
    assert sheet.lines[2].unplaced == 1
    assert not sheet.lines[2].normal
    assert (sheet.normal_cells, sheet.counts) == (2, {46: 2})
    assert sheet.excluded[0.95] == pytest.approx(1 - 0.05**0.5)
    assert sheet.proposal is not None
    assert [len(clone.cells) for clone in sheet.proposal.clones] == [2]


def test_structural_findings_make_a_cell_abnormal() -> None:
    records = cells(XY, XY, XY)
    records = [replace(r, structural=("del(5)(q13q33)",)) for r in records[:2]] + records[2:]
    sheet = count_sheet(replace(CASE, constitutional=False), records)
    assert (sheet.normal_cells, sheet.excluded) == (1, {})
    assert sheet.proposal is not None
    assert sheet.proposal.karyotype == "46,XY,del(5)(q13q33)[2]/46,XY[1]"


def test_marks_are_added_up() -> None:
    marks = [SheetEntry(True, True, True, 550, 4), SheetEntry(True, True), SheetEntry(True), SheetEntry()]
    records = [replace(r, sheet=entry) for r, entry in zip(cells(*[XY] * 4), marks, strict=True)]
    sheet = count_sheet(CASE, records)
    assert (sheet.counted, sheet.analysed, sheet.karyotyped) == (3, 2, 1)
    assert sheet.lines[0].entry.band_level == 550


def test_of_two_counts_as_frequent_the_one_nearer_to_46_is_modal() -> None:
    assert count_sheet(CASE, cells(plus(XY, "8", 2), XY)).modal_number == 46
    assert count_sheet(CASE, cells(plus(XY, "8", 3), plus(XY, "7", -1))).modal_number == 45
    assert count_sheet(CASE, cells(plus(XY, "8"), plus(XY, "8"), XY)).modal_number == 47


@pytest.mark.parametrize("records", [[], [cell(0, ChromosomeCounts(), tray=46)]])
def test_nothing_placed_says_nothing(records: Sequence[CellRecord]) -> None:
    sheet = count_sheet(CASE, records)
    assert (sheet.lines, sheet.modal_number, sheet.excluded, sheet.proposal) == ((), None, {}, None)


def test_two_cells_of_one_name() -> None:
    records = [replace(r, name="cell") for r in cells(XY, XY, XY)] + [cell(3, XY, name="cell (2)")]
    sheet = count_sheet(CASE, records)
    assert sheet.proposal is not None
    assert len(sheet.proposal.clones[0].cells) == 4


@given(st.lists(st.lists(st.sampled_from((*CLASS_LABELS, "mar")), min_size=1, max_size=60), min_size=1, max_size=6))
def test_gains_and_losses_add_up_to_the_count(labels: list[list[str]]) -> None:
    records = [cell(number, ChromosomeCounts.from_labels(each)) for number, each in enumerate(labels)]
    sheet = count_sheet(CASE, records)
    for line, each in zip(sheet.lines, labels, strict=True):
        assert line.count == len(each) == 46 + len(line.gains) - len(line.losses)
    assert sum(sheet.counts.values()) == len(labels)
    assert sheet.counts[sheet.modal_number or 0] == max(sheet.counts.values())


def test_a_joined_chromosome_is_no_loss() -> None:
    rob = ("rob(13;14)(q10;q10)",)
    record = replace(cell(1, plus(XY, "14", -1)), structural=rob)
    line = count_sheet(CASE, [record]).lines[0]
    assert (line.count, line.gains, line.losses, line.structural) == (45, (), (), rob)


def test_a_composite_is_offered_for_acquired_changes_of_cells_that_are_not_alike() -> None:
    records = cells(*[plus(XY, "8")] * 2, *[plus(plus(XY, "8"), "21")] * 2, *[XY] * 4)
    assert count_sheet(replace(CASE, constitutional=False), records).composite == "47~48,XY,+8[4],+21[2][cp4]/46,XY[4]"
    assert count_sheet(CASE, records).composite is None
