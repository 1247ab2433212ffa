"""The zip of a case file, read with distrust: everything is weighed before anything is unpacked, in memory only.

It holds `manifest.json`, `manifest.sha256` and `images/<SHA-256>.png`, and nothing else; nothing is ever written to a
path that the file names.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from karyogui.model.store.errors import CaseFileError
from karyogui.model.store.pictures import sha256

MANIFEST = "manifest.json"
SEAL = "manifest.sha256"

LARGEST_FILE = 1 << 30
LARGEST_SUM = 1 << 30
LARGEST_MEMBER = 1 << 26
MOST_MEMBERS = 100_000
LARGEST_RATIO = 200
"""Unpacked to packed. Text of a manifest comes to 30; a bomb to 1,000."""

_SMALL = 1 << 16  # bytes unpacked; below it no ratio does harm
_IMAGE = re.compile(r"images/[0-9a-f]{64}\.png")
_ENCRYPTED = 0x1

DAMAGE = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError),
    *(MemoryError, NotImplementedError, zipfile.BadZipFile, zlib.error),
)
"""What damaged files raise in zipfile, zlib, json or our own checks."""


def image_name(digest: str) -> str:
    """Return the name of a picture in the zip."""
    return f"images/{digest}.png"


def write_archive(stream: BinaryIO, manifest: bytes, images: Mapping[str, bytes]) -> None:
    """Write manifest and pictures (by SHA-256). The same content makes the same file: no times, no names of people."""
    with zipfile.ZipFile(stream, "w") as archive:
        _write(archive, MANIFEST, manifest, zipfile.ZIP_DEFLATED)
        _write(archive, SEAL, sha256(manifest).encode("ascii"), zipfile.ZIP_STORED)
        for digest, data in images.items():
            _write(archive, image_name(digest), data, zipfile.ZIP_STORED)  # PNG is packed already


def read_archive(path: Path) -> tuple[bytes, dict[str, bytes]]:
    """Read the manifest and the pictures (by SHA-256), each checked against its hash.

    Raises
    ------
    CaseFileError
        It is no case file, is damaged, or tries a trick.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CaseFileError(f"{path.name} is larger than any case file.")
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _weigh(path.name, members)
            content = {member.filename: _unpacked(archive, member) for member in members}
    except FileNotFoundError as error:
        raise CaseFileError(f"{path} is not there.") from error
    except zipfile.BadZipFile as error:
        raise CaseFileError(f"{path.name} is no case file, or was cut short on its way; ask for it again.") from error
    except DAMAGE as error:
        raise _damaged(path.name) from error
    manifest, seal = content.pop(MANIFEST), content.pop(SEAL)
    if sha256(manifest).encode("ascii") != seal:
        raise _damaged(path.name)
    images = {name.removeprefix("images/").removesuffix(".png"): data for name, data in content.items()}
    if any(sha256(data) != digest for digest, data in images.items()):
        raise _damaged(path.name)
    return manifest, images


def _damaged(name: str) -> CaseFileError:
    return CaseFileError(f"{name} is damaged; ask for it again.")


def _write(archive: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    info = zipfile.ZipInfo(name)  # of 1980: when it was written is nobody's business
    info.compress_type = method
    archive.writestr(info, data)


def _weigh(file: str, members: list[zipfile.ZipInfo]) -> None:
    """Refuse by what the directory of the zip says, before a byte is unpacked."""
    names = [member.filename for member in members]
    for name in names:
        if name not in (MANIFEST, SEAL) and not _IMAGE.fullmatch(name):
            raise CaseFileError(f"{file} holds “{name[:60]!a}”, which belongs in no case file; it was not opened.")
    if len(set(names)) != len(names) or not {MANIFEST, SEAL} <= set(names):
        raise _damaged(file)
    too_much = (
        len(members) > MOST_MEMBERS
        or sum(member.file_size for member in members) > LARGEST_SUM
        or any(member.file_size > LARGEST_MEMBER for member in members)
        or any(m.file_size > _SMALL and m.file_size > LARGEST_RATIO * m.compress_size for m in members)
    )
    if too_much:
        raise CaseFileError(f"{file} would unpack to far more than a case holds; it was not opened.")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise CaseFileError(f"{file} is locked with a password; ask for it without one.")


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise ValueError("not as large as it says")
    return data
