"""Write an exported file whole, and say in one sentence why it could not be written."""

import errno
import os
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QCoreApplication

from engine.errors import EngineError
from engine.whole_file import write_whole

_READABLE = 0o644  # a report is read by others too; temporary files are private


class ExportError(EngineError):
    """The karyogram could not be written; `str(error)` is written for the user."""


def write_file(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then put it in its place.

    Raises
    ------
    ExportError
        The folder is missing or may not be written to, the disk is full, or `path` is a folder. A file that was
        there before is untouched.
    """

    def fill(stream: BinaryIO) -> None:
        stream.write(data)
        if hasattr(os, "fchmod"):  # not on Windows, where the folder decides
            os.fchmod(stream.fileno(), _READABLE)

    try:
        # The folder was chosen in a dialog: one that is gone (an unplugged disk) must not be made anew elsewhere.
        path.parent.stat()
        write_whole(path, fill)
    except OSError as error:
        raise ExportError(_sentence(path, error)) from error


def plain_name(name: str) -> str:
    """Return a cell's or a case's name as a file name: names of cells in nested folders hold slashes."""
    kept = "".join(c if c.isalnum() or c in " .,+-_()" else "_" for c in name).strip(" .")
    return kept or "karyogram"


def _sentence(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return _tr("The folder %s does not exist; choose another folder.") % path.parent
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _tr("%s may not be written here; choose another folder.") % path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _tr("The disk is full: %s was not written; free some space or choose another disk.") % path.name
    if error.errno in (errno.EISDIR, errno.ENOTEMPTY):
        return _tr("%s is a folder; choose another file name.") % path
    return _tr("%s could not be written (%s); choose another place.") % (path, error.strerror or error)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Export", text)
