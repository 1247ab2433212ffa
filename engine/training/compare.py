"""The gate: a candidate against the bundle in use, on the same real cells that neither has learned from.

Cells are drawn anew a thousand times, both bundles on the same draw (paired bootstrap), so that luck with a few cells
is not taken for progress. What is in doubt counts against the candidate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from engine.bundle import Bundle
from engine.errors import InputError
from engine.evaluation import turned
from engine.imaging.geometry import normalise_degrees
from engine.pipeline import classify_cell
from engine.progress import Reporter, SilentReporter
from engine.training.metrics import UNPLACED, CellOutcome, summary
from engine.training.reviewed import ReviewedCell, learned_cells
from engine.types import CLASS_INDEX, CLASS_LABELS

Verdict = Literal["better", "same", "worse"]

DRAWS = 1000
FEWEST_CELLS = 4
"""With fewer cells to judge by, nothing is called better."""
_WORSE_FROM = 0.8  # share of the draws in which the candidate makes more mistakes
_LABEL_LOSS = 3  # of one label, net


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label in both bundles."""

    label: str
    count: int  # chromosomes that are this label
    current: int  # of these, right with the bundle in use, with cell context
    candidate: int


@dataclass(frozen=True, slots=True)
class Change:
    """One chromosome the two bundles answer differently, one of them rightly."""

    cell: int  # index into the cells that were judged
    chromosome: int  # index in the cell
    truth: str
    current: str | None  # None = the tray
    candidate: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the gate found."""

    current: str  # name of the bundle in use
    candidate: str
    current_figures: dict[str, float | int | None]  # `metrics.summary`
    candidate_figures: dict[str, float | int | None]
    labels: tuple[LabelRow, ...]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    gain: float  # chromosomes right with context, candidate minus current, 0..1
    interval: tuple[float, float]  # 95 % of `gain`
    verdict: Verdict
    sentence: str


def compare(
    cells: Sequence[ReviewedCell],
    current: Bundle,
    candidate: Bundle,
    *,
    seed: int = 0,
    reporter: Reporter | None = None,
) -> Comparison:
    """Judge a candidate on reviewed cells, each chromosome turned by a random angle.

    Raises
    ------
    InputError
        If there is no labelled chromosome to judge by, or one of the bundles has learned from one of the cells.
    """
    watch = reporter or SilentReporter()
    used = [(number, cell) for number, cell in enumerate(cells) if cell.count]
    if not used:
        raise InputError("There is no reviewed cell to judge by; review more cells.")
    for bundle in (current, candidate):
        known = learned_cells(bundle.card.training)
        for _, cell in used:
            if cell.digest in known:
                raise InputError(f"{bundle.card.name} has learned from the cell {cell.name} and is not judged on it.")
    pairs: list[tuple[CellOutcome, CellOutcome]] = []
    for done, (_, cell) in enumerate(used):
        watch.check_cancelled()
        watch.report(done, len(used), cell.name)
        pairs.append((answer(cell, current, seed, watch), answer(cell, candidate, seed, watch)))
    watch.report(len(used), len(used))
    return judged([number for number, _ in used], [cell for _, cell in used], pairs, current, candidate, seed)


def answer(cell: ReviewedCell, bundle: Bundle, seed: int, reporter: Reporter | None = None) -> CellOutcome:
    """Classify a reviewed cell, turned by random angles of its own, and lay the answer beside the truth."""
    watch = reporter or SilentReporter()
    rng = np.random.default_rng([seed, *cell.digest.encode()])
    angles = rng.uniform(-180.0, 180.0, len(cell.labels))
    result = classify_cell(turned(cell.images, angles), bundle, _Quiet(watch))
    kept = np.flatnonzero(cell.truth >= 0)
    rows = [result.chromosomes[i] for i in kept]
    off = [
        np.nan
        if (truth := cell.upright_deg[i]) is None
        # What was turned by an angle is upright again at the true rotation less that angle.
        else abs(normalise_degrees(row.upright_rotation_deg + angles[i] - truth))
        for i, row in zip(kept, rows, strict=True)
    ]
    return CellOutcome(
        cell=cell.name,
        group=cell.group,
        truth=cell.truth[kept],
        image_label=np.array([CLASS_INDEX[row.image_label] for row in rows], np.int64),
        label=np.array([UNPLACED if row.label is None else CLASS_INDEX[row.label] for row in rows], np.int64),
        image_confidence=np.array([max(row.probabilities) for row in rows], np.float64),
        confidence=np.array([row.confidence for row in rows], np.float64),
        turn_error_deg=np.array(off, np.float64),
    )


def judged(
    numbers: Sequence[int],
    cells: Sequence[ReviewedCell],
    pairs: Sequence[tuple[CellOutcome, CellOutcome]],
    current: Bundle,
    candidate: Bundle,
    seed: int = 0,
) -> Comparison:
    """Compare answers that are there already: those of the bundle in use first."""
    before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    labels = _by_label(before, after)
    better, worse = _changes(numbers, cells, pairs)
    gain, interval, doubt = _bootstrap(before, after, seed)
    verdict, sentence = _verdict(len(pairs), gain, interval, doubt, (len(better), len(worse)), _lost(labels, worse))
    return Comparison(
        current.card.name,
        candidate.card.name,
        summary(before),
        summary(after),
        labels,
        better,
        worse,
        gain,
        interval,
        verdict,
        sentence,
    )


def _by_label(before: Sequence[CellOutcome], after: Sequence[CellOutcome]) -> tuple[LabelRow, ...]:
    truth = np.concatenate([outcome.truth for outcome in before])
    right = [np.concatenate([o.label == o.truth for o in outcomes]) for outcomes in (before, after)]
    return tuple(
        LabelRow(
            label, int((truth == i).sum()), int((right[0] & (truth == i)).sum()), int((right[1] & (truth == i)).sum())
        )
        for i, label in enumerate(CLASS_LABELS)
    )


def _changes(
    numbers: Sequence[int], cells: Sequence[ReviewedCell], pairs: Sequence[tuple[CellOutcome, CellOutcome]]
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    better: list[Change] = []
    worse: list[Change] = []
    for number, cell, (before, after) in zip(numbers, cells, pairs, strict=True):
        kept = np.flatnonzero(cell.truth >= 0)
        for row, chromosome in enumerate(kept):
            was, now = bool(before.label[row] == before.truth[row]), bool(after.label[row] == after.truth[row])
            if was != now:
                change = Change(
                    number,
                    int(chromosome),
                    CLASS_LABELS[int(before.truth[row])],
                    _name(before.label[row]),
                    _name(after.label[row]),
                )
                (better if now else worse).append(change)
    return tuple(better), tuple(worse)


def _bootstrap(
    before: Sequence[CellOutcome], after: Sequence[CellOutcome], seed: int
) -> tuple[float, tuple[float, float], float]:
    """Return the gain, its 95 % interval, and the share of the draws in which it is negative. Groups are drawn."""
    groups: dict[str, NDArray[np.int64]] = {}
    for old, new in zip(before, after, strict=True):
        change = int((new.label == new.truth).sum()) - int((old.label == old.truth).sum())
        sums = groups.setdefault(old.group, np.zeros(2, np.int64))
        sums += (change, len(old.truth))
    table = np.array(list(groups.values()))
    gain = float(table[:, 0].sum() / table[:, 1].sum())
    picks = np.random.default_rng(seed).integers(0, len(table), (DRAWS, len(table)))
    drawn = table[picks].sum(axis=1)
    gains = drawn[:, 0] / drawn[:, 1]
    low, high = np.percentile(gains, [2.5, 97.5])
    return gain, (float(low), float(high)), float((gains < 0).mean())


def _lost(labels: Sequence[LabelRow], worse: Sequence[Change]) -> list[str]:
    """Return labels that the candidate has become clearly worse at, by chromosomes that changed."""
    found = []
    for row in labels:
        lost = sum(change.truth == row.label for change in worse)
        won = row.candidate - row.current + lost
        if lost - won >= _LABEL_LOSS and binomtest(lost, lost + won, 0.5, alternative="greater").pvalue < 0.05:
            found.append(row.label)
    return found


def _verdict(
    count: int, gain: float, interval: tuple[float, float], doubt: float, changes: tuple[int, int], lost: list[str]
) -> tuple[Verdict, str]:
    won, missed = changes
    on = f"on {count} cell{'s' if count != 1 else ''} that neither has seen"
    fewer = f"{won} chromosome{'s' if won != 1 else ''} corrected, {missed} newly wrong"
    if gain < 0 and (doubt >= _WORSE_FROM or count < FEWEST_CELLS):
        return "worse", f"Worse: {on}, {fewer}."
    if lost:
        many = "labels" if len(lost) > 1 else "label"
        return "worse", f"Worse at the {many} {', '.join(lost)}: {on}, {fewer}."
    if interval[0] > 0 and count >= FEWEST_CELLS:
        return "better", f"Better: {on}, {fewer}."
    if gain > 0 and count < FEWEST_CELLS:
        return "same", f"Too few cells to tell: {on}, {fewer}; it takes {FEWEST_CELLS} to be called better."
    if won == missed == 0:
        return "same", f"The same: {on}, both give every chromosome the same place."
    return "same", f"The same within chance: {on}, {fewer}."


def figures_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as plain values, for the card of the candidate and for files."""
    return {
        "against": comparison.current,
        "verdict": comparison.verdict,
        "sentence": comparison.sentence,
        "gain": comparison.gain,
        "interval_95": list(comparison.interval),
        "current": comparison.current_figures,
        "candidate": comparison.candidate_figures,
        "labels": {row.label: [row.count, row.current, row.candidate] for row in comparison.labels if row.count},
    }


def _name(index: int) -> str | None:
    return CLASS_LABELS[int(index)] if index >= 0 else None


class _Quiet:
    """Passes a cancel on, and keeps the progress of a single cell to itself."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def report(self, done: int, total: int, message: str = "") -> None:
        """Discard the report."""

    def check_cancelled(self) -> None:
        """Ask the real one."""
        self._reporter.check_cancelled()
