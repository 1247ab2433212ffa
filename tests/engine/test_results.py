"""The JSON says what the result says, in the words other programs rely on."""

import json
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.results import cell_to_json, report_to_json, unread_cell_to_json, write_text_whole
from engine.types import (
    CLASS_LABELS,
    BundleRef,
    CellResult,
    ChromosomeResult,
    FileWarning,
    KaryotypeAlternative,
    LabelAlternative,
)


@pytest.fixture
def result() -> CellResult:
    uniform = (1 / 24,) * 24
    placed = ChromosomeResult(
        "a.png", "21", 0.987654321, "22", uniform, -170.123, False, 0.25, (LabelAlternative("22", 0.02),)
    )
    unplaced = ChromosomeResult("b.png", None, 0.6, "1", uniform, 180.0, False, 0.4)
    other = KaryotypeAlternative("46,XX", 1.25, ("22", None))
    return CellResult(
        "cell 1",
        "g",
        BundleRef("b", "1"),
        "47,XX,+21",
        (placed, unplaced),
        (other,),
        (FileWarning("c.png", "no"),),
        0.51,
    )


def test_cell(result: CellResult) -> None:
    entry = cell_to_json(result)
    first, second = entry.pop("chromosomes")
    assert entry == {
        "cell": "cell 1",
        "stain": "g",
        "karyotype": "47,XX,+21",
        "n": 2,
        "seconds": 0.51,
        "warnings": [{"file": "c.png", "message": "no"}],
        "alternatives": [{"karyotype": "46,XX", "log_likelihood_gap": 1.25, "labels": ["22", None]}],
    }
    assert list(first.pop("probabilities")) == list(CLASS_LABELS)
    assert first == {
        "file": "a.png",
        "label": "21",
        "confidence": 0.987654,
        "image_label": "22",
        "upright_rotation_deg": -170.12,
        "mirrored": False,
        "centromere": 0.25,
        "alternatives": [{"label": "22", "probability": 0.02}],
    }
    assert (second["file"], second["label"], second["alternatives"]) == ("b.png", None, [])


def test_an_unread_cell_has_the_same_keys(result: CellResult) -> None:
    entry = unread_cell_to_json("broken", [FileWarning("broken", "nothing to read")])
    assert list(entry) == list(cell_to_json(result))
    assert (entry["karyotype"], entry["n"], entry["chromosomes"]) == (None, 0, [])


def test_report(result: CellResult) -> None:
    report = json.loads(report_to_json(BundleRef("g-default", "1.0"), [cell_to_json(result)]))
    assert report["bundle"] == {"name": "g-default", "version": "1.0"}
    assert report["cells"] == [cell_to_json(result)]


def test_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.json"
    write_text_whole(target, "é")
    assert target.read_text(encoding="utf-8") == "é"
    with pytest.raises(UnicodeEncodeError):
        write_text_whole(target, "\ud800")
    assert target.read_text(encoding="utf-8") == "é"
    assert [path.name for path in target.parent.iterdir()] == ["out.json"]
    with pytest.raises(InputError, match="cannot be written"):
        write_text_whole(target / "below" / "x.json", "")
