"""The exact placement of objects and the cost of changing it."""

from itertools import product

import numpy as np
import pytest

from engine.karyotype.places import (
    NONE,
    forced_costs,
    move_costs,
    place_exactly,
    shortest,
    solve,
    with_number_of_places,
)
from engine.karyotype.prices import AssignmentOptions, Reference, autosome_prices

XY = Reference(ploidy=2, x=1, y=1, price=0.0, change=0)


def random_cost(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 12, (n, NONE + 1))


def test_sex_chromosomes_are_filled_whatever_they_cost() -> None:
    cost = random_cost(46, 0)
    cost[:, 22:24] = 500.0
    solution = solve(cost, XY, "both", autosome_prices(2, 46, AssignmentOptions()))
    assert solution is not None
    assert solution.counts[22:24].tolist() == [1, 1]


@pytest.mark.parametrize(("changes", "least", "most"), [("losses", 0, 2), ("gains", 2, 5), ("both", 0, 5)])
def test_kinds_of_change_bound_the_copies(changes: str, least: int, most: int) -> None:
    solution = solve(random_cost(50, 1), XY, changes, autosome_prices(2, 50, AssignmentOptions(loss_price=1.0)))  # type: ignore[arg-type]
    assert solution is not None
    assert solution.counts[:22].min() >= least
    assert solution.counts[:22].max() <= most
    assert solution.counts.sum() == 50


def test_too_few_objects_for_what_must_be_there() -> None:
    prices = autosome_prices(2, 45, AssignmentOptions())
    assert solve(random_cost(45, 2), XY, "gains", prices) is None
    assert solve(random_cost(1, 2), XY, "losses", prices) is None


def test_exact_counts_are_kept() -> None:
    counts = np.zeros(NONE + 1, dtype=np.int64)
    counts[[3, 7, 23, NONE]] = [4, 1, 1, 2]
    columns = place_exactly(random_cost(8, 3), counts)
    assert np.bincount(columns, minlength=NONE + 1).tolist() == counts.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_forced_costs_are_those_of_solving_again(seed: int) -> None:
    """One object held in each column in turn, by making all its other columns dear."""
    n = 46
    cost = random_cost(n, seed)
    prices = autosome_prices(2, n, AssignmentOptions(loss_price=1.5))
    solution = solve(cost, XY, "both", prices)
    assert solution is not None
    ways = shortest(with_number_of_places(move_costs(cost, solution), solution, prices))
    forced = forced_costs(cost, solution, ways)

    def priced(counts: np.ndarray) -> float:
        return float(prices[np.arange(22), counts[:22]].sum())

    total = solution.object_cost + priced(solution.counts)
    for row, column in product((0, 17, 45), range(NONE + 1)):
        held = cost.copy()
        held[row] = 5000.0
        held[row, column] = cost[row, column]
        again = solve(held, XY, "both", prices)
        assert again is not None
        assert again.columns[row] == column
        assert forced[row, column] == pytest.approx(again.object_cost + priced(again.counts) - total, abs=1e-6)
    assert forced.min() >= -1e-6
    assert np.abs(forced[np.arange(n), solution.columns]).max() == 0.0
