"""`karyo bundles` lists, shows, packs and installs."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.bundle import load_bundle, write_bundle
from engine.card import BundleCard
from engine.cli import main
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.superresolution import enlarge
from engine.training.sr_run import sr_network, with_superresolution
from engine.types import ChromosomeImage


def test_list_names_damaged_ones_too(
    ruler_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KARYO_BUNDLES", str(tmp_path))
    shutil.copytree(ruler_folder, tmp_path / "ruler")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "bundle.json").write_text("{}")
    assert main(["bundles", "list"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "own" in lines["ruler"]
    assert "1.0" in lines["ruler"]
    assert "cannot be used" in lines["broken"]


def test_show_prints_the_card(ruler_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundles", "show", str(ruler_folder)]) == 0
    out = capsys.readouterr().out
    assert BundleCard.from_json(out) == load_bundle(ruler_folder).card
    assert "research use" in json.loads(out)["notice"]


def test_packed_and_installed(
    ruler_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KARYO_BUNDLES", str(tmp_path / "own"))
    archive = tmp_path / "ruler.kbundle"
    assert main(["bundles", "pack", str(ruler_folder), str(archive)]) == 0
    assert main(["bundles", "install", str(archive)]) == 0
    assert "ruler is installed in" in capsys.readouterr().out
    assert load_bundle("ruler").card == load_bundle(ruler_folder).card


def test_installing_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundles", "install", str(tmp_path / "x.kbundle")]) == 2
    assert "There is no bundle" in capsys.readouterr().err


def test_a_bundle_is_given_super_resolution(
    ruler_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ruler, own = load_bundle(ruler_folder), tmp_path / "own"
    shutil.copytree(ruler_folder, own)
    model = Srafbn(SrafbnConfig(width=4, groups=1, steps=1))
    report = {"best_epoch": 3, "test": {"g": {"psnr": 40.0}}}
    with_superresolution(ruler, model, sr_network(model), report, tmp_path / "lender")
    assert main(["bundles", "add-sr", str(own), "--from", str(ruler_folder)]) == 2
    assert "has no super-resolution network" in capsys.readouterr().err
    assert main(["bundles", "add-sr", str(own), "--from", str(tmp_path / "lender")]) == 0
    given = load_bundle(own)
    assert given.networks["classifier"].weights == ruler.networks["classifier"].weights
    assert given.card.metrics["superresolution"] == {"g": {"psnr": 40.0}}
    assert given.card.training["superresolution"] == {"best_epoch": 3}
    assert not given.card.super_resolution
    pixels = np.random.default_rng(0).random((20, 12), np.float32)
    assert enlarge(ChromosomeImage(pixels, pixels > 0.5, "x"), given).pixels.shape == (40, 24)

    through = replace(given.card, super_resolution=True)
    write_bundle(through, given.networks, tmp_path / "through")
    assert main(["bundles", "add-sr", str(tmp_path / "through"), "--from", str(own)]) == 2
    assert "classifies through its own" in capsys.readouterr().err


@pytest.fixture
def three_cells(write_cell: Callable[..., Path], normal_labels: list[str], tmp_path: Path) -> Path:
    for number in range(3):
        write_cell(tmp_path / "cells" / str(number), normal_labels)
    return tmp_path / "cells"


def test_a_bundle_is_written_in_eight_bits(
    ruler_folder: Path, three_cells: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "small"
    command = ["bundles", "quantise", str(ruler_folder), "--cells", str(three_cells), "--out", str(out)]
    assert main(command) == 0
    assert "labels as before: 46 of 46 chromosomes" in capsys.readouterr().out
    assert load_bundle(out).card.name == "ruler-8bit"
    assert main(["bundles", "quantise", str(out), *command[3:-1], str(tmp_path / "again")]) == 2
    assert "already" in capsys.readouterr().err


def test_eight_bits_need_two_cells(
    ruler_folder: Path, three_cells: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "small"
    command = ["bundles", "quantise", str(ruler_folder), "--cells", str(three_cells / "0"), "--out", str(out)]
    assert main(command) == 2
    assert "at least two cells" in capsys.readouterr().err
    assert not out.exists()
