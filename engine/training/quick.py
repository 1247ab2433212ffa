"""Quick: the backbone stays, both heads learn anew from its features. Seconds, no torch, the same result every time.

How far the heads may leave what they were is not a setting: several strengths are tried from timid to bold, and the
one that is best on the cells set aside for tuning is kept. If none is better beyond chance, the candidate is the
bundle as it was.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax

from engine.bundle import Bundle
from engine.errors import InputError
from engine.progress import Reporter, SilentReporter
from engine.training.candidate import calibrated, candidate_card, next_name, trusted_temperature, with_weights
from engine.training.config import SamplingConfig
from engine.training.facts import StepDone, TuningPlan, Watcher
from engine.training.heads import Head, Lesson, fit_labels, fit_polarity
from engine.training.looks import LABEL_HEAD, POLARITY_HEAD, Look, Looks
from engine.training.reviewed import Deal, ReviewedCell, one_stain
from engine.training.sampling import class_weights, oversample, targets_for

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QuickBalance = Literal["none", "class_weights", "smote_features"]

HOLDS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003)
"""Strengths with which the heads are held to what they were, timid first."""
_LEAST_GAIN = 0.005  # of log-likelihood, a chromosome: one of a hundred that is hardly taken for another any more
_PATIENCE = 2  # strengths without a better result, after which bolder ones are not tried


@dataclass(frozen=True, slots=True)
class QuickConfig:
    """Settings of Quick."""

    balance: QuickBalance = "smote_features"  # what is done about rare labels, in the part that is learned from
    holds: tuple[float, ...] = HOLDS
    choose: bool = True  # keep the strength that is best on the tuning cells; else the last of `holds`, come what may
    neighbours: int = 5  # of SMOTE; fewer where a label has fewer examples
    seed: int = 1  # of SMOTE

    def __post_init__(self) -> None:
        if self.balance not in get_args(QuickBalance):
            raise InputError(f"There is no balancing {self.balance!r}; known: {', '.join(get_args(QuickBalance))}.")
        if not self.holds or min(self.holds) <= 0:
            raise InputError("Quick needs at least one strength above 0.")


def train_quick(
    deal: Deal,
    bundle: Bundle,
    config: QuickConfig | None = None,
    *,
    looks: Looks | None = None,
    reporter: Reporter | None = None,
    watch: Watcher | None = None,
) -> Bundle:
    """Fit both heads of a bundle to reviewed cells.

    Parameters
    ----------
    deal : `judge` is not looked at.
    looks : of this bundle, from before; made anew otherwise.
    watch : told of each step.

    Returns
    -------
    A candidate: it is not installed, and its name is not taken by any other.

    Raises
    ------
    InputError
        If no labelled chromosome is there to learn from, or none to tune on.
    BundleError
        If the bundle's network has no heads that can be fitted.
    """
    config, reporter = config or QuickConfig(), reporter or SilentReporter()
    start = time.perf_counter()
    stain = one_stain([*deal.learn, *deal.tune])
    if not any(cell.count for cell in deal.learn) or not any(cell.count for cell in deal.tune):
        raise InputError("There are too few labelled chromosomes to learn from and to tune on; review more cells.")
    looks = looks or Looks(bundle)
    cells = (*deal.learn, *deal.tune)
    seen: list[Look] = []
    for number, cell in enumerate(cells):
        reporter.check_cancelled()
        reporter.report(number, len(cells) + len(config.holds), cell.name)
        seen.append(looks.of(cell))
    learn, tune = seen[: len(deal.learn)], seen[len(deal.learn) :]
    label_lesson = labels_to_learn(deal.learn, learn, config)
    exam = _Exam(deal.tune, tune, looks)
    if watch is not None:
        watch(_plan(deal))

    best_label, best_hold = looks.label_head, 0.0
    before = best_losses = np.array([np.inf])
    head, worse = looks.label_head, 0
    for step, hold in enumerate((0.0, *config.holds)):
        reporter.check_cancelled()
        if hold:
            head = fit_labels(head, looks.label_head, label_lesson, hold, reporter)
        losses, answers = exam.labels(head)
        if not hold:
            before = losses
        better = bool(losses.mean() < best_losses.mean()) if config.choose else True
        if better:
            best_label, best_losses, best_hold, worse = head, losses, hold, 0
        else:
            worse += 1
        if watch is not None:
            result = (float(losses.mean()), exam, answers)
            watch(_step(step, len(config.holds), head, label_lesson, result, start))
        reporter.report(len(cells) + step, len(cells) + len(config.holds), "")
        if config.choose and worse >= _PATIENCE:
            break
    if config.choose and best_hold and not _beyond_chance(before - best_losses):
        best_label, best_hold = looks.label_head, 0.0
    polarity, polarity_hold = _polarity(deal, learn, tune, looks, config, reporter)

    step_card = {
        "way": "quick",
        "balance": config.balance,
        "hold": best_hold,
        "polarity_hold": polarity_hold,
        "seed": config.seed,
    }
    card = candidate_card(bundle.card, next_name(stain), deal, step_card)
    candidate = with_weights(
        bundle,
        card,
        {
            f"{LABEL_HEAD}.weight": best_label.weight,
            f"{LABEL_HEAD}.bias": best_label.bias,
            f"{POLARITY_HEAD}.weight": polarity.weight,
            f"{POLARITY_HEAD}.bias": polarity.bias,
        },
    )
    said = [look.log_probabilities(best_label, card) for look in tune]
    return Bundle(calibrated(card, deal.tune, said), candidate.networks, candidate.source)


def labels_to_learn(cells: Sequence[ReviewedCell], looks: Sequence[Look], config: QuickConfig) -> Lesson:
    """Return the rows the label head learns from: real features both ways up and mirrored, then what SMOTE makes."""
    ways: list[list[Floats]] = [[], []]
    labels: list[Ints] = []
    for cell, look in zip(cells, looks, strict=True):
        used, joined = cell.truth >= 0, look.joined()[:, :, cell.truth >= 0]
        for way in range(2):
            ways[way].append(joined[way].reshape(-1, joined.shape[3]))
        labels.append(np.tile(cell.truth[used], 2))
    truth = np.concatenate(labels)
    real = [np.concatenate(rows) for rows in ways]
    features, names = [*real], [truth, truth]
    weights = np.ones(len(truth) * 2)
    sampling = SamplingConfig(config.balance, neighbours=config.neighbours)
    if config.balance == "smote_features":
        # An image and its mirror image are one example, so a label needs two chromosomes to lie between.
        enough = np.bincount(truth, minlength=24) >= 4
        targets = {index: count for index, count in targets_for(truth, sampling).items() if enough[index]}
        for way in range(2):  # both ways up apart: halfway between them lies nothing
            made, made_labels = oversample(
                real[way].astype(np.float32), truth, targets, seed=config.seed + way, neighbours=config.neighbours
            )
            features.append(made.astype(np.float64))
            names.append(made_labels)
            weights = np.concatenate([weights, np.ones(len(made_labels))])
    elif config.balance == "class_weights":
        weights = np.asarray(class_weights(np.concatenate(names), sampling), np.float64)[np.concatenate(names)]
    return Lesson(np.concatenate(features), np.concatenate(names), weights)


class _Exam:
    """The tuning cells: real chromosomes alone, seen as the pipeline sees them."""

    def __init__(self, cells: Sequence[ReviewedCell], looks: Sequence[Look], of: Looks) -> None:
        self.truth = np.concatenate([cell.truth[cell.truth >= 0] for cell in cells])
        self._cells, self._looks, self._card = cells, looks, of.bundle.card

    def labels(self, head: Head) -> tuple[Floats, Ints]:
        """Return the negative log-likelihood of the truth (M,) at the head's own temperature, and the answers (M,).

        The bundle learned with smoothed labels and the new head did not: at one temperature mere boldness would win.
        """
        said = np.concatenate(
            [
                look.log_probabilities(head, self._card)[cell.truth >= 0]
                for cell, look in zip(self._cells, self._looks, strict=True)
            ]
        )
        calibrated_said = log_softmax(said / trusted_temperature(said, self.truth, self._card), axis=1)
        losses: Floats = -calibrated_said[np.arange(len(self.truth)), self.truth]
        return losses, said.argmax(axis=1).astype(np.int64)


def _beyond_chance(gains: Floats) -> bool:
    """Whether a gain on the tuning chromosomes (M,) exceeds its standard error, and what is worth a change."""
    return bool(gains.mean() > max(_LEAST_GAIN, float(gains.std()) / np.sqrt(len(gains))))


def _polarity_rows(cells: Sequence[ReviewedCell], looks: Sequence[Look]) -> Lesson | None:
    features, labels, upright = [], [], []
    for cell, look in zip(cells, looks, strict=True):
        turned, known = look.turned(cell)
        used = known & (cell.truth >= 0)
        for way in range(2):
            rows = look.features[way][:, used].reshape(-1, look.features.shape[3])
            features.append(rows)
            labels.append(np.tile(cell.truth[used], 2))
            upright.append(np.tile(~turned[used] if way == 0 else turned[used], 2))
    found = np.concatenate(labels) if labels else np.zeros(0, np.int64)
    if len(found) == 0:
        return None
    return Lesson(np.concatenate(features), found, np.ones(len(found)), np.concatenate(upright))


def _polarity(
    deal: Deal, learn: Sequence[Look], tune: Sequence[Look], looks: Looks, config: QuickConfig, reporter: Reporter
) -> tuple[Head, float]:
    """Fit which end is up, or leave it as it is where nobody knows the orientations."""
    lesson, exam = _polarity_rows(deal.learn, learn), _polarity_rows(deal.tune, tune)
    best, best_hold = looks.polarity_head, 0.0
    if lesson is None or exam is None:
        return best, best_hold
    least, head = _polarity_loss(best, exam), best
    for hold in config.holds:
        reporter.check_cancelled()
        head = fit_polarity(head, looks.polarity_head, lesson, hold, reporter)
        loss = _polarity_loss(head, exam)
        if config.choose and loss >= least:
            break
        best, best_hold, least = head, hold, loss
    return best, best_hold


def _polarity_loss(head: Head, exam: Lesson) -> float:
    assert exam.upright is not None  # noqa: S101 - made with it
    own = head(exam.features)[np.arange(len(exam.labels)), exam.labels] * np.where(exam.upright, 1.0, -1.0)
    return -float(np.log(np.maximum(expit(own), 1e-12)).mean())


def _plan(deal: Deal) -> TuningPlan:
    first = len(deal.learn)
    rows = [
        (first + number, index, label)
        for number, cell in enumerate(deal.tune)
        for index, label in enumerate(cell.labels)
        if label >= 0
    ]
    cell, chromosome, truth = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return TuningPlan(truth, cell, chromosome)


def _step(
    step: int, steps: int, head: Head, lesson: Lesson, result: tuple[float, _Exam, Ints], start: float
) -> StepDone:
    loss, exam, answers = result
    logits = head(lesson.features)
    top = logits.max(axis=1, keepdims=True)
    normal = top[:, 0] + np.log(np.exp(logits - top).sum(axis=1))
    train = float((normal - logits[np.arange(len(lesson.labels)), lesson.labels]).mean())
    return StepDone(
        step,
        steps,
        train,
        float((logits.argmax(axis=1) == lesson.labels).mean()),
        loss,
        float((answers == exam.truth).mean()),
        None,
        time.perf_counter() - start,
        answers,
    )
