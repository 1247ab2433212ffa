"""`karyo train quick|thorough|full` and what follows: a bundle of the laboratory, from folders and from a library."""

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from engine.bundle import Bundle, default_bundle, load_bundle, write_bundle
from engine.cli import main
from engine.training import library
from engine.types import CLASS_LABELS, CellImages

if TYPE_CHECKING:
    from engine.training.reviewed import ReviewedCell

Draw = Callable[..., "ReviewedCell"]
CELLS = 9


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    """Leave the number of threads as it was."""
    import torch

    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def folder(tmp_path: Path, draw_reviewed: Draw) -> Path:
    """Cells as the BioImLab set has them, p arm up."""
    place = tmp_path / "ours"
    for number in range(CELLS):
        cell = draw_reviewed(number)
        (place / f"c{number}").mkdir(parents=True)
        seen: dict[int, int] = {}
        for image, label, angle in zip(cell.images.chromosomes, cell.labels, cell.upright_deg, strict=True):
            seen[label] = seen.get(label, 0) + 1
            pixels = image.pixels[::-1, ::-1] if angle else image.pixels
            file = place / f"c{number}" / f"{CLASS_LABELS[label]}_{seen[label]}.png"
            assert cv2.imwrite(str(file), np.round(255 * (1 - pixels)).astype(np.uint8))
    return place


@pytest.fixture
def installed(tmp_path: Path, trained_tiny: Bundle, own_bundles: Path) -> Path:
    """A bundle in a folder, to begin with."""
    write_bundle(trained_tiny.card, trained_tiny.networks, tmp_path / "tiny")
    return tmp_path / "tiny"


def test_quick_is_trained_evaluated_used_and_left_again(
    folder: Path, installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made"
    assert main(["train", "quick", "--data", str(folder), "--bundle", str(installed), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "414 images of 9 cells" in said
    assert "to judge by" in said
    assert "with cell context" in said
    assert f"karyo bundles import {out}" in said
    card = load_bundle(out).card
    assert card.metrics["comparison"]["against"] == "tiny"
    learned = len(card.training["learned"])

    assert main(["evaluate", "--bundle", str(out), "--data", str(folder), "--part", "all"]) == 0
    said = capsys.readouterr().out
    assert f"left out: {learned} cells the bundle has learned from" in said
    assert f"{'cells':<56} {CELLS - learned:>8}" in said

    shipped = default_bundle("g")
    for words in (["import", str(out)], ["promote", "g-own-1", "--sure", "use it anyway"], ["note", "g-own-1", "ours"]):
        assert main(["bundles", *words]) == 0
    assert default_bundle("g") == "g-own-1"
    assert main(["bundles", "note", "g-own-1"]) == 0
    assert capsys.readouterr().out.endswith("ours\n")
    assert main(["bundles", "rollback", "--stain", "g"]) == 0
    assert default_bundle("g") == shipped


def test_full_goes_on_where_it_was_stopped(
    folder: Path, installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.training import full

    out = tmp_path / "made"
    command = ["train", "full", "--data", str(folder), "--bundle", str(installed), "--out", str(out)]
    command += ["--recipe", "fast", "--epochs", "2", "--sr-epochs", "1", "--threads", "1", "--balance", "none"]
    monkeypatch.setattr(full, "SR_CONFIG", full.replace(full.SR_CONFIG, steps_per_epoch=1, batch_size=1, patch=16))

    def torn(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(full, "_step", torn)  # the last thing before the bundle is written
        assert main(command) == 130  # as after Ctrl+C
    assert "step 2/2" in capsys.readouterr().out
    assert (tmp_path / "made.run" / "state.pt").is_file()
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "step 0/2" not in said  # it did not begin anew
    assert set(load_bundle(out).networks) == {"classifier", "superresolution"}
    assert not (tmp_path / "made.run").exists()


def test_a_library_teaches(
    folder: Path,
    installed: Path,
    tmp_path: Path,
    draw_reviewed: Draw,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from karyogui.model import karyogram
    from karyogui.model.cell import cell_from_images
    from karyogui.model.karyogram import unplaced
    from karyogui.model.store.library import Library
    from karyogui.model.store.values import State

    file = tmp_path / "library.sqlite"
    store = Library.open(file)
    for seed in range(40, 46):
        drawn = draw_reviewed(seed)
        cell = cell_from_images(CellImages(drawn.name, "g", drawn.images.chromosomes))
        placements = unplaced(cell)
        for number, label in enumerate(drawn.labels):
            changed = {p.chromosome_id: p for p in karyogram.assign(placements, {number}, CLASS_LABELS[label])}
            placements = tuple(changed.get(p.chromosome_id, p) for p in placements)
        record = store.cells.add(store.cases.create(f"P-{seed}", "Ann").id, cell, "Ann")
        store.cells.save_placements(record.id, placements, "Ann", "Place all")
        store.cells.set_state(record.id, State.REVIEWED, "Ann")
    store.close()
    found = (EntryPoint("karyogui", "karyogui.model.library_lessons:read_library", library.GROUP),)
    monkeypatch.setattr(library, "entry_points", lambda group: found)

    out = tmp_path / "made"
    command = ["train", "quick", "--library", str(file), "--data", str(folder), "--bundle", str(installed)]
    assert main([*command, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "library: 276 reviewed chromosomes in 6 cells of 6 cases" in said
    (step,) = load_bundle(out).card.training["steps"]
    assert sum(step["cells"].values()) == CELLS + 6
    assert (
        main(["evaluate", "--bundle", str(installed), "--library", str(file), "--json", str(tmp_path / "f.json")]) == 0
    )
    assert f"{'cells':<56} {6:>8}" in capsys.readouterr().out
    assert '"data": "library"' in (tmp_path / "f.json").read_text()


@pytest.mark.parametrize("kind", ["quick", "thorough", "full"])
def test_mistakes_are_one_sentence(
    kind: str, tmp_path: Path, own_bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", kind, "--out", str(tmp_path / "made")]
    assert main(command) == 2
    assert "Name a labelled folder with --data or --turned, or a library with --library." in capsys.readouterr().err
    assert main([*command, "--data", str(tmp_path / "none")]) == 2
    assert "is not a folder" in capsys.readouterr().err
    assert main([*command, "--data", str(tmp_path), "--limit", "-1"]) == 2
    assert "--limit must not be negative" in capsys.readouterr().err
    assert main(["evaluate", "--data", "a", "--library", "b"]) == 2
    assert "either a labelled folder" in capsys.readouterr().err
