"""The file that says which bundle is in use comes back as it was written."""

from pathlib import Path

from engine.current import Currents, Turn, read_currents, used_names, write_currents


def test_written_and_read_back(tmp_path: Path) -> None:
    turns = (
        Turn("g-own-1", "g", "2026-01-02T03:04:05+00:00", "g-default", "naïve — note", "better"),
        Turn("g-default", "g", "2026-01-03T03:04:05+00:00", "g-own-1", rollback=True),
    )
    write_currents(tmp_path / "new folder", Currents({"g": "g-default"}, turns))
    read = read_currents(tmp_path / "new folder")
    assert read.in_use == {"g": "g-default"}
    assert read.turns == turns
    assert used_names(tmp_path / "new folder") == {"g-own-1", "g-default"}


def test_nothing_there_is_nothing_chosen(tmp_path: Path) -> None:
    assert read_currents(tmp_path) == Currents({})
    assert used_names(tmp_path) == set()
