"""Files that travel with the program: bundles, ideogram table, sample cells, icons; found by package name."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def read_bytes(name: str) -> bytes:
    """Return one packaged file, e.g. `read_bytes("icons/open.svg")`."""
    return resource(name).read_bytes()


def resource(name: str) -> Traversable:
    """Return the handle of a packaged file or folder, e.g. for `importlib.resources.as_file`."""
    return files(__name__).joinpath(name)
