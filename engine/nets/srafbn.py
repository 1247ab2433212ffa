"""SRAFBN: the self-attention negative feedback network for super-resolution (section 3.2, equations 1-7, figures 3-5).

The paper leaves widths, iterations and kernels open. It builds on the feedback network of Li et al. (SRFBN, CVPR 2019),
whose values stand here: four iterations; the feedback of the first one is the input's features; the block's output is
fused from its mapping groups alone, without the block's input; PReLU, no normalisation. Where the paper contradicts
itself:

- Equation 6 compares SR_n with LR, whose size differs; the loss here compares with HR (`srafbn_loss`).
- Equations 5 and 7 minimise W . loss over W too, which ends with all weight on one iteration and starves the others.
  The weights here are attention over the detached SR_1..SR_T with a floor (`StepAttention`).
- "Double triple interpolation" (equation 4) is read as bicubic.

What the iterations hand on lives in local variables, never on the module.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, scaled_dot_product_attention

# Scale -> kernel, stride, padding of every up- and down-projection: sizes come out exactly times the scale.
PROJECTIONS: dict[int, tuple[int, int, int]] = {2: (6, 2, 2), 3: (7, 3, 2), 4: (8, 4, 2)}

WEIGHT_FLOOR = 0.2
"""Part of the weight over the iterations that is shared evenly, so that none is starved."""


@dataclass(frozen=True, slots=True)
class SrafbnConfig:
    """Size and behaviour of a network; part of the bundle's description."""

    width: int = 32  # m, channels
    groups: int = 3  # G, mapping groups in the feedback block
    steps: int = 4  # T, iterations
    scale: int = 2  # 2, 3 or 4
    weighting: Literal["attention", "uniform"] = "attention"  # of the iterations in the loss
    output: Literal["last", "weighted"] = "last"  # the paper tests with the last iteration

    def __post_init__(self) -> None:
        if self.scale not in PROJECTIONS:
            raise ValueError(f"scale {self.scale} is not one of {', '.join(map(str, PROJECTIONS))}")
        if min(self.width, self.groups, self.steps) < 1:
            raise ValueError("width, groups and steps must be at least 1")
        if self.weighting not in ("attention", "uniform") or self.output not in ("last", "weighted"):
            raise ValueError(f"unknown weighting {self.weighting!r} or output {self.output!r}")


SMALL = SrafbnConfig()
LARGE = SrafbnConfig(width=64, groups=6)


class SrSteps(NamedTuple):
    """All iterations of one batch, for training."""

    images: tuple[Tensor, ...]  # T times (B, 1, sH, sW), SR_1 first; not clipped
    weights: Tensor  # (B, T), W of equation 7; rows sum to 1

    def in_float32(self) -> "SrSteps":
        """Return the same after mixed precision: a loss is not summed in bfloat16."""
        return SrSteps(tuple(image.float() for image in self.images), self.weights.float())


def _conv(inputs: int, outputs: int, kernel: int) -> nn.Sequential:
    """Convolution that keeps the size, then PReLU: (B, inputs, H, W) -> (B, outputs, H, W)."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2), nn.PReLU())


def _up(width: int, scale: int) -> nn.Sequential:
    """Decoding layer: (B, m, H, W) -> (B, m, sH, sW)."""
    kernel, stride, padding = PROJECTIONS[scale]
    return nn.Sequential(nn.ConvTranspose2d(width, width, kernel, stride, padding), nn.PReLU())


def _down(width: int, scale: int) -> nn.Sequential:
    """Encoding layer: (B, m, sH, sW) -> (B, m, H, W)."""
    kernel, stride, padding = PROJECTIONS[scale]
    return nn.Sequential(nn.Conv2d(width, width, kernel, stride, padding), nn.PReLU())


class FeedbackBlock(nn.Module):
    """Equation 2 and figure 4: FB_{n-1} and L_0, each (B, m, H, W), -> FB_n (B, m, H, W).

    A mapping group goes up to the large size and down again. Dense skips hand every group what all groups before it
    made at the same size, brought back to m channels by a 1x1 convolution.
    """

    def __init__(self, width: int, groups: int, scale: int) -> None:
        super().__init__()
        self.compress_in = _conv(2 * width, width, 1)
        # The first group has one input of either size: nothing to fuse.
        self.fuse_low = nn.ModuleList(_conv((group + 1) * width, width, 1) for group in range(1, groups))
        self.fuse_high = nn.ModuleList(_conv((group + 1) * width, width, 1) for group in range(1, groups))
        self.up = nn.ModuleList(_up(width, scale) for _ in range(groups))
        self.down = nn.ModuleList(_down(width, scale) for _ in range(groups))
        self.compress_out = _conv(groups * width, width, 1)

    def forward(self, feedback: Tensor, features: Tensor) -> Tensor:
        """One iteration."""
        low = [self.compress_in(torch.cat([feedback, features], dim=1))]
        high: list[Tensor] = []
        for group, (up, down) in enumerate(zip(self.up, self.down, strict=True)):
            high.append(up(self.fuse_low[group - 1](torch.cat(low, dim=1)) if group else low[0]))
            low.append(down(self.fuse_high[group - 1](torch.cat(high, dim=1)) if group else high[0]))
        fused: Tensor = self.compress_out(torch.cat(low[1:], dim=1))
        return fused


class StepAttention(nn.Module):
    """Figure 5: SR_1..SR_T -> weights (B, T), rows summing to 1, each at least `WEIGHT_FLOOR` / T.

    The paper does not say how the picture becomes a weight. The natural reading: a small encoder makes one token of
    each iteration's picture, self-attention lets the tokens compare themselves, a linear layer scores them.
    """

    def __init__(self, channels: int = 16) -> None:
        super().__init__()
        self.encode = nn.Sequential(
            nn.Conv2d(1, channels // 2, 3, stride=2, padding=1),
            nn.PReLU(),
            nn.Conv2d(channels // 2, channels, 3, stride=2, padding=1),
            nn.PReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.query = nn.Linear(channels, channels)
        # No bias on the keys: it would add the same to all scores, and softmax would not see it.
        self.key = nn.Linear(channels, channels, bias=False)
        self.value = nn.Linear(channels, channels)
        self.score = nn.Linear(channels, 1, bias=False)

    def forward(self, images: tuple[Tensor, ...]) -> Tensor:
        """Weigh the iterations' pictures, T times (B, 1, H, W). They are detached: a picture must not earn weight."""
        steps = len(images)
        stacked = torch.stack([image.detach() for image in images], dim=1)  # (B, T, 1, H, W)
        tokens = self.encode(stacked.flatten(0, 1)).unflatten(0, (-1, steps))  # (B, T, C)
        seen = scaled_dot_product_attention(self.query(tokens), self.key(tokens), self.value(tokens))
        attention: Tensor = self.score(tokens + seen).squeeze(-1).softmax(dim=1)
        return (1.0 - WEIGHT_FLOOR) * attention + WEIGHT_FLOOR / steps


class Srafbn(nn.Module):
    """Grey images (B, 1, H, W) float32, 0..1, -> (B, 1, sH, sW), not clipped; any H, W >= 1."""

    def __init__(self, config: SrafbnConfig = SMALL) -> None:
        super().__init__()
        width = config.width
        self.config = config
        self.extract = nn.Sequential(_conv(1, 4 * width, 3), _conv(4 * width, width, 1))  # equation 1
        self.feedback = FeedbackBlock(width, config.groups, config.scale)  # equation 2
        self.reconstruct = nn.Sequential(  # equation 3
            _up(width, config.scale), _conv(width, width, 1), nn.Conv2d(width, 1, 3, padding=1)
        )
        self.attention = StepAttention() if config.weighting == "attention" else None

    def forward(self, low_resolution: Tensor, *, with_steps: bool = False) -> Tensor | SrSteps:
        """Enlarge a batch.

        Parameters
        ----------
        low_resolution : (B, 1, H, W) float32, 0..1.
        with_steps : return every iteration with its weight, for `srafbn_loss`. A keyword and not a method of its own,
            because DistributedDataParallel sees only `forward`.

        Returns
        -------
        The picture (B, 1, sH, sW): the last iteration, or the weighted sum if the configuration says so; or `SrSteps`.
        """
        enlarged = interpolate(
            low_resolution, scale_factor=float(self.config.scale), mode="bicubic", align_corners=False
        )
        features = self.extract(low_resolution)
        feedback = features  # of the first iteration
        feedbacks: list[Tensor] = []
        for _ in range(self.config.steps):
            feedback = self.feedback(feedback, features)
            feedbacks.append(feedback)
        if not with_steps and self.config.output == "last":
            last: Tensor = enlarged + self.reconstruct(feedback)
            return last
        images = tuple(enlarged + self.reconstruct(feedback) for feedback in feedbacks)  # equation 4
        weights = self._weights(images)
        if with_steps:
            return SrSteps(images, weights)
        return torch.einsum("bt,tbchw->bchw", weights, torch.stack(images))

    def _weights(self, images: tuple[Tensor, ...]) -> Tensor:
        """W of equation 7, (B, T)."""
        if self.attention is None:
            return images[0].new_full((len(images[0]), len(images)), 1.0 / len(images))
        weights: Tensor = self.attention(images)
        return weights


def srafbn_loss(steps: SrSteps, high_resolution: Tensor) -> Tensor:
    """Equations 5 and 6: the iterations' L1 to HR (B, 1, sH, sW), weighted by W; mean over the batch, a scalar."""
    losses = torch.stack([(image - high_resolution).abs().mean(dim=(1, 2, 3)) for image in steps.images], dim=1)
    return (losses * steps.weights).sum(dim=1).mean()
