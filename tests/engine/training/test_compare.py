"""The gate: better, the same or worse on real cells neither bundle has learned from, and never on anything made."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.bundle import Bundle
from engine.errors import Cancelled, InputError
from engine.progress import SilentReporter
from engine.training.compare import compare, figures_json
from engine.training.quick import QuickConfig, train_quick
from engine.training.reviewed import Deal, ReviewedCell

Draw = Callable[..., ReviewedCell]


@pytest.fixture(scope="module")
def judges(draw_reviewed: Draw) -> list[ReviewedCell]:
    return [draw_reviewed(seed) for seed in range(200, 205)]


@pytest.fixture
def deal(draw_reviewed: Draw) -> Deal:
    cells = [draw_reviewed(seed) for seed in range(5)]
    return Deal(tuple(cells[:4]), tuple(cells[4:]), ())


def test_a_taught_bundle_is_better_and_says_where(
    confused: Bundle, deal: Deal, judges: list[ReviewedCell], own_bundles: Path
) -> None:
    taught = train_quick(deal, confused)
    found = compare(judges, confused, taught)
    assert found.verdict == "better"
    assert found.sentence.startswith("Better: on 5 cells")
    assert found.interval[0] > 0
    four_and_five = [row for row in found.labels if row.label in {"4", "5"}]
    assert [(row.count, row.current) for row in four_and_five] == [(10, 0), (10, 0)]
    assert all(row.candidate >= 9 for row in four_and_five)
    # Every chromosome that changed is listed, and the figures add up from the lists.
    won, lost = len(found.better), len(found.worse)
    assert sum(row.candidate - row.current for row in found.labels) == won - lost
    assert found.gain == pytest.approx((won - lost) / (5 * 46))
    assert {change.truth for change in found.better} >= {"4", "5"}
    change = found.better[0]
    assert judges[change.cell].truth[change.chromosome] in (3, 4)
    assert found.current_figures["n_chromosomes"] == found.candidate_figures["n_chromosomes"] == 230
    assert figures_json(found)["verdict"] == "better"


def test_the_other_way_round_it_is_worse(confused: Bundle, pupil: Bundle, judges: list[ReviewedCell]) -> None:
    found = compare(judges, pupil, confused)
    assert found.verdict == "worse"
    assert found.sentence.startswith("Worse")
    assert len(found.worse) >= 18


def test_a_bundle_is_the_same_as_itself(pupil: Bundle, judges: list[ReviewedCell]) -> None:
    found = compare(judges, pupil, pupil)
    assert (found.verdict, found.gain, found.better, found.worse) == ("same", 0.0, (), ())
    assert "both give every chromosome the same place" in found.sentence


def test_shuffled_labels_are_refused(pupil: Bundle, deal: Deal, judges: list[ReviewedCell], own_bundles: Path) -> None:
    rng = np.random.default_rng(0)

    def shuffled(cell: ReviewedCell) -> ReviewedCell:
        return replace(cell, labels=tuple(int(label) for label in rng.permutation(cell.truth)))

    wrong = Deal(tuple(map(shuffled, deal.learn)), tuple(map(shuffled, deal.tune)), ())
    taught = train_quick(wrong, pupil, QuickConfig(holds=(1e-3,), choose=False))
    assert compare(judges, pupil, taught).verdict == "worse"


def test_few_cells_are_never_called_better(confused: Bundle, pupil: Bundle, judges: list[ReviewedCell]) -> None:
    found = compare(judges[:2], confused, pupil)
    assert found.verdict == "same"
    assert found.sentence.startswith("Too few cells to tell")
    assert compare(judges[:2], pupil, confused).verdict == "worse"  # but worse can be said of few


def test_one_label_lost_is_worse_whatever_the_rest(pupil: Bundle, confused: Bundle, judges: list[ReviewedCell]) -> None:
    """A cell in which nobody stands behind anything but the 4s: the overall gain is the loss of one label."""
    only = [replace(c, labels=tuple(label if label == 3 else -1 for label in c.labels)) for c in judges]
    found = compare(only, pupil, confused)
    assert found.verdict == "worse"
    assert [row.label for row in found.labels if row.count] == ["4"]


def test_nothing_is_judged_on_what_it_learned(
    confused: Bundle, deal: Deal, judges: list[ReviewedCell], own_bundles: Path
) -> None:
    taught = train_quick(deal, confused, QuickConfig(holds=(0.1,)))
    renamed = replace(deal.learn[0], group="somebody else")  # the same pictures under another name
    with pytest.raises(InputError, match="has learned from the cell"):
        compare([*judges, renamed], confused, taught)
    with pytest.raises(InputError, match="has learned from"):
        compare([deal.tune[0]], taught, confused)


def test_only_chromosomes_somebody_stands_behind_count(pupil: Bundle, judges: list[ReviewedCell]) -> None:
    half = [replace(c, labels=tuple(label if i < 10 else -1 for i, label in enumerate(c.labels))) for c in judges]
    assert compare(half, pupil, pupil).candidate_figures["n_chromosomes"] == 50
    with pytest.raises(InputError, match="no reviewed cell to judge by"):
        compare([replace(judges[0], labels=(-1,) * 46)], pupil, pupil)


def test_orientation_is_judged_where_known(pupil: Bundle, judges: list[ReviewedCell]) -> None:
    figures = compare(judges, pupil, pupil).candidate_figures
    assert figures["polarity"] is not None
    assert figures["polarity"] > 0.9
    blind = [replace(cell, upright_deg=(None,) * 46) for cell in judges]
    assert compare(blind, pupil, pupil).candidate_figures["polarity"] is None


def test_cancel(pupil: Bundle, judges: list[ReviewedCell]) -> None:
    class Stop(SilentReporter):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        compare(judges, pupil, pupil, reporter=Stop())
