"""From folders of both stains to a network that ONNX Runtime runs at any size, with figures and pictures."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from engine.bundle import Bundle, load_bundle
from engine.errors import BundleError, InputError
from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.superresolution import enlarge, enlarges
from engine.training.export import read_weights
from engine.training.sources import open_source
from engine.training.sr_config import SrTrainConfig
from engine.training.sr_run import SrRun, originals, train_sr
from engine.types import ChromosomeImage

TINY = SrTrainConfig(
    network=SrafbnConfig(width=4, groups=2, steps=2),
    patch=16,
    batch_size=4,
    steps_per_epoch=3,
    epochs=2,
    validation_images=4,
)


def test_originals_keep_every_pixel_of_the_chromosome() -> None:
    pixels = np.zeros((30, 20), np.float32)
    pixels[4:26, 3:9] = 0.6
    box = originals(pixels, pixels > 0)
    assert box.shape == (30, 14)
    assert int(box.sum()) == 22 * 6 * 153


def test_a_run_gives_figures_pictures_and_a_bundle_for_both_stains(
    tmp_path: Path, write_labelled: Callable[..., Path], ruler: Bundle
) -> None:
    g = open_source(write_labelled(tmp_path / "g", cells=6), upright=True)
    q = open_source(write_labelled(tmp_path / "q", cells=6, bright=True), upright=True)
    run = SrRun(tmp_path / "run", TINY, (g, q), (0.5, 0.25, 0.25), split_seed=2, bundle=ruler)
    report = train_sr(run)
    assert set(report["test"]) == {"g", "q"}
    for figures in report["test"].values():
        assert figures["images"] == 12 * figures["cells"]
        assert 10 < figures["psnr"] < 60
        assert 20 < figures["bicubic_psnr"] < 60
    assert json.loads((run.out / "report.json").read_text(encoding="utf-8")) == report
    for stain in "gq":
        picture = cv2.imread(str(run.out / f"before_after_{stain}.png"), cv2.IMREAD_GRAYSCALE)
        assert (float(picture[0, 0]) > 200) == (stain == "g")
    assert len((run.out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()) == 2

    bundle = load_bundle(run.out / "bundle")
    assert enlarges(bundle)
    network = Srafbn(SrafbnConfig(**bundle.card.networks["superresolution"].parameters)).eval()
    network.load_state_dict(read_weights(bundle, "superresolution"))
    for height, width in ((24, 20), (31, 17), (57, 64)):
        pixels = np.random.default_rng(height).random((height, width), np.float32)
        large = enlarge(ChromosomeImage(pixels, pixels > 0.5, "x"), bundle)
        assert large.pixels.shape == large.mask.shape == (2 * height, 2 * width)
        with torch.no_grad():
            want = network(torch.from_numpy(pixels)[None, None])[0, 0].clamp(0, 1).numpy()
        np.testing.assert_allclose(large.pixels, want, atol=2e-3)
    assert bundle.networks["classifier"].weights == ruler.networks["classifier"].weights

    with pytest.raises(InputError, match="already holds a run"):
        train_sr(run)
    assert train_sr(run, resume=True)["test"] == report["test"]
    with pytest.raises(InputError, match="other data or settings"):
        train_sr(replace(run, config=replace(TINY, seed=3)), resume=True)
    with pytest.raises(BundleError, match="no super-resolution"):
        enlarge(ChromosomeImage(pixels, pixels > 0.5, "x"), ruler)
