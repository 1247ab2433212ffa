"""Cells whose labels a person stands behind: what a laboratory's own model learns from, and is judged on.

A cell is dealt to learning, tuning or judging by its group (case, patient or the cell itself), with a fixed seed. What
a bundle has learned from stays on its card, so that no later bundle is judged on it.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.types import CLASS_LABELS, CellImages, ChromosomeImage

Ints = NDArray[np.int64]

NO_LABEL = -1
FRACTIONS = (0.6, 0.15, 0.25)
"""Shares of the cells: to learn from, to tune on, to judge by."""
SEED = 7
_DIGEST = 16  # hexadecimal digits: enough for millions of cells


@dataclass(frozen=True, eq=False)  # no slots: digests are computed once and kept
class ReviewedCell:
    """The chromosomes of one real cell with the labels a person gave or confirmed."""

    images: CellImages
    labels: tuple[int, ...]  # class index of each chromosome; NO_LABEL: nobody stands behind it, not used
    upright_deg: tuple[float | None, ...]  # counter-clockwise degrees that bring the p arm up; None: nobody knows
    group: str  # what a split must not cut: patient, case or cell

    def __post_init__(self) -> None:
        if not len(self.images.chromosomes) == len(self.labels) == len(self.upright_deg):
            raise ValueError(f"cell {self.images.name!r}: a label and an orientation for each chromosome are needed")

    @property
    def name(self) -> str:
        """The cell's name."""
        return self.images.name

    @cached_property
    def truth(self) -> Ints:
        """The labels as class index, (N,)."""
        return np.array(self.labels, np.int64)

    @cached_property
    def pictures(self) -> tuple[str, ...]:
        """A digest of each chromosome's pixels."""
        return tuple(_picture_digest(chromosome) for chromosome in self.images.chromosomes)

    @cached_property
    def digest(self) -> str:
        """A digest of the cell's pictures in any order, without their labels."""
        return hashlib.sha256("".join(sorted(self.pictures)).encode()).hexdigest()[:_DIGEST]

    @property
    def count(self) -> int:
        """How many chromosomes somebody stands behind."""
        return sum(label >= 0 for label in self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Deal:
    """Which cells serve what. No group is in two parts."""

    learn: tuple[ReviewedCell, ...]
    tune: tuple[ReviewedCell, ...]  # for calibration and for the strength of the change
    judge: tuple[ReviewedCell, ...]  # neither the candidate nor the bundle in use has learned from them

    def __post_init__(self) -> None:
        parts = [{cell.group for cell in part} for part in (self.learn, self.tune, self.judge)]
        if parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2]:
            raise ValueError("a case or cell is in two parts of the deal")


def deal_cells(cells: Sequence[ReviewedCell], *, seed: int = SEED, learned: Collection[str] = ()) -> Deal:
    """Deal cells to the three parts by a hash of their group.

    A group goes to the same part whatever else is there, but one the bundle in use has learned from always goes to
    learning. Where a part would stay empty, the group that came nearest to it steps in.

    Parameters
    ----------
    learned : digests of cells the bundle in use has learned from (`learned_cells`).

    Raises
    ------
    InputError
        If there are fewer than three groups that no bundle has learned from.
    """
    groups: dict[str, list[ReviewedCell]] = {}
    for cell in cells:
        groups.setdefault(cell.group, []).append(cell)
    old = {name for name, members in groups.items() if any(cell.digest in learned for cell in members)}
    place = {name: _unit(f"{seed}:{name}") for name in groups if name not in old}
    if len(place) < 3:
        raise InputError(
            f"Learning needs at least three reviewed cells (or cases) the model has not learned from yet; there are "
            f"{len(place)}. Review more cells, or add a labelled folder."
        )
    first, second = FRACTIONS[0], FRACTIONS[0] + FRACTIONS[1]
    part = {name: 0 if at < first else 1 if at < second else 2 for name, at in place.items()}
    for wanted, edge in ((2, 1.0), (1, (first + second) / 2), (0, 0.0)):
        held = [sum(p == index for p in part.values()) for index in range(3)]
        if held[wanted] == 0 and not (wanted == 0 and old):
            movable = [name for name in place if held[part[name]] > 1]
            nearest = min(movable, key=lambda name: (abs(place[name] - edge), name))
            part[nearest] = wanted
    parts: tuple[list[ReviewedCell], ...] = ([], [], [])
    for name, members in groups.items():
        parts[part.get(name, 0)].extend(members)
    return Deal(*(tuple(members) for members in parts))


def without_duplicates(cells: Iterable[ReviewedCell]) -> tuple[list[ReviewedCell], list[tuple[str, str]]]:
    """Leave out cells most of whose pictures are in an earlier cell.

    Returns
    -------
    The cells to use, and for each that was left out its name and the name of the one it repeats.
    """
    kept: list[ReviewedCell] = []
    repeated: list[tuple[str, str]] = []
    owner: dict[str, str] = {}
    for cell in cells:
        known = [owner[picture] for picture in cell.pictures if picture in owner]
        if known and len(known) * 2 >= len(cell.pictures):
            repeated.append((cell.name, max(sorted(set(known)), key=known.count)))
            continue
        kept.append(cell)
        owner |= {picture: cell.name for picture in cell.pictures if picture not in owner}
    return kept, repeated


def label_counts(cells: Iterable[ReviewedCell]) -> Ints:
    """Return how many chromosomes of each label there are, (24,)."""
    counts = np.zeros(len(CLASS_LABELS), np.int64)
    for cell in cells:
        counts += np.bincount(cell.truth[cell.truth >= 0], minlength=len(CLASS_LABELS))
    return counts


def rare_labels(counts: Ints) -> tuple[str, ...]:
    """Return the labels with fewer than half as many examples as the usual one, those without any included."""
    usual = float(np.median(counts[counts > 0])) if (counts > 0).any() else 0.0
    return tuple(label for label, count in zip(CLASS_LABELS, counts, strict=True) if count < usual / 2 or count == 0)


def one_stain(cells: Sequence[ReviewedCell]) -> str:
    """Return the stain of the cells.

    Raises
    ------
    InputError
        If there are cells of both stains, or none.
    """
    stains = sorted({cell.images.stain for cell in cells})
    if not stains:
        raise InputError("There is no reviewed cell to learn from yet.")
    if len(stains) > 1:
        raise InputError("The cells are of both stains, G and Q; a model learns one at a time. Choose one.")
    return stains[0]


def learned_cells(training: object) -> frozenset[str]:
    """Return the digests of the cells a bundle or its parents have learned from, off the `training` of its card."""
    listed = training.get("learned") if isinstance(training, dict) else None
    return frozenset(item for item in listed if isinstance(item, str)) if isinstance(listed, list) else frozenset()


def _picture_digest(chromosome: ChromosomeImage) -> str:
    digest = hashlib.sha256(repr(chromosome.pixels.shape).encode())
    digest.update(np.ascontiguousarray(chromosome.pixels).tobytes())
    return digest.hexdigest()[:_DIGEST]


def _unit(text: str) -> float:
    """A number in [0, 1) that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64
