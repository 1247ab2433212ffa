"""Changed pictures are read like any other cell: same files, same number of chromosomes, stain found again."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.perturb import PERTURBATIONS, Perturbation, perturbed_reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten dark chromosomes with bands on white, a file each."""
    where = tmp_path_factory.mktemp("cells") / "cell"
    where.mkdir()
    rng = np.random.default_rng(0)
    for index in range(10):
        picture = np.full((110, 60), 255, np.uint8)
        rod = np.zeros_like(picture)
        cv2.ellipse(rod, (30, 55), (9, 30 + 2 * index), 0, 0, 360, 255, -1)
        bands = (150 + 60 * np.sin(np.arange(110) / 4.0 + rng.uniform(0, 6)))[:, None]
        picture = np.where(rod > 0, bands - 80, picture).astype(np.uint8)
        cv2.imwrite(str(where / f"{index:03d}.png"), picture)
    return where


@pytest.mark.parametrize("change", PERTURBATIONS, ids=lambda change: change.name)
def test_every_change_leaves_a_readable_cell(folder: Path, change: Perturbation) -> None:
    images = perturbed_reader(change)(folder)
    assert [c.source for c in images.chromosomes] == [f"{index:03d}.png" for index in range(10)]
    assert images.stain == ("q" if change.name == "inverted" else "g")
    plain = perturbed_reader(PERTURBATIONS[0])(folder)
    factor = {"scale x0.5": 0.25, "scale x2": 4.0}.get(change.name, 1.0)
    for before, after in zip(plain.chromosomes, images.chromosomes, strict=True):
        assert after.mask.sum() == pytest.approx(factor * before.mask.sum(), rel=0.25)


def test_the_same_seed_gives_the_same_noise(folder: Path) -> None:
    noisy = next(change for change in PERTURBATIONS if change.name.startswith("noise"))
    first, again, other = (perturbed_reader(noisy, seed=seed)(folder) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.chromosomes[0].pixels, again.chromosomes[0].pixels)
    assert not np.array_equal(first.chromosomes[0].pixels, other.chromosomes[0].pixels)
