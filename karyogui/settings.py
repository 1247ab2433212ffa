"""What the program remembers between two starts, and the folders in which it keeps its own files. Without Qt."""

import json
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from engine.whole_file import write_whole_text

logger = logging.getLogger(__name__)

RECENT_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the program's own files lie. Made when something is written."""

    config: Path  # preferences
    data: Path  # the library; work that is not in it
    log: Path

    @classmethod
    def of_user(cls) -> "Folders":
        """Return the usual folders of this system, or all below `$KARYOGUI_HOME` where that is set."""
        home = os.environ.get("KARYOGUI_HOME")
        if home:
            return cls(config=Path(home) / "config", data=Path(home) / "data", log=Path(home) / "log")
        dirs = platformdirs.PlatformDirs("karyogui", appauthor=False)
        return cls(config=dirs.user_config_path, data=dirs.user_data_path, log=dirs.user_log_path)

    @property
    def preferences_file(self) -> Path:
        """The file of `Preferences`."""
        return self.config / "preferences.json"

    @property
    def library_file(self) -> Path:
        """The library, unless the user has chosen another one."""
        return self.data / "library.sqlite"

    @property
    def log_file(self) -> Path:
        """The file unexpected errors are written to."""
        return self.log / "karyogui.log"


@dataclass(frozen=True, slots=True)
class Preferences:
    """All that is remembered. A stored value of the wrong kind costs its default and nothing else."""

    window_geometry: str = ""  # base64, QWidget.saveGeometry
    panel_state: str = ""  # base64, QMainWindow.saveState: which panels are shown, and how wide
    recent: tuple[str, ...] = ()  # absolute paths, newest first
    last_folder: str = ""
    bundle: str = ""  # name of the bundle to classify with; empty: the default for the stain
    classify_on_open: bool = True
    user: str = ""  # who works here; empty: nobody has told yet
    second_person: bool = False  # who reviewed a cell may not approve it
    last_case: int = 0  # shown again at the next start; 0: none
    library: str = ""  # a file or a database URL; empty: the one in the user's data folder
    export_folder: str = ""
    export_format: str = "png"
    export_dpi: int = 300
    export_page: str = "A4"
    export_header: bool = True
    shortcuts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # keys the user gave actions, by action id
    report_laboratory: str = ""  # head of a report, several lines
    report_template: str = ""  # name of her own template; empty: the shipped one
    report_format: str = "pdf"
    report_paper: str = "A4"
    report_approved_only: bool = False

    @classmethod
    def from_json(cls, text: str) -> "Preferences":
        """Read what `to_json` wrote; unknown names and values of a wrong kind are left out."""
        try:
            stored = json.loads(text)
        except ValueError:
            return cls()
        if not isinstance(stored, dict):
            return cls()
        kinds = {f.name: type(getattr(_DEFAULT, f.name)) for f in fields(cls)}
        good: dict[str, Any] = {}
        for name, value in stored.items():
            kind = kinds.get(name)
            if kind is tuple and _is_texts(value):
                good[name] = tuple(value[:RECENT_LIMIT])
            elif kind is dict and isinstance(value, dict):
                good[name] = {key: tuple(keys) for key, keys in value.items() if _is_texts(keys)}
            elif kind not in (tuple, dict) and type(value) is kind:
                good[name] = value
        return cls(**good)

    def to_json(self) -> str:
        """Return the text of the preferences file."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    def with_recent(self, paths: Iterable[Path]) -> "Preferences":
        """Put paths in front of the recent list; each stands there once, and the oldest fall off."""
        merged = dict.fromkeys((*(str(path.absolute()) for path in paths), *self.recent))
        return replace(self, recent=tuple(merged)[:RECENT_LIMIT])


_DEFAULT = Preferences()


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def load_preferences(path: Path) -> Preferences:
    """Read the preferences; a missing or damaged file gives the defaults."""
    try:
        return Preferences.from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return Preferences()
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("Preferences not read: %s", error)
        return Preferences()


def save_preferences(path: Path, preferences: Preferences) -> None:
    """Write the preferences whole; a folder that cannot be written to is logged, not fatal."""
    try:
        write_whole_text(path, preferences.to_json())
    except OSError as error:
        logger.warning("Preferences not saved: %s", error)


class PreferenceStore:
    """The preferences of now; each change is written at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now = load_preferences(path)

    def change(self, preferences: Preferences) -> None:
        """Take over and write preferences that differ from those of now."""
        if preferences != self.now:
            self.now = preferences
            save_preferences(self._path, preferences)
