"""The bench measures each stage of a real classification; no time is asserted, since machines differ."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.benchmark import eager_torch, paper_chain, peak_memory_mb, stages, timed
from engine.bundle import Bundle
from engine.card import CLASSIFIER, SUPERRESOLUTION, BundleCard, NetworkCard
from engine.cli import main
from engine.imaging.adapt import AdaptSpec
from engine.imaging.read import find_cells
from engine.nets.classifiers import ChromosomeClassifier
from engine.simulate.cells import simulate_cell, write_cell
from engine.training.config import PRESETS, preset
from engine.training.export import export_bundle


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "cell"
    write_cell(simulate_cell("46,XX", seed=3), folder)
    return folder


@pytest.fixture(scope="module")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of a registered backbone, untrained, so that eager torch can rebuild it."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("bundles") / "tiny"
    card = BundleCard("tiny", "1.0", "any", {CLASSIFIER: NetworkCard("resnet_tiny")})
    export_bundle(ChromosomeClassifier("resnet_tiny").eval(), card, folder)
    return folder


def test_work_is_run_once_more_than_it_is_counted() -> None:
    runs: list[int] = []
    timing = timed("count", lambda: runs.append(1), rounds=4)
    assert len(runs) == 5
    assert timing.least <= timing.seconds <= timing.most
    busy = timed("sum", lambda: sum(range(300_000)), rounds=3)
    assert busy.worked > 0


def test_every_stage_is_measured(cell: Path, ruler: Bundle) -> None:
    timings = stages(find_cells([cell])[0], ruler, rounds=1)
    assert [t.name for t in timings] == [
        "read the files",
        "adapt the images",
        "classifier",
        "assign over the cell",
        "files to result",
    ]
    assert all(t.seconds > 0 for t in timings)
    assert [t.peak_mb for t in timings] == sorted(t.peak_mb for t in timings)
    assert peak_memory_mb() > 20


def test_nonsense_is_refused_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "engine", "--rounds", "0"]) == 2
    assert "at least 1" in capsys.readouterr().err


def test_the_report_holds_ratios(cell: Path, tmp_path: Path, tiny_bundle: Path) -> None:
    out = tmp_path / "bench.json"
    command = ["bench", "engine", "--cell", str(cell), "--bundle", str(tiny_bundle), "--rounds", "1"]
    assert main([*command, "--json", str(out)]) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["classifier / eager torch"] > 0
    assert figures["files to result / eager torch"] > 0
    assert figures["process start to JSON"] > figures["read the files"]
    # By now torch is here, but not in the process that classifies.
    assert 50 < figures["memory_new_process_mb"] < min(500, peak_memory_mb())


def test_a_bundle_is_measured_in_eight_bits(
    cell: Path, tmp_path: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "bench.json"
    command = ["bench", "engine", "--cell", str(cell), "--bundle", str(tiny_bundle), "--rounds", "1", "--eight-bits"]
    assert main([*command, "--json", str(out)]) == 0
    assert capsys.readouterr().out.startswith("tiny-8bit 1.0")
    assert json.loads(out.read_text(encoding="utf-8"))["classifier / eager torch"] > 0


def test_the_chain_of_the_paper_is_measured_stage_by_stage(
    cell: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = replace(preset("paper"), backbone="resnet_tiny", adapt=AdaptSpec(height=64, width=64, mode="iam"))
    monkeypatch.setitem(PRESETS, "paper", tiny)  # the real one takes minutes to write
    bundle = paper_chain(tmp_path / "chain")
    assert bundle.card.super_resolution
    assert set(bundle.card.networks) == {CLASSIFIER, SUPERRESOLUTION}
    few = tmp_path / "few"
    few.mkdir()
    for path in sorted(cell.glob("*.png"))[:8]:
        shutil.copy(path, few)
    source = find_cells([few])[0]
    names = [t.name for t in stages(source, bundle, rounds=1)]
    assert names[:3] == ["read the files", "super-resolution", "adapt the images"]
    eager = eager_torch(source, bundle, rounds=1)
    assert list(eager) == ["super-resolution", "classifier"]
    assert all(t.seconds > 0 for t in eager.values())


def test_a_chain_and_a_bundle_are_too_much(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "engine", "--chain", "--bundle", "g-default"]) == 2
    assert "not both" in capsys.readouterr().err
