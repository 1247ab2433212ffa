"""Whole cells, their truth and their files."""

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.errors import InputError
from engine.imaging.read import find_cells, read_cell
from engine.simulate.cells import SimulatedCell, simulate_cell, write_cell
from engine.simulate.look import Look, random_look
from engine.types import Stain

SMALL = Look(length_px=50.0, width_px=9.0)


def labels(cell: SimulatedCell) -> Counter[str]:
    return Counter(chromosome.label for chromosome in cell.chromosomes)


@pytest.mark.parametrize(
    ("karyotype", "total", "special"),
    [
        ("46,XX", 46, {"X": 2, "Y": 0, "21": 2}),
        ("46,XY", 46, {"X": 1, "Y": 1}),
        ("47,XY,+21", 47, {"21": 3, "Y": 1}),
        ("45,X", 45, {"X": 1, "Y": 0}),
        ("47,XXY", 47, {"X": 2, "Y": 1}),
        ("48,XXYY", 48, {"X": 2, "Y": 2}),
        ("45,XX,-7", 45, {"7": 1}),
        ("47,XY,+mar", 47, {"mar": 1}),
        ("46,XX,-7,+8", 46, {"7": 1, "8": 3}),
        ("69,XXY", 69, {"1": 3, "X": 2, "Y": 1}),
    ],
)
def test_cell_holds_what_the_karyotype_says(karyotype: str, total: int, special: dict[str, int]) -> None:
    cell = simulate_cell(karyotype, look=SMALL)
    found = labels(cell)
    assert found.total() == total
    assert {label: found[label] for label in special} == special
    for label, count in found.items():
        assert sorted(c.copy for c in cell.chromosomes if c.label == label) == list(range(1, count + 1))


@pytest.mark.parametrize("karyotype", ["46,XX,t(9;22)(q34;q11)", "46,XX/47,XX,+8", "47,XY", "nonsense", "", "0"])
def test_karyotype_that_cannot_be_drawn_is_refused_in_a_sentence(karyotype: str) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        simulate_cell(karyotype)


def test_unknown_band_level_and_negative_seed_are_refused() -> None:
    with pytest.raises(InputError, match="600"):
        simulate_cell(bands=600)
    with pytest.raises(InputError, match="-1"):
        simulate_cell(seed=-1)


def test_same_seed_gives_the_same_pixels_and_another_seed_others() -> None:
    first, again, other = (simulate_cell("46,XY", seed=seed) for seed in (3, 3, 4))
    for a, b in zip(first.chromosomes, again.chromosomes, strict=True):
        np.testing.assert_array_equal(a.image, b.image)
        assert (a.label, a.copy, a.upright_rotation_deg) == (b.label, b.copy, b.upright_rotation_deg)
    assert [c.image.shape for c in first.chromosomes] != [c.image.shape for c in other.chromosomes]


def test_order_gives_no_label_away() -> None:
    orders = {tuple(c.label for c in simulate_cell(seed=seed, look=SMALL).chromosomes) for seed in range(3)}
    assert len(orders) == 3


def test_chromosomes_have_plausible_sizes() -> None:
    cell = simulate_cell("46,XY", look=Look(length_px=115.0, bend_deg=5.0, strong_bend=0.0, tilt_deg=5.0))
    heights = {c.label: c.image.shape[0] for c in cell.chromosomes}
    assert heights["1"] > heights["6"] > heights["13"] > heights["18"] > heights["21"]
    assert heights["1"] == pytest.approx(115, abs=20)
    assert 15 < heights["21"] < 40
    assert all(min(c.image.shape) >= 10 for c in cell.chromosomes)


@pytest.mark.parametrize("stain", ["g", "q"])
def test_every_laboratory_gives_usable_pictures(stain: Stain) -> None:
    for seed, bands in enumerate((400, 550, 850, 550)):
        look = random_look(np.random.default_rng(seed), stain, bands)
        for chromosome in simulate_cell("46,XY", bands=bands, stain=stain, seed=seed, look=look).chromosomes:
            image = chromosome.image.astype(int)
            assert chromosome.image.dtype == np.uint8
            contrast = look.ground - image.min() if stain == "g" else image.max() - look.ground
            assert contrast > 30, (chromosome.label, look)
            assert 0.0 < chromosome.centromere < 1.0


def test_longer_at_850_bands_than_at_400() -> None:
    def longest(bands: int) -> float:
        return float(np.mean([random_look(np.random.default_rng(s), "g", bands).length_px for s in range(20)]))

    assert longest(850) > 1.3 * longest(400)


def test_files_round_trip(tmp_path: Path) -> None:
    cell = simulate_cell("47,XY,+21", seed=12)
    write_cell(cell, tmp_path / "new" / "cell")
    truth = json.loads((tmp_path / "new" / "cell" / "truth.json").read_text("utf-8"))
    assert {key: truth[key] for key in ("karyotype", "stain", "bands", "seed")} == {
        "karyotype": "47,XY,+21", "stain": "g", "bands": 550, "seed": 12,
    }  # fmt: skip
    assert list(truth["chromosomes"]) == [f"{index:03d}.png" for index in range(47)]
    for chromosome, (file, said) in zip(cell.chromosomes, truth["chromosomes"].items(), strict=True):
        image = cv2.imread(str(tmp_path / "new" / "cell" / file), cv2.IMREAD_UNCHANGED)
        np.testing.assert_array_equal(image, chromosome.image)
        assert said["label"] == chromosome.label
        assert said["upright_rotation_deg"] == pytest.approx(chromosome.upright_rotation_deg, abs=0.01)
    assert [entry.name for entry in (tmp_path / "new").iterdir()] == ["cell"]  # nothing temporary is left


@pytest.mark.parametrize("stain", ["g", "q"])
def test_the_engine_reads_what_was_written(tmp_path: Path, stain: Stain) -> None:
    write_cell(simulate_cell("46,XX", stain=stain, seed=5), tmp_path / "cell")
    [source] = find_cells([tmp_path / "cell"])
    images = read_cell(source)
    assert images.stain == stain
    assert len(images.chromosomes) == 46
    assert not images.warnings


def test_existing_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "cell").mkdir()
    write_cell(simulate_cell(look=SMALL), tmp_path / "cell")  # an empty folder may be filled
    before = sorted(path.name for path in (tmp_path / "cell").iterdir())
    with pytest.raises(InputError, match="already holds files"):
        write_cell(simulate_cell(look=SMALL), tmp_path / "cell")
    assert sorted(path.name for path in (tmp_path / "cell").iterdir()) == before


def test_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        write_cell(simulate_cell(look=SMALL), tmp_path / "file" / "cell")
