"""Labelled folders as laboratories have them: what is understood is said, what is not is named."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.errors import InputError
from engine.training.sources import open_source
from engine.types import CLASS_INDEX


def picture(path: Path, bright: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    grey = np.zeros((60, 30), np.uint8)
    cv2.ellipse(grey, (15, 30), (7, 24), 0, 0, 360, 170, -1)
    assert cv2.imwrite(str(path), grey if bright else 255 - grey)


def write(folder: Path, names: list[str], bright: bool = False) -> Path:
    for name in names:
        picture(folder / name, bright)
    return folder


def labels(folder: Path) -> dict[str, str]:
    """Cell and label of every file."""
    back = {index: label for label, index in CLASS_INDEX.items()}
    source = open_source(folder, upright=True)
    return {f"{cell.name}/{file}": back[index] for cell in source.cells for file, index in cell.labels.items()}


def test_cell_folders_with_labels_in_the_names(tmp_path: Path) -> None:
    write(tmp_path / "d", ["c1/1_1.png", "c1/01_2.bmp", "c1/X.png", "c2/chr13a.png", "c2/y.tif", "c2/notes_of_me.png"])
    assert labels(tmp_path / "d") == {
        "c1/1_1.png": "1",
        "c1/01_2.bmp": "1",
        "c1/X.png": "X",
        "c2/chr13a.png": "13",
        "c2/y.tif": "Y",
    }
    source = open_source(tmp_path / "d", upright=True)
    assert source.layout == "file names"
    assert "passed over, no label in the name: c2/notes_of_me.png" in source.preview()
    assert "5 images of 2 cells" in source.preview()


def test_a_flat_folder_names_cell_and_label(tmp_path: Path) -> None:
    write(tmp_path / "d", ["cell 7_13_1.png", "cell 7_13_2.png", "cell 8_X_1.png"])
    assert labels(tmp_path / "d") == {
        "cell 7/cell 7_13_1.png": "13",
        "cell 7/cell 7_13_2.png": "13",
        "cell 8/cell 8_X_1.png": "X",
    }
    source = open_source(tmp_path / "d", upright=True)
    read = source.read(source.cells[0].folder)
    assert [chromosome.source for chromosome in read.chromosomes] == ["cell 7_13_1.png", "cell 7_13_2.png"]


@pytest.mark.parametrize(("x", "y"), [("23", "0"), ("23", "24"), ("X", "Y")])
def test_numbers_beyond_22_are_sex_chromosomes(tmp_path: Path, x: str, y: str) -> None:
    write(tmp_path / "d", [f"c/{x}_1.png", f"c/{y}_1.png", "c/22_1.png"])
    assert sorted(labels(tmp_path / "d").values()) == ["22", "X", "Y"]


@pytest.mark.parametrize("names", [["c/0_1.png", "c/24_1.png"], ["c/23_1.png", "c/X_1.png"]])
def test_two_conventions_at_once_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(InputError, match=r"labels\.csv"):
        open_source(write(tmp_path / "d", names), upright=True)


def test_label_folders_know_no_cells(tmp_path: Path) -> None:
    write(tmp_path / "d", ["1/a.png", "1/b.png", "X/a.png"])
    source = open_source(tmp_path / "d", upright=True)
    assert source.layout == "label folders"
    assert len({cell.group for cell in source.cells}) == 3
    assert "which images belong together is not known" in source.preview()
    assert len(source.read(source.cells[2].folder).chromosomes) == 1


def test_a_table_may_hold_several_cells_in_one_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", ["a.png", "b.png", "c.png"])
    (folder / "labels.csv").write_text("path,cell,label\na.png,one,1\nb.png,two,2\nc.png,one,X\n", encoding="utf-8")
    source = open_source(folder, upright=False)
    files = {cell.name: sorted(cell.labels) for cell in source.cells}
    assert files == {"one": ["a.png", "c.png"], "two": ["b.png"]}
    assert [c.source for c in source.read(source.cells[1].folder).chromosomes] == ["b.png"]
    assert not source.cells[0].upright


def test_the_stain_is_seen_not_named(tmp_path: Path) -> None:
    assert open_source(write(tmp_path / "qband", ["c/1_1.png"]), upright=True).stain == "g"
    assert open_source(write(tmp_path / "gband", ["c/1_1.png"], bright=True), upright=True).stain == "q"


def test_the_digest_sees_pictures_and_labels(tmp_path: Path) -> None:
    first = open_source(write(tmp_path / "a", ["c/1_1.png", "c/2_1.png"]), upright=True)
    same = open_source(write(tmp_path / "b", ["c/1_1.png", "c/2_1.png"]), upright=True)
    assert first.digest == same.digest
    assert open_source(write(tmp_path / "e", ["c/1_1.png", "c/3_1.png"]), upright=True).digest != first.digest
    picture(tmp_path / "b" / "c" / "2_1.png", bright=True)
    assert open_source(tmp_path / "b", upright=True, stain="g").digest != first.digest


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no labelled images"):
        open_source(write(tmp_path / "d", ["c/some picture.png"]), upright=True)
    with pytest.raises(InputError, match="is not a folder"):
        open_source(tmp_path / "none", upright=True)


@pytest.mark.realdata
def test_the_papers_set_is_understood() -> None:
    folder = Path(os.environ.get("KARYO_DATA", Path.home() / ".cache/karyo-data")) / "qband_padova"
    if not folder.is_dir():
        pytest.skip(f"real chromosome images are not at {folder} (set KARYO_DATA)")
    table = open_source(folder, upright=True)
    by_name = open_source(folder / "cells", upright=True)
    assert table.stain == by_name.stain == "q"
    assert {cell.name: cell.labels for cell in table.cells} == {cell.name: cell.labels for cell in by_name.cells}
    assert all(len(cell.labels) == 46 for cell in table.cells)
