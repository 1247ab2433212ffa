"""Texts against counts."""

from collections.abc import Callable

import pytest

from karyogui.model.count_sheet import count_sheet
from karyogui.model.report.contradiction import case_contradiction, cell_contradiction
from karyogui.model.store.values import Case, CellRecord

Record = Callable[..., CellRecord]


@pytest.mark.parametrize(
    ("extra", "text", "agrees"),
    [
        ((), "46,XX", True),
        ((), "46,XX,del(5)(q13q33)", True),
        ((), "46,XX,nonsense(5)", True),  # no ISCN, but its affair
        (("8",), "47,XX,+8", True),
        (("8",), "47,XX,+9", False),
        (("8",), "46,XX,+8", False),  # says of itself that it has 47
        ((), "47,XX,nonsense(5)", False),
        ((), "a normal cell", False),
        ((), "", False),
        (("-X",), "45,X", True),
        (("-X",), "46,XX", False),
    ],
)
def test_of_a_cell(record: Record, extra: tuple[str, ...], text: str, agrees: bool) -> None:
    found = cell_contradiction(record(1, extra, karyotype=text, karyotype_by_hand=True))
    assert (found is None) == agrees
    assert found is None or found.endswith(".")


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("47,XX,+8[2]/46,XX[3]", True),
        ("47,XX,+8[3]/46,XX[2]", False),
        ("46,XX[5]", False),
        ("47,XX,+9[2]/46,XX[3]", False),
        ("48,XX,+8,nonsense(3)[2]/46,XX[3]", False),
        ("47,XX,+8,nonsense(3)[2]/46,XX[3]", True),
        ("trisomy 8", False),
    ],
)
def test_of_a_case(case: Case, record: Record, text: str, agrees: bool) -> None:
    sheet = count_sheet(case, [record(n, ["8"] if n < 3 else []) for n in range(1, 6)])
    assert (case_contradiction(text, sheet.proposal, {46, 47}) is None) == agrees
