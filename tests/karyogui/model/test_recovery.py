"""Saved work comes back exactly, and damage is one sentence."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.types import BundleRef, ChromosomeResult, FileWarning, KaryotypeAlternative, LabelAlternative
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell, Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.recovery import WORK_FILE, RecoveryError, Work, cell_name, load_work, save_work


def prediction(label: str | None) -> ChromosomeResult:
    probabilities, others = (1 / 3, *[2 / 69] * 23), (LabelAlternative("X", 1e-9),)
    return ChromosomeResult("a.png", label, 0.1 + 0.2, "2", probabilities, -12.345678901, True, 0.4, others)


@pytest.fixture
def work() -> Work:
    rng = np.random.default_rng(1)
    chromosomes = []
    for number, shape in enumerate([(30, 12), (17, 20), (8, 9)]):
        pixels = rng.random(shape, dtype=np.float32)
        label = None if number == 2 else "1"
        predicted = None if number == 1 else prediction(label)
        chromosomes.append(Chromosome(number * 3, f"{number}.png", pixels, pixels > 0.2, predicted))
    cell = Cell("Zelle ß", "q", tuple(chromosomes), (Path("/gone/away"),), (FileWarning("x.png", "It is empty."),))
    placements = (
        Placement(0, "1", 1, 0.1 + 0.2, True, 1 / 3, accepted=True),
        Placement(3, "1", 0, -179.99),
        Placement(6, None, 0),
    )
    alternatives = (KaryotypeAlternative("46,X,+21", 0.7, ("1", None, "X")),)
    return Work(cell, placements, BundleRef("g-default", "1.2"), alternatives)


def assert_same(left: Work, right: Work) -> None:
    assert (left.placements, left.bundle, left.alternatives) == (right.placements, right.bundle, right.alternatives)
    assert (left.cell.name, left.cell.stain, left.cell.paths) == (right.cell.name, right.cell.stain, right.cell.paths)
    assert left.cell.warnings == right.cell.warnings
    for one, other in zip(left.cell.chromosomes, right.cell.chromosomes, strict=True):
        assert (one.id, one.source, one.prediction) == (other.id, other.source, other.prediction)
        np.testing.assert_array_equal(one.pixels, other.pixels, strict=True)
        np.testing.assert_array_equal(one.mask, other.mask, strict=True)


def test_work_comes_back_to_the_last_bit(tmp_path: Path, work: Work) -> None:
    save_work(tmp_path / "cell", work)
    assert_same(load_work(tmp_path / "cell"), work)
    assert cell_name(tmp_path / "cell") == "Zelle ß"


def test_an_edit_writes_the_pixels_once(tmp_path: Path, work: Work) -> None:
    save_work(tmp_path, work)
    (pixels,) = tmp_path.glob("pixels-*.npz")
    before = pixels.stat().st_mtime_ns, pixels.stat().st_ino
    edited = replace(work, placements=(*work.placements[:2], Placement(6, "Y", 0)))
    save_work(tmp_path, edited)
    assert (pixels.stat().st_mtime_ns, pixels.stat().st_ino) == before
    assert_same(load_work(tmp_path), edited)


def test_other_pixels_take_the_place_of_the_old_ones(tmp_path: Path, work: Work) -> None:
    save_work(tmp_path, work)
    first = replace(work.cell.chromosomes[0], pixels=work.cell.chromosomes[0].pixels * np.float32(0.5))
    changed = replace(work, cell=replace(work.cell, chromosomes=(first, *work.cell.chromosomes[1:])))
    save_work(tmp_path, changed)
    assert len(list(tmp_path.glob("pixels-*.npz"))) == 1
    assert_same(load_work(tmp_path), changed)


@pytest.mark.parametrize("name", ["work", "pixels"])
def test_any_cut_or_flipped_byte_is_one_sentence(tmp_path: Path, work: Work, name: str) -> None:
    save_work(tmp_path, work)
    path = tmp_path / WORK_FILE if name == "work" else next(tmp_path.glob("pixels-*.npz"))
    whole = path.read_bytes()
    refused = 0
    places = range(0, len(whole), max(1, len(whole) // 40))
    for place in places:
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]):
            path.write_bytes(damaged)
            try:
                loaded = load_work(tmp_path)
            except RecoveryError as error:
                refused += 1
                assert str(tmp_path) in str(error)  # noqa: PT017 - most damages are refused, a few change nothing
            else:
                assert len(loaded.cell.chromosomes) == 3
    assert refused > len(places)


def test_other_version_missing_file_and_path_trick(tmp_path: Path, work: Work) -> None:
    save_work(tmp_path, work)
    path = tmp_path / WORK_FILE
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "format": 99}))
    with pytest.raises(RecoveryError, match="another version"):
        load_work(tmp_path)
    path.write_text(json.dumps({**stored, "pixels": "../elsewhere.npz"}))
    with pytest.raises(RecoveryError, match="damaged"):
        load_work(tmp_path)
    path.write_text(json.dumps({**stored, "placements": stored["placements"][:2]}))
    with pytest.raises(RecoveryError, match="damaged"):
        load_work(tmp_path)
    with pytest.raises(RecoveryError, match="damaged"):
        load_work(tmp_path / "not there")
    assert cell_name(tmp_path / "not there") == "not there"


def test_cut_pieces_and_annotations_come_back(tmp_path: Path, work: Work) -> None:
    first, second, *rest = work.cell.chromosomes
    cell = replace(work.cell, chromosomes=(replace(first, origin=(7, -3)), second, *rest))
    remarks = (Annotation(4, first.id, "arrow", "Ü", 1.5, -2.25, 10.0, 0.5),)
    save_work(tmp_path / "cell", replace(work, cell=cell, annotations=remarks))
    back = load_work(tmp_path / "cell")
    assert (back.cell.chromosomes[0].origin, back.cell.chromosomes[1].origin) == ((7, -3), None)
    assert back.annotations == remarks
