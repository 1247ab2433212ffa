"""Labelled folders as laboratories have them -> labelled cells, with a preview of what was understood.

Three layouts are read: a table (`labels.csv`), folders of cells whose files are named by the label (`13_2.png`, as in
the BioImLab set), and a folder for each label. Only here, to learn from, is a label read from a name; the reader that
serves inference never does.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from engine.errors import InputError
from engine.imaging.cells import IMAGE_SUFFIXES, CellSource
from engine.imaging.read import read_cell
from engine.training.dataset import LabelledCell, read_label_table
from engine.types import CLASS_INDEX, CLASS_LABELS, CellImages, Stain

Layout = Literal["table", "file names", "label folders"]

_NAME = re.compile(r"(?:chr(?:omosome)?[ _-]?)?(\d{1,2}|[XYxy])(?:[ _.-]?[a-dA-D]|[ _.-]\d{1,3})?")
_CELL_NAME = re.compile(
    r"(?P<cell>.+?)[ _.-]+(?P<rest>(?:chr(?:omosome)?[ _-]?)?(?:\d{1,2}|[XYxy])[ _.-]?(?:[a-dA-D]|\d))"
)


@dataclass(frozen=True)
class LabelledSource:
    """One labelled folder, understood."""

    folder: Path
    layout: Layout
    cells: tuple[LabelledCell, ...]
    stain: Stain
    skipped: tuple[str, ...] = ()  # files whose name gives no label

    @property
    def name(self) -> str:
        """The folder's name, for the card of a bundle."""
        return self.folder.resolve().name

    @cached_property
    def _sources(self) -> dict[Path, CellSource]:
        return {cell.folder: CellSource(cell.name, cell.files) for cell in self.cells}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every file with its place and label: two sources with one digest are one."""
        whole = hashlib.sha256(f"{self.stain}\n".encode())
        for cell in self.cells:
            for path in cell.files:
                place = path.relative_to(self.folder).as_posix()
                whole.update(f"{place}\t{cell.labels[path.name]}\t{cell.group}\t{cell.upright}\n".encode())
                whole.update(hashlib.sha256(_bytes(path)).digest())
        return whole.hexdigest()

    def read(self, folder: Path) -> CellImages:
        """Read the cell that lies at `LabelledCell.folder`."""
        return read_cell(self._sources[folder], self.stain)

    def preview(self) -> str:
        """Return lines for the user: what was understood, what was passed over, what is missing."""
        counts = Counter(label for cell in self.cells for label in cell.labels.values())
        images = sum(counts.values())
        alone = self.layout == "label folders"
        units = "images, no cells" if alone else f"images of {len(self.cells)} cells"
        groups = len({cell.group for cell in self.cells})
        lines = [
            f"{self.name}: {images} {units} in {groups} groups, {self.stain.upper()} band, labels from {self.layout}",
            "  " + "  ".join(f"{label} {counts[index]}" for index, label in enumerate(CLASS_LABELS) if counts[index]),
        ]
        missing = [label for index, label in enumerate(CLASS_LABELS) if not counts[index]]
        if missing:
            lines.append(f"  no image of {', '.join(missing)}")
        if alone:
            lines.append("  which images belong together is not known: relative size cannot be used")
        if self.skipped:
            more = f" and {len(self.skipped) - 3} more" if len(self.skipped) > 3 else ""
            lines.append(f"  passed over, no label in the name: {', '.join(self.skipped[:3])}{more}")
        return "\n".join(lines)


def open_source(folder: Path, *, upright: bool, stain: Stain | None = None) -> LabelledSource:
    """Understand a labelled folder.

    Parameters
    ----------
    upright : the files show the p arm up; else the polarity is unknown.
    stain : None lets the first cells vote.

    Raises
    ------
    InputError
        If the folder holds no labels in any of the layouts.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; name the folder that holds the labelled cells.")
    skipped: list[str] = []
    if (folder / "labels.csv").is_file():
        layout: Layout = "table"
        cells = read_label_table(folder, upright=upright)
    elif _is_label_folders(folder):
        layout = "label folders"
        cells, skipped = _from_label_folders(folder, upright)
    else:
        layout = "file names"
        cells, skipped = _from_names(folder, upright)
    if not cells:
        raise InputError(
            f"{folder} holds no labelled images: it needs a labels.csv (path, label, patient or cell), files named by "
            "their label such as 13_2.png, or a folder for each label."
        )
    return LabelledSource(folder, layout, tuple(cells), stain or _voted(cells), tuple(skipped))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise InputError(
            f"{path} is in the list of labelled images but cannot be read; restore or remove it."
        ) from None


def _voted(cells: Iterable[LabelledCell]) -> Stain:
    """The stain most of the first cells show."""
    votes: Counter[Stain] = Counter()
    for cell in cells:
        if sum(votes.values()) == 3:
            break
        try:
            votes[read_cell(CellSource(cell.name, cell.files)).stain] += 1
        except InputError:
            continue  # said when it is read to be learned from
    return votes.most_common(1)[0][0] if votes else "g"


def _images(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith("."):
            yield path


def _is_label_folders(folder: Path) -> bool:
    """Whether the folders below are labels. Cells may be numbered too, but hardly with a folder named X or Y."""
    names = {path.name.upper() for path in folder.iterdir() if path.is_dir()}
    return bool(names) and names <= {*CLASS_LABELS, "0", "23", "24"} and bool(names & {"X", "Y"})


def _label_table(codes: Iterable[str], folder: Path) -> dict[str, int]:
    """Code in a name -> class index. Of numbers beyond 22 two conventions are met: 23 = X with 0 or with 24 = Y."""
    seen = {code.upper() for code in codes}
    if {"0", "24"} <= seen:
        raise InputError(f"{folder} names labels 0 and 24; only one of them can be Y. Write labels.csv.")
    table = dict(CLASS_INDEX)
    for number, label in (("0", "Y"), ("23", "X"), ("24", "Y")):
        if number in seen and label in seen:
            raise InputError(f"{folder} names labels {number} and {label}; do they mean the same? Write labels.csv.")
        table[number] = CLASS_INDEX[label]
    return table


def _plain(code: str) -> str:
    return code.upper().lstrip("0") or "0"  # 01 is 1


def _from_label_folders(folder: Path, upright: bool) -> tuple[list[LabelledCell], list[str]]:
    table = _label_table((path.name for path in folder.iterdir() if path.is_dir()), folder)
    cells, skipped = [], []
    for path in _images(folder):
        index = table.get(path.relative_to(folder).parts[0].upper())
        if index is None or path.parent == folder:
            skipped.append(path.name)
            continue
        name = path.relative_to(folder).as_posix()
        cells.append(LabelledCell(name, name, path, {path.name: index}, upright, (path,)))
    return cells, skipped


def _from_names(folder: Path, upright: bool) -> tuple[list[LabelledCell], list[str]]:
    found: dict[Path, list[tuple[Path, str]]] = {}
    skipped = []
    for path in _images(folder):
        name = path.stem.strip()
        with_cell = _CELL_NAME.fullmatch(name)
        code = _NAME.fullmatch(with_cell["rest"] if with_cell else name)
        if code is None:
            skipped.append(path.relative_to(folder).as_posix())
            continue
        place = path.parent / with_cell["cell"] if with_cell else path.parent
        found.setdefault(place, []).append((path, _plain(code[1])))
    table = _label_table((code for files in found.values() for _, code in files), folder)
    cells = []
    for place, files in found.items():
        good = [(path, table[code]) for path, code in files if code in table]
        skipped += [path.relative_to(folder).as_posix() for path, code in files if code not in table]
        if good:
            labels = {path.name: index for path, index in good}
            name = place.name if place != folder else folder.resolve().name
            cells.append(LabelledCell(name, name, place, labels, upright, tuple(path for path, _ in good)))
    return cells, skipped
