"""Typed labels and the way of the arrows, without a window."""

from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from engine.types import CLASS_LABELS
from karyogui.editor.keyboard import LabelTyping, walk
from karyogui.model.karyogram import placements_from_result
from karyogui.model.layout import KaryogramLayout, compute_layout

if TYPE_CHECKING:
    from tests.karyogui.editor.conftest import DrawnCell


@pytest.fixture
def typing(qtbot: QtBot) -> LabelTyping:
    return LabelTyping()


def typed(typing: LabelTyping, digits: str) -> list[str]:
    labels: list[str] = []
    typing.label_typed.connect(labels.append)
    for digit in digits:
        typing.type_digit(digit)
    return labels


@pytest.mark.parametrize("label", [label for label in CLASS_LABELS[:22] if label not in ("1", "2")])
def test_unambiguous_labels_need_no_pause(typing: LabelTyping, label: str) -> None:
    assert typed(typing, label) == [label]
    assert typing.typed() == ""


@pytest.mark.parametrize("label", ["1", "2"])
def test_one_and_two_wait_for_a_second_digit(typing: LabelTyping, qtbot: QtBot, label: str) -> None:
    assert typed(typing, label) == []
    assert typing.typed() == label
    with qtbot.waitSignal(typing.label_typed) as signal:
        pass
    assert signal.args == [label]
    assert typing.typed() == ""


def test_enter_takes_what_was_typed(typing: LabelTyping, qtbot: QtBot) -> None:
    labels = typed(typing, "1")
    typing.commit()
    typing.commit()
    assert labels == ["1"]


@pytest.mark.parametrize(("digits", "labels"), [("25", ["5"]), ("0", []), ("2216", ["22", "16"]), ("100", ["10"])])
def test_digits_that_make_no_label_start_anew(typing: LabelTyping, digits: str, labels: list[str]) -> None:
    assert typed(typing, digits) == labels


def test_cancel_forgets(typing: LabelTyping) -> None:
    labels = typed(typing, "1")
    typing.cancel()
    assert typing.typed() == ""
    typing.type_digit("2")
    typing.commit()
    assert labels == ["2"]


@pytest.fixture
def layout(normal_cell: "DrawnCell") -> KaryogramLayout:
    return compute_layout(normal_cell[0], placements_from_result(*normal_cell))


@pytest.mark.parametrize(
    ("start", "columns", "rows", "end"),
    [
        (None, 1, 0, 0),
        (0, 1, 0, 1),
        (9, 1, 0, 10),  # past the end of a row
        (10, -1, 0, 9),
        (0, -1, 0, 0),
        (45, 1, 0, 45),
        (0, 0, 1, 10),  # 1 -> 6 below it
        (10, 0, -1, 0),
        (0, 0, -1, 0),
        (9, 0, 1, 23),  # 5 -> 12 at the right end
    ],
)
def test_a_step(layout: KaryogramLayout, start: int | None, columns: int, rows: int, end: int) -> None:
    assert walk(layout, start, columns, rows) == end


def test_without_chromosomes_there_is_no_step() -> None:
    assert walk(compute_layout(None, ()), None, 1, 0) is None
