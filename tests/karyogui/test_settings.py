"""Preferences survive damage, and the recent list keeps its order."""

import json
from pathlib import Path

import pytest

from karyogui.settings import RECENT_LIMIT, Folders, Preferences, load_preferences, save_preferences


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    saved = Preferences(
        window_geometry="AAEC", recent=("/a", "/b"), export_dpi=600, classify_on_open=False, shortcuts={"flip": ("F2",)}
    )
    path = tmp_path / "config" / "preferences.json"
    save_preferences(path, saved)
    assert load_preferences(path) == saved


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', "\x00"])
def test_damaged_file_gives_the_defaults(tmp_path: Path, text: str) -> None:
    path = tmp_path / "preferences.json"
    path.write_text(text)
    assert load_preferences(path) == Preferences()


def test_bytes_that_are_no_text_give_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    path.write_bytes(b"\xff\xfe\xfa")
    assert load_preferences(path) == Preferences()


def test_a_bad_value_costs_one_default() -> None:
    stored = {
        "shortcuts": {"flip": "F", "mirror": ["G"], "cut": [1]},
        "export_dpi": "300",
        "classify_on_open": "false",
        "recent": ["/a", 5],
        "last_folder": "/x",
        "other": 1,
    }
    assert Preferences.from_json(json.dumps(stored)) == Preferences(last_folder="/x", shortcuts={"mirror": ("G",)})


def test_true_is_not_a_number_of_dpi() -> None:
    assert Preferences.from_json('{"export_dpi": true}').export_dpi == 300


def test_recent_is_newest_first_once_each_and_bounded() -> None:
    preferences = Preferences()
    for number in range(RECENT_LIMIT + 3):
        preferences = preferences.with_recent([Path(f"/cells/{number}")])
    preferences = preferences.with_recent([Path("/cells/5")])
    assert len(preferences.recent) == RECENT_LIMIT
    assert preferences.recent[:2] == ("/cells/5", f"/cells/{RECENT_LIMIT + 2}")
    assert len(set(preferences.recent)) == RECENT_LIMIT


def test_folders_follow_the_environment(home: Path) -> None:
    folders = Folders.of_user()
    assert folders.preferences_file == home / "config" / "preferences.json"
    assert folders.log_file == home / "log" / "karyogui.log"
    assert [path.name for path in home.iterdir()] == ["data"]  # of the empty library; asking makes nothing


def test_a_folder_that_cannot_be_written_to_is_not_fatal(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file is in the way")
    save_preferences(tmp_path / "config" / "preferences.json", Preferences())
    assert load_preferences(tmp_path / "config" / "preferences.json") == Preferences()
