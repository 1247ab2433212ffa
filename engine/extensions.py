"""What the window adds to the command line. The engine cannot: it knows no Qt.

A package that can draws attention to itself by an entry point; karyogui does. So the engine runs without it, and says
so where something is asked for that only the window can do.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal, Protocol

from engine.errors import EngineError
from engine.types import CellImages, CellResult

RENDERERS, WINDOW_BENCHES = "karyo.renderers", "karyo.window_benches"
PictureKind = Literal["png", "pdf"]


class Renderer(Protocol):
    """Writes the karyogram of a classified cell."""

    def __call__(self, images: CellImages, result: CellResult, path: Path, kind: PictureKind) -> None:
        """Write the file whole; raise `EngineError` if that is not possible."""


class WindowBench(Protocol):
    """Measures how the window feels."""

    def __call__(
        self, cells: Sequence[Path], scratch: Path, ways: Sequence[str], say: Callable[[str], object]
    ) -> dict[str, float]:
        """Return figures by name, from folders of cells and ways of training."""


def find_renderer() -> Renderer:
    """Return the installed renderer, the first by name if there are several.

    Raises
    ------
    EngineError
        If none is installed, or it does not start.
    """
    renderer: Renderer = _first(RENDERERS, "No picture can be drawn", "leave out --png and --pdf")
    return renderer


def find_window_bench() -> WindowBench:
    """Return what measures the window.

    Raises
    ------
    EngineError
        If no window is installed, or it does not start.
    """
    bench: WindowBench = _first(WINDOW_BENCHES, "No window can be measured", "`karyo bench engine` needs none")
    return bench


def _first(group: str, cannot: str, instead: str) -> Any:
    for entry in sorted(entry_points(group=group), key=lambda entry: entry.name):
        try:
            return entry.load()
        except ImportError as error:
            raise EngineError(f"{cannot} here: {error}.") from None
    raise EngineError(f"{cannot}: karyogui is not installed beside the engine; {instead}.")
