"""Labels of a whole cell: known truth, brute force where it is small, and what no cell should break."""

from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.karyotype.assign import Assignment, assign
from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from engine.karyotype.prices import AssignmentOptions
from engine.types import CLASS_INDEX, CLASS_LABELS

Floats = NDArray[np.float64]

AUTOSOMES = list(CLASS_LABELS[:22]) * 2
XX = [*AUTOSOMES, "X", "X"]
XY = [*AUTOSOMES, "X", "Y"]
DEFAULTS = AssignmentOptions()


def without(labels: Iterable[str], *lost: str) -> list[str]:
    left = list(labels)
    for label in lost:
        left.remove(label)
    return left


def seen(labels: Sequence[str | None], separation: float = 4.6, seed: int = 0) -> Floats:
    """Log-probabilities of a calibrated classifier (24 normal classes); None resembles all classes alike."""
    rng = np.random.default_rng(seed)
    features = rng.normal(0, 1, (len(labels), 24))
    for row, label in enumerate(labels):
        if label is None:
            features[row] *= 0.1
        else:
            features[row, CLASS_INDEX[label]] += separation
    scores = separation * features
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))


KNOWN = {
    "46,XX": XX,
    "46,XY": XY,
    "47,XY,+21": [*XY, "21"],
    "47,XX,+3": [*XX, "3"],
    "47,XXY": [*XX, "Y"],
    "47,XXX": [*XX, "X"],
    "47,XYY": [*XY, "Y"],
    "45,X": [*AUTOSOMES, "X"],
    "45,XX,-7": without(XX, "7"),
    "44,XY,-2,-19": without(XY, "2", "19"),
    "48,XY,+8,+21": [*XY, "8", "21"],
    "46,XY,-7,+8": [*without(XY, "7"), "8"],
    "69,XXY": [*XY, *CLASS_LABELS[:22], "X"],
    "92,XXYY": [*XY, *XY],
    "51,XX,+4,+6,+10,+17,+21": [*XX, "4", "6", "10", "17", "21"],
}


@pytest.mark.parametrize(("karyotype", "labels"), KNOWN.items(), ids=KNOWN.keys())
def test_known_cells(karyotype: str, labels: list[str]) -> None:
    result = assign(seen(labels, separation=6.0))
    assert result.karyotype == karyotype
    assert list(result.labels) == labels
    assert result.counts == ChromosomeCounts.from_labels(labels)


def test_context_corrects_what_the_image_alone_gets_wrong() -> None:
    image_right = cell_right = 0
    for seed in range(20):
        log_probabilities = seen(XY, separation=3.9, seed=seed)
        image_right += [CLASS_LABELS[i] for i in log_probabilities.argmax(axis=1)] == XY
        cell_right += list(assign(log_probabilities).labels) == XY
    assert image_right <= 8
    assert cell_right >= 18


def test_a_normal_cell_is_not_called_abnormal_for_one_bad_image() -> None:
    log_probabilities = seen(XY, separation=6.0)
    log_probabilities[12] = np.log(0.001 / 23)
    log_probabilities[12, CLASS_INDEX["15"]] = np.log(0.999)  # a 13 that looks like a 15
    result = assign(log_probabilities)
    assert result.karyotype == "46,XY"
    assert list(result.labels) == XY
    assert result.confidence[12] == result.confidence.min()


def test_debris_does_not_push_a_chromosome_out() -> None:
    for labels, karyotype in (([*XY, None], "46,XY"), ([*XX, "21", None, None], "47,XX,+21")):
        result = assign(seen(labels, separation=6.0))
        assert list(result.labels) == labels
        assert result.karyotype == karyotype
        assert result.none_probability[-1] == result.confidence[-1] > 0.5


def test_cost_of_none_may_be_given_for_each_object() -> None:
    log_probabilities = seen([*XY, "5"], separation=6.0)
    cost = np.full(47, 12.0)
    assert assign(log_probabilities, none_log_cost=cost).karyotype == "47,XY,+5"
    cost[46] = -3.0  # the image says: a clump, though it resembles a 5
    result = assign(log_probabilities, none_log_cost=cost)
    assert result.labels[46] is None
    assert result.karyotype == "46,XY"
    alternative = result.alternatives[0]
    assert alternative.karyotype == "47,XY,+5"
    assert alternative.log_likelihood_gap == pytest.approx(8.0 + 3.0, abs=0.1)
    assert assign(log_probabilities, none_log_cost=12.0).karyotype == "47,XY,+5"


def test_compensated_aneuploidy_is_reported_and_wins_only_clearly() -> None:
    """46,X,+21: the third 21 looks a little, or hardly, or not at all like an X."""
    labels = [*AUTOSOMES, "X", "21"]
    log_probabilities = seen(labels, separation=6.0)
    chosen = []
    for doubt in (4.0, 8.0, 18.0):
        log_probabilities[45] = -25.0
        log_probabilities[45, CLASS_INDEX["21"]] = 0.0
        log_probabilities[45, CLASS_INDEX["X"]] = -doubt
        result = assign(log_probabilities)
        chosen.append(result.karyotype)
        readings = {result.karyotype, *(alternative.karyotype for alternative in result.alternatives)}
        assert {"46,XX", "46,X,+21"} <= readings
    assert chosen == ["46,XX", "46,XX", "46,X,+21"]
    # 45,X and a gain of 21 beside it: 5 + 5 + 3, against 4 units of image
    closest = {a.karyotype: a.log_likelihood_gap for a in result.alternatives}
    assert closest["46,XX"] == pytest.approx(18.0 - 13.0, abs=0.1)


def score(log_probabilities: Floats, labels: Sequence[str | None], none: Floats, options: AssignmentOptions) -> float:
    """Log-likelihood of one reading near 46, written down anew from the rules."""
    counts = ChromosomeCounts.from_labels(labels)
    sex = dict(options.sex_prices).get(counts.sex_chromosomes)
    if sex is None:
        return -np.inf
    gains, losses = len(counts.sex_chromosomes) > 2, len(counts.sex_chromosomes) < 2
    price = sex
    for index, copies in enumerate(counts.autosomes):
        if copies > 2 + options.max_extra_copies:
            return -np.inf
        price += options.loss_price * max(0, 2 - copies)
        price += sum(options.gain_prices[index] + options.repeated_gain_price * extra for extra in range(copies - 2))
        gains, losses = gains or copies > 2, losses or copies < 2
    price += options.compensation_price * (gains and losses)
    evidence = sum(
        -none[row] if label is None else log_probabilities[row, CLASS_INDEX[label]] for row, label in enumerate(labels)
    )
    return float(evidence - price)


@pytest.mark.parametrize("seed", range(8))
def test_brute_force_over_two_open_objects(seed: int) -> None:
    """All but two objects are nailed to their label; every reading of the two is counted out."""
    rng = np.random.default_rng(seed)
    nailed = without([XX, XY][seed % 2], *rng.choice(CLASS_LABELS[:23], 1 + seed % 2, replace=False))
    n = len(nailed) + 2
    options = AssignmentOptions(floor=-900.0, max_gap=900.0, loss_price=3.0, compensation_price=2.0)
    scores = np.full((n, 24), -2000.0)
    scores[np.arange(n - 2), [CLASS_INDEX[label] for label in nailed]] = 0.0
    scores[-2:] = rng.uniform(-8, 0, (2, 24))
    scores[-2:] -= np.log(np.exp(scores[-2:]).sum(axis=1, keepdims=True))
    none = np.full(n, 900.0)
    none[-2:] = rng.uniform(2, 9, 2)

    result = assign(scores, none_log_cost=none, options=options)

    choices = [*CLASS_LABELS, None]
    readings = {pair: score(scores, [*nailed, *pair], none, options) for pair in product(choices, choices)}
    best = max(readings, key=lambda pair: readings[pair])
    assert result.labels == (*nailed, *best)
    assert result.log_likelihood == pytest.approx(readings[best], abs=1e-6)
    for place in (0, 1):
        marginals = np.array([max(s for pair, s in readings.items() if pair[place] == label) for label in choices])
        expected = np.exp(marginals - readings[best])
        expected /= expected.sum()
        row = n - 2 + place
        found = [*result.label_probabilities[row], result.none_probability[row]]
        np.testing.assert_allclose(found, expected, atol=1e-9)
    by_karyotype: dict[str, float] = {}
    for pair, value in readings.items():
        text = karyotype_text(ChromosomeCounts.from_labels([*nailed, *pair]))
        by_karyotype[text] = max(value, by_karyotype.get(text, -np.inf))
    assert result.alternatives
    for alternative in result.alternatives:
        gap = readings[best] - by_karyotype[alternative.karyotype]
        assert alternative.log_likelihood_gap == pytest.approx(gap, abs=1e-6)
    ranked = sorted((value for text, value in by_karyotype.items() if text != result.karyotype), reverse=True)
    assert result.alternatives[0].log_likelihood_gap == pytest.approx(readings[best] - ranked[0], abs=1e-6)


def check(result: Assignment, n: int) -> None:
    """What holds for every cell."""
    assert len(result.labels) == len(result.confidence) == n
    assert result.label_probabilities.shape == (n, 24)
    np.testing.assert_allclose(result.label_probabilities.sum(axis=1) + result.none_probability, 1.0)
    assert result.counts == ChromosomeCounts.from_labels(result.labels)
    assert result.karyotype == karyotype_text(result.counts)
    gaps = [alternative.log_likelihood_gap for alternative in result.alternatives]
    assert gaps == sorted(gaps)
    texts = [result.karyotype, *(alternative.karyotype for alternative in result.alternatives)]
    assert len(set(texts)) == len(texts)
    for alternative in result.alternatives:
        assert alternative.log_likelihood_gap >= 0
        assert karyotype_text(ChromosomeCounts.from_labels(alternative.labels)) == alternative.karyotype
    for row, label in enumerate(result.labels):
        expected = (
            result.none_probability[row] if label is None else result.label_probabilities[row, CLASS_INDEX[label]]
        )
        assert result.confidence[row] == expected


@pytest.mark.parametrize("n", [0, 1, 2, 5, 23, 34, 35, 46, 47, 57, 58, 69, 92, 130])
@pytest.mark.parametrize("fill", ["equal", "silent", "one class", "random"])
def test_any_number_of_objects_and_any_evidence(n: int, fill: str) -> None:
    rows = np.full((n, 24), -np.inf if fill in ("silent", "one class") else 0.0)
    if fill == "one class":
        rows[:, CLASS_INDEX["21"]] = 0.0
    elif fill == "random":
        rows = np.random.default_rng(n).normal(0, 3, (n, 24))
    check(assign(rows), n)


def test_a_cell_without_information_comes_out_normal() -> None:
    assert assign(np.zeros((46, 24))).karyotype == "46,XX"


def test_few_objects_are_not_pressed_towards_a_whole_cell() -> None:
    labels = ["21", "21", "7", "Y", "1"]
    result = assign(seen(labels, separation=6.0))
    assert list(result.labels) == labels
    assert result.alternatives == ()


def test_confidence_is_high_where_it_is_right_and_low_where_it_is_wrong() -> None:
    confident: list[float] = []
    right: list[bool] = []
    for seed, labels in enumerate([XX, XY, [*XY, "21"], [*XX, "Y"], without(XX, "7")] * 5):
        result = assign(seen(labels, separation=3.9, seed=seed))
        confident += result.confidence.tolist()
        right += [found == label for found, label in zip(result.labels, labels, strict=True)]
    confidence, correct = np.array(confident), np.array(right)
    assert 0.9 < correct.mean() < 1.0
    assert abs(confidence.mean() - correct.mean()) < 0.02
    least_certain = confidence.argsort()[: len(confidence) // 10]
    assert (~correct[least_certain]).sum() >= 0.75 * (~correct).sum()


def test_temperatures_change_certainty_and_the_weight_of_the_images() -> None:
    log_probabilities = seen([*XX, "3"], separation=4.6)
    plain = assign(log_probabilities)
    doubtful = assign(log_probabilities, options=AssignmentOptions(confidence_temperature=4.0))
    assert doubtful.labels == plain.labels
    assert (doubtful.confidence < plain.confidence).all()
    flat = assign(log_probabilities, options=AssignmentOptions(evidence_temperature=100.0, none_price=40.0))
    assert flat.karyotype in ("47,XX,+21", "47,XXY")  # both cost 5: only the prices speak


def test_rows_are_normalised() -> None:
    log_probabilities = seen([*XY, "18"])
    plain, shifted = assign(log_probabilities), assign(log_probabilities + np.arange(47)[:, None])
    assert shifted.labels == plain.labels
    assert shifted.log_likelihood == pytest.approx(plain.log_likelihood)


def test_the_same_input_gives_the_same_answer_and_order_does_not_matter() -> None:
    log_probabilities = seen([*XY, "21", None], separation=4.0)
    before = log_probabilities.copy()
    first, second = assign(log_probabilities), assign(log_probabilities)
    assert first.labels == second.labels
    assert first.alternatives == second.alternatives
    assert (first.label_probabilities == second.label_probabilities).all()
    assert (log_probabilities == before).all()
    turned = assign(log_probabilities[::-1])
    assert turned.labels[::-1] == first.labels
    np.testing.assert_allclose(turned.confidence[::-1], first.confidence, atol=1e-9)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (np.full((3, 24), np.nan), "must be numbers"),
        (np.full((3, 24), np.inf), "must be numbers"),
        (np.zeros((3, 23)), "shape"),
        (np.zeros(24), "shape"),
    ],
)
def test_impossible_input_is_refused(rows: Floats, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        assign(rows)


@pytest.mark.parametrize("cost", [np.nan, np.inf, np.full(46, np.nan)])
def test_impossible_cost_of_none_is_refused(cost: float | Floats) -> None:
    with pytest.raises(ValueError, match="cost of none"):
        assign(np.zeros((46, 24)), none_log_cost=cost)


@pytest.mark.parametrize(
    "wrong",
    [
        {"gain_prices": (1.0,)},
        {"loss_price": -1.0},
        {"floor": 1.0},
        {"evidence_temperature": 0.0},
        {"part_confidence_temperature": -1.0},
        {"max_alternatives": -1},
        {"sex_prices": (("XX", 0.0),)},
        {"none_price": float("nan")},
    ],
)
def test_impossible_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"price|temperature|sex sets|number"):
        AssignmentOptions(**wrong)  # type: ignore[arg-type]
