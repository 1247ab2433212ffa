"""Who draws a karyogram for the command line. The engine cannot: it knows no Qt.

A package that can draws attention to itself by an entry point of the group `karyo.renderers`; karyogui does. So the
engine runs without it, and says so where a picture is asked for.
"""

from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal, Protocol

from engine.errors import EngineError
from engine.types import CellImages, CellResult

GROUP = "karyo.renderers"
PictureKind = Literal["png", "pdf"]


class Renderer(Protocol):
    """Writes the karyogram of a classified cell."""

    def __call__(self, images: CellImages, result: CellResult, path: Path, kind: PictureKind) -> None:
        """Write the file whole; raise `EngineError` if that is not possible."""


def find_renderer() -> Renderer:
    """Return the installed renderer, the first by name if there are several.

    Raises
    ------
    EngineError
        If none is installed, or it does not start.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            renderer: Renderer = entry.load()
        except ImportError as error:
            raise EngineError(f"No picture can be drawn here: {error}.") from None
        return renderer
    raise EngineError(
        "No picture can be drawn: karyogui is not installed beside the engine; leave out --png and --pdf."
    )
