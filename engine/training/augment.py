"""Variation of training images, a batch at a time: tilt, condensation, bending, stain, optics, cut ends, debris.

Another laboratory differs from the training laboratory in exactly these things; a classifier that never saw them
vary falls from 96 to 66 % there. Everything is drawn from one `torch.Generator`, so a run can be repeated.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from engine.training.config import AugmentConfig

_TAPS = 9  # of the blur kernel: enough for 1.5 px


class Augmenter:
    """Varies batches of adapted images.

    Parameters
    ----------
    config : spans of the variation.
    generator : source of all randomness.
    """

    def __init__(self, config: AugmentConfig, generator: torch.Generator) -> None:
        self.config = config
        self.generator = generator
        self._device = torch.device("cpu")

    def __call__(self, images: Tensor, size: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Vary one batch.

        Parameters
        ----------
        images : (N, 1, H, W) float32, ground 0, p arm up.
        size : (N, S) float32, `SIZE_FEATURES`.

        Returns
        -------
        images (N, 1, H, W), size (N, S), and turned (N,) bool: True where the q arm is up now. All on the device of
        `images`; what is drawn does not depend on it.
        """
        count = len(images)
        self._device = images.device
        angle, turned = self._angles(count)
        images = self._warp(images, angle)
        images = self._stain(images)
        images = self._optics(images)
        return images.clamp_(0.0, 1.3), self._size(size), turned

    def _uniform(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.generator).to(self._device)

    def _span(self, count: int, reach: float) -> Tensor:
        return (self._uniform(count) * 2 - 1) * reach

    def _normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self.generator).to(self._device)

    def _angles(self, count: int) -> tuple[Tensor, Tensor]:
        """Rotation of each image in radians, and whether its q arm comes up."""
        c = self.config
        turned = self._uniform(count) < (0.5 if c.half_turns else 0.0)
        angle = self._span(count, math.radians(c.tilt_deg)) + turned * math.pi
        if c.rotation_step_deg:
            steps = max(round(360.0 / c.rotation_step_deg), 1)
            angle = angle + torch.floor(self._uniform(count) * steps) * math.radians(c.rotation_step_deg)
            turned = torch.cos(angle) < 0
        return angle, turned

    def _warp(self, images: Tensor, angle: Tensor) -> Tensor:
        c = self.config
        count, _, height, width = images.shape
        scale = torch.exp(self._span(count, c.scale))
        aspect = torch.exp(self._span(count, c.aspect) / 2)
        y = torch.linspace(-1, 1, height, device=self._device).view(1, height, 1) * (height / 2)
        x = torch.linspace(-1, 1, width, device=self._device).view(1, 1, width) * (width / 2)
        cos, sin = torch.cos(angle).view(-1, 1, 1), torch.sin(angle).view(-1, 1, 1)
        dx, dy = (self._span(count, reach).view(-1, 1, 1) for reach in (c.shift_px / 2, c.shift_px))
        along, across = (1 / (scale * aspect)).view(-1, 1, 1), (aspect / scale).view(-1, 1, 1)
        v = (cos * (y - dy) - sin * (x - dx)) * along
        u = (sin * (y - dy) + cos * (x - dx)) * across
        bow = self._span(count, c.bend * width).view(-1, 1, 1)
        phase = self._span(count, math.pi).view(-1, 1, 1)
        u = u + bow * torch.sin(v / height * math.pi + phase)
        grid = torch.stack([u / (width / 2), v / (height / 2)], dim=-1)
        images = self._cut(images)
        return functional.grid_sample(images, grid, mode="bilinear", align_corners=True)

    def _cut(self, images: Tensor) -> Tensor:
        """Cut off an end, as an overlap or a tight crop does, and lay foreign pieces beside."""
        c = self.config
        if not (c.cut_end or c.debris):
            return images
        count, _, height, width = images.shape
        filled = images.amax(dim=(1, 3)) > 0.02  # (N, H)
        top = filled.float().argmax(dim=1)
        length = filled.sum(dim=1)
        part = (self._uniform(count) * c.cut_end * length) * (self._uniform(count) < 1 / 6)
        row = torch.arange(height, device=self._device).view(1, -1)
        upper = self._uniform(count) < 0.5
        first = torch.where(upper, top + part, torch.zeros_like(part)).view(-1, 1)
        last = torch.where(upper, torch.full_like(part, height), top + length - part).view(-1, 1)
        kept = images * ((row >= first) & (row < last)).view(count, 1, height, 1)
        with_debris = (self._uniform(count) < c.debris).view(-1, 1, 1, 1)
        place_y = (top + self._uniform(count) * length).view(-1, 1, 1, 1)
        side = torch.where(self._uniform(count) < 0.5, -1.0, 1.0)
        place_x = (width / 2 + side * (9 + 8 * self._uniform(count))).view(-1, 1, 1, 1)
        radius = (2 + 4 * self._uniform(count)).view(-1, 1, 1, 1)
        y = torch.arange(height, device=self._device).view(1, 1, -1, 1)
        x = torch.arange(width, device=self._device).view(1, 1, 1, -1)
        blob = torch.sigmoid(radius - torch.hypot(y - place_y, (x - place_x) * 1.2))
        level = (0.2 + 0.5 * self._uniform(count)).view(-1, 1, 1, 1)
        return torch.where(with_debris, torch.maximum(kept, blob * level * (blob > 0.3)), kept)

    def _stain(self, images: Tensor) -> Tensor:
        c = self.config
        if not (c.gamma or c.gain or c.uneven):
            return images
        count, _, height, _ = images.shape
        gamma = torch.exp(self._span(count, c.gamma)).view(-1, 1, 1, 1)
        gain = torch.exp(self._span(count, c.gain)).view(-1, 1, 1, 1)
        images = images.clamp(0.0, 1.25).pow(gamma) * gain
        slope, phase = (self._span(count, reach).view(-1, 1, 1, 1) for reach in (c.uneven, math.pi))
        y = torch.linspace(0, 1, height, device=self._device).view(1, 1, -1, 1)
        return images * (1 + slope * torch.sin(2 * math.pi * y * 0.8 + phase))

    def _optics(self, images: Tensor) -> Tensor:
        c = self.config
        if not (c.blur_px or c.sharpen or c.noise):
            return images
        count, _, height, width = images.shape
        sigma = (self._uniform(count) * c.blur_px).clamp_min(0.05)
        taps = torch.arange(_TAPS, device=self._device) - _TAPS // 2
        kernel = torch.exp(-0.5 * (taps / sigma.view(-1, 1)) ** 2)
        kernel = kernel / kernel.sum(dim=1, keepdim=True)
        flat = images.view(1, count, height, width)
        blurred = functional.conv2d(flat, kernel.view(count, 1, -1, 1), padding=(_TAPS // 2, 0), groups=count)
        blurred = functional.conv2d(blurred, kernel.view(count, 1, 1, -1), padding=(0, _TAPS // 2), groups=count)
        soft = blurred.view(count, 1, height, width)
        sharp = images + (images - soft) * (self._uniform(count) * c.sharpen).view(-1, 1, 1, 1)
        images = torch.where((self._uniform(count) < 0.6).view(-1, 1, 1, 1), soft, sharp)
        level = (self._uniform(count) * c.noise).view(-1, 1, 1, 1)
        return images + self._normal(*images.shape) * level * (images > 0.02)

    def _size(self, size: Tensor) -> Tensor:
        c = self.config
        count = len(size)
        known = size[:, 2:3]
        noise = self._normal(count, 2) * c.size_noise
        bias = self._normal(count, 1) * c.size_bias * torch.tensor([[1.0, 0.6]], device=self._device)
        kept = known * (self._uniform(count, 1) >= c.size_dropout)
        return torch.cat([(size[:, :2] + noise + bias) * kept, kept], dim=1)
