"""`karyo train` from the command line: what it prints, what it writes, what it refuses."""

import json
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


PAPER_IN_SMALL = """
preset = "paper"
backbone = "resnet_tiny"
batch_size = 16
bfloat16 = false
[adapt]
height = 64
width = 64
iam_scale = 0.2
"""


def test_the_chain_of_the_paper_from_training_to_a_classified_cell(rods: Path, tmp_path: Path) -> None:
    """SRAFBN, then a classifier that sees through it, then a cell through SR, IAM and classifier: a command each."""
    split = ["--split", "0.5", "0.25", "0.25", "--split-seed", "2", "--epochs", "1"]
    (tmp_path / "sr.toml").write_text(
        "patch = 16\nbatch_size = 2\nsteps_per_epoch = 2\nvalidation_images = 2\n[network]\nwidth = 4\ngroups = 1\n"
    )
    (tmp_path / "paper.toml").write_text(PAPER_IN_SMALL)
    sr = ["train", "sr", "--data", str(rods), "--out", str(tmp_path / "sr"), "--config", str(tmp_path / "sr.toml")]
    assert main([*sr, "--bundle", "g-default", *split]) == 0
    command = ["train", "classifier", "--data", str(rods), "--out", str(tmp_path / "run"), "--name", "sras-small"]
    command += ["--config", str(tmp_path / "paper.toml"), "--sr", str(tmp_path / "sr" / "bundle")]
    assert main([*command, *split]) == 0
    bundle = load_bundle(tmp_path / "run" / "bundle")
    assert bundle.card.super_resolution
    assert not bundle.card.half_turn_averaging
    assert bundle.card.adapt.mode == "iam"
    assert bundle.card.training["images"]["synthetic"] == 0  # no label is rare here; SMOTE was asked
    assert bundle.card.training["recipe"]["sampling"]["method"] == "smote_pixels"
    assert sum(len(n.weights) + len(n.graph) for n in bundle.networks.values()) < 25e6
    out = tmp_path / "cell.json"
    assert main(["classify", str(rods / "c1"), "--bundle", str(tmp_path / "run" / "bundle"), "--json", str(out)]) == 0
    (cell,) = json.loads(out.read_text(encoding="utf-8"))["cells"]
    assert len(cell["chromosomes"]) == 12
    assert main([*command, "--out", str(tmp_path / "none"), "--sr", str(tmp_path / "run"), *split]) == 2


def test_times_are_said_as_people_say_them() -> None:
    assert [time_left(s) for s in (40, 720, 11_100)] == ["40 s", "12 min", "3 h 05 min"]
