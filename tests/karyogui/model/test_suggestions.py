import pytest

from engine.types import CLASS_LABELS, ChromosomeResult, LabelAlternative
from karyogui.model.suggestions import suggestions


def said(label: str | None, *others: LabelAlternative) -> ChromosomeResult:
    probabilities = tuple(0.4 - 0.01 * index for index in range(len(CLASS_LABELS)))
    return ChromosomeResult("a.png", label, 0.7, label or "1", probabilities, 0.0, False, 0.5, others)


@pytest.mark.parametrize(
    ("placed", "offered"),
    [("7", ["8", "X"]), ("8", ["7", "X"]), (None, ["7", "8", "X"])],
)
def test_the_models_own_label_first_but_not_the_one_it_has(placed: str | None, offered: list[str]) -> None:
    prediction = said("7", LabelAlternative("8", 0.2), LabelAlternative("X", 0.1))
    assert [other.label for other in suggestions(prediction, placed)] == offered


def test_what_fits_nowhere_gets_the_likeliest_of_its_image() -> None:
    assert [other.label for other in suggestions(said(None), None)] == ["1", "2", "3", "4"]
