"""What a model is taught with, as plain values: cells with the labels a person stands behind, and what comes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.types import CLASS_INDEX, CLASS_LABELS, ChromosomeImage, Stain
from karyogui.model.cell import Cell
from karyogui.model.karyogram import Placement

LIBRARY = "library"
"""Origin, and first part of the key, of a cell of the library; the second part is its id there."""


@dataclass(frozen=True, eq=False)
class TeachingCell:
    """One cell to learn from. N chromosomes; a label of None is not learned from."""

    name: str
    stain: Stain
    images: tuple[ChromosomeImage, ...]
    labels: tuple[str | None, ...]  # one of CLASS_LABELS
    upright_deg: tuple[float | None, ...]  # counter-clockwise degrees that bring the p arm up; None: nobody knows
    group: str  # case or cell: learning and judging never share one
    origin: str  # for the table: "open cell", or the folder's name
    key: tuple[str, int]  # of the cell while the program runs: ("open", cell id) or (folder, number)
    ids: tuple[int, ...] = ()  # chromosome ids in the open cell

    @property
    def count(self) -> int:
        """How many chromosomes can be learned from."""
        return sum(label is not None for label in self.labels)

    def with_label(self, chromosome: int, label: str) -> "TeachingCell":
        """Return the cell with another label on one chromosome."""
        labels = list(self.labels)
        labels[chromosome] = label
        return replace(self, labels=tuple(labels))


def from_document(
    cell: Cell,
    placements: Iterable[Placement],
    *,
    reviewed: bool,
    key: tuple[str, int],
    confirmed: bool = False,
    name: str = "",
    group: str = "",
    origin: str = "",
) -> TeachingCell | None:
    """Return what a cell teaches; None if no person has decided on anything in it.

    In a cell that was reviewed to its end every placed chromosome counts; before that, only those a person moved or
    accepted. A cell nobody touched teaches nothing: the model would learn from itself.

    Parameters
    ----------
    reviewed : nothing in it is left to look at.
    confirmed : a person said that she has reviewed it, which counts even if she had to change nothing.
    name, group, origin : of the `TeachingCell`; by default those of a cell opened from files.
    """
    by_id = {placement.chromosome_id: placement for placement in placements}
    if not confirmed and not any(placement.accepted for placement in by_id.values()):
        return None
    labels: list[str | None] = []
    upright: list[float | None] = []
    for chromosome in cell.chromosomes:
        placement = by_id[chromosome.id]
        usable = placement.label in CLASS_INDEX and (placement.accepted or reviewed)
        labels.append(placement.label if usable else None)
        # What is mirrored before it is turned counter-clockwise was, unmirrored, to be turned the other way.
        turn = -placement.rotation_deg if placement.mirrored else placement.rotation_deg
        upright.append(turn if usable else None)
    if not any(labels):
        return None
    paths = cell.paths
    place = Path(cell.name) if not paths else paths[0] if len(paths) == 1 else paths[0].parent
    return TeachingCell(
        name or cell.name,
        cell.stain,
        tuple(ChromosomeImage(c.pixels, c.mask, c.source) for c in cell.chromosomes),
        tuple(labels),
        tuple(upright),
        group or str(place),
        origin,
        key,
        tuple(chromosome.id for chromosome in cell.chromosomes),
    )


def label_counts(cells: Iterable[TeachingCell]) -> dict[str, int]:
    """Return how many chromosomes of each label there are, all labels in order."""
    counts = dict.fromkeys(CLASS_LABELS, 0)
    for cell in cells:
        for label in cell.labels:
            if label is not None:
                counts[label] += 1
    return counts


def rare(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the labels with fewer than half as many examples as the usual one."""
    there = [count for count in counts.values() if count]
    usual = float(np.median(there)) if there else 0.0
    return frozenset(label for label, count in counts.items() if count < usual / 2 or count == 0)


def balanced(counts: Mapping[str, int], balance: str) -> dict[str, int]:
    """Return how many examples of each label are learned from, those that are made included."""
    there = [count for count in counts.values() if count]
    usual = int(np.median(there)) if there else 0
    made = balance.startswith("smote")
    return {label: max(count, usual) if made and count >= 2 else count for label, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Suspect:
    """A chromosome whose label the model in use doubts."""

    cell: int  # index into the cells
    chromosome: int  # index in the cell
    given: str
    said: str
    probability: float  # 0..1, of `said`


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMap:
    """Where the model sees each chromosome: near is alike. N points."""

    points: NDArray[np.float64]  # (N, 2)
    cell: NDArray[np.int64]  # (N,) index into the cells
    chromosome: NDArray[np.int64]  # (N,)
    labels: tuple[str, ...]  # (N,)


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What the cells are good for, seen with the model in use."""

    stain: Stain
    bundle: str  # in use for this stain
    roles: tuple[str, ...]  # of each cell: learn, tune, judge, repeated
    repeated: tuple[tuple[str, str], ...]  # cell, the one it repeats
    suspects: tuple[Suspect, ...]  # surest first
    quick_seconds: float  # measured and extrapolated
    thorough_seconds: float | None  # per epoch; None: the network cannot be trained as a whole
    problem: str = ""  # why it cannot be learned from these cells; empty: it can


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The chromosomes each step is measured on, M of them."""

    truth: NDArray[np.int64]
    cell: NDArray[np.int64]  # index into the cells
    chromosome: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step or epoch of a training."""

    step: int
    steps: int
    train_loss: float
    train_accuracy: float
    tune_loss: float
    tune_accuracy: float
    learning_rate: float | None
    seconds: float
    answers: NDArray[np.int64]  # (M,) class index


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the comparison."""

    text: str
    current: str
    candidate: str
    better: int  # 1 better, -1 worse, 0 the same or neither


@dataclass(frozen=True, slots=True)
class Changed:
    """A chromosome the two models place differently, one of them rightly."""

    cell: int
    chromosome: int
    truth: str
    current: str | None
    candidate: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The comparison, ready to be shown."""

    current: str
    candidate: str
    verdict: str  # better, same, worse
    sentence: str
    figures: tuple[Figure, ...]
    labels: tuple[tuple[str, int, int, int], ...]  # label, chromosomes, right now, right with the new model
    better: tuple[Changed, ...]
    worse: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """A training that came to its end."""

    decision: Decision
    model: object  # the candidate, for `promote`; a bundle
    stain: Stain
    cells: tuple[TeachingCell, ...]  # what it was given


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One installed model."""

    name: str
    stain: str
    shipped: bool
    used_for: tuple[str, ...]  # stains
    note: str
    when: str  # last came into use; empty: never
    facts: str  # its descent in a few lines


@dataclass(frozen=True, slots=True)
class Lesson:
    """How a model is to be taught."""

    way: str = "quick"  # quick, thorough, full
    balance: str = "smote_features"  # none, class_weights, smote_features, and but for quick smote_pixels
    epochs: int = 0  # 0: what is usual for the way
    rate: float = 0.0  # learning rate; 0: what is usual for the way
    recipe: str = "paper"  # of full: paper, product
    super_resolution: bool = True  # of full: train SRAFBN, too
    seed: int = 7  # of the deal of the cells
