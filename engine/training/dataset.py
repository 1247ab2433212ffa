"""Labelled cells as arrays: what training, validation and evaluation read.

A labelled folder holds `labels.csv` with the columns `path` and `label` and one that names the group the split must
not cut: `patient`, `case` or `cell`. The label is read from the table, never from a file name.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.imaging.adapt import AdaptSpec, adapt_cell
from engine.progress import Reporter, SilentReporter
from engine.types import CLASS_INDEX, CellImages

UNKNOWN_POLARITY = -1
PIXEL_SCALE = 200.0
"""Adapted images are kept as uint8: value = pixel * PIXEL_SCALE (adapted pixels reach 1.25)."""


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """One row of a label table."""

    path: Path
    label: int
    cell: str
    group: str


@dataclass(frozen=True, slots=True)
class LabelledCell:
    """One cell with its labels: what is read together, scaled together and split together."""

    name: str
    group: str
    folder: Path
    labels: dict[str, int]  # file name -> class index
    upright: bool  # the files show the p arm up; else polarity is unknown
    files: tuple[Path, ...] = ()  # of the table; a cell that shares its folder is made of these


@dataclass(frozen=True, slots=True, eq=False)
class LabelledImages:
    """Adapted images with labels, N of them."""

    images: NDArray[np.uint8]  # (N, H, W) adapted pixel * PIXEL_SCALE; p arm up where the polarity is known
    size: NDArray[np.float32]  # (N, S)
    labels: NDArray[np.int64]  # (N,) class index
    polarity_known: NDArray[np.bool_]  # (N,)
    groups: NDArray[np.str_]  # (N,) patient, case or cell: a split never cuts one
    cells: NDArray[np.str_]  # (N,)
    synthetic: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))  # (N,) made, not seen: SMOTE

    def __post_init__(self) -> None:
        if len(self.synthetic) == 0:
            object.__setattr__(self, "synthetic", np.zeros(len(self.labels), np.bool_))
        if len({len(getattr(self, item.name)) for item in fields(self)}) != 1:
            raise ValueError("the arrays of a set of images differ in length")

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "LabelledImages":
        """Return the chosen rows."""
        return LabelledImages(**{item.name: getattr(self, item.name)[chosen] for item in fields(self)})


def concatenate(parts: Sequence[LabelledImages]) -> LabelledImages:
    """Return all parts as one set."""
    names = [item.name for item in fields(LabelledImages)]
    return LabelledImages(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def read_label_table(folder: Path, *, upright: bool) -> list[LabelledCell]:
    """Read `labels.csv` of a labelled folder into cells, in the table's order.

    Raises
    ------
    InputError
        If the table is missing, lacks a column, or names an unknown label.
    """
    table = folder / "labels.csv"
    try:
        with table.open(newline="", encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle))
    except OSError:
        raise InputError(f"{folder} holds no readable labels.csv; a labelled folder needs one.") from None
    if not rows or not {"path", "label"} <= rows[0].keys():
        raise InputError(f"{table} needs a line per image and the columns path and label.")
    cells: dict[tuple[Path, str], LabelledCell] = {}
    shared = _folders_of_several_cells(folder, rows)
    for number, row in enumerate(rows, start=2):
        label = CLASS_INDEX.get(row["label"])
        if label is None:
            raise InputError(f"{table}, line {number}: {row['label']!r} is not one of the labels 1 to 22, X, Y.")
        path = folder / row["path"]
        own = row.get("cell") or "" if path.parent in shared else ""
        cell = cells.get((path.parent, own))
        if cell is None:
            group = row.get("patient") or row.get("case") or row.get("cell") or path.parent.name
            name, place = (own, path.parent / own) if own else (path.parent.name, path.parent)
            cell = LabelledCell(name, group, place, {}, upright)
        cell.labels[path.name] = label
        cells[path.parent, own] = replace(cell, files=(*cell.files, path))
    return list(cells.values())


def _folders_of_several_cells(folder: Path, rows: list[dict[str, str]]) -> set[Path]:
    """Folders in which the table has more than one cell."""
    names: dict[Path, set[str]] = {}
    for row in rows:
        names.setdefault((folder / row["path"]).parent, set()).add(row.get("cell") or "")
    return {place for place, found in names.items() if len(found) > 1}


def adapt_labelled(
    cells: Sequence[LabelledCell],
    spec: AdaptSpec,
    read: Callable[[Path], CellImages],
    reporter: Reporter | None = None,
    left_out: Callable[[str], None] | None = None,
) -> LabelledImages:
    """Read and adapt labelled cells; files that cannot be read or have no label are left out.

    Parameters
    ----------
    read : folder -> `CellImages`; `engine.imaging` or the simulator.
    left_out : told a sentence for every cell that could not be read at all; without it the first one is raised.
    """
    reporter = reporter or SilentReporter()
    parts = []
    for done, cell in enumerate(cells):
        reporter.check_cancelled()
        reporter.report(done, len(cells), cell.name)
        try:
            images = read(cell.folder)
        except InputError as error:
            if left_out is None:
                raise
            left_out(f"{cell.name} was left out: {error}")
            continue
        labels = [cell.labels.get(chromosome.source, -1) for chromosome in images.chromosomes]
        truth = [0.0 if cell.upright else None] * len(labels)
        parts.append(labelled_images(images, labels, truth, spec, group=cell.group))
    if not parts:
        raise InputError("There is no labelled cell to learn from.")
    return concatenate(parts)


def labelled_images(
    images: CellImages, labels: Iterable[int], upright_deg: Iterable[float | None], spec: AdaptSpec, *, group: str
) -> LabelledImages:
    """Adapt one cell whose labels are known.

    Parameters
    ----------
    labels : class index for each chromosome; negative = leave out.
    upright_deg : true counter-clockwise degrees that bring the p arm up; None where nobody knows.
    """
    adapted = adapt_cell(images.chromosomes, spec)
    label = np.array(list(labels), np.int64)
    truth = np.array([np.nan if angle is None else angle for angle in upright_deg], np.float64)
    known = ~np.isnan(truth)
    off = np.abs((adapted.rotation_deg - np.nan_to_num(truth) + 180.0) % 360.0 - 180.0)
    turned = known & (off > 90.0)
    pictures = adapted.images.copy()
    pictures[turned] = pictures[turned, ::-1, ::-1]
    keep = label >= 0
    count = int(keep.sum())
    return LabelledImages(
        np.round(pictures[keep] * PIXEL_SCALE).clip(0, 255).astype(np.uint8),
        adapted.size[keep],
        label[keep],
        known[keep],
        np.full(count, group),
        np.full(count, images.name),
    )


def split_groups(groups: Iterable[str], fractions: Sequence[float], *, seed: int = 0) -> dict[str, int]:
    """Deal groups to parts by a hash, so that a group stays in its part whatever else is in the data.

    Parameters
    ----------
    groups : names of patients, cases or cells; repeated names are one group.
    fractions : share of each part; they sum to 1.

    Returns
    -------
    Part index for each group.
    """
    if abs(sum(fractions) - 1.0) > 1e-6:
        raise ValueError("the fractions must sum to 1")
    bounds = np.cumsum(fractions)
    parts = {}
    for group in set(groups):
        digest = hashlib.sha256(f"{seed}:{group}".encode()).digest()
        parts[group] = min(int(np.searchsorted(bounds, int.from_bytes(digest[:8]) / 2**64)), len(fractions) - 1)
    return parts


def save_images(path: Path, data: LabelledImages) -> None:
    """Keep adapted images in one file (uncompressed NumPy, no pickle), so that a second run need not read again."""
    names = {item.name: getattr(data, item.name) for item in fields(data)}
    part = path.with_name(path.name + ".part.npz")
    np.savez(part, **names)
    part.replace(path)


def load_images(path: Path) -> LabelledImages:
    """Read what `save_images` wrote."""
    names = [item.name for item in fields(LabelledImages)]
    with np.load(path, allow_pickle=False) as stored:
        return LabelledImages(**{name: stored[name] for name in names if name in stored})
