"""Super-resolution training: pairs, measures against worked-out values, learning, resuming to the same weights."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, InputError
from engine.nets.srafbn import SrafbnConfig
from engine.progress import SilentReporter
from engine.training.sr_config import Degradation, SrTrainConfig, load_sr_config
from engine.training.superres import SrImage, SrTrainer, bicubic, degrade, held_out_pair, psnr, score, ssim

TINY = SrTrainConfig(
    network=SrafbnConfig(width=4, groups=1, steps=2),
    patch=16,
    batch_size=4,
    steps_per_epoch=4,
    epochs=3,
    validation_images=3,
    learning_rate=2e-3,
)


def banded(seed: int, group: str, stain: str = "g") -> SrImage:
    rng = np.random.default_rng(seed)
    rows = 0.5 + 0.5 * np.sin(np.arange(41) * rng.uniform(0.5, 1.0) + rng.uniform(0, 6))
    pixels = np.zeros((41, 23), np.uint8)
    pixels[2:39, 6:17] = np.round(rows[2:39, None] * 200 + 20)
    return SrImage(pixels, stain, group, group)  # type: ignore[arg-type]


def trainer(config: SrTrainConfig = TINY) -> SrTrainer:
    return SrTrainer([banded(n, "a") for n in range(6)], [banded(9, "b"), banded(10, "b", "q")], config)


def test_degrading_shrinks_and_is_the_mean_without_blur_and_noise() -> None:
    flat = torch.full((2, 1, 12, 8), 0.5)
    none = torch.zeros(2)
    small = degrade(flat, 2, none, none, torch.Generator())
    assert small.shape == (2, 1, 6, 4)
    torch.testing.assert_close(small, torch.full((2, 1, 6, 4), 0.5))
    noisy = degrade(flat.repeat(1, 1, 8, 8), 2, none, none + 0.1, torch.Generator().manual_seed(1))
    assert float(noisy.std()) == pytest.approx(0.1, rel=0.1)
    edge = torch.zeros(1, 1, 12, 12)
    edge[..., 6:] = 1.0
    sharp, soft = (degrade(edge, 2, torch.tensor([b]), torch.zeros(1), torch.Generator()) for b in (0.0, 1.5))
    assert float(soft.diff(dim=3).max()) < 0.8 * float(sharp.diff(dim=3).max())


def test_pairs_of_held_out_images_are_the_same_at_every_call() -> None:
    small, original = held_out_pair(banded(1, "a"), 2, Degradation(), 7)
    assert small.shape == (1, 1, 20, 11)
    assert original.shape == (1, 1, 40, 22)
    assert torch.equal(small, held_out_pair(banded(1, "a"), 2, Degradation(), 7)[0])
    assert not torch.equal(small, held_out_pair(banded(1, "a"), 2, Degradation(), 8)[0])
    assert bicubic(small, 2).shape == original.shape


def test_psnr_and_ssim() -> None:
    image = np.random.default_rng(0).random((40, 30)).astype(np.float32)
    assert psnr(image, image) == 100.0
    assert psnr(image + np.float32(0.1), image) == pytest.approx(20.0, abs=1e-3)
    assert ssim(image, image) == pytest.approx(1.0)
    assert ssim(1 - image, image) < 0
    flat = np.full((40, 30), 0.5, np.float32)  # only the luminance differs: (2ab + c1) / (a^2 + b^2 + c1)
    assert ssim(flat, flat / 2) == pytest.approx((2 * 0.5 * 0.25 + 1e-4) / (0.25 + 0.0625 + 1e-4), rel=1e-4)


def test_training_lowers_the_loss_and_keeps_the_best() -> None:
    run = trainer(replace(TINY, steps_per_epoch=25))
    epochs = list(run.fit())
    assert epochs[-1].loss < epochs[0].loss
    assert run.best_psnr == max(epoch.psnr for epoch in epochs)
    figures = score(run.best_model(), [banded(9, "b"), banded(11, "c")], TINY.degradation, SilentReporter())
    assert (figures.images, figures.cells) == (2, 2)
    assert 10 < figures.psnr < 60
    assert 0 < figures.bicubic_ssim <= 1


def test_a_killed_run_resumes_to_the_same_weights(tmp_path: Path) -> None:
    whole = trainer()
    list(whole.fit())

    class Kill:
        steps = 0

        def report(self, done: int, total: int, message: str = "") -> None:
            self.steps += 1

        def check_cancelled(self) -> None:
            if self.steps >= 6:
                raise Cancelled

    with pytest.raises(Cancelled):
        list(trainer().fit(Kill(), tmp_path / "c.pt"))
    again = trainer()
    again.resume(tmp_path / "c.pt")
    assert again.epoch == 1
    list(again.fit())
    assert again.history == whole.history
    for name, value in whole.best_model().state_dict().items():
        assert torch.equal(value, again.best_model().state_dict()[name]), name
    with pytest.raises(InputError, match="other settings"):
        trainer(replace(TINY, seed=2)).resume(tmp_path / "c.pt")


def test_what_cannot_be_trained_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="both sides"):
        SrTrainer([banded(1, "a")], [banded(2, "a")], TINY)
    with pytest.raises(InputError, match="at least one image"):
        SrTrainer([], [banded(2, "a")], TINY)
    path = tmp_path / "sr.toml"
    path.write_text("epochs = 2\n[network]\nscale = 3\n[degradation]\nblur_px = 1\n", encoding="utf-8")
    config = load_sr_config(path)
    assert (config.epochs, config.network.scale, config.degradation.blur_px) == (2, 3, 1.0)
    path.write_text("patch = 31", encoding="utf-8")
    with pytest.raises(InputError, match="multiple of the scale"):
        load_sr_config(path)
    path.write_text("[network]\nscale = 5", encoding="utf-8")
    with pytest.raises(InputError, match=r"sr\.toml: scale 5"):
        load_sr_config(path)
