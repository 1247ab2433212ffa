"""Quick: two heads learn anew; what it gives is a bundle like any other, better where it was taught."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.bundle import Bundle, load_bundle, write_bundle
from engine.errors import BundleError, Cancelled, InputError
from engine.pipeline import classify_cell
from engine.progress import SilentReporter
from engine.training.candidate import weights_of, with_weights
from engine.training.facts import StepDone, TuningPlan
from engine.training.looks import Looks
from engine.training.quick import QuickConfig, labels_to_learn, train_quick
from engine.training.reviewed import Deal, ReviewedCell
from engine.types import CLASS_INDEX, CLASS_LABELS

Draw = Callable[..., ReviewedCell]


@pytest.fixture
def deal(draw_reviewed: Draw) -> Deal:
    cells = [draw_reviewed(seed) for seed in range(6)]
    return Deal(tuple(cells[:4]), tuple(cells[4:]), ())


def hits(bundle: Bundle, cell: ReviewedCell, labels: tuple[str, ...]) -> float:
    said = [CLASS_INDEX[row.image_label] for row in classify_cell(cell.images, bundle).chromosomes]
    wanted = np.isin(cell.truth, [CLASS_INDEX[label] for label in labels])
    return float((np.array(said) == cell.truth)[wanted].mean())


def test_two_confused_labels_are_told_apart_again(
    confused: Bundle, deal: Deal, draw_reviewed: Draw, own_bundles: Path
) -> None:
    seen: list[StepDone | TuningPlan] = []
    taught = train_quick(deal, confused, watch=seen.append)
    unseen = draw_reviewed(77)
    assert hits(confused, unseen, ("4", "5")) == 0.0
    assert hits(taught, unseen, ("4", "5")) == 1.0
    assert hits(taught, unseen, CLASS_LABELS) >= hits(confused, unseen, CLASS_LABELS) + 4 / 46 - 1e-9
    plan, steps = seen[0], seen[1:]
    assert isinstance(plan, TuningPlan)
    assert len(plan.truth) == sum(len(cell.labels) for cell in deal.tune)
    assert plan.cell.tolist() == [4] * 46 + [5] * 46  # numbered as the cells that were given
    assert all(isinstance(step, StepDone) and len(step.answers) == 92 for step in steps)
    assert steps[0].step == 0  # type: ignore[union-attr] - the bundle as it was comes first
    assert min(s.tune_loss for s in steps) < steps[0].tune_loss  # type: ignore[union-attr]


def test_the_result_is_a_normal_bundle_with_its_descent(
    confused: Bundle, deal: Deal, own_bundles: Path, tmp_path: Path
) -> None:
    taught = train_quick(deal, confused)
    write_bundle(taught.card, taught.networks, tmp_path / "taught")
    card = load_bundle(tmp_path / "taught").card  # every check of a bundle from outside
    assert (card.name, card.parent, card.stain) == ("g-own-1", "confused 1.0", "g")
    assert card.training["learned"] == sorted(cell.digest for cell in (*deal.learn, *deal.tune))
    (step,) = card.training["steps"]
    assert step["way"] == "quick"
    assert step["cells"] == {"learned": 4, "tuned": 2, "judged": 0}
    assert step["counts"]["1"] == 8
    old, new = weights_of(confused), weights_of(taught)
    changed = {name for name in old if not np.array_equal(old[name], new[name])}
    assert changed <= {"label_head.weight", "label_head.bias", "polarity_head.weight", "polarity_head.bias"}
    assert "label_head.weight" in changed
    assert taught.networks["classifier"].graph == confused.networks["classifier"].graph


def test_boldness_alone_is_no_gain(pupil: Bundle, draw_reviewed: Draw, own_bundles: Path) -> None:
    """A network that knows these cells and is only shy of saying so, as smoothed labels make it, stays what it is."""
    known = Deal(tuple(draw_reviewed(900 + i) for i in range(4)), tuple(draw_reviewed(950 + i) for i in range(2)), ())
    old = weights_of(pupil)
    shy = {name: 0.4 * old[name].astype(np.float64) for name in ("label_head.weight", "label_head.bias")}
    parent = with_weights(pupil, replace(pupil.card, name="shy"), shy)
    taught = train_quick(known, parent)
    assert taught.card.training["steps"][-1]["hold"] == 0.0
    assert np.array_equal(weights_of(taught)["label_head.weight"], weights_of(parent)["label_head.weight"])


def test_the_same_cells_give_the_same_bundle(confused: Bundle, deal: Deal, own_bundles: Path) -> None:
    first, second = (train_quick(deal, confused) for _ in range(2))
    assert first.card == second.card
    assert first.networks["classifier"].weights == second.networks["classifier"].weights


def test_smote_raises_rare_labels_among_what_is_learned_and_nowhere_else(
    confused: Bundle, draw_reviewed: Draw, own_bundles: Path
) -> None:
    cells = [draw_reviewed(seed) for seed in (1, 3, 5)]  # 46,XY: one X and one Y each
    looks = Looks(confused)
    seen = [looks.of(cell) for cell in cells]
    plain = labels_to_learn(cells, seen, QuickConfig(balance="none"))
    even = labels_to_learn(cells, seen, QuickConfig(balance="smote_features"))
    x, y = CLASS_INDEX["X"], CLASS_INDEX["Y"]
    before, after = np.bincount(plain.labels, minlength=24), np.bincount(even.labels, minlength=24)
    assert before[x] == before[y] == 3 * 4  # both ways up, each mirrored
    assert (after == 6 * 4).all()
    assert np.array_equal(even.features[: len(plain.features)], plain.features)  # real ones first, untouched
    made = even.features[len(plain.features) :]
    own = plain.features[np.isin(plain.labels, [x, y])]
    assert (made <= own.max(axis=0) + 1e-4).all()
    assert (made >= own.min(axis=0) - 1e-4).all()
    # What is measured on are the real tuning chromosomes, whatever was made.
    told: list[StepDone | TuningPlan] = []
    deal = Deal(tuple(cells), (draw_reviewed(8),), ())
    train_quick(deal, confused, QuickConfig(holds=(0.1,)), looks=looks, watch=told.append)
    assert all(len(fact.answers) == 46 for fact in told if isinstance(fact, StepDone))


def test_weights_favour_rare_labels_instead(confused: Bundle, draw_reviewed: Draw, own_bundles: Path) -> None:
    cells = [draw_reviewed(seed) for seed in (1, 3)]
    looks = Looks(confused)
    lesson = labels_to_learn(cells, [looks.of(cell) for cell in cells], QuickConfig(balance="class_weights"))
    x, one = (lesson.weights[lesson.labels == CLASS_INDEX[label]] for label in ("X", "1"))
    assert x[0] == pytest.approx(2 * one[0])
    assert lesson.weights.mean() == pytest.approx(1.0)


def test_a_single_example_of_a_label_stops_nothing(confused: Bundle, draw_reviewed: Draw, own_bundles: Path) -> None:
    few = draw_reviewed(20, ["1", "1", "2", "2", "3", "3", "4", "4", "5", "Y"])
    taught = train_quick(Deal((few,), (draw_reviewed(21),), ()), confused, QuickConfig(holds=(0.1,)))
    assert taught.card.training["steps"][0]["counts"]["Y"] == 1


def test_chromosomes_nobody_stands_behind_are_not_learned(
    confused: Bundle, draw_reviewed: Draw, own_bundles: Path
) -> None:
    cell = draw_reviewed(1)
    half = replace(cell, labels=tuple(label if i % 2 else -1 for i, label in enumerate(cell.labels)))
    looks = Looks(confused)
    lesson = labels_to_learn([half], [looks.of(half)], QuickConfig(balance="none"))
    assert len(lesson.labels) == 23 * 4
    assert (lesson.labels >= 0).all()


def test_orientation_is_learned_where_it_is_known(confused: Bundle, deal: Deal, own_bundles: Path) -> None:
    def blind(cells: tuple[ReviewedCell, ...]) -> tuple[ReviewedCell, ...]:
        return tuple(replace(cell, upright_deg=(None,) * len(cell.labels)) for cell in cells)

    taught = train_quick(Deal(blind(deal.learn), blind(deal.tune), ()), confused, QuickConfig(holds=(0.1,)))
    old, new = weights_of(confused), weights_of(taught)
    assert np.array_equal(old["polarity_head.weight"], new["polarity_head.weight"])
    assert not np.array_equal(old["label_head.weight"], new["label_head.weight"])


def test_what_cannot_be_learned_from_is_refused_in_a_sentence(
    confused: Bundle, draw_reviewed: Draw, deal: Deal, own_bundles: Path
) -> None:
    empty = replace(draw_reviewed(1), labels=(-1,) * 46)
    with pytest.raises(InputError, match="too few labelled chromosomes"):
        train_quick(Deal((empty,), deal.tune, ()), confused)
    q_band = replace(deal.tune[0], images=replace(deal.tune[0].images, stain="q"))
    with pytest.raises(InputError, match="both stains"):
        train_quick(Deal(deal.learn, (q_band,), ()), confused)
    with pytest.raises(InputError, match="no balancing 'magic'"):
        QuickConfig(balance="magic")  # type: ignore[arg-type]


def test_a_network_without_such_heads_cannot_learn(ruler: Bundle) -> None:
    with pytest.raises(BundleError, match="ruler cannot learn"):
        Looks(ruler)


def test_cancel_leaves_nothing(confused: Bundle, deal: Deal, own_bundles: Path) -> None:
    class Stop(SilentReporter):
        asked = 0

        def check_cancelled(self) -> None:
            self.asked += 1
            if self.asked > 9:
                raise Cancelled

    with pytest.raises(Cancelled):
        train_quick(deal, confused, reporter=Stop())
    assert not own_bundles.exists()
