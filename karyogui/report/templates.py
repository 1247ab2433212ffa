"""Where templates lie: the shipped one in the program, the laboratory's own in its folder of settings.

A template is a file `*.html`; other files of the folder (a logo, a part of a template) can be used in it by their name,
nothing outside the folder can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.errors import EngineError
from engine.whole_file import write_whole
from resources import resource

SHIPPED = "report.html"
_LARGEST = 4 << 20  # bytes of a template, or of a picture it uses


@dataclass(frozen=True, slots=True)
class ReportTemplate:
    """A template and the files beside it."""

    name: str
    folder: Path | None = None  # None: the shipped one

    @property
    def shipped(self) -> bool:
        """Whether it came with the program."""
        return self.folder is None

    def read(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """Return text, name and freshness of a template, as Jinja asks for it; None where there is none."""
        data = self.file(name)
        if data is None:
            return None
        try:
            return data.decode("utf-8-sig"), name, lambda: False
        except UnicodeDecodeError as error:
            raise EngineError(f"The template {name} is no text in UTF-8; save it as UTF-8 in your editor.") from error

    def file(self, name: str) -> bytes | None:
        """Return a file beside the template; None where it is missing, too large or elsewhere."""
        pure = PurePosixPath(name.replace("\\", "/"))
        if not pure.parts or pure.is_absolute() or ".." in pure.parts or ":" in name:
            return None
        try:
            if self.folder is None:
                found = resource("report").joinpath(*pure.parts)
                return found.read_bytes() if found.is_file() else None
            folder = self.folder.resolve()
            path = folder.joinpath(*pure.parts).resolve()  # a link must not lead out either
            if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > _LARGEST:
                return None
            return path.read_bytes()
        except OSError:
            return None

    def holds(self, name: str) -> bool:
        """Whether a name is that of a template of this folder."""
        return name.endswith(".html") and "/" not in name and "\\" not in name


def templates_in(folder: Path) -> tuple[ReportTemplate, ...]:
    """Return the shipped template, then the laboratory's own, by name."""
    try:
        names = sorted(path.name for path in folder.glob("*.html") if path.is_file())
    except OSError:
        names = []
    return (ReportTemplate(SHIPPED), *(ReportTemplate(name, folder) for name in names if not name.startswith("_")))


def copy_shipped(folder: Path) -> Path:
    """Put a copy of the shipped template into a folder, for her to change; one that is there stays as it is.

    Raises
    ------
    EngineError
        It cannot be written there.
    """
    path = folder / SHIPPED
    if path.exists():
        return path
    try:
        write_whole(path, lambda stream: stream.write(resource("report").joinpath(SHIPPED).read_bytes()))
    except OSError as error:
        raise EngineError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path
