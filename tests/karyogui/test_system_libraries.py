"""Which system libraries Qt needs: the table against PySide6's own files, and the sentence for the user."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import PySide6
import pytest

from karyogui.system_libraries import (
    LIBRARIES,
    draw_off_screen,
    has_display,
    missing_packages,
    missing_sentence,
    platform_in_use,
)

# What every Linux has (the C and C++ runtime), and what Qt can do without: it looks for these with dlopen.
RUNTIME = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libstdc++.so.6", "libgcc_s.so.1"}


def sonames_needed_by(*files: str) -> set[str]:
    """Names of shared libraries in the files of PySide6 that PySide6 does not bring itself."""
    folder = Path(PySide6.__file__).parent
    if not (folder / "Qt" / "lib").is_dir():
        pytest.skip("PySide6 is not installed from a wheel; its libraries are the system's own")
    names: set[str] = set()
    for file in files:
        content = (folder / "Qt" / file).read_bytes()
        names |= {name.decode() for name in re.findall(rb"\0(lib[\w+.-]+\.so\.\d+)(?=\0)", content)}
    brought = {path.name for path in folder.rglob("*.so*")}
    return {name for name in names - brought - RUNTIME if not name.startswith(("libQt6", "libicu"))}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only the Linux wheels leave libraries to the system")
@pytest.mark.parametrize(
    ("platform", "files"),
    [
        ("offscreen", ["plugins/platforms/libqoffscreen.so"]),
        ("xcb", ["plugins/platforms/libqxcb.so", "lib/libQt6XcbQpa.so.6"]),
        ("wayland", ["plugins/platforms/libqwayland.so", "lib/libQt6WaylandClient.so.6"]),
    ],
)
def test_the_table_covers_what_pyside_asks_for(platform: str, files: list[str]) -> None:
    common = ["lib/libQt6Core.so.6", "lib/libQt6Gui.so.6", "lib/libQt6Widgets.so.6", "lib/libQt6DBus.so.6"]
    assert sonames_needed_by(*common, *files) - set(LIBRARIES[platform]) == set()


def only(*present: str) -> Callable[[str], str]:
    """A loader that finds only these libraries."""

    def load(name: str) -> str:
        if name not in present:
            raise OSError(f"{name}: cannot open shared object file")
        return name

    return load


def test_missing_libraries_are_found_with_their_packages() -> None:
    present = set(LIBRARIES["xcb"]) - {"libEGL.so.1", "libxcb-cursor.so.0"}
    assert missing_packages("xcb", "linux", only(*present)) == {
        "libEGL.so.1": "libegl1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
    }
    assert missing_packages("offscreen", "linux", only(*present)) == {"libEGL.so.1": "libegl1"}


def test_the_real_loader_finds_what_is_there_and_misses_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIBRARIES, "offscreen", {"libc.so.6": "libc6", "libno-such-thing.so.9": "libno-such-thing9"})
    assert missing_packages("offscreen", "linux") == {"libno-such-thing.so.9": "libno-such-thing9"}


def test_nothing_is_missing_where_the_wheels_are_complete() -> None:
    assert missing_packages("xcb", "darwin", only()) == {}
    assert missing_packages("xcb", "win32", only()) == {}


def test_the_sentence_names_each_package_once() -> None:
    sentence = missing_sentence({"libglib-2.0.so.0": "libglib2.0-0", "libgthread-2.0.so.0": "libglib2.0-0"})
    assert sentence.count("libglib2.0-0") == 1
    assert "libgthread-2.0.so.0" in sentence
    assert "\n" not in sentence
    assert missing_sentence({}) == ""


@pytest.mark.parametrize(
    ("environ", "platform", "display"),
    [
        ({}, "offscreen", False),
        ({"DISPLAY": ":0"}, "xcb", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland", True),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "xcb", True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "offscreen", True),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, "wayland", False),
        ({"DISPLAY": ""}, "offscreen", False),
    ],
)
def test_the_platform_follows_the_environment(environ: dict[str, str], platform: str, display: bool) -> None:
    assert platform_in_use(environ) == platform
    assert has_display(environ, "linux") is display


def test_mac_and_windows_always_have_a_display() -> None:
    assert has_display({}, "darwin")
    assert has_display({}, "win32")


@pytest.mark.parametrize(("chosen", "used"), [(None, "offscreen"), ("", "offscreen"), ("xcb", "xcb")])
def test_a_platform_that_was_chosen_stays(monkeypatch: pytest.MonkeyPatch, chosen: str | None, used: str) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    if chosen is not None:
        monkeypatch.setenv("QT_QPA_PLATFORM", chosen)
    draw_off_screen()
    assert os.environ["QT_QPA_PLATFORM"] == used
