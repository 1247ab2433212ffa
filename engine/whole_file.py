"""Files are written whole: a reader finds the old one or the new one, never half of it."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in the place of `path`.

    The folder is made if it is missing. After an error `path` is as it was.

    Raises
    ------
    OSError
        The folder cannot be written to, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        temporary.chmod(_mode_of(path))  # mkstemp makes it private; a report is to be read by colleagues
        with os.fdopen(descriptor, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())  # else a power cut can leave the new name on an empty file
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_whole_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, whole."""
    write_whole(path, lambda stream: stream.write(text.encode("utf-8")))


def _mode_of(path: Path) -> int:
    """The rights of the file that is replaced; for a new one what any program would give it."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
