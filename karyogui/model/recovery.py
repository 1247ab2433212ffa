"""Work in progress on disk: one folder per cell, whole at any moment, exact to the last bit. Without Qt.

`work.json` names everything but the pixels; `pixels-<hash>.npz` holds those. An edit rewrites the few kilobytes of
`work.json`; the pixels are written once. They are kept because the source folder may be moved or unplugged.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from engine.errors import EngineError
from engine.types import BundleRef, ChromosomeResult, FileWarning, KaryotypeAlternative, LabelAlternative
from engine.whole_file import write_whole, write_whole_text
from karyogui.model.annotation import Annotation, check_annotations
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement, check_placements

FORMAT = 1
WORK_FILE = "work.json"

_LARGEST_WORK = 64 << 20  # bytes of work.json; a thousand times what a cell needs
_LARGEST_PIXELS = 1 << 30  # bytes of all arrays of a cell

_DAMAGE = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error),
)
"""What a damaged file can raise in json, zipfile, zlib, NumPy or our own checks. A missing one is damage, too."""


class RecoveryError(EngineError):
    """A file of saved work is damaged or of another version of the program."""


@dataclass(frozen=True, eq=False)
class Work:
    """All that is needed to go on with a cell."""

    cell: Cell
    placements: tuple[Placement, ...]
    bundle: BundleRef | None = None
    alternatives: tuple[KaryotypeAlternative, ...] = ()
    annotations: tuple[Annotation, ...] = ()


def save_work(folder: Path, work: Work) -> None:
    """Write `work` into its own `folder`. Stopped at any moment, the folder holds the old work or the new one.

    Raises
    ------
    OSError
        The folder cannot be written to.
    """
    pixels = folder / _pixels_name(work.cell)
    if not pixels.exists():
        write_whole(pixels, lambda stream: _write_pixels(stream, work.cell))
    write_whole_text(folder / WORK_FILE, json.dumps(_to_json(work, pixels.name), ensure_ascii=False))
    for other in folder.glob("pixels-*.npz"):
        if other != pixels:
            other.unlink(missing_ok=True)


def load_work(folder: Path) -> Work:
    """Read what `save_work` wrote.

    Raises
    ------
    RecoveryError
        Something is missing, damaged or of another version; nothing was changed.
    """
    try:
        path = folder / WORK_FILE
        if path.stat().st_size > _LARGEST_WORK:
            raise ValueError("too large")
        stored = json.loads(path.read_bytes())
        if stored["format"] != FORMAT:
            raise RecoveryError(f"The saved work in {folder} was written by another version of the program.")
        name = str(stored["pixels"])
        if Path(name).name != name:
            raise ValueError("a path in the name of the pixels")
        return _from_json(stored, _read_pixels(folder / name))
    except _DAMAGE as error:
        raise RecoveryError(f"The saved work in {folder} is damaged and cannot be restored.") from error


def cell_name(folder: Path) -> str:
    """Return the name of the saved cell for a list, without reading its pixels; the folder's name if it is damaged."""
    try:
        return str(json.loads((folder / WORK_FILE).read_bytes())["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return folder.name


def _pixels_name(cell: Cell) -> str:
    digest = hashlib.sha256()
    for chromosome in cell.chromosomes:
        digest.update(repr((chromosome.id, chromosome.pixels.shape)).encode())
        digest.update(np.ascontiguousarray(chromosome.pixels).tobytes())
        digest.update(np.packbits(chromosome.mask).tobytes())
    return f"pixels-{digest.hexdigest()}.npz"


def _write_pixels(stream: BinaryIO, cell: Cell) -> None:
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for chromosome in cell.chromosomes:
        arrays[f"pixels{chromosome.id}"] = chromosome.pixels
        arrays[f"mask{chromosome.id}"] = chromosome.mask
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]  # the stub takes the names for its options


def _read_pixels(path: Path) -> Mapping[str, np.ndarray[Any, Any]]:
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > _LARGEST_PIXELS:
            raise ValueError("too large")
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _to_json(work: Work, pixels: str) -> dict[str, Any]:
    cell = work.cell
    return {
        "format": FORMAT,
        "name": cell.name,
        "stain": cell.stain,
        "paths": [str(path) for path in cell.paths],
        "warnings": [asdict(warning) for warning in cell.warnings],
        "pixels": pixels,
        "chromosomes": [
            {
                "id": chromosome.id,
                "source": chromosome.source,
                "prediction": asdict(chromosome.prediction) if chromosome.prediction else None,
                "origin": chromosome.origin,
            }
            for chromosome in cell.chromosomes
        ],
        "placements": [asdict(placement) for placement in work.placements],
        "bundle": asdict(work.bundle) if work.bundle else None,
        "alternatives": [asdict(alternative) for alternative in work.alternatives],
        "annotations": [asdict(annotation) for annotation in work.annotations],
    }


def _from_json(stored: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> Work:
    if stored["stain"] not in ("g", "q"):
        raise ValueError("unknown stain")
    cell = Cell(
        name=str(stored["name"]),
        stain=stored["stain"],
        chromosomes=tuple(_chromosome(entry, arrays) for entry in stored["chromosomes"]),
        paths=tuple(Path(path) for path in stored["paths"]),
        warnings=tuple(FileWarning(**warning) for warning in stored["warnings"]),
    )
    if _pixels_name(cell) != stored["pixels"]:
        raise ValueError("the pixels are not those that were saved")
    placements = tuple(Placement(**placement) for placement in stored["placements"])
    check_placements(cell, placements)
    annotations = tuple(Annotation(**annotation) for annotation in stored.get("annotations", []))
    check_annotations(cell, annotations)
    return Work(
        cell=cell,
        placements=placements,
        bundle=BundleRef(**stored["bundle"]) if stored["bundle"] else None,
        alternatives=tuple(
            KaryotypeAlternative(**{**alternative, "labels": tuple(alternative["labels"])})
            for alternative in stored["alternatives"]
        ),
        annotations=annotations,
    )


def _chromosome(entry: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> Chromosome:
    pixels, mask = arrays[f"pixels{entry['id']}"], arrays[f"mask{entry['id']}"]
    if pixels.ndim != 2 or pixels.shape != mask.shape or pixels.dtype != np.float32 or mask.dtype != np.bool_:
        raise ValueError("pixels of an unexpected kind")
    x, y = entry.get("origin") or (None, None)
    origin = (int(x), int(y)) if x is not None and y is not None else None
    return Chromosome(int(entry["id"]), str(entry["source"]), pixels, mask, _prediction(entry["prediction"]), origin)


def _prediction(stored: Mapping[str, Any] | None) -> ChromosomeResult | None:
    if stored is None:
        return None
    fields = dict(stored)
    fields["probabilities"] = tuple(float(p) for p in fields["probabilities"])
    fields["alternatives"] = tuple(LabelAlternative(**alternative) for alternative in fields["alternatives"])
    return ChromosomeResult(**fields)
