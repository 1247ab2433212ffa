"""Paths -> cells: which files belong together. Nothing is decoded here."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError

IMAGE_SUFFIXES = frozenset({".png", ".tif", ".tiff", ".bmp", ".dib", ".jpg", ".jpeg", ".jpe", ".jfif"})
"""File names that promise an image; the content decides when it is read."""

_COMPANIONS = frozenset(
    {".csv", ".tsv", ".txt", ".json", ".xml", ".yaml", ".yml", ".ini", ".md", ".log", ".db", ".lnk"}
)
_DEEPEST = 6  # levels of folders below the one given: more is a home folder dropped by mistake


@dataclass(frozen=True, slots=True)
class CellSource:
    """The files of one cell."""

    name: str
    files: tuple[Path, ...]  # naturally sorted: 2.png before 10.png


def find_cells(paths: Sequence[Path]) -> list[CellSource]:
    """Group files and folders into cells.

    A folder that holds images is a cell with the folder's name; folders are searched downwards, so that a folder of
    folders gives several cells. Files given one by one are a cell named after the folder they lie in. Hidden files and
    tables or notes are passed over; other files stay in the list of their cell and become a warning when it is read.

    Raises
    ------
    InputError
        A path does not exist, or there is no image in any of them.
    """
    groups: dict[Path, list[Path]] = {}
    for path in map(Path, paths):
        if path.is_dir():
            for folder, files in _image_folders(path):
                groups.setdefault(folder, []).extend(files)
        elif path.exists():
            groups.setdefault(path.absolute().parent, []).append(path.absolute())
        else:
            raise InputError(f"{path} does not exist: check the name or choose the folder again.")
    if not groups:
        names = ", ".join(str(path) for path in paths) or "Nothing"
        raise InputError(f"{names} holds no PNG, TIFF, BMP or JPEG image: choose the folder with the chromosomes.")
    names_of = _names(groups)
    return [
        CellSource(names_of[folder], tuple(sorted(dict.fromkeys(files), key=natural_key)))
        for folder, files in groups.items()
    ]


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


def _names(folders: Iterable[Path]) -> dict[Path, str]:
    """Folder name, with as many parents as it takes to tell the cells apart."""
    folders = list(folders)
    names = {folder: folder.name or str(folder) for folder in folders}
    for depth in range(2, 2 + max(len(folder.parts) for folder in folders)):
        taken = list(names.values())
        double = [folder for folder in folders if taken.count(names[folder]) > 1]
        if not double:
            break
        names.update({folder: "/".join(folder.parts[-depth:]) for folder in double})
    return names
