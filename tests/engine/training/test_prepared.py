"""Adapted images are kept under what they were made from, and made again when that changes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle import Bundle, load_bundle
from engine.imaging.adapt import AdaptSpec, adapt_cell
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.sr_stage import super_resolved
from engine.training.dataset import PIXEL_SCALE
from engine.training.prepared import prepared_images
from engine.training.sources import open_source
from engine.training.sr_run import sr_network, with_superresolution

SPEC = AdaptSpec(height=48, width=24, median_area=200.0)


def test_the_second_time_nothing_is_read(tmp_path: Path, write_labelled: Callable[..., Path]) -> None:
    folder = write_labelled(tmp_path / "rods", cells=2)
    source = open_source(folder, upright=True)
    first = prepared_images(source, SPEC, tmp_path / "kept")
    assert first.images.shape == (24, 48, 24)
    files = sorted((tmp_path / "kept").iterdir())
    stamps = [file.stat().st_mtime_ns for file in files]
    again = prepared_images(open_source(folder, upright=True), SPEC, tmp_path / "kept")
    np.testing.assert_array_equal(again.images, first.images)
    assert [file.stat().st_mtime_ns for file in sorted((tmp_path / "kept").iterdir())] == stamps
    prepared_images(source, replace(SPEC, low=0.2), tmp_path / "kept")
    (folder / "c0" / "1_1.png").write_bytes((folder / "c1" / "3_1.png").read_bytes())
    prepared_images(open_source(folder, upright=True), SPEC, tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 3


def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, write_labelled: Callable[..., Path]) -> None:
    folder = write_labelled(tmp_path / "rods", cells=2)
    for file in (folder / "c1").iterdir():
        file.write_bytes(b"no picture")
    remarks: list[str] = []
    data = prepared_images(open_source(folder, upright=True), SPEC, tmp_path / "kept", left_out=remarks.append)
    assert len(data) == 12
    assert len(remarks) == 1
    assert remarks[0].startswith("c1 was left out")


def test_super_resolution_comes_first_and_has_files_of_its_own(
    tmp_path: Path, write_labelled: Callable[..., Path], ruler: Bundle
) -> None:
    torch.manual_seed(0)
    model = Srafbn(SrafbnConfig(width=4, groups=1, steps=1))
    with_superresolution(ruler, model, sr_network(model), {"test": {}}, tmp_path / "sr")
    sr = load_bundle(tmp_path / "sr")
    source = open_source(write_labelled(tmp_path / "rods", cells=1), upright=True)
    spec = AdaptSpec(height=224, width=224, mode="iam", upright=False)
    plain = prepared_images(source, spec, tmp_path / "kept")
    large = prepared_images(source, spec, tmp_path / "kept", sr=sr)
    assert len(list((tmp_path / "kept").iterdir())) == 2
    length = [int(data.images[-1].any(axis=1).sum()) for data in (plain, large)]  # of the shortest
    assert length[1] == pytest.approx(2 * length[0], abs=2)
    at_work = adapt_cell(super_resolved(source.read(source.cells[0].folder).chromosomes, sr), spec)
    assert {picture.tobytes() for picture in large.images} == {
        picture.tobytes() for picture in np.round(at_work.images * PIXEL_SCALE).clip(0, 255).astype(np.uint8)
    }
