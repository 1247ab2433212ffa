"""Paths -> cells: which files belong together.

By their place on disk; only where all files of a folder are large is the first looked into, since a folder of sheets
is not one cell but as many as it has sheets.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.imaging.convention import to_convention
from engine.imaging.decode import image_size, read_grey
from engine.imaging.separate import looks_like_sheet

IMAGE_SUFFIXES = frozenset({".png", ".tif", ".tiff", ".bmp", ".dib", ".jpg", ".jpeg", ".jpe", ".jfif"})
"""File names that promise an image; the content decides when it is read."""

_COMPANIONS = frozenset(
    {".csv", ".tsv", ".txt", ".json", ".xml", ".yaml", ".yml", ".ini", ".md", ".log", ".db", ".lnk"}
)
_SHEET_SIDE = 400  # pixels; a whole metaphase is never smaller, a single chromosome hardly ever as large
_DEEPEST = 6  # levels of folders below the one given: more is a home folder dropped by mistake


@dataclass(frozen=True, slots=True)
class CellSource:
    """The files of one cell."""

    name: str
    files: tuple[Path, ...]  # naturally sorted: 2.png before 10.png


def find_cells(paths: Sequence[Path]) -> list[CellSource]:
    """Group files and folders into cells.

    A folder that holds images is a cell with the folder's name; folders are searched downwards, so that a folder of
    folders gives several cells. Files given one by one are a cell named after the folder they lie in. Several sheets
    in one folder are a cell each, named after the file, and so is a single file. Hidden files and tables or notes are
    passed over; other files stay in the list of their cell and become a warning when it is read.

    Raises
    ------
    InputError
        A path does not exist, or there is no image in any of them.
    """
    found: dict[Path, list[Path]] = {}  # folder, or the file that is a cell of its own -> files
    loose: dict[Path, list[Path]] = {}
    for path in map(Path, paths):
        if path.is_dir():
            for folder, files in _image_folders(path):
                found.setdefault(folder, []).extend(files)
        elif path.exists():
            loose.setdefault(path.absolute().parent, []).append(path.absolute())
        else:
            raise InputError(f"{path} does not exist: check the name or choose the folder again.")
    for folder, files in loose.items():
        if len(files) == 1 and folder not in found:
            found[files[0]] = files
        else:
            found.setdefault(folder, []).extend(files)
    if not found:
        named = ", ".join(str(path) for path in paths) or "The selection"
        raise InputError(f"{named} holds no PNG, TIFF, BMP or JPEG image: choose the folder with the chromosomes.")
    groups: dict[Path, tuple[Path, ...]] = {}
    for place, files in found.items():
        ordered = tuple(sorted(dict.fromkeys(files), key=natural_key))
        groups.update({file: (file,) for file in ordered} if _are_sheets(ordered) else {place: ordered})
    names = _names(groups)
    return [CellSource(names[place], files) for place, files in groups.items()]


def _are_sheets(files: Sequence[Path]) -> bool:
    """Say whether each of several files shows a cell of its own."""
    if len(files) < 2 or not _large(files[0]) or not all(map(_large, files)):
        return False
    try:
        prepared, _ = to_convention([read_grey(files[0])])
    except InputError:
        return False
    mask = prepared[0].mask
    return mask is not None and looks_like_sheet(mask)


def _large(file: Path) -> bool:
    size = image_size(file)
    return size is not None and min(size) >= _SHEET_SIDE


def natural_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sort key that counts: 2.png before 10.png, whatever the case of the letters."""
    parts = re.split(r"([0-9]+)", path.name.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def _image_folders(top: Path) -> Iterable[tuple[Path, list[Path]]]:
    """Folders with at least one image at or below `top`, in natural order."""
    found: list[tuple[Path, list[Path]]] = []
    top = top.absolute()
    for root, folders, files in os.walk(top):
        here = Path(root)
        if len(here.parts) - len(top.parts) >= _DEEPEST:
            folders.clear()
        folders[:] = sorted((name for name in folders if not _hidden(name)), key=lambda name: natural_key(Path(name)))
        members = [here / name for name in files if not _passed_over(name)]
        if any(member.suffix.lower() in IMAGE_SUFFIXES for member in members):
            found.append((here, members))
    return found


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name in ("__MACOSX", "@eaDir", "$RECYCLE.BIN")


def _passed_over(name: str) -> bool:
    return _hidden(name) or Path(name).suffix.lower() in _COMPANIONS


def _names(places: Iterable[Path]) -> dict[Path, str]:
    """Name of the folder (or the file without suffix), with as many parents as it takes to tell the cells apart."""
    places = list(places)
    plain = {place: place.with_suffix("") if place.suffix.lower() in IMAGE_SUFFIXES else place for place in places}
    names = {place: plain[place].name or str(place) for place in places}
    for depth in range(2, 2 + max(len(place.parts) for place in places)):
        counts = Counter(names.values())
        double = [place for place in places if counts[names[place]] > 1]
        if not double:
            break
        names.update({place: "/".join(plain[place].parts[-depth:]) for place in double})
    return names
