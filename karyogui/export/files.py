"""Write an exported file whole: the old one stays until the new one is complete."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from engine.errors import EngineError


class ExportError(EngineError):
    """The karyogram could not be written; `str(error)` is written for the user."""


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to a temporary file beside `path`, then put it in its place.

    Raises
    ------
    ExportError
        The folder is missing or may not be written to, the disk is full, or `path` is a folder. A file that was
        there before is untouched.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise ExportError(_sentence(path, error)) from error


def _sentence(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return _tr("The folder %s does not exist any more; choose another folder.") % path.parent
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _tr("%s may not be written here; choose another folder.") % path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _tr("The disk is full: %s was not written; free some space or choose another disk.") % path.name
    if error.errno in (errno.EISDIR, errno.ENOTEMPTY):
        return _tr("%s is a folder; choose another file name.") % path
    return _tr("%s could not be written (%s); choose another place.") % (path, error.strerror or error)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Export", text)
