"""`karyo train context` from the command line: what it refuses. What it makes is in tests/engine/training."""

from pathlib import Path

import pytest

from engine.cli import main


def test_no_data_is_one_sentence(ruler_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "context", "--bundle", str(ruler_folder), "--out", str(tmp_path / "wide")]) == 2
    assert "Name at least one labelled folder" in capsys.readouterr().err
    assert not (tmp_path / "wide").exists()


def test_a_bundle_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "context", "--bundle", "nowhere", "--data", str(tmp_path), "--out", str(tmp_path / "w")]) == 2
    assert "nowhere" in capsys.readouterr().err
