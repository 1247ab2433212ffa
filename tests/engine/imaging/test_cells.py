"""Which files make a cell."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.errors import InputError
from engine.imaging.cells import CellSource, find_cells


def put(folder: Path, *names: str) -> Path:
    """Small images, by name; other suffixes get a line of text."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if Path(name).suffix in (".png", ".tif", ".BMP", ".jpg"):
            Image.new("L", (8, 12), 255).save(folder / name)
        else:
            (folder / name).write_text("text")
    return folder


def listed(cells: list[CellSource]) -> dict[str, list[str]]:
    return {cell.name: [file.name for file in cell.files] for cell in cells}


def test_a_folder_with_images_is_a_cell_in_natural_order(tmp_path: Path) -> None:
    folder = put(tmp_path / "cell 7", "10.png", "2.tif", "1.jpg", "A2.BMP", "a10.png")
    assert listed(find_cells([folder])) == {"cell 7": ["1.jpg", "2.tif", "10.png", "A2.BMP", "a10.png"]}


def test_tables_notes_and_hidden_files_are_passed_over_others_kept(tmp_path: Path) -> None:
    folder = put(tmp_path / "c", "1.png", "labels.csv", "n.txt", "x.json", "Thumbs.db", ".DS_Store", ".hidden.png")
    put(folder, "report.docx")
    assert listed(find_cells([folder])) == {"c": ["1.png", "report.docx"]}


def test_a_folder_of_folders_is_several_cells(tmp_path: Path) -> None:
    put(tmp_path / "case" / "cell10", "1.png")
    put(tmp_path / "case" / "cell2", "1.png", "2.png")
    put(tmp_path / "case" / "empty")
    put(tmp_path / "case" / ".cache", "1.png")
    put(tmp_path / "case" / "__MACOSX", "1.png")
    put(tmp_path / "case", "protocol.txt")
    assert list(listed(find_cells([tmp_path / "case"])).items()) == [
        ("cell2", ["1.png", "2.png"]),
        ("cell10", ["1.png"]),
    ]


def test_deeper_folders_and_equal_names_stay_apart(tmp_path: Path) -> None:
    for patient in ("anna", "berta"):
        put(tmp_path / "all" / patient / "1", "1.png")
    put(tmp_path / "all" / "berta" / "1" / "original" / "raw", "9.png")
    assert [cell.name for cell in find_cells([tmp_path / "all"])] == ["anna/1", "berta/1", "raw"]


def test_files_are_one_cell_named_after_their_folder(tmp_path: Path) -> None:
    folder = put(tmp_path / "K12", "1.png", "2.png", "3.png")
    assert listed(find_cells([folder / "3.png", folder / "1.png", folder / "1.png"])) == {"K12": ["1.png", "3.png"]}
    assert listed(find_cells([folder / "3.png"])) == {"3": ["3.png"]}


def test_a_mixture_of_files_and_folders(tmp_path: Path) -> None:
    first, second = put(tmp_path / "one", "1.png", "2.png"), put(tmp_path / "two", "5.png", "6.png")
    cells = find_cells([first, second / "5.png", second / "6.png", first / "1.png"])
    assert listed(cells) == {"one": ["1.png", "2.png"], "two": ["5.png", "6.png"]}


def test_relative_paths_have_names_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(put(tmp_path / "here", "1.png", "2.png"))
    assert [cell.name for cell in find_cells([Path()])] == ["here"]
    assert [cell.name for cell in find_cells([Path("1.png"), Path("2.png")])] == ["here"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_that_leads_in_a_circle_ends(tmp_path: Path) -> None:
    folder = put(tmp_path / "cell", "1.png")
    (folder / "again").symlink_to(folder)
    assert listed(find_cells([folder])) == {"cell": ["1.png"]}


def test_missing_and_empty_paths_are_one_sentence(tmp_path: Path) -> None:
    put(tmp_path / "notes", "a.txt", "b.docx")
    with pytest.raises(InputError, match=r"gone does not exist: check the name"):
        find_cells([tmp_path / "gone"])
    with pytest.raises(InputError, match=r"notes holds no PNG, TIFF, BMP or JPEG image"):
        find_cells([tmp_path / "notes"])
    with pytest.raises(InputError, match=r"^The selection holds no"):
        find_cells([])


def save(stain: NDArray[np.float32], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.uint8(255 - 200 * stain)).save(path)


def test_several_sheets_in_a_folder_are_a_cell_each(
    drawn: Callable[..., tuple[NDArray[np.float32], NDArray[np.bool_]]],
    laid_out: Callable[..., NDArray[np.float32]],
    tmp_path: Path,
) -> None:
    sheet = laid_out([drawn(80, 16)] * 40, columns=10, pitch=(110, 44))
    for name in ("meta 1.png", "meta 2.png"):
        save(sheet, tmp_path / "slide" / name)
        save(drawn(400, 90, margin=180)[0], tmp_path / "canvas" / name)
    assert listed(find_cells([tmp_path / "slide"])) == {"meta 1": ["meta 1.png"], "meta 2": ["meta 2.png"]}
    # Single chromosomes on large canvases are still one cell.
    assert listed(find_cells([tmp_path / "canvas"])) == {"canvas": ["meta 1.png", "meta 2.png"]}
