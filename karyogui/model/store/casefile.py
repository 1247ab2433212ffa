"""One case as a file: `.karyo`, a zip of a manifest and PNGs, to hand to somebody else or to keep.

Export writes the file whole or not at all. Import believes nothing: it looks at everything before it touches the
library, and then changes it in one transaction.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from engine.progress import Reporter, SilentReporter
from engine.whole_file import write_whole
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.store import trail
from karyogui.model.store.archive import DAMAGE, read_archive, write_archive
from karyogui.model.store.cases import free_code
from karyogui.model.store.errors import CaseFileError, StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.pictures import (
    decode_mask,
    decode_pixels,
    encode_mask,
    encode_pixels,
    sha256,
    thumbnail,
)
from karyogui.model.store.portable import PortableCase, PortableCell, anonymised, check_case
from karyogui.model.store.schema import CaseRow
from karyogui.model.store.transfer import Images, put_case, take_case
from karyogui.model.store.typed_json import from_json, parse, to_json
from karyogui.model.store.users import known_user
from karyogui.model.store.values import Case

T = TypeVar("T")

SUFFIX = ".karyo"
FORMAT = "karyogui case"
VERSION = 1


@dataclass(frozen=True, slots=True)
class _Manifest:
    format: str
    version: int
    anonymous: bool
    case: PortableCase


def export_case(
    library: Library,
    case_id: int,
    path: Path,
    user: str,
    *,
    anonymous: bool = False,
    code: str = "",
    reporter: Reporter | None = None,
) -> None:
    """Write a case into a file, and a line about it into its trail.

    Parameters
    ----------
    anonymous
        Leave out everything that tells whose case it is; see `portable.anonymised`.
    code
        The code of the anonymous case; by default one made up at random.
    reporter
        Hears of each cell, and can cancel until the file is written.

    Raises
    ------
    StoreError
        The case is gone, its pixels are not those that were imported, or the file cannot be written.
    """
    reporter = reporter or SilentReporter()
    with library.database.reading() as session:
        case, pngs = take_case(session, case_id)
    if anonymous:
        uid = uuid.uuid4().hex
        case = anonymised(case, uid, code.strip() or f"anonymous {uid[:8]}", datetime.now(UTC))
        case, pngs = _redrawn(case, pngs, reporter)
    reporter.check_cancelled()
    manifest = to_json(_Manifest(FORMAT, VERSION, anonymous, case))
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
    try:
        write_whole(path, lambda stream: write_archive(stream, text, pngs))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from error
    library.cases.note_export(case_id, user, kind="case file", file=path.name, anonymous=anonymous, seal=sha256(text))


def import_case(library: Library, path: Path, user: str, *, code: str = "", reporter: Reporter | None = None) -> Case:
    """Take a case out of a file into the library: all of it, or nothing.

    Parameters
    ----------
    code
        Under which it is kept; by default its own.

    Raises
    ------
    CaseFileError
        The file is damaged, of another version or hostile, or its case is here already. Nothing was changed.
    StoreError
        The code is taken, or the library fails. Nothing was changed.
    """
    reporter = reporter or SilentReporter()
    manifest, pngs = read_archive(path)
    try:
        case, anonymous = _read_manifest(path, manifest)
        check_case(case)
        used = {digest for cell in case.cells for c in cell.chromosomes for digest in (c.sha256, c.mask_sha256)}
        if used != pngs.keys():
            raise ValueError("pictures are missing, or nobody's")
        thumbnails = _for_each_cell(case, reporter, lambda cell: _thumbnail(cell, pngs))
    except DAMAGE as error:
        raise CaseFileError(f"{path.name} is damaged, or was changed: its parts do not fit together.") from error
    reporter.check_cancelled()
    with library.database.writing() as session:
        there = session.scalar(select(CaseRow.code).where(CaseRow.uid == case.uid))
        if there is not None:
            raise CaseFileError(f"The case of {path.name} is in the library already, as {there}.")
        wanted = free_code(session, code or case.code)
        made, chain = put_case(session, case, Images(pngs, tuple(thumbnails)), wanted)
        details: dict[str, Any] = {
            "case": case.uid,
            "code": wanted,
            "file": path.name,
            "anonymous": anonymous,
            "seal": sha256(manifest),
        }
        trail.append(session, chain, known_user(session, user), "case imported", **details)
    return made


def _read_manifest(path: Path, text: bytes) -> tuple[PortableCase, bool]:
    stored = parse(text)
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise CaseFileError(f"{path.name} is no case file.")
    if stored.get("version") != VERSION:
        raise CaseFileError(f"{path.name} was made by another version of this program, which this one cannot read.")
    manifest = from_json(_Manifest, stored)
    if not manifest.case.trail and not manifest.anonymous:
        raise ValueError("the trail is missing")
    return manifest.case, manifest.anonymous


def _for_each_cell(case: PortableCase, reporter: Reporter, work: Callable[[PortableCell], T]) -> list[T]:
    done = []
    for number, cell in enumerate(case.cells):
        reporter.check_cancelled()
        reporter.report(number, len(case.cells), cell.name)
        done.append(work(cell))
    return done


def _thumbnail(cell: PortableCell, pngs: dict[str, bytes]) -> bytes:
    """Look at every picture of a cell, and draw it small."""
    found = []
    for each in cell.chromosomes:
        pixels, mask = decode_pixels(pngs[each.sha256]), decode_mask(pngs[each.mask_sha256])
        if pixels.shape != mask.shape:
            raise ValueError("a mask of another size")
        if not each.retired:
            found.append(Chromosome(each.number, each.source, pixels, mask))
    return thumbnail(Cell(cell.name, cell.stain, tuple(found)), cell.placements)


def _redrawn(case: PortableCase, pngs: dict[str, bytes], reporter: Reporter) -> tuple[PortableCase, dict[str, bytes]]:
    """Write every picture anew: a PNG that came from elsewhere can hold more than pixels."""
    clean: dict[str, bytes] = {}

    def redraw(cell: PortableCell) -> PortableCell:
        redone = []
        for each in cell.chromosomes:
            png = encode_pixels(decode_pixels(pngs[each.sha256]))
            mask = encode_mask(decode_mask(pngs[each.mask_sha256]))
            clean[png.sha256], clean[mask.sha256] = png.data, mask.data
            redone.append(replace(each, sha256=png.sha256, mask_sha256=mask.sha256))
        return replace(cell, chromosomes=tuple(redone))

    cells = tuple(_for_each_cell(case, reporter, redraw))
    return replace(case, cells=cells), clean
