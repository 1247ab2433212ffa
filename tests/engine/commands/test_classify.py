"""`karyo classify` from files to files, with real images and a real network."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.types import CLASS_LABELS

WriteCell = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("installed")

CELL_KEYS = {"cell", "stain", "karyotype", "n", "seconds", "warnings", "alternatives", "chromosomes"}
CHROMOSOME_KEYS = {
    *("file", "label", "confidence", "image_label", "probabilities"),
    *("upright_rotation_deg", "mirrored", "centromere", "alternatives"),
}


def check_schema(report: dict[str, Any]) -> None:
    assert set(report) == {"bundle", "cells"}
    assert set(report["bundle"]) == {"name", "version"}
    for cell in report["cells"]:
        assert set(cell) == CELL_KEYS
        assert cell["n"] == len(cell["chromosomes"])
        for warning in cell["warnings"]:
            assert set(warning) == {"file", "message"}
        for other in cell["alternatives"]:
            assert set(other) == {"karyotype", "log_likelihood_gap", "labels"}
            assert other["log_likelihood_gap"] >= 0
        for chromosome in cell["chromosomes"]:
            assert set(chromosome) == CHROMOSOME_KEYS
            assert chromosome["label"] in (*CLASS_LABELS, None)
            assert chromosome["image_label"] in CLASS_LABELS
            assert list(chromosome["probabilities"]) == list(CLASS_LABELS)
            assert sum(chromosome["probabilities"].values()) == pytest.approx(1.0, abs=1e-4)
            assert 0 <= chromosome["confidence"] <= 1
            assert -180 < chromosome["upright_rotation_deg"] <= 180


def test_one_cell(
    write_cell: WriteCell, normal_labels: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = [*normal_labels[:-1], "Y", "21"]
    turns = [0.0 if index % 2 else 180.0 for index in range(47)]
    folder = write_cell(tmp_path / "cell 7", labels, turns)
    assert main(["classify", str(folder), "--bundle", "ruler", "--json", str(tmp_path / "out.json")]) == 0
    report = json.loads((tmp_path / "out.json").read_text())
    check_schema(report)
    assert report["bundle"] == {"name": "ruler", "version": "1.0"}
    (cell,) = report["cells"]
    assert (cell["cell"], cell["stain"], cell["karyotype"], cell["n"]) == ("cell 7", "g", "47,XY,+21", 47)
    assert [c["label"] for c in cell["chromosomes"]] == labels
    for chromosome, turn in zip(cell["chromosomes"], turns, strict=True):
        assert abs((chromosome["upright_rotation_deg"] + turn + 180) % 360 - 180) < 6
    out = capsys.readouterr()
    assert "cell 7" in out.out
    assert "47,XY,+21" in out.out
    assert out.err == ""  # no progress bar where there is no terminal


def test_several_cells_one_of_them_unusable(
    write_cell: WriteCell, normal_labels: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "case"
    write_cell(case / "a", normal_labels)
    (case / "a" / "notes.png").write_bytes(b"not an image")
    write_cell(case / "c", ["1", "2"])
    (case / "b").mkdir()
    (case / "b" / "000.png").write_bytes(b"")
    assert main(["classify", str(case), "--bundle", "ruler", "--json", str(tmp_path / "out.json")]) == 0
    report = json.loads((tmp_path / "out.json").read_text())
    check_schema(report)
    a, b, c = report["cells"]
    assert [cell["cell"] for cell in (a, b, c)] == ["a", "b", "c"]
    assert (a["n"], b["n"], c["n"]) == (46, 0, 2)
    assert (a["karyotype"], b["karyotype"]) == ("46,XX", None)
    assert [warning["file"] for warning in a["warnings"]] == ["notes.png"]
    assert "000.png" in b["warnings"][0]["message"]
    err = capsys.readouterr().err
    assert "warning: a/notes.png: " in err
    assert "warning: b: " in err


def test_json_on_standard_output_alone_with_the_default_bundle(
    write_cell: WriteCell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_cell(tmp_path / "cell", ["3", "9"])
    assert main(["classify", str(folder), "--json", "-", "--stain", "g"]) == 0
    report = json.loads(capsys.readouterr().out)
    check_schema(report)
    assert report["bundle"]["name"] == "ruler"


def test_stain_is_taken_as_given_and_named_where_the_bundle_differs(
    write_cell: WriteCell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_cell(tmp_path / "cell", ["3", "9"])
    assert main(["classify", str(folder), "--bundle", "ruler", "--json", "-", "--stain", "q"]) == 0
    out = capsys.readouterr()
    assert json.loads(out.out)["cells"][0]["stain"] == "q"
    assert "Q-banded, but the bundle ruler was trained on G bands" in out.err


@pytest.mark.usefixtures("qapp")  # pytest-qt must make the application, since it cannot take over another
def test_pictures_of_one_cell(write_cell: WriteCell, normal_labels: list[str], tmp_path: Path) -> None:
    folder = write_cell(tmp_path / "cell", normal_labels)
    png, pdf = tmp_path / "k.png", tmp_path / "new" / "k.pdf"
    assert main(["classify", str(folder), "--bundle", "ruler", "--png", str(png), "--pdf", str(pdf)]) == 0
    assert png.read_bytes().startswith(b"\x89PNG")
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("qapp")  # pytest-qt must make the application, since it cannot take over another
def test_pictures_of_several_cells(write_cell: WriteCell, tmp_path: Path) -> None:
    for place in ("case 1/cell", "case 2/cell", "case 2/next"):
        write_cell(tmp_path / "in" / place, ["1", "1", "2"])
    out = tmp_path / "out"
    assert main(["classify", str(tmp_path / "in"), "--bundle", "ruler", "--png", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["case 1_cell.png", "case 2_cell.png", "next.png"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["{tmp}/nowhere"], "nowhere does not exist"),
        (["{tmp}/empty"], "empty"),
        (["{cell}", "--bundle", "unheard-of"], "There is no bundle 'unheard-of'; installed: "),
        (["{cell}", "--bundle", "{tmp}/empty"], r"the file bundle.json is missing"),
        (["{cell}", "--json", "{cell}/000.png/x.json"], "cannot be written"),
        (["{cell}", "{tmp}/other", "--png", "{cell}/000.png"], "With 2 cells --png names a folder"),
        (["{cell}", "--pdf", "{cell}/000.png/k.pdf"], "000.png"),
    ],
)
def test_failures_are_one_sentence(
    write_cell: WriteCell,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    reason: str,
) -> None:
    cell = write_cell(tmp_path / "cell", ["1", "2"])
    write_cell(tmp_path / "other", ["1", "2"])
    (tmp_path / "empty").mkdir()
    before = {path: path.read_bytes() for path in cell.iterdir()}
    assert main(["classify", *(text.format(tmp=tmp_path, cell=cell) for text in arguments)]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert reason in err
    assert {path: path.read_bytes() for path in cell.iterdir()} == before


def test_nothing_usable_in_any_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case"
    for name in ("a", "b"):
        (case / name).mkdir(parents=True)
        (case / name / "000.png").write_bytes(b"junk")
    assert main(["classify", str(case), "--json", str(tmp_path / "out.json")]) == 2
    assert "error: None of the 2 cells could be used; the first, a: " in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()


def test_as_a_process_without_torch(write_cell: WriteCell, tmp_path: Path) -> None:
    folder = write_cell(tmp_path / "cell", ["1", "1", "2"])
    out = tmp_path / "out.json"
    code = (
        "import sys; from engine.cli import main; code = main(sys.argv[1:]);"
        "print('heavy:', sorted({'torch', 'timm', 'onnx', 'PySide6'} & set(sys.modules))); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, "classify", str(folder), "--bundle", "ruler", "--json", str(out)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=120, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "heavy: []" in done.stdout
    check_schema(json.loads(out.read_text()))


def test_as_a_process_that_fails(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "engine.cli", "classify", str(tmp_path / "nowhere")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
