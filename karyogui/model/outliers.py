"""Copies of a chromosome that are unlike their peers over the cells of a case, by what the classifier sees in them.

What is compared. The last layer of the classifier turns the features of an image into 24 evidences, one for each label
(calibrated log probabilities, the size within the cell included). Distances are taken between these, not between the
features themselves: a case of two cells has 92 chromosomes and the features several hundred directions, most of which
tell laboratories and slides apart and not labels.

How. The peers of a copy are the other copies with its label. Its distance to the median of its peers, and to the
medians of the other labels, is measured in the spread of the case itself (pooled within labels, the widest twentieth
left out, drawn 30 % towards a ball). Unlike is a copy that is nearer to another label than to its own peers, by more
than `THRESHOLD` times the squared distance that is typical in the case, and of which the classifier says so, too. Peers
alone would mark all that is bent or blurred, the classifier alone would mark every copy of a label that it does not
recognise in this laboratory's images: there the peers are as strange as the copy, and nothing is marked. With fewer
than `FEWEST_PEERS` peers there is nothing to compare with, and the classifier decides alone.

How good. Measured with g-default 0.1.0 on Passau cells that no training saw, one pair of labels exchanged on purpose
within a cell, ten draws for each case. Cases of two or three cells (18 patients): 96.7 % of the exchanged are marked,
92.8 % where both labels are of one group (A to G); of all others 0.5 %, one in four cells. Cases of 17 cells (of
several patients; four pairs): 99.6 % and 97.9 %, of all others 0.9 %. So the marks find what was mixed up by hand.
The classifier's own mistakes they do not find, for it sees no contradiction in them (1 of 21 in the large cases, none
of 13 in the small ones): those are the review's, which goes by confidence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.types import CLASS_INDEX, CLASS_LABELS
from karyogui.model.karyogram import Placement

Floats = NDArray[np.float64]

FEWEST_PEERS = 3
THRESHOLD = 1.0
SURE = 3.0
"""By how much, as a logarithm of the odds, the classifier must prefer another label; 3: twenty to one."""

_FLOOR = -15.0  # evidence below this is as good as none; differences down there are noise
_SHRINK = 0.3
_TRIM = 0.95


class CopyRef(NamedTuple):
    """One copy: which cell of the case, which chromosome of the cell."""

    cell: int
    chromosome: int


@dataclass(frozen=True, slots=True)
class Outlier:
    """A copy that is unlike its peers."""

    ref: CopyRef
    label: str  # the one it has
    like: str  # the label it is nearer to
    peers: int  # other copies with its label
    times: float | None  # distance to its peers, in distances typical for the case; None: too few peers to say
    odds: float  # how much likelier the classifier finds `like` than `label`


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The measures behind the marks, for N copies."""

    own: Floats  # (N,) squared distance to the peers, typical = 1; nan without a peer
    nearest: Floats  # (N,) the same to the nearest other label that has a centre; inf where there is none
    like: NDArray[np.int64]  # (N,) that label; -1: none
    peers: NDArray[np.int64]  # (N,)


def find_outliers(
    cells: Iterable[tuple[int, Iterable[Placement], Mapping[int, NDArray[np.float32]]]],
) -> dict[CopyRef, Outlier]:
    """Return the copies that are unlike their peers.

    Parameters
    ----------
    cells
        Of one case: key, all placements, and by chromosome id the evidence (24,) for each label. Chromosomes without
        evidence, in the tray or among the markers take no part.
    """
    refs: list[CopyRef] = []
    rows: list[NDArray[np.float32]] = []
    labels: list[int] = []
    for key, placements, evidence in cells:
        for placement in placements:
            if placement.label in CLASS_INDEX and placement.chromosome_id in evidence:
                refs.append(CopyRef(key, placement.chromosome_id))
                rows.append(evidence[placement.chromosome_id])
                labels.append(CLASS_INDEX[placement.label])
    if not refs:
        return {}
    evidences, given = np.asarray(rows, np.float64), np.asarray(labels, np.int64)
    judged = judge(evidences, given)
    said = evidences.argmax(axis=1)
    log_odds = evidences.max(axis=1) - evidences[np.arange(len(given)), given]
    found = {}
    for index, ref in enumerate(refs):
        enough = int(judged.peers[index]) >= FEWEST_PEERS
        nearer = not enough or judged.own[index] - judged.nearest[index] > THRESHOLD
        if nearer and log_odds[index] > SURE:
            like = int(judged.like[index]) if enough and judged.like[index] >= 0 else int(said[index])
            found[ref] = Outlier(
                ref=ref,
                label=CLASS_LABELS[given[index]],
                like=CLASS_LABELS[like],
                peers=int(judged.peers[index]),
                times=float(np.sqrt(judged.own[index])) if enough else None,
                odds=float(np.exp(min(log_odds[index], 50.0))),
            )
    return found


def judge(evidences: Floats, labels: NDArray[np.int64]) -> Judged:
    """Measure how far each copy lies from its peers and from the other labels.

    Parameters
    ----------
    evidences : (N, 24) log probabilities, N >= 1.
    labels : (N,) class index each copy has now.
    """
    clipped = np.clip(evidences, _FLOOR, 0.0)
    peers = np.bincount(labels, minlength=len(CLASS_LABELS))[labels] - 1
    centres = np.array([np.median(clipped[labels == label], axis=0) if (labels == label).any() else
                        np.full(clipped.shape[1], np.nan) for label in range(len(CLASS_LABELS))])  # fmt: skip
    sphered = clipped @ _sphering(clipped - centres[labels])
    own = np.full(len(labels), np.nan)
    to_centre = np.full((len(labels), len(CLASS_LABELS)), np.inf)
    for label in range(len(CLASS_LABELS)):
        there = labels == label
        count = int(there.sum())
        if count >= 2:
            own[there] = ((sphered[there] - _medians_of_others(sphered[there])) ** 2).sum(axis=1)
        if count >= FEWEST_PEERS:
            centre = np.median(sphered[there], axis=0)
            to_centre[~there, label] = ((sphered[~there] - centre) ** 2).sum(axis=1)
    known = own[~np.isnan(own)]
    typical = float(np.median(known)) if known.size else 1.0
    typical = typical if typical > 0.0 else 1.0
    like = np.where(np.isfinite(to_centre).any(axis=1), to_centre.argmin(axis=1), -1)
    return Judged(own / typical, to_centre.min(axis=1) / typical, like.astype(np.int64), peers)


def _sphering(residuals: Floats) -> Floats:
    """(D, D) matrix that makes the spread within labels round, whatever a few wrong labels do to it."""
    size = residuals.shape[1]
    kept = np.ones(len(residuals), np.bool_)
    matrix = np.eye(size)
    for _ in range(2):
        spread = residuals[kept].T @ residuals[kept] / max(int(kept.sum()), 1)
        mean = float(np.trace(spread)) / size
        if mean <= 0.0:  # every copy lies on its median
            return np.eye(size)
        spread = (1.0 - _SHRINK) * spread + _SHRINK * mean * np.eye(size)
        matrix = np.linalg.cholesky(np.linalg.inv(spread))
        distance = ((residuals @ matrix) ** 2).sum(axis=1)
        kept = distance <= np.quantile(distance, _TRIM)
    return matrix


def _medians_of_others(values: Floats) -> Floats:
    """(n, D) -> (n, D): in each row the medians of all other rows; n >= 2."""
    count = len(values)
    order = np.argsort(values, axis=0, kind="stable")
    ranks = np.argsort(order, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    columns = np.arange(values.shape[1])

    def without(place: int) -> Floats:
        """What stands at a place of the ordered column once the row itself is taken out."""
        found: Floats = ordered[np.where(ranks <= place, place + 1, place), columns]
        return found

    rest = count - 1
    return (without((rest - 1) // 2) + without(rest // 2)) / 2.0
