"""A training on disk is what it was, to the pixel; what is damaged is no training."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.errors import InputError
from engine.types import ChromosomeImage
from karyogui.model import kept_run
from karyogui.model.teaching import Changed, Decision, Figure, Lesson, TeachingCell

LESSON = Lesson("thorough", "smote_pixels", 4, 1e-4)


@pytest.fixture
def cells() -> tuple[TeachingCell, ...]:
    rng = np.random.default_rng(2)
    images = []
    for height, width in ((9, 5), (4, 7), (3, 3)):
        mask = rng.random((height, width)) > 0.5
        images.append(ChromosomeImage(rng.random((height, width)).astype(np.float32), mask, f"Müller {height}.png"))
    first = TeachingCell("one", "g", tuple(images[:2]), ("1", None), (0.1 + 0.2, None), "A", "ours", ("ours", 4))
    second = TeachingCell("two", "g", (images[2],), ("X",), (90.0,), "B", "", ("open", 7), (3,))
    return first, second


def test_cells_come_back_to_the_pixel(cells: tuple[TeachingCell, ...], tmp_path: Path) -> None:
    kept_run.begin(tmp_path / "run", cells, LESSON, "2026-11-26T10:00:00+00:00")
    assert kept_run.look(tmp_path / "run") == kept_run.KeptRun(LESSON, "2026-11-26T10:00:00+00:00", 2, False)
    for was, now in zip(cells, kept_run.cells_of(tmp_path / "run"), strict=True):
        names = ("name", "stain", "labels", "upright_deg", "group", "origin", "key", "ids")
        assert [getattr(was, name) for name in names] == [getattr(now, name) for name in names]
        for before, after in zip(was.images, now.images, strict=True):
            assert np.array_equal(before.pixels, after.pixels)
            assert np.array_equal(before.mask, after.mask)
            assert (after.pixels.dtype, after.mask.dtype, after.source) == (np.float32, np.bool_, before.source)


def test_what_came_of_it_is_kept(cells: tuple[TeachingCell, ...], tmp_path: Path) -> None:
    decision = Decision(
        "now",
        "new",
        "worse",
        "Worse: …",
        (Figure("Right", "90 %", "80 %", -1),),
        (("1", 4, 4, 2),),
        (),
        (Changed(0, 1, "1", "1", None),),
    )
    kept_run.begin(tmp_path / "run", cells, LESSON, "x")
    kept_run.keep_decision(tmp_path / "run", decision)
    assert kept_run.decision_of(tmp_path / "run") == decision
    kept = kept_run.look(tmp_path / "run")
    assert kept is not None
    assert kept.decided_on
    kept_run.begin(tmp_path / "run", cells, LESSON, "y")  # a newer training takes its place
    again = kept_run.look(tmp_path / "run")
    assert again is not None
    assert not again.decided_on
    kept_run.forget(tmp_path / "run")
    assert kept_run.look(tmp_path / "run") is None
    assert not any((tmp_path / "run").iterdir())


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"format": 99}', '{"format": 1, "lesson": {"hue": 2}}'])
def test_damaged_words_are_no_training(content: str, cells: tuple[TeachingCell, ...], tmp_path: Path) -> None:
    kept_run.begin(tmp_path, cells, LESSON, "x")
    (tmp_path / kept_run.LESSON_FILE).write_text(content)
    assert kept_run.look(tmp_path) is None


def test_damaged_pictures_are_said(cells: tuple[TeachingCell, ...], tmp_path: Path) -> None:
    kept_run.begin(tmp_path, cells, LESSON, "x")
    for damage in (b"no archive", (tmp_path / kept_run.CELLS_FILE).read_bytes()[:-60]):
        (tmp_path / kept_run.CELLS_FILE).write_bytes(damage)
        with pytest.raises(InputError, match="damaged and cannot be taken up"):
            kept_run.cells_of(tmp_path)
    values = json.loads((tmp_path / kept_run.LESSON_FILE).read_text())
    values["cells"][0]["images"][0][1] = 10**6
    kept_run.begin(tmp_path, cells, LESSON, "x")
    (tmp_path / kept_run.LESSON_FILE).write_text(json.dumps(values))
    with pytest.raises(InputError, match="damaged"):
        kept_run.cells_of(tmp_path)
    with pytest.raises(InputError, match="train it again"):
        kept_run.decision_of(tmp_path)
