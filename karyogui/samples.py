"""The drawn sample cells that travel with the program."""

from importlib.resources import as_file
from pathlib import Path

from resources import resource

DEFAULT_SAMPLE = "47,XY,+21"


def sample_names() -> list[str]:
    """Return the names of the samples, the karyotypes they were drawn with."""
    folder = resource("samples")
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []


def sample_path(name: str) -> Path:
    """Return the folder of a sample.

    Raises
    ------
    KeyError
        There is no sample of this name.
    """
    if name not in sample_names():
        raise KeyError(name)
    with as_file(resource(f"samples/{name}")) as path:  # a real folder: wheels and frozen programs unpack theirs
        return path
