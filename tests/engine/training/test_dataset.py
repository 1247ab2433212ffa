"""Label tables, polarity of stored images, splits that never cut a patient."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.errors import InputError
from engine.imaging.adapt import AdaptSpec
from engine.training.dataset import (
    PIXEL_SCALE,
    adapt_labelled,
    labelled_images,
    load_images,
    read_label_table,
    save_images,
    split_groups,
)
from engine.types import CLASS_INDEX, CellImages, ChromosomeImage


def drop(angle: float) -> ChromosomeImage:
    """A chromosome with one thick, bright end; upright (thin end up) at 0."""
    canvas = np.zeros((120, 120), np.float32)
    cv2.ellipse(canvas, (60, 60), (7, 40), 0, 0, 360, 0.5, -1)
    cv2.ellipse(canvas, (60, 85), (11, 18), 0, 0, 360, 1.0, -1)
    matrix = cv2.getRotationMatrix2D((60, 60), angle, 1.0)
    turned = np.asarray(cv2.warpAffine(canvas, matrix, (120, 120)), np.float32)
    return ChromosomeImage(turned, turned > 0.2, f"{angle}.png")


@pytest.mark.parametrize("angle", [0.0, 170.0, -95.0, 45.0])
def test_stored_images_have_the_p_arm_up_whatever_the_file_shows(angle: float) -> None:
    cell = CellImages("cell", "g", tuple(drop(angle) for _ in range(9)))
    data = labelled_images(cell, [0] * 9, [-angle] * 9, AdaptSpec(), group="p")
    rows = data.images[0].astype(float).sum(axis=1)
    half = len(rows) // 2
    assert rows[half:].sum() > 1.3 * rows[:half].sum()
    assert data.polarity_known.all()


def test_unknown_polarity_and_missing_labels_are_kept_apart() -> None:
    cell = CellImages("cell", "g", tuple(drop(10.0) for _ in range(9)))
    data = labelled_images(cell, [3, -1, 5, 0, 0, 0, 0, 0, 0], [None] * 9, AdaptSpec(), group="p")
    assert data.labels.tolist() == [3, 5, 0, 0, 0, 0, 0, 0]
    assert not data.polarity_known.any()
    assert data.images.max() <= 1.25 * PIXEL_SCALE


def test_split_never_cuts_a_group_and_does_not_depend_on_the_others() -> None:
    groups = [f"patient{i}" for i in range(400)]
    parts = split_groups(groups * 3, (0.8, 0.1, 0.1), seed=4)
    assert len(parts) == 400
    shares = np.bincount(list(parts.values()), minlength=3) / 400
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.06)
    few = split_groups(groups[:7], (0.8, 0.1, 0.1), seed=4)
    assert all(parts[group] == few[group] for group in few)
    assert split_groups(groups, (0.8, 0.1, 0.1), seed=5) != parts
    with pytest.raises(ValueError, match="sum to 1"):
        split_groups(groups, (0.8, 0.1))


def write_table(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "labels.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_label_comes_from_the_table_and_the_group_is_the_patient(tmp_path: Path) -> None:
    text = "path,cell,patient,label\na/1.png,a,P7,X\na/2.png,a,P7,21\nb/1.png,b,P7,1\n"
    cells = read_label_table(write_table(tmp_path / "data", text), upright=True)
    assert [(cell.name, cell.group) for cell in cells] == [("a", "P7"), ("b", "P7")]
    assert cells[0].labels == {"1.png": CLASS_INDEX["X"], "2.png": CLASS_INDEX["21"]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "needs a line per image"),
        ("file,label\na.png,1\n", "columns path and label"),
        ("path,label\na/1.png,23\n", "line 2: '23' is not one of the labels"),
    ],
)
def test_a_wrong_table_is_refused_with_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_label_table(write_table(tmp_path / "data", text), upright=True)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"labels\.csv"):
        read_label_table(tmp_path, upright=True)


def test_adapted_images_are_kept_and_read_back_without_pickle(tmp_path: Path) -> None:
    cells = read_label_table(
        write_table(tmp_path / "d", "path,patient,label\n" + "".join(f"a/{i}.png,P,{i + 1}\n" for i in range(9))),
        upright=True,
    )

    def read(folder: Path) -> CellImages:
        images = [ChromosomeImage(i.pixels, i.mask, f"{n}.png") for n, i in enumerate([drop(0.0)] * 9)]
        return CellImages(folder.name, "g", tuple(images))

    data = adapt_labelled(cells, AdaptSpec(), read)
    save_images(tmp_path / "kept.npz", data)
    again = load_images(tmp_path / "kept.npz")
    np.testing.assert_array_equal(again.images, data.images)
    assert again.groups.tolist() == ["P"] * 9
    assert again.labels.tolist() == list(range(9))
    assert [path.name for path in tmp_path.glob("kept*")] == ["kept.npz"]


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(InputError, match="no labelled cell"):
        adapt_labelled([], AdaptSpec(), lambda _folder: CellImages("a", "g", ()))
