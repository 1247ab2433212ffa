"""Batch normalisation that leans on the cell at hand: what a laboratory shifts in all of its chromosomes falls out.

At work a network sees the chromosomes of one cell together, nearly two of each, both ways up. Their mean over the
deep maps is therefore much the same in every cell, unless stain, optics or condensation moved it; the statistics
learned in training describe other laboratories. Mixing both repairs the shift without a label (the idea of
Schneider et al., NeurIPS 2020, there for whole test sets).
"""

from torch import Tensor, nn

_TRUST = 32
"""Images at which the cell's own statistics get half of their share: few images say little."""


class CellNorm2d(nn.BatchNorm2d):
    """Learns like batch normalisation; in evaluation mode a batch (N, C, H, W) is taken for one cell.

    Parameters
    ----------
    channels : C.
    share : 0..1, weight of the cell's own mean and variance in a cell of very many images.
    """

    def __init__(self, channels: int, share: float, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__(channels, eps, momentum)
        if not 0.0 <= share <= 1.0:
            raise ValueError("the share of the cell lies between 0 and 1")
        self.share = share

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - the name that torch gives it
        """Normalise a batch; the same shape is returned."""
        if self.training or not self.share:
            return super().forward(input)
        learned_mean, learned_variance = self.get_buffer("running_mean"), self.get_buffer("running_var")
        maps = input.float()
        own = self.share * (input.shape[0] / (input.shape[0] + _TRUST))
        cell_mean = maps.mean(dim=(0, 2, 3))
        apart = cell_mean - learned_mean
        cell_variance = (maps - cell_mean[:, None, None]).square().mean(dim=(0, 2, 3))
        # Mean and variance of a mixture: the two means lie apart, which is spread, too.
        mean = learned_mean + own * apart
        variance = (1 - own) * learned_variance + own * cell_variance + own * (1 - own) * apart.square()
        factor = self.weight * (variance + self.eps).rsqrt()
        normed = maps * factor[:, None, None] + (self.bias - mean * factor)[:, None, None]
        return normed.to(input.dtype)


def lean_on_the_cell(stage: nn.Module, share: float) -> None:
    """Exchange every batch normalisation below `stage` for a `CellNorm2d` with the same weights."""
    for name, child in stage.named_children():
        if isinstance(child, nn.BatchNorm2d):
            exchanged = CellNorm2d(child.num_features, share, child.eps, child.momentum or 0.0)
            exchanged.load_state_dict(child.state_dict())
            setattr(stage, name, exchanged.to(next(child.parameters()).device))
        else:
            lean_on_the_cell(child, share)
