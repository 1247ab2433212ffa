"""Which of the system's shared libraries Qt needs here, and which of them are missing. Standard library only.

PySide6's wheels bring Qt itself but not the libraries of the graphics stack. Where one is missing Python says
`ImportError: libEGL.so.1: cannot open shared object file`, or Qt ends the process without an exception; this module
says it in one sentence beforehand. It must not import PySide6, and no other place knows the package names.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

# Shared library -> Debian package, in the order Qt asks for them. Read from the DT_NEEDED entries of PySide6 6.12.
_ALWAYS = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
}
_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

LIBRARIES: dict[str, dict[str, str]] = {
    "offscreen": _ALWAYS,
    "xcb": _ALWAYS | _XCB,
    "wayland": _ALWAYS | _WAYLAND,
}
"""Qt platform -> the shared libraries it needs -> the Debian package that holds each."""


def has_display(environ: Mapping[str, str] | None = None, system: str = sys.platform) -> bool:
    """Whether a window can be shown: always on macOS and Windows, elsewhere with an X or Wayland display."""
    environ = os.environ if environ is None else environ
    if system in ("darwin", "win32"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def draw_off_screen() -> None:
    """Let Qt draw without a display, unless a platform is chosen; an empty variable chooses none."""
    if not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def platform_in_use(environ: Mapping[str, str] | None = None) -> str:
    """Return the Qt platform a program started now would use on Linux, as a key of `LIBRARIES`."""
    environ = os.environ if environ is None else environ
    chosen = environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen:
        return chosen if chosen in LIBRARIES else "offscreen"
    if environ.get("DISPLAY"):
        return "xcb"  # also where both are set: Qt falls back to it when Wayland does not answer
    return "wayland" if environ.get("WAYLAND_DISPLAY") else "offscreen"


def missing_packages(
    platform: str, system: str = sys.platform, load: Callable[[str], object] = ctypes.CDLL
) -> dict[str, str]:
    """Return the shared libraries `platform` needs and the loader does not find, with their Debian packages.

    Nothing is missing on macOS and Windows, where the wheels are complete. The libraries are really loaded, since that
    alone answers for the loader's whole search path; Qt loads the same ones a moment later.
    """
    if not system.startswith("linux"):
        return {}
    missing = {}
    for library, package in LIBRARIES[platform].items():
        try:
            load(library)
        except OSError:
            missing[library] = package
    return missing


def missing_sentence(missing: Mapping[str, str]) -> str:
    """Say in one sentence what is missing and what to do; empty if nothing is.

    >>> missing_sentence({"libEGL.so.1": "libegl1"})
    'Qt needs system libraries that are missing (libEGL.so.1); on Debian or Ubuntu: apt-get install libegl1'
    """
    if not missing:
        return ""
    packages = " ".join(dict.fromkeys(missing.values()))  # two libraries may come from one package
    return (
        f"Qt needs system libraries that are missing ({', '.join(missing)}); on Debian or Ubuntu: "
        f"apt-get install {packages}"
    )
