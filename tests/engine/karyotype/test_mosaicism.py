"""The mosaicism that normal cells exclude."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.karyotype.mosaicism import cells_needed, excluded_mosaicism

CONFIDENCES = st.floats(0.5, 0.999)


@pytest.mark.parametrize(
    ("cells", "confidence", "percent"),
    [(20, 0.95, 13.9), (30, 0.95, 9.5), (50, 0.95, 5.8), (20, 0.99, 20.6), (20, 0.90, 10.9), (5, 0.95, 45.1)],
)
def test_known_values(cells: int, confidence: float, percent: float) -> None:
    assert excluded_mosaicism(cells, confidence) * 100 == pytest.approx(percent, abs=0.05)


def test_no_cells_exclude_nothing() -> None:
    assert excluded_mosaicism(0) == 1.0


@given(st.integers(1, 5000), CONFIDENCES)
def test_chance_of_missing_the_share_is_what_confidence_leaves(cells: int, confidence: float) -> None:
    share = excluded_mosaicism(cells, confidence)
    assert (1 - share) ** cells == pytest.approx(1 - confidence, rel=1e-6)
    assert excluded_mosaicism(cells + 1, confidence) < share


@given(st.integers(1, 5000), CONFIDENCES)
def test_cells_needed_undoes_it(cells: int, confidence: float) -> None:
    assert cells_needed(excluded_mosaicism(cells, confidence), confidence) == cells


@given(st.floats(0.001, 0.9), CONFIDENCES)
def test_cells_needed_are_just_enough(share: float, confidence: float) -> None:
    cells = cells_needed(share, confidence)
    assert excluded_mosaicism(cells, confidence) <= share * (1 + 1e-6)
    assert excluded_mosaicism(cells - 1, confidence) > share * (1 - 1e-6)


@pytest.mark.parametrize(("cells", "confidence"), [(-1, 0.95), (20, 0.0), (20, 1.0), (20, float("nan"))])
def test_impossible_values_are_refused(cells: int, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"number of cells|confidence"):
        excluded_mosaicism(cells, confidence)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        cells_needed(share)
