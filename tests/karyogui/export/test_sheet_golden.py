"""Golden pictures: the karyogram as it is exported, in five states, against pictures that somebody has looked at.

`make golden` (`pytest --renew-golden`) draws them anew; look at them before they are kept. Cells, labels and font are
the program's own, so that every machine draws the same but for the edges of letters: they are compared with tolerance.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import as_file
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from engine.imaging.read import find_cells, read_cell
from engine.types import MARKER
from karyogui.document import DocumentState, KaryogramDocument
from karyogui.export.content import ExportContent, content_of
from karyogui.export.options import ExportOptions
from karyogui.export.picture import render_image
from karyogui.model import karyogram
from karyogui.model.annotation import Annotation
from karyogui.model.cell import Cell, cell_from_images
from karyogui.model.karyogram import Placement, normal_degrees, unplaced
from karyogui.model.tone import Tone
from karyogui.model.view_settings import ViewSettings
from resources import read_bytes, resource

GOLDEN = Path(__file__).parent / "golden"
DPI = 56  # of 72 points: small files, and bands can still be told apart
MEAN, BLOCK = 1.0, 14.0  # greatest difference of all pixels, and of 8 x 8 pixels, of 255 steps
Grey = NDArray[np.float64]

pytestmark = pytest.mark.usefixtures("qapp")


@cache
def sample(name: str) -> tuple[Cell, tuple[Placement, ...]]:
    """A sample cell, placed as it was drawn."""
    truth = json.loads(read_bytes(f"samples/{name}/truth.json"))["chromosomes"]
    with as_file(resource(f"samples/{name}")) as folder:
        cell = cell_from_images(read_cell(*find_cells([folder])))
    placements = unplaced(cell)
    for label in dict.fromkeys(each["label"] for each in truth.values()):
        ids = [c.id for c in cell.chromosomes if truth[c.source]["label"] == label]
        changed = {p.chromosome_id: p for p in karyogram.move(placements, ids, label)}
        placements = tuple(changed.get(p.chromosome_id, p) for p in placements)
    turned = []
    for placement in placements:
        drawn = truth[cell.chromosome(placement.chromosome_id).source]
        rotation = normal_degrees(drawn["upright_rotation_deg"])
        turned.append(replace(placement, rotation_deg=rotation, centromere=drawn["centromere"]))
    return cell, tuple(turned)


def content(name: str, change: Callable[[tuple[Placement, ...]], tuple[Placement, ...]]) -> ExportContent:
    cell, placements = sample(name)
    changed = {p.chromosome_id: p for p in change(placements)}
    document = KaryogramDocument()
    document.restore(DocumentState(cell, tuple(changed.get(p.chromosome_id, p) for p in placements)))
    return content_of(document)


def normal() -> ExportContent:
    return content("46,XX", lambda placements: ())


def trisomy() -> ExportContent:
    return content("47,XY,+21", lambda placements: ())


def marker() -> ExportContent:
    def change(placements: tuple[Placement, ...]) -> tuple[Placement, ...]:
        third = karyogram.members(placements, "21")[-1].chromosome_id
        return karyogram.move(placements, [third], MARKER)

    return content("47,XY,+21", change)


def tray_full() -> ExportContent:
    return content("46,XY", lambda placements: karyogram.to_tray(placements, [p.chromosome_id for p in placements]))


def every_look() -> ExportContent:
    """Ideograms, letters, the other rows, tone, an arrow with a text."""
    view = ViewSettings(tone=Tone(contrast=0.2), ideograms=550, group_letters=True, arrangement="sex_in_groups")
    plain = content("46,XY", lambda placements: ())
    first = karyogram.members(plain.placements, "9")[0].chromosome_id
    arrow = Annotation(1, first, "arrow", "9qh+", 0.0, 0.0, 30.0, -24.0)
    return replace(plain, view=view, annotations=(arrow,))


PICTURES = {f.__name__: f for f in (normal, trisomy, marker, tray_full, every_look)}


def drawn(what: ExportContent) -> QImage:
    image = render_image(what, ExportOptions(header=False), dpi=DPI)
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def grey(image: QImage) -> Grey:
    """(H, W) 0..255; edges softened, for they differ between machines."""
    lines = np.asarray(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    values = np.pad(lines[:, : image.width()].astype(np.float64), 1, mode="edge")
    rows = values[:-2] + values[1:-1] + values[2:]
    return (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9.0


def differences(one: QImage, other: QImage) -> tuple[float, float]:
    """The mean difference of all pixels, and of the 8 x 8 pixels that differ most."""
    a, b = grey(one), grey(other)
    if a.shape != b.shape:
        return 255.0, 255.0
    apart = np.abs(a - b)
    height, width = (8 * (side // 8) for side in apart.shape)
    blocks = apart[:height, :width].reshape(height // 8, 8, width // 8, 8).mean(axis=(1, 3))
    return float(apart.mean()), float(blocks.max())


def alike(one: QImage, other: QImage) -> bool:
    mean, block = differences(one, other)
    return mean <= MEAN and block <= BLOCK


@pytest.mark.parametrize("name", PICTURES)
def test_the_karyogram_looks_as_somebody_approved(name: str, tmp_path: Path, renew_golden: bool) -> None:
    path, picture = GOLDEN / f"{name}.png", drawn(PICTURES[name]())
    if renew_golden:
        GOLDEN.mkdir(exist_ok=True)
        assert picture.save(str(path))
        pytest.skip(f"{path.name} was drawn anew: look at it")
    approved = QImage(str(path)).convertToFormat(QImage.Format.Format_Grayscale8)
    assert not approved.isNull(), f"{path.name} is missing; make golden draws it"
    now = tmp_path / path.name
    picture.save(str(now))
    assert alike(picture, approved), (
        f"{differences(picture, approved)}: compare {now} with {path}; make golden keeps it"
    )


def one_flipped(what: ExportContent) -> ExportContent:
    first = karyogram.members(what.placements, "3")[0].chromosome_id
    flipped = {p.chromosome_id: p for p in karyogram.flip(what.placements, [first])}
    return replace(what, placements=tuple(flipped.get(p.chromosome_id, p) for p in what.placements))


def one_moved(what: ExportContent) -> ExportContent:
    first = karyogram.members(what.placements, "16")[0].chromosome_id
    moved = {p.chromosome_id: p for p in karyogram.move(what.placements, [first], "17")}
    return replace(what, placements=tuple(moved.get(p.chromosome_id, p) for p in what.placements))


def one_turned(what: ExportContent) -> ExportContent:
    first = karyogram.members(what.placements, "2")[0].chromosome_id
    turned = {p.chromosome_id: p for p in karyogram.rotate(what.placements, [first], 8.0)}
    return replace(what, placements=tuple(turned.get(p.chromosome_id, p) for p in what.placements))


def other_tone(what: ExportContent) -> ExportContent:
    return replace(what, view=ViewSettings(tone=Tone(gamma=0.7)))


@pytest.mark.parametrize("change", [one_flipped, one_moved, one_turned, other_tone])
def test_the_comparison_sees_what_a_person_would_see(change: Callable[[ExportContent], ExportContent]) -> None:
    assert not alike(drawn(normal()), drawn(change(normal())))


def test_the_comparison_bears_what_differs_between_machines() -> None:
    """One step of grey everywhere, and every edge drawn a little softer."""
    picture = drawn(normal())
    smooth = Qt.TransformationMode.SmoothTransformation
    twice = picture.scaled(2 * picture.size(), mode=smooth)
    assert alike(picture, twice.scaled(picture.size(), mode=smooth))
