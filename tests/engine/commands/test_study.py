"""`karyo study` from the command line: rows, tables, resuming, what is refused."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.cli import main


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Six Q-band cells of five bars, the place of the band tells the label."""
    folder = tmp_path / "bars"
    for cell in range(6):
        (folder / f"c{cell}").mkdir(parents=True)
        for label, place in (("1", 4), ("5", 12), ("12", 20), ("X", 28), ("Y", 36)):
            grey = np.random.default_rng([cell, place]).integers(90, 110, (50, 12)).astype(np.uint8)
            grey[place : place + 6] = 220
            assert cv2.imwrite(str(folder / f"c{cell}" / f"{label}_1.png"), np.pad(grey, 6))
    return folder


def test_a_reduced_study_runs_reports_and_resumes(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "study"
    command = ["study", "table3", "--data", str(labelled), "--out", str(out), "--folds", "3", "--first-folds", "1"]
    command += ["--epochs", "1", "--size", "32", "--batch", "8", "--stand-in", "resnet_tiny", "--methods", "iam"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "[1/1] IAM alone, fold 1, seed 1:" in printed
    assert "1 epochs at most instead of 100" in printed
    assert main([*command, "inception"]) == 0
    assert "(kept)" in capsys.readouterr().out
    rows = {row[0]: row for row in csv.reader((out / "table3.csv").read_text(encoding="utf-8").splitlines())}
    assert rows["IAM alone"][6] == "1 (1 x 1)"
    assert rows["Inception-ResNet-v2"][6] == "1 (1 x 1)"
    assert rows["SMOTE"][1] == "not run"
    assert json.loads((out / "study.json").read_text(encoding="utf-8"))["images"] == 30
    assert (out / "index.html").is_file()
    assert main([*command, "--size", "40"]) == 2
    assert "other data or settings" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--methods", "alexnet"], "no method 'alexnet'"),
        (["--seeds", "0"], "at least 1"),
        (["--folds", "9"], "6 groups cannot be dealt to 9 folds"),
        (["--sr", "nowhere"], "no bundle 'nowhere'"),
        (["--own-split"], "name it with --sr"),
    ],
)
def test_mistakes_are_one_sentence(
    options: list[str], says: str, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "table3", "--data", str(labelled), "--out", str(tmp_path / "s"), *options]) == 2
    assert says in capsys.readouterr().err
