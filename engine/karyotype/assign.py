"""Label all chromosomes of a cell at once: two places per autosome, XX or XY, and a price for all that departs from it.

A reading of the cell gives each object a label or none. Its log-likelihood is the sum of the log-probabilities of its
labels, less the prices of its departures (`prices`). The best reading is found exactly: one assignment for each set of
sex chromosomes and each kind of change, the best of them kept. Because 47 objects need one gain in any reading without
a remainder, a second gain must come with a loss, and pays for both: that holds the surplus at n - 46 without forbidding
what the images show beyond doubt.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from engine.karyotype import places
from engine.karyotype.counts import ChromosomeCounts
from engine.karyotype.iscn import karyotype_text
from engine.karyotype.places import NONE, Solution
from engine.karyotype.prices import (
    INCOMPLETE_BELOW,
    AssignmentOptions,
    Reference,
    autosome_prices,
    compensation_price,
    references,
)
from engine.types import CLASS_INDEX, CLASS_LABELS, KaryotypeAlternative

_AUTOSOMES = 22
_X, _Y = CLASS_INDEX["X"], CLASS_INDEX["Y"]

_DEFAULTS = AssignmentOptions()

_CHANGES: dict[int, tuple[places.Changes, ...]] = {
    -1: ("losses", "both"),
    0: ("losses", "gains", "both"),
    1: ("gains", "both"),
}
"""By the change of the sex chromosomes: what the autosomes may do. Only `both` mixes gains and losses in one cell."""


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth value
class Assignment:
    """The chosen reading of a cell, and how sure it is. Rows are in the order of the input."""

    labels: tuple[str | None, ...]  # (N,) of CLASS_LABELS, or None: fits nowhere
    confidence: NDArray[np.float64]  # (N,) 0..1, of the placement
    label_probabilities: NDArray[np.float64]  # (N, 24) with cell context; a row and its none_probability sum to 1
    none_probability: NDArray[np.float64]  # (N,) that the object is no chromosome of the cell
    counts: ChromosomeCounts
    karyotype: str
    log_likelihood: float  # natural logarithm, prices included; comparable within one cell only
    alternatives: tuple[KaryotypeAlternative, ...]  # closest first; each with other counts than the chosen reading


def assign(
    log_probabilities: NDArray[np.float64],
    *,
    none_log_cost: float | NDArray[np.float64] | None = None,
    options: AssignmentOptions = _DEFAULTS,
) -> Assignment:
    """Find the likeliest reading of a cell and those that come close.

    Parameters
    ----------
    log_probabilities
        (N, 24), natural logarithm, order of CLASS_LABELS, N >= 0. Rows are normalised here; -inf is allowed and is
        raised to `options.floor`; a row of only -inf knows nothing.
    none_log_cost
        Cost, in natural-logarithm units and within +-1000, of leaving an object without a label: one number, or (N,)
        with one for each object, high for a clean chromosome and low for debris. By default
        `none_price + none_doubt * log(highest probability)`: an object that resembles no class is cheaper to leave out.
    options
        Prices and temperatures.

    Returns
    -------
    Assignment
        Confidences are a softmax over the exact best log-likelihood of the whole cell with the chromosome held at each
        label. The gap of an alternative is exact for its counts; which counts are listed follows from the best reading
        of every set of sex chromosomes and all single exchanges of a place from there. A cell cut short (fewer than
        `INCOMPLETE_BELOW` objects) has no alternatives: its counts say nothing of the patient.

    Raises
    ------
    ValueError
        For NaN, +inf or a wrong shape.
    """
    cost = _costs(log_probabilities, none_log_cost, options)
    n = len(cost)
    if n == 0:
        empty = np.zeros(0)
        counts = ChromosomeCounts()
        return Assignment((), empty, np.zeros((0, NONE)), empty, counts, karyotype_text(counts), 0.0, ())
    tables = {ploidy: autosome_prices(ploidy, n, options) for ploidy in (2, 3, 4)}
    solutions = [
        solution
        for reference in references(n, options)
        for changes in _CHANGES[reference.change]
        if (solution := places.solve(cost, reference, changes, tables[reference.ploidy])) is not None
    ]
    readings = _Readings(cost, tables, compensation_price(n, options))
    totals = np.array([readings.total(solution) for solution in solutions])
    best = int(totals.argmin())
    moves = [places.move_costs(cost, solution) for solution in solutions]
    probabilities = softmax(-readings.forced(solutions, moves) / options.certainty_temperature(n), axis=1)
    chosen = solutions[best].columns
    counts = _counts(solutions[best].counts)
    close = [index for index in totals.argsort(kind="stable") if totals[index] <= totals[best] + options.max_gap]
    alternatives: tuple[KaryotypeAlternative, ...] = ()
    if n >= INCOMPLETE_BELOW:
        alternatives = readings.alternatives([solutions[i] for i in close], [moves[i] for i in close], options)
    return Assignment(
        labels=_labels(chosen),
        confidence=probabilities[np.arange(n), chosen],
        label_probabilities=probabilities[:, :NONE],
        none_probability=probabilities[:, NONE],
        counts=counts,
        karyotype=karyotype_text(counts),
        log_likelihood=-float(totals[best]),
        alternatives=alternatives,
    )


class _Readings:
    """Prices whole readings of one cell."""

    def __init__(self, cost: places.Floats, tables: dict[int, places.Floats], compensation: float) -> None:
        self._cost, self._tables, self._compensation = cost, tables, compensation

    def price(self, reference: Reference, counts: places.Ints) -> places.Floats:
        """Price of all departures, for counts (..., 25) with the reference's sex chromosomes: (...)."""
        autosomes = counts[..., :_AUTOSOMES]
        gain = (autosomes > reference.ploidy).any(axis=-1) | (reference.change > 0)
        loss = (autosomes < reference.ploidy).any(axis=-1) | (reference.change < 0)
        price: places.Floats = self._single_prices(reference, counts) + self._compensation * (gain & loss)
        return price

    def _single_prices(self, reference: Reference, counts: places.Ints) -> places.Floats:
        """The same without what a gain beside a loss costs; inf for more copies than have a price."""
        table = self._tables[reference.ploidy]
        autosomes = counts[..., :_AUTOSOMES]
        known: places.Ints = np.minimum(autosomes, table.shape[1] - 1)
        price = reference.price + table[np.arange(_AUTOSOMES), known].sum(axis=-1)
        priced: places.Floats = np.where((known == autosomes).all(axis=-1), price, np.inf)
        return priced

    def total(self, solution: Solution) -> float:
        """Minus the log-likelihood of a reading."""
        return solution.object_cost + float(self.price(solution.reference, solution.counts))

    def forced(self, solutions: list[Solution], moves: list[places.Floats]) -> places.Floats:
        """Least total with object i in column l, over all readings: (N, 25).

        A solution for `both` is charged for compensation throughout: those readings around it that have none are
        among the other solutions' at their true price.
        """
        graphs = [
            places.with_number_of_places(move, solution, self._tables[solution.reference.ploidy])
            for move, solution in zip(moves, solutions, strict=True)
        ]
        least = np.full(self._cost.shape, np.inf)
        for solution, ways in zip(solutions, places.shortest(np.stack(graphs)), strict=True):
            total = solution.object_cost + float(self._single_prices(solution.reference, solution.counts))
            total += self._compensation if solution.changes == "both" else 0.0
            np.minimum(least, total + places.forced_costs(self._cost, solution, ways), out=least)
        return least

    def alternatives(
        self, solutions: list[Solution], moves: list[places.Floats], options: AssignmentOptions
    ) -> tuple[KaryotypeAlternative, ...]:
        """Readings with other counts than the first of `solutions` (sorted by total), closest first."""
        best = self.total(solutions[0])
        found: dict[tuple[int, ...], float] = {}
        seen: set[tuple[int, tuple[int, ...]]] = set()
        for solution, ways in zip(solutions, places.shortest(np.stack(moves)), strict=True):
            key = (solution.reference.ploidy, tuple(solution.counts.tolist()))
            if key in seen:
                continue
            seen.add(key)
            for counts, total in self._neighbours(solution, ways, best + options.max_gap):
                found[counts] = min(total, found.get(counts, np.inf))
        found.pop(tuple(solutions[0].counts.tolist()), None)
        ranked = sorted(found.items(), key=lambda item: (item[1], item[0]))[: options.max_alternatives]
        return tuple(
            KaryotypeAlternative(
                karyotype_text(_counts(np.array(counts))),
                max(0.0, total - best),
                _labels(places.place_exactly(self._cost, np.array(counts))),
            )
            for counts, total in ranked
        )

    def _neighbours(self, solution: Solution, ways: places.Floats, limit: float) -> list[tuple[tuple[int, ...], float]]:
        """Counts that differ from the solution's by one place taken from a and given to l, with their least total."""
        ends = np.array([*range(_AUTOSOMES), NONE])
        taken, given = (axis.ravel() for axis in np.meshgrid(ends, ends, indexing="ij"))
        counts = np.repeat(solution.counts[None], len(taken), axis=0)
        rows = np.arange(len(taken))
        counts[rows, taken] -= 1
        counts[rows, given] += 1
        possible = (counts >= 0).all(axis=1)
        totals = np.full(len(taken), np.inf)
        prices = self.price(solution.reference, counts[possible])
        totals[possible] = solution.object_cost + ways[taken[possible], given[possible]] + prices
        return [(tuple(counts[row].tolist()), float(totals[row])) for row in np.flatnonzero(totals <= limit)]


def _costs(
    log_probabilities: NDArray[np.float64],
    none_log_cost: float | NDArray[np.float64] | None,
    options: AssignmentOptions,
) -> places.Floats:
    """Check the input and bring it to (N, 25): minus log-probabilities and the cost of none."""
    given = np.asarray(log_probabilities, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] != NONE:
        raise ValueError(f"log-probabilities have the shape {given.shape}, expected (N, {NONE})")
    if np.isnan(given).any() or np.isposinf(given).any():
        raise ValueError("log-probabilities must be numbers or -inf")
    silent = np.isneginf(given).all(axis=1, keepdims=True)
    evidence = np.where(silent, 0.0, given) / options.evidence_temperature
    evidence = np.maximum(log_softmax(evidence, axis=1), options.floor)
    if none_log_cost is None:
        none = options.none_price + options.none_doubt * evidence.max(axis=1)
    else:
        none = np.broadcast_to(np.asarray(none_log_cost, dtype=np.float64), len(given)).copy()
    if not (np.abs(none) <= 1000).all():
        raise ValueError("the cost of none must be a number within +-1000")
    return np.column_stack([-evidence, none])


def _labels(columns: places.Ints) -> tuple[str | None, ...]:
    return tuple(None if column == NONE else CLASS_LABELS[column] for column in columns)


def _counts(counts: places.Ints) -> ChromosomeCounts:
    return ChromosomeCounts(tuple(counts[:_AUTOSOMES].tolist()), int(counts[_X]), int(counts[_Y]))
