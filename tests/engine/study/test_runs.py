"""Runs are done once, continue where they were killed, and keep synthetic images out of what is measured."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, InputError
from engine.imaging.adapt import iam_box
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.progress import SilentReporter
from engine.study.inputs import SrEnlarger, StudyImages
from engine.study.methods import METHODS
from engine.study.runs import Study, StudySettings, read_runs
from engine.study.tables import methods_table
from engine.training.dataset import load_images

SMALL = StudySettings(folds=3, epochs=2, size=32, batch_size=12, stand_in="resnet_tiny", sr_epochs=1, sr_steps=1)


def study(out: Path, bars: StudyImages, settings: StudySettings = SMALL) -> Study:
    torch.manual_seed(0)
    given = SrEnlarger(Srafbn(SrafbnConfig(width=4, groups=1, steps=1)))
    return Study(out, bars, "digest", settings, given=given)


def test_a_run_is_written_and_not_done_again(tmp_path: Path, bars: StudyImages) -> None:
    one = study(tmp_path, bars)
    fold = one.folds[0]
    result = one.run(METHODS["sras"], fold, 1, SilentReporter())
    test = fold.part == 2
    assert result["truth"] == bars.labels[test].tolist()
    assert result["cells"] == bars.cells[test].tolist()
    assert result["accuracy"] == pytest.approx(np.mean(np.array(result["answer"]) == bars.labels[test]))
    assert result["probabilities"].shape == (int(test.sum()), 24)
    np.testing.assert_allclose(result["probabilities"].sum(axis=1), 1.0, atol=1e-5)
    assert 0 <= result["context_accuracy"] <= 1
    assert result["synthetic_images"] > 0
    assert result["train_images"] == int((fold.part == 0).sum())
    before = one.path("sras", 0, 1).stat().st_mtime_ns
    again = study(tmp_path, bars).run(METHODS["sras"], fold, 1, SilentReporter())
    assert one.path("sras", 0, 1).stat().st_mtime_ns == before
    assert again["answer"] == result["answer"]
    assert {key: len(runs) for key, runs in read_runs(tmp_path, list(METHODS.values())).items() if runs} == {"sras": 1}


def test_a_killed_run_goes_on_to_the_same_answer(tmp_path: Path, bars: StudyImages) -> None:
    whole = study(tmp_path / "whole", bars)
    expected = whole.run(METHODS["iam"], whole.folds[1], 2, SilentReporter())

    class Kill:
        def report(self, done: int, total: int, message: str = "") -> None:
            self.stop = message.startswith("epoch 2")

        def check_cancelled(self) -> None:
            if getattr(self, "stop", False):
                raise Cancelled

    killed = study(tmp_path / "killed", bars)
    with pytest.raises(Cancelled):
        killed.run(METHODS["iam"], killed.folds[1], 2, Kill())
    assert not killed.path("iam", 1, 2).exists()
    np.testing.assert_array_equal(
        killed.run(METHODS["iam"], killed.folds[1], 2, SilentReporter())["probabilities"], expected["probabilities"]
    )


def test_super_resolution_is_trained_on_the_fold(tmp_path: Path, bars: StudyImages) -> None:
    own = Study(tmp_path, bars, "digest", SMALL)
    own.run(METHODS["srafbn"], own.folds[0], 1, SilentReporter())
    assert [path.name for path in (tmp_path / "sr").iterdir()] == ["fold0_seed1.safetensors"]
    assert [path.name for path in (tmp_path / "inputs").iterdir()] == ["stretch_32_sr_fold0_seed1.npz"]


def test_the_ensemble_is_the_mean_of_its_members(tmp_path: Path, bars: StudyImages) -> None:
    one = study(tmp_path, bars, StudySettings(folds=3, epochs=1, size=32, batch_size=12, stand_in="resnet_tiny"))
    result = one.run(METHODS["ensemble"], one.folds[0], 1, SilentReporter())
    members = [one.run(METHODS[key], one.folds[0], 1, SilentReporter()) for key in METHODS["ensemble"].members]
    mean = np.mean([member["probabilities"] for member in members], axis=0)
    np.testing.assert_allclose(result["probabilities"], mean, atol=1e-6)


def test_another_study_in_the_same_folder_is_refused(tmp_path: Path, bars: StudyImages) -> None:
    study(tmp_path, bars)
    with pytest.raises(InputError, match="other data or settings"):
        study(tmp_path, bars, StudySettings(folds=3))
    with pytest.raises(InputError, match="at least 1"):
        StudySettings(epochs=0)


def test_what_is_reduced_is_said() -> None:
    assert StudySettings().reduced() == []
    assert "2 epochs at most instead of 100" in SMALL.reduced()
    assert "images of 32 pixels instead of 224" in SMALL.reduced()
    assert "resnet_tiny in place of every named backbone" in SMALL.reduced()


def test_rows_that_a_stand_in_makes_the_same_are_run_once(tmp_path: Path, bars: StudyImages) -> None:
    one = study(tmp_path, bars, replace(SMALL, epochs=1, one_cycle=0.002))
    first = one.run(METHODS["inception"], one.folds[0], 1, SilentReporter())
    again = one.run(METHODS["vgg19"], one.folds[0], 1, SilentReporter())
    assert "same_as" not in first
    assert (again["method"], again["same_as"]) == ("vgg19", "inception")
    np.testing.assert_array_equal(again["probabilities"], first["probabilities"])
    third = one.run(METHODS["resnet50"], one.folds[0], 1, SilentReporter())
    assert third["same_as"] == "inception"
    heading, row, *_ = methods_table([METHODS["vgg19"]], {"vgg19": [again]})
    assert row[heading.index("runs (folds x seeds)")] == "1 (1 x 1), that of Inception-ResNet-v2"


def test_few_epochs_may_run_one_cycle_and_say_so(tmp_path: Path, bars: StudyImages) -> None:
    one = study(tmp_path, bars, replace(SMALL, one_cycle=0.002))
    recipe = one.recipe(METHODS["sras"], one.folds[0], 1)
    assert (recipe.schedule, recipe.learning_rate, recipe.patience) == ("one_cycle", 0.002, 0)
    assert "one-cycle learning rate up to 0.002, last epoch kept" in one.settings.reduced()
    paper = study(tmp_path / "paper", bars).recipe(METHODS["sras"], one.folds[0], 1)
    assert (paper.schedule, paper.learning_rate, paper.patience) == ("constant", 5e-4, 21)


def test_size_without_detail_is_bicubic(tmp_path: Path, bars: StudyImages) -> None:
    one = study(tmp_path, bars, replace(SMALL, epochs=1, size=224))
    one.run(METHODS["iam_bicubic"], one.folds[0], 1, SilentReporter())
    (path,) = (tmp_path / "inputs").iterdir()
    assert path.name == "iam_224_bicubic.npz"
    up, down, _, _ = iam_box(load_images(path).images[0] > 40)
    assert down - up + 1 == pytest.approx(2 * 26, abs=2)
