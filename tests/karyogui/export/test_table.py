"""The tables: one line per chromosome in the order of the karyogram."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.export.table import export_csv, export_json

OpenCell = Callable[..., KaryogramDocument]
pytestmark = pytest.mark.usefixtures("qapp")


def test_csv_has_a_line_for_each_chromosome_in_reading_order(tmp_path: Path, open_cell: OpenCell) -> None:
    document, path = open_cell(labels=["X", "1", None, "2"]), tmp_path / "cell.csv"
    export_csv(path, document)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["label"]) for row in rows] == [
        ("001.png", "1"),
        ("003.png", "2"),
        ("000.png", "X"),
        ("002.png", ""),
    ]
    assert {row["confidence"] for row in rows} == {"0.99"}


def test_json_tells_what_a_person_changed(tmp_path: Path, open_cell: OpenCell) -> None:
    document, path = open_cell(), tmp_path / "cell.json"
    commands.assign(document, [3], "22").redo()
    export_json(path, document)
    table = json.loads(path.read_text("utf-8"))
    assert table["karyotype"] == document.karyotype_text()
    assert table["bundle"] == {"name": "drawn", "version": "1.2"}
    moved = next(row for row in table["chromosomes"] if row["file"] == "003.png")
    assert (moved["label"], moved["model_label"], moved["accepted"]) == ("22", "21", True)
    assert moved["alternatives"][0] == {"label": "22", "probability": 0.02}
