"""`karyo train` from the command line: what it prints, what it writes, what it refuses."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.bundle import load_bundle
from engine.cli import main
from engine.commands.train import time_left
from engine.types import CellImages

RECIPE = """
preset = "fast"
batch_size = 16
bfloat16 = false
[adapt]
height = 64
width = 32
median_area = 300.0
"""


@pytest.fixture
def rods(tmp_path: Path, draw_cell: Callable[..., CellImages]) -> Path:
    folder = tmp_path / "rods"
    labels = [str(number) for number in range(1, 22, 2)] + ["X"]
    for number in range(8):
        place = folder / f"c{number}"
        place.mkdir(parents=True)
        for label, chromosome in zip(labels, draw_cell(labels).chromosomes, strict=True):
            noise = np.random.default_rng([number, len(label)]).normal(0, 4, chromosome.pixels.shape)
            grey = np.round((255 * chromosome.pixels + noise * chromosome.mask).clip(0, 255)).astype(np.uint8)
            assert cv2.imwrite(str(place / f"{label}_1.png"), 255 - grey)
    return folder


def test_a_classifier_is_trained_into_a_bundle(rods: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    command = ["train", "classifier", "--data", str(rods), "--out", str(tmp_path / "run"), "--name", "mine"]
    command += ["--config", str(tmp_path / "recipe.toml"), "--epochs", "1", "--split", "0.5", "0.25", "0.25"]
    command += ["--split-seed", "2"]
    assert main([*command, "--preview"]) == 0
    assert "rods: 96 images of 8 cells in 8 groups, G band, labels from file names" in capsys.readouterr().out
    assert not (tmp_path / "run").exists()
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "epoch 1 of 1: loss" in printed
    assert "rods, test cells: image_accuracy" in printed
    assert load_bundle(tmp_path / "run" / "bundle").card.name == "mine"
    assert main(command) == 2
    assert "already holds a run; resume it" in capsys.readouterr().err
    assert main([*command, "--resume"]) == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "Name at least one labelled folder"),
        (["--data", "none"], "none is not a folder"),
        (["--data", ".", "--split", "0.5", "0.1", "0.1"], "must sum to 1"),
    ],
)
@pytest.mark.parametrize("kind", ["classifier", "sr"])
def test_mistakes_are_one_sentence(
    kind: str, options: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", kind, "--out", str(tmp_path / "run"), *options]) == 2
    assert says in capsys.readouterr().err


def test_super_resolution_is_trained_and_compared(
    rods: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = (
        "patch = 16\nbatch_size = 2\nsteps_per_epoch = 2\nvalidation_images = 2\n[network]\nwidth = 4\ngroups = 1\n"
    )
    (tmp_path / "sr.toml").write_text(recipe, encoding="utf-8")
    command = ["train", "sr", "--data", str(rods), "--out", str(tmp_path / "sr"), "--config", str(tmp_path / "sr.toml")]
    assert main([*command, "--epochs", "1", "--split", "0.5", "0.25", "0.25", "--split-seed", "2"]) == 0
    printed = capsys.readouterr().out
    assert "epoch 1 of 1: loss" in printed
    assert "G band" in printed
    assert "bicubic" in printed
    assert (tmp_path / "sr" / "superresolution.onnx").is_file()


def test_times_are_said_as_people_say_them() -> None:
    assert [time_left(s) for s in (40, 720, 11_100)] == ["40 s", "12 min", "3 h 05 min"]
