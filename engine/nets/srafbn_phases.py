"""SRAFBN x2 for inference: the same numbers without ever making a feature map of the large size.

An image of twice the size is four images of the small one, its phases: even and odd rows, even and odd columns. On
phases a deconvolution of kernel 6, stride 2 is a plain 3x3 convolution to four times the channels, and the strided
convolution back is one from four times the channels; the weights are only put in another order. Plain convolutions
with a plain activation are what runtimes are good at; a deconvolution, and a PReLU with a learnt slope, are not.

A feature map of the large size lies here as (B, 4 m, H, W): phase (0, 0), (0, 1), (1, 0), (1, 1), m channels each.
"""

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn
from torch.nn.functional import conv2d, interpolate, leaky_relu, pixel_shuffle

from engine.nets.srafbn import PROJECTIONS, Srafbn

PHASES = 4


class SrafbnPhases(Srafbn):
    """Images (B, 1, H, W), 0..1 -> (B, 1, 2H, 2W), as `Srafbn` makes them up to rounding; its state dict is the same.

    Parameters
    ----------
    model : a trained network of scale 2. Its weights are copied, the slopes of its activations become constants.
    """

    def __init__(self, model: Srafbn) -> None:
        if PROJECTIONS[model.config.scale] != (6, 2, 2) or model.config.output != "last":
            raise ValueError("only a network of scale 2 that gives its last iteration has phases")
        super().__init__(model.config)
        self.load_state_dict(model.state_dict())
        for module in self.modules():
            if isinstance(module, nn.PReLU):
                vars(module)["slope"] = float(module.weight.detach())  # on the module: a copy takes it along
        self.eval()

    def forward(self, low_resolution: Tensor, *, with_steps: bool = False) -> Tensor:
        """Enlarge a batch; iterations cannot be had here."""
        if with_steps:
            raise ValueError("train the network itself, not its phases")
        block = self.feedback
        features = low_resolution
        for layer in self.extract:
            features = self._join(layer, [features]) if _kernel(layer) == 1 else self._plain(layer, features)
        feedback = features
        for _ in range(self.config.steps):
            low = [self._join(block.compress_in, [feedback, features])]
            high: list[Tensor] = []
            for group, (up, down) in enumerate(zip(block.up, block.down, strict=True)):
                source = self._join(block.fuse_low[group - 1], low) if group else low[0]
                high.append(self._up(up, source))
                source = self._join(block.fuse_high[group - 1], high, PHASES) if group else high[0]
                low.append(self._down(down, source))
            feedback = self._join(block.compress_out, low[1:])
        up, narrow, last = self.reconstruct
        large = self._join(narrow, [self._up(up, feedback)], PHASES)
        residual: Tensor = last(_from_phases(large))
        return residual + interpolate(low_resolution, scale_factor=2.0, mode="bicubic", align_corners=False)

    def _activated(self, x: Tensor, layer: Any) -> Tensor:
        return leaky_relu(x, layer[1].slope)

    def _plain(self, layer: Any, x: Tensor) -> Tensor:
        return self._activated(layer[0](x), layer)

    def _up(self, layer: Any, x: Tensor) -> Tensor:
        """Decoding layer: (B, m, H, W) -> phases (B, 4m, H, W)."""
        kernel, bias = up_kernel(layer[0].weight), layer[0].bias.repeat(PHASES)
        return self._activated(conv2d(x, kernel, bias, padding=1), layer)

    def _down(self, layer: Any, x: Tensor) -> Tensor:
        """Encoding layer: phases (B, 4m, H, W) -> (B, m, H, W)."""
        return self._activated(conv2d(x, down_kernel(layer[0].weight), layer[0].bias, padding=1), layer)

    def _join(self, layer: Any, parts: Sequence[Tensor], phases: int = 1) -> Tensor:
        """A 1x1 convolution over the parts side by side, phase by phase: the sum of one for each part."""
        weight, bias = layer[0].weight, layer[0].bias
        start, total = 0, None
        for part in parts:
            width = part.shape[1] // phases
            own = weight[:, start : start + width].repeat(phases, 1, 1, 1)
            made = conv2d(part, own, bias.repeat(phases) if total is None else None, groups=phases)
            total = made if total is None else total + made
            start += width
        assert total is not None  # noqa: S101 - for the type checker: there is always a part
        return self._activated(total, layer)


def up_kernel(weight: Tensor) -> Tensor:
    """Kernel of a deconvolution 6/2/2, (m, n, 6, 6), as one of phases, (4n, m, 3, 3)."""
    inputs, outputs = weight.shape[:2]
    taps = weight.reshape(inputs, outputs, 3, 2, 3, 2).flip(2, 4)  # row = 2 * tap + phase, taps in reverse
    return taps.permute(3, 5, 1, 0, 2, 4).reshape(PHASES * outputs, inputs, 3, 3)


def down_kernel(weight: Tensor) -> Tensor:
    """Kernel of a convolution 6/2/2, (n, m, 6, 6), as one over phases, (n, 4m, 3, 3)."""
    outputs, inputs = weight.shape[:2]
    taps = weight.reshape(outputs, inputs, 3, 2, 3, 2)
    return taps.permute(0, 3, 5, 1, 2, 4).reshape(outputs, PHASES * inputs, 3, 3)


def _from_phases(x: Tensor) -> Tensor:
    """(B, 4m, H, W) -> (B, m, 2H, 2W)."""
    batch, channels, height, width = x.shape
    by_channel = x.reshape(batch, PHASES, channels // PHASES, height, width).transpose(1, 2)
    return pixel_shuffle(by_channel.reshape(batch, channels, height, width), 2)


def _kernel(layer: Any) -> int:
    size: int = layer[0].kernel_size[0]
    return size
