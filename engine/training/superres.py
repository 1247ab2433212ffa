"""Training of SRAFBN: pairs of originals and their degraded selves, measures, a resumable loop (section 3.2).

The paper compares SR_n with LR (equation 6), whose size differs; here the original is the high resolution and a
blurred, shrunk, noisy copy the low one. "The parameters with the least losses" are read as the best validation PSNR.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from engine.errors import InputError
from engine.nets.srafbn import Srafbn, SrSteps, srafbn_loss
from engine.progress import Reporter, SilentReporter
from engine.training.sr_config import Degradation, SrTrainConfig
from engine.types import Stain

Image = NDArray[np.float32]

_BLUR_TAPS = 9


@dataclass(frozen=True, slots=True, eq=False)
class SrImage:
    """One original: a chromosome in its box, with a margin."""

    pixels: NDArray[np.uint8]  # (H, W) 0..255, ground 0
    stain: Stain
    cell: str
    group: str


@dataclass(frozen=True, slots=True)
class SrScore:
    """Mean figures over images."""

    images: int
    cells: int
    psnr: float  # dB, grey scale of 1
    bicubic_psnr: float
    ssim: float
    bicubic_ssim: float


@dataclass(frozen=True, slots=True)
class SrEpoch:
    """What one epoch gave."""

    epoch: int  # from 1
    loss: float  # weighted L1
    psnr: float  # dB, on the validation images
    learning_rate: float


def degrade(originals: Tensor, scale: int, blur: Tensor, noise: Tensor, generator: torch.Generator) -> Tensor:
    """Make low-resolution images: blur, shrink with bicubic weights, add noise.

    Parameters
    ----------
    originals : (N, 1, H, W) float32, 0..1; H and W multiples of `scale`.
    blur, noise : (N,) sigma in pixels of the original, and standard deviation of grey.

    Returns
    -------
    (N, 1, H / scale, W / scale), 0..1.
    """
    count, _, height, width = originals.shape
    taps = torch.arange(_BLUR_TAPS) - _BLUR_TAPS // 2
    kernel = torch.exp(-0.5 * (taps / blur.clamp_min(0.05).view(-1, 1)) ** 2)
    kernel = kernel / kernel.sum(dim=1, keepdim=True)
    margin = _BLUR_TAPS // 2
    flat = functional.pad(originals.view(1, count, height, width), (margin,) * 4, mode="replicate")
    flat = functional.conv2d(flat, kernel.view(count, 1, -1, 1), groups=count)
    flat = functional.conv2d(flat, kernel.view(count, 1, 1, -1), groups=count)
    small = functional.interpolate(
        flat.view(count, 1, height, width),
        size=(height // scale, width // scale),
        mode="bicubic",
        align_corners=False,
        antialias=True,
    )
    grain = torch.randn(small.shape, generator=generator) * noise.view(-1, 1, 1, 1)
    return (small + grain).clamp(0.0, 1.0)


def bicubic(small: Tensor, scale: int) -> Tensor:
    """Enlarge (N, 1, H, W) as the network's own shortcut does, clipped to 0..1."""
    large = functional.interpolate(small, scale_factor=float(scale), mode="bicubic", align_corners=False)
    return large.clamp(0.0, 1.0)


def psnr(image: Image, original: Image) -> float:
    """Return the peak signal-to-noise ratio in dB for grey values 0..1; at most 100."""
    error = float(np.mean((image.astype(np.float64) - original) ** 2))
    return 100.0 if error < 1e-10 else -10.0 * math.log10(error)


def ssim(image: Image, original: Image) -> float:
    """Return the structural similarity (Wang et al. 2004) for grey values 0..1: Gaussian window, sigma 1.5 px."""

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5, borderType=cv2.BORDER_REFLECT), np.float64)

    a, b = image.astype(np.float64), original.astype(np.float64)
    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2
    covariance = mean(a * b) - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    index = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    index /= (mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)
    return float(index.mean())


def held_out_pair(image: SrImage, scale: int, degradation: Degradation, number: int) -> tuple[Tensor, Tensor]:
    """Return low resolution and original of an image, (1, 1, h, w) and (1, 1, H, W), the same at every call.

    Degraded by half of the spans: the middle of what training sees.
    """
    height, width = (side - side % scale for side in image.pixels.shape)
    original = torch.from_numpy(image.pixels[:height, :width].astype(np.float32) / 255.0)[None, None]
    generator = torch.Generator().manual_seed(number)
    half = torch.tensor([0.5])
    small = degrade(original, scale, half * degradation.blur_px, half * degradation.noise, generator)
    return small, original


def score(model: Srafbn, images: Sequence[SrImage], degradation: Degradation, reporter: Reporter) -> SrScore:
    """Compare the network with bicubic on images of one stain."""
    model.eval()
    rows = []
    scale = model.config.scale
    for number, image in enumerate(images):
        reporter.check_cancelled()
        small, original = held_out_pair(image, scale, degradation, number)
        truth = original[0, 0].numpy()
        with torch.inference_mode():
            made = model(small)[0, 0].clamp(0.0, 1.0).numpy()
        plain = bicubic(small, scale)[0, 0].numpy()
        rows.append((psnr(made, truth), psnr(plain, truth), ssim(made, truth), ssim(plain, truth)))
        reporter.report(number + 1, len(images), "comparing")
    means = np.mean(rows, axis=0).tolist()
    return SrScore(len(images), len({image.cell for image in images}), *means)


class SrTrainer:
    """Trains on random patches of originals; holds everything a run consists of.

    Parameters
    ----------
    train, validation : originals, split by group before.
    config : the recipe.
    device : where to compute; the CPU by default. Patches are drawn on the CPU, the same everywhere.
    """

    def __init__(
        self,
        train: Sequence[SrImage],
        validation: Sequence[SrImage],
        config: SrTrainConfig,
        device: torch.device | None = None,
    ) -> None:
        if not train or not validation:
            raise InputError("Training needs at least one image to learn from and one to validate on.")
        if {image.group for image in train} & {image.group for image in validation}:
            raise ValueError("a patient, case or cell is on both sides of the split")
        torch.manual_seed(config.seed)
        self.config = config
        self.device = device or torch.device("cpu")
        self.model = Srafbn(config.network).to(self.device)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=config.learning_rate)
        self.generator = torch.Generator().manual_seed(config.seed)
        self._train = [_padded(image.pixels, config.patch) for image in train]
        self._validation = _drawn(validation, config.validation_images, config.seed)
        self.epoch = 0
        self.best_psnr, self.best_epoch = -math.inf, 0
        self.best_state = _snapshot(self.model)
        self.history: list[SrEpoch] = []

    def fit(self, reporter: Reporter | None = None, checkpoint: Path | None = None) -> Iterator[SrEpoch]:
        """Train epoch by epoch; after each, the state is in `checkpoint` if one is given."""
        watch = reporter or SilentReporter()
        while self.epoch < self.config.epochs:
            loss = self._train_epoch(watch)
            self.epoch += 1
            quality = self._validate(watch)
            if quality > self.best_psnr:
                self.best_psnr, self.best_epoch, self.best_state = quality, self.epoch, _snapshot(self.model)
            result = SrEpoch(self.epoch, loss, quality, self._rate(self.epoch))
            self.history.append(result)
            if checkpoint is not None:
                self._save(checkpoint)
            yield result

    def best_model(self) -> Srafbn:
        """Return a network with the best validation PSNR, on the CPU."""
        best = Srafbn(self.config.network)
        best.load_state_dict(self.best_state)
        return best.eval()

    def resume(self, path: Path) -> None:
        """Take up a run where it was left.

        Raises
        ------
        InputError
            If the file belongs to another recipe.
        """
        state = torch.load(path, weights_only=True, map_location="cpu")
        if state["config"] != repr(asdict(self.config)):
            raise InputError(f"{path.name} was written by a run with other settings; start anew or give its settings.")
        self.model.load_state_dict(state["model"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.generator.set_state(state["generator"])
        self.best_state, self.best_psnr, self.best_epoch = state["best_state"], state["best_psnr"], state["best_epoch"]
        self.history = [SrEpoch(*values) for values in state["history"]]
        self.epoch = state["epoch"]

    def _save(self, path: Path) -> None:
        state: dict[str, Any] = {
            "config": repr(asdict(self.config)),
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "generator": self.generator.get_state(),
            "best_state": self.best_state,
            "best_psnr": self.best_psnr,
            "best_epoch": self.best_epoch,
            "epoch": self.epoch,
            "history": [[e.epoch, e.loss, e.psnr, e.learning_rate] for e in self.history],
        }
        part = path.with_name(path.name + ".part")
        torch.save(state, part)
        part.replace(path)

    def _rate(self, epoch: float) -> float:
        c = self.config
        return c.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * epoch / c.epochs)))

    def _train_epoch(self, watch: Reporter) -> float:
        c, total = self.config, 0.0
        self.model.train()
        for step in range(c.steps_per_epoch):
            watch.check_cancelled()
            for group in self.optimiser.param_groups:
                group["lr"] = self._rate(self.epoch + step / c.steps_per_epoch)
            small, original = (tensor.to(self.device) for tensor in self._batch())
            with torch.autocast(self.device.type, torch.bfloat16, enabled=c.bfloat16):
                made = self.model(small, with_steps=True)
            assert isinstance(made, SrSteps)  # noqa: S101 - for the type checker: that is what was asked for
            loss = srafbn_loss(made.in_float32(), original)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)  # recurrent: a rare batch would throw it off
            self.optimiser.step()
            total += float(loss.detach())
            watch.report(step + 1, c.steps_per_epoch, f"epoch {self.epoch + 1} of {c.epochs}")
        return total / c.steps_per_epoch

    def _batch(self) -> tuple[Tensor, Tensor]:
        c = self.config
        patches = []
        for _ in range(c.batch_size):
            image = self._train[self._below(len(self._train))]
            row, column = (self._below(side - c.patch + 1) for side in image.shape)
            patch = image[row : row + c.patch, column : column + c.patch]
            turn = self._below(8)
            patch = np.rot90(patch.T if turn >= 4 else patch, turn % 4)
            patches.append(np.ascontiguousarray(patch))
        original = torch.from_numpy(np.stack(patches)).float().div_(255.0)[:, None]
        blur, noise = torch.rand(2, c.batch_size, generator=self.generator)
        d = c.degradation
        return degrade(original, c.network.scale, blur * d.blur_px, noise * d.noise, self.generator), original

    def _below(self, end: int) -> int:
        return int(torch.randint(end, (), generator=self.generator))

    @torch.inference_mode()
    def _validate(self, watch: Reporter) -> float:
        self.model.eval()
        values = []
        for number, image in enumerate(self._validation):
            watch.check_cancelled()
            small, original = held_out_pair(image, self.config.network.scale, self.config.degradation, number)
            made = self.model(small.to(self.device))[0, 0].clamp(0.0, 1.0).cpu().numpy()
            values.append(psnr(made, original[0, 0].numpy()))
        return float(np.mean(values))


def _padded(pixels: NDArray[np.uint8], patch: int) -> NDArray[np.uint8]:
    """Grow (H, W) with ground to at least a patch, evenly."""
    missing = [max(patch - side, 0) for side in pixels.shape]
    return np.pad(pixels, [(gap // 2, gap - gap // 2) for gap in missing])


def _drawn(images: Sequence[SrImage], count: int, seed: int) -> list[SrImage]:
    """Up to `count` images of each stain."""
    rng = np.random.default_rng(seed)
    drawn: list[SrImage] = []
    for stain in sorted({image.stain for image in images}):
        own = [image for image in images if image.stain == stain]
        drawn += [own[index] for index in sorted(rng.permutation(len(own))[:count])]
    return drawn


def _snapshot(model: Srafbn) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}
