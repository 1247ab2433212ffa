"""The start of the program: `karyogui [PATH...]`."""

import argparse
import ctypes
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from karyogui.plain_imports import import_plainly
from karyogui.samples import DEFAULT_SAMPLE, sample_names, sample_path
from karyogui.settings import Folders
from karyogui.system_libraries import draw_off_screen, has_display, missing_packages, missing_sentence, platform_in_use

# Nothing of Qt at the top: where its libraries are missing, the import itself fails, and that is to be said in words.

logger = logging.getLogger(__name__)

_LOG_SIZE = 1 << 20  # bytes; two older files are kept


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="karyogui", description="Arrange the chromosomes of a cell as a karyogram. Research use only."
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="images, a cell's folder, or a folder of cells"
    )
    parser.add_argument(
        "--sample", nargs="?", const=DEFAULT_SAMPLE, metavar="NAME", help="open a drawn sample cell: its karyotype"
    )
    parser.add_argument("--version", action="version", version=f"karyogui {version('karyogui')}")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code. 2: it could not start, and one sentence on stderr says why."""
    arguments = build_parser().parse_args(argv)
    paths: list[Path] = arguments.paths
    if arguments.sample is not None and arguments.sample not in sample_names():
        known = ", ".join(sample_names()) or "none"
        return _refuse(f"There is no sample cell {arguments.sample}; there are: {known}.")
    if arguments.screenshot is not None:
        draw_off_screen()
    reason = _why_not()
    if reason:
        return _refuse(reason)
    forget_cv2_variables()
    folders = Folders.of_user()
    start_log(folders)
    try:
        import_plainly()
        from karyogui.desktop import run
    except ImportError as error:
        if not (error.name or "").startswith(("PySide6", "shiboken6")) and ".so" not in str(error):
            raise  # a mistake of ours
        return _refuse(f"Qt cannot be started: {error}; install the library that is named, or karyogui once more.")
    sample = sample_path(arguments.sample) if arguments.sample is not None else None
    return run(folders, paths, sample=sample, screenshot=arguments.screenshot)


def forget_cv2_variables() -> None:
    """Drop what `import cv2` sets on Linux: with it Qt looks for its plugins and fonts in cv2's folder."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]


def start_log(folders: Folders) -> None:
    """Write warnings and errors to the log file; without one if the folder cannot be written to."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of every table it makes
    try:
        folders.log.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folders.log_file, maxBytes=_LOG_SIZE, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError as error:
        print(f"No log file: {error}", file=sys.stderr)  # noqa: T201 - there is no log to write it to
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)


def _why_not() -> str:
    """Say why no window can be shown here; empty if one can."""
    platform = platform_in_use()
    missing = missing_sentence(missing_packages(platform))
    if missing:
        return missing
    if not os.environ.get("QT_QPA_PLATFORM") and not has_display():
        return "There is no display to show the window on; use `karyo classify` to work without one."
    if platform == "xcb" and sys.platform.startswith("linux") and not _x11_answers():
        display = os.environ.get("DISPLAY", "")
        return f"The display {display!r} does not answer; set DISPLAY, or use `karyo classify` to work without one."
    return ""


def _x11_answers() -> bool:
    """Whether the X server can be reached. Qt would end the process without an exception."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return bool(answers)


def _refuse(sentence: str) -> int:
    print(f"error: {sentence}", file=sys.stderr)  # noqa: T201 - the one place that speaks on a terminal
    return 2


if __name__ == "__main__":
    sys.exit(main())
