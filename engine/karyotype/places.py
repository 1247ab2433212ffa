"""Objects into places at least cost, exactly, and what it would cost to change that.

Columns 0..23 are CLASS_LABELS, column 24 (`NONE`) is "none of them". All copies of a label are alike, so what a change
costs can be found on a graph of 26 nodes (24 labels, NONE, and a node for the number of places) instead of solving the
assignment again for each object and label.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from engine.karyotype.prices import Reference
from engine.types import CLASS_INDEX, CLASS_LABELS

NONE = len(CLASS_LABELS)
"""Column of "none of them"."""

Changes = Literal["losses", "gains", "both"]
"""Which departures of the autosomes from the reference a reading may hold."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_X, _Y = CLASS_INDEX["X"], CLASS_INDEX["Y"]
_AUTOSOMES = 22
_MUST = 1e6  # reward of a place that must be filled: above any sum of costs, small enough for exact doubles


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The best placement for one reference and one kind of change."""

    reference: Reference
    changes: Changes
    columns: Ints  # (N,) column of each object
    counts: Ints  # (25,) objects in each column
    object_cost: float  # of the images alone, without prices


def solve(cost: Floats, reference: Reference, changes: Changes, prices: Floats) -> Solution | None:
    """Place all objects at least cost.

    Parameters
    ----------
    cost
        (N, 25), finite: of each object in each column.
    reference
        X and Y are filled exactly as it says.
    changes
        `losses`: autosomes up to the ploidy; `gains`: at least the ploidy; `both`: any number that has a price.
    prices
        (22, K): of k copies of each autosome, convex along k.

    Returns
    -------
    Solution or None
        None where there are fewer objects than places that must be filled.
    """
    must = np.zeros(NONE, dtype=np.int64)
    must[_X], must[_Y] = reference.x, reference.y
    if changes == "gains":
        must[:_AUTOSOMES] = reference.ploidy
    if must.sum() > len(cost):
        return None
    places = [np.repeat(np.arange(NONE), must), np.full(len(cost), NONE)]
    place_prices = [np.full(int(must.sum()), -_MUST), np.zeros(len(cost))]
    for copy, marginal in enumerate(np.diff(prices, axis=1).T):
        beyond = copy >= reference.ploidy
        if not (changes == "losses" and beyond) and not (changes == "gains" and not beyond):
            places.append(np.arange(_AUTOSOMES))
            place_prices.append(marginal)
    columns = _assign(cost, np.concatenate(places), np.concatenate(place_prices))
    counts = np.bincount(columns, minlength=NONE + 1)
    return Solution(reference, changes, columns, counts, float(cost[np.arange(len(cost)), columns].sum()))


def place_exactly(cost: Floats, counts: Ints) -> Ints:
    """Place all objects at least cost with these counts (25,) that sum to N; returns the column of each, (N,)."""
    return _assign(cost, np.repeat(np.arange(NONE + 1), counts), np.zeros(len(cost)))


def move_costs(cost: Floats, solution: Solution) -> Floats:
    """Cheapest single object to move from column a to column b, (25, 25); inf where a is empty."""
    moves = np.full((NONE + 1, NONE + 1), np.inf)
    own = cost[np.arange(len(cost)), solution.columns]
    np.minimum.at(moves, solution.columns, cost - own[:, None])
    return moves


def with_number_of_places(moves: Floats, solution: Solution, prices: Floats) -> Floats:
    """Add the node that opens and closes places: (25, 25) -> (26, 26).

    The edge from a label to it is the price of one more place, the edge back that of one place less.
    """
    graph = np.full((NONE + 2, NONE + 2), np.inf)
    graph[:-1, :-1] = moves
    graph[NONE, -1] = graph[-1, NONE] = 0.0
    ploidy = solution.reference.ploidy
    least = ploidy if solution.changes == "gains" else 0
    most = ploidy if solution.changes == "losses" else prices.shape[1] - 1
    labels, counts = np.arange(_AUTOSOMES), solution.counts[:_AUTOSOMES]
    marginals = np.diff(prices, axis=1)
    more, less = counts < most, counts > least
    graph[labels[more], -1] = marginals[labels[more], counts[more]]
    graph[-1, labels[less]] = -marginals[labels[less], counts[less] - 1]
    return graph


def shortest(graphs: Floats) -> Floats:
    """Length of the shortest way between all nodes (Floyd and Warshall), (..., M, M); no cycle may be negative."""
    ways = graphs.copy()
    nodes = np.arange(ways.shape[-1])
    ways[..., nodes, nodes] = 0.0  # what is below by rounding is no gain
    for node in nodes:
        np.minimum(ways, ways[..., :, node, None] + ways[..., None, node, :], out=ways)
    return ways


def forced_costs(cost: Floats, solution: Solution, ways: Floats) -> Floats:
    """What it costs more than `solution` to put object i into column l, all others placed anew at their best.

    Parameters
    ----------
    ways
        (26, 26): `shortest` of `with_number_of_places`.

    Returns
    -------
    Floats
        (N, 25), >= 0 but for rounding; inf where the reference has no such place. The own column has 0.
    """
    own = cost[np.arange(len(cost)), solution.columns]
    forced: Floats = cost - own[:, None] + ways[: NONE + 1, solution.columns].T
    return forced


def _assign(cost: Floats, places: Ints, place_prices: Floats) -> Ints:
    rows, chosen = linear_sum_assignment(cost[:, places] + place_prices)
    columns: Ints = np.empty(len(cost), dtype=np.int64)
    columns[rows] = places[chosen]
    return columns
