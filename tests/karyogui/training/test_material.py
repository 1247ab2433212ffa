"""Cells to learn from: open ones, labelled folders of three kinds, the library; none is changed by being looked at."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from engine.types import CLASS_LABELS, CellImages
from karyogui.model import karyogram
from karyogui.model.cell import cell_from_images
from karyogui.model.karyogram import Placement, unplaced
from karyogui.model.store.values import State

if TYPE_CHECKING:
    from engine.training.reviewed import ReviewedCell

Draw = Callable[..., "ReviewedCell"]


def by_label(folder: Path, cell: "ReviewedCell") -> Path:
    """Write a cell as a folder for each label."""
    for number, (image, label) in enumerate(zip(cell.images.chromosomes, cell.labels, strict=True)):
        place = folder / CLASS_LABELS[label]
        place.mkdir(parents=True, exist_ok=True)
        assert cv2.imwrite(str(place / f"{number}.png"), np.round(255 * (1 - image.pixels)).astype(np.uint8))
    return folder


def by_name(folder: Path, cell: "ReviewedCell") -> Path:
    """Write a cell as the BioImLab set is: named by the label and the number of the homologue."""
    folder.mkdir(parents=True)
    seen: dict[int, int] = {}
    for image, label in zip(cell.images.chromosomes, cell.labels, strict=True):
        seen[label] = seen.get(label, 0) + 1
        name = f"{CLASS_LABELS[label]}_{seen[label]}.png"
        assert cv2.imwrite(str(folder / name), np.round(255 * (1 - image.pixels)).astype(np.uint8))
    return folder


def test_labelled_folders_of_all_kinds_are_understood_and_said(
    hand: Any, write_labelled: Callable[..., Path], draw_reviewed: Draw, tmp_path: Path
) -> None:
    material = hand.course.material
    hand.add_folder(write_labelled("table", [1, 2]), 2)
    hand.add_folder(by_name(tmp_path / "names" / "one", draw_reviewed(3)).parent, 3)
    hand.add_folder(by_label(tmp_path / "classes", draw_reviewed(4)), 3 + 46)
    said = [source.preview for source in material.sources()]
    for text, layout in zip(said, ("table", "file names", "label folders"), strict=True):
        assert f"labels from {layout}" in text
        assert "G band" in text
    assert "92 images of 2 cells in 2 groups" in said[0]
    assert "no image of Y" in said[2]
    shown = [hand.tab.data.sources.itemAt(i).widget() for i in range(3)]
    hand.wait(lambda: all(line.isVisible() for line in shown))
    assert sum(cell.count for cell in material.used) == 4 * 46
    material.remove(material.sources()[2].key)  # as its cross does
    assert len(material.cells) == 3
    assert hand.tab.data.table.rowCount() == 3


def test_a_folder_that_repeats_another_is_found(hand: Any, write_labelled: Callable[..., Path], tmp_path: Path) -> None:
    first = write_labelled("first", [1, 2, 3])
    shutil.copytree(first, tmp_path / "copy")
    hand.add_folder(first, 3)
    hand.add_folder(tmp_path / "copy", 6)
    hand.check()
    roles = hand.course.survey.roles
    assert roles[:3].count("repeated") == 0
    assert roles[3:] == ("repeated",) * 3
    assert "repeat another: c00, c01, c02" in hand.tab.data.facts.text()
    assert hand.tab.data.table.item(5, 5).text() == "repeats another"


def test_a_folder_without_labels_is_said_in_a_sentence(hand: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    hand.click(hand.tab.data.add_folder)
    hand.answer_file_dialog("labelled_folder_dialog", tmp_path / "empty")
    hand.wait(lambda: "holds no labelled images" in hand.tab.line.text())


def placed(cell: "ReviewedCell") -> tuple[Any, tuple[Placement, ...]]:
    """A drawn cell as the library and the window hold it, each chromosome where it belongs and accepted."""
    held = cell_from_images(CellImages(cell.name, "g", cell.images.chromosomes))
    placements: tuple[Placement, ...] = unplaced(held)
    for number, label in enumerate(cell.labels):
        changed = {p.chromosome_id: p for p in karyogram.assign(placements, {number}, CLASS_LABELS[label])}
        placements = tuple(changed.get(p.chromosome_id, p) for p in placements)
    turned = zip(placements, cell.upright_deg, strict=True)
    return held, tuple(replace(p, rotation_deg=angle or 0.0, accepted=True) for p, angle in turned)


@pytest.fixture
def fill_library(draw_reviewed: Draw) -> Callable[[Any, range], None]:
    """Return a function that puts reviewed cells into the library of a window, each in a case of its own."""

    def fill(hand: Any, seeds: range) -> None:
        def work(library: Any) -> None:
            for seed in seeds:
                cell, placements = placed(draw_reviewed(seed))
                case = library.cases.create(f"P-{seed}", "Ann")
                record = library.cells.add(case.id, cell, "Ann")
                library.cells.save_placements(record.id, placements, "Ann", "Place all")
                library.cells.set_state(record.id, State.REVIEWED, "Ann")

        hand.wait(hand.window.library.is_open)
        hand.window.library.change("Fill", work)
        hand.wait(hand.window.library.writes.is_idle)

    return fill


def test_reviewed_cells_of_the_library_teach(hand: Any, fill_library: Callable[[Any, range], None]) -> None:
    fill_library(hand, range(12))
    hand.click(hand.tab.data.add_library)
    material = hand.course.material
    hand.wait(lambda: len(material.cells) == 12)
    assert "12 reviewed cells of 12 cases" in material.sources()[0].preview
    row = next(i for i in range(12) if hand.tab.data.table.item(i, 2).text() == "P-7")
    assert hand.tab.data.table.item(row, 3).text() == "library"
    hand.check()
    roles = hand.course.survey.roles
    assert {"learn", "tune", "judge"} == set(roles)
    hand.train()
    assert hand.course.trained.decision.verdict in ("better", "same")
    assert hand.course.trained.model.card.training["steps"][0]["cells"]["learned"] == roles.count("learn")


def test_a_cell_of_the_library_that_is_open_counts_as_it_is_on_the_screen(
    hand: Any, fill_library: Callable[[Any, range], None]
) -> None:
    fill_library(hand, range(3))
    window, material = hand.window, hand.course.material
    ids: list[int] = []
    window.library.run(
        "ids",
        lambda library, reporter: [r.id for c in library.cases.find() for r in library.cells.records(c.case.id)],
        on_success=ids.extend,
    )
    hand.wait(lambda: ids)
    window.library.show_cell(ids[0])
    hand.wait(lambda: window.session.current() is not None and window.session.current().is_ready())
    window.actions_["show_training"].trigger()
    hand.click(hand.tab.data.add_library)
    hand.wait(lambda: len(material.sources()) == 1)
    assert len(material.cells) == 3
    assert sorted(cell.key[0] for cell in material.cells) == ["library", "library", "open"]


def test_a_correction_in_an_open_cell_can_be_undone(hand: Any, draw_reviewed: Draw) -> None:
    from karyogui.document import DocumentState

    cell, placements = placed(draw_reviewed(5))
    entry = hand.window.session.open_work(DocumentState(cell, placements, None, (), ()))
    hand.window.actions_["show_training"].trigger()
    material = hand.course.material
    material.refresh()
    (taught,) = material.cells
    at = taught.labels.index("4")
    material.correct(taught, at, "5")
    assert material.cells[0].labels[at] == "5"
    assert entry.undo_stack.undoText() == "Move to 5"
    entry.undo_stack.undo()
    material.refresh()
    assert material.cells[0].labels[at] == "4"
    entry.undo_stack.setClean()
