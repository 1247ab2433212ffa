"""What must never get in by itself: a worse model, and files that are no model."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.bundle import CARD_FILE, Bundle, default_bundle, pack_bundle, write_bundle
from karyogui.training.decide_page import SURE

CELLS = 15


def shuffle_what_is_learned_from(folder: Path) -> None:
    """Give the pictures of all cells that would not judge each other's labels."""
    from engine.training.own_cells import reviewed_cells
    from engine.training.reviewed import deal_cells
    from engine.training.sources import open_source

    deal = deal_cells(reviewed_cells(open_source(folder, upright=True)))
    judges = {cell.group for cell in deal.judge}
    assert len(judges) >= 4
    head, *lines = (folder / "labels.csv").read_text().splitlines()
    rows = [line.split(",") for line in lines]
    taught = [row for row in rows if row[2] not in judges]
    labels = np.random.default_rng(1).permutation([row[1] for row in taught])
    for row, label in zip(taught, labels, strict=True):
        row[1] = str(label)
    (folder / "labels.csv").write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n")


def test_shuffled_labels_are_refused_unless_she_types_it(whole_hand: Any, labelled: Path) -> None:
    hand, tab = whole_hand, whole_hand.tab
    shuffle_what_is_learned_from(labelled)
    hand.add_folder(labelled, CELLS)
    hand.check()
    assert len(hand.course.suspects()) > 100  # it is said before anything is trained
    hand.page(tab.train)
    hand.choose(tab.train.thorough)
    hand.click(tab.train.more)
    hand.type_into(tab.train.epochs, "2")
    hand.type_into(tab.train.rate, "0.01")
    hand.click(tab.train.start)
    hand.wait(lambda: hand.course.trained is not None)
    assert tab.page() is tab.decide
    assert tab.decide.verdict.text().startswith("▼  Worse")
    assert tab.decide.worse.pictures()
    assert not tab.decide.promote.isEnabled()
    hand.type_into(tab.decide.typed, "use it")
    assert not tab.decide.promote.isEnabled()
    assert default_bundle("g") == "whole"
    hand.type_into(tab.decide.typed, SURE)
    hand.click(tab.decide.promote)
    hand.wait(lambda: default_bundle("g") == "g-own-1")


def with_pickle(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("weights.pkl", b"x")


def with_other_labels(folder: Path) -> None:
    card = json.loads((folder / CARD_FILE).read_text("utf-8"))
    card["labels"] = ["1", "10", "11", *card["labels"][3:]]
    (folder / CARD_FILE).write_text(json.dumps(card))


def without_a_tensor(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    weights = load_file(folder / "classifier.safetensors")
    del weights["label_head.bias"]
    save_file(weights, folder / "classifier.safetensors")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (with_pickle, "holds weights.pkl, a kind of file that can run code and is never loaded"),
        (with_other_labels, "its table of labels is not 1..22, X, Y"),
        (without_a_tensor, "the tensor label_head.bias is missing from the weights"),
    ],
)
def test_a_spoilt_file_is_refused_in_one_sentence(
    spoil: Callable[[Path], None], says: str, hand: Any, pupil: Bundle, tmp_path: Path
) -> None:
    folder, file = tmp_path / "spoilt", tmp_path / "spoilt.kbundle"
    write_bundle(pupil.card, pupil.networks, folder)
    if spoil is with_pickle:
        pack_bundle(folder, file)
        spoil(file)
    else:
        spoil(folder)
        shutil.make_archive(str(file.with_suffix("")), "zip", folder)
        file.with_suffix(".zip").rename(file)
    hand.page(hand.tab.decide)
    hand.wait(lambda: hand.course.models.rows)
    before = [row.name for row in hand.course.models.rows]
    hand.click(hand.tab.decide.shelf.import_)
    hand.answer_file_dialog("import_model_dialog", file)
    hand.wait(lambda: says in hand.tab.line.text())
    assert hand.tab.line.text().count("\n") == 0
    hand.wait(lambda: not hand.course.errands.is_busy())
    assert [row.name for row in hand.course.models.rows] == before
    assert default_bundle("g") == "confused"
