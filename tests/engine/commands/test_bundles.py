"""`karyo bundles` lists, shows, packs and installs."""

import json
import shutil
from pathlib import Path

import pytest

from engine.bundle import load_bundle
from engine.card import BundleCard
from engine.cli import main


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
