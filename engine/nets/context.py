"""The cell as a set: each chromosome's evidence seen beside that of all others of its cell.

A chromosome that could be a 4 or a 5 is decided by its neighbours: how condensed this cell is, how its own homolog
looks, which of the two classes is short of one. A small transformer without positions sees the chromosomes of a cell
as a set (the idea of KaryoNet's masked feature interaction, here on the features of any classifier) and corrects the
log-probabilities; the exact assignment comes after it. It also says what the classifier cannot, which knows chromosomes
alone: that an object is none (two that touch, a piece, a nucleus, dirt).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.types import CLASS_LABELS

_RARE = -6.0  # logarithm of how often an object is no chromosome, before anything was learned


class CellContext(nn.Module):
    """Evidence of whole cells -> (B, N, 25) or (N, 25) log-probabilities, not normalised; the last: no chromosome.

    Parameters
    ----------
    features : F, width of the classifier's penultimate features.
    size_features : S.
    width : of a chromosome's token.
    layers, heads : of the transformer.
    dropout : while training.
    """

    def __init__(
        self,
        features: int,
        size_features: int = 3,
        *,
        width: int = 96,
        layers: int = 2,
        heads: int = 4,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        classes = len(CLASS_LABELS)
        self.norm = nn.LayerNorm(features)
        self.from_features = nn.Linear(features, width)
        self.from_evidence = nn.Linear(classes, width)
        self.from_size = nn.Linear(size_features, width)
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(_Block(width, heads, dropout) for _ in range(layers))
        self.head_norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes + 1)
        nn.init.zeros_(self.head.weight)  # begins as what the images say
        nn.init.zeros_(self.head.bias)
        nn.init.constant_(self.head.bias[classes:], _RARE)

    def forward(
        self, log_probabilities: Tensor, features: Tensor, size: Tensor, absent: Tensor | None = None
    ) -> Tensor:
        """Look at B cells of up to N chromosomes.

        Parameters
        ----------
        log_probabilities : (B, N, 24) of each image alone; or (N, 24) of one cell, and so the others.
        features : (B, N, F).
        size : (B, N, S) relative to the cell.
        absent : (B, N) bool, True where a cell has fewer than N chromosomes.
        """
        if log_probabilities.ndim == 2:
            one: Tensor = self.forward(log_probabilities[None], features[None], size[None])[0]
            return one
        token = self.from_features(self.dropout(self.norm(features)))
        token = token + self.from_evidence(log_probabilities.exp()) + self.from_size(size)
        hidden = absent[:, None, None, :] if absent is not None else None
        for block in self.blocks:
            token = block(token, hidden)
        said: Tensor = functional.pad(log_probabilities, (0, 1)) + self.head(self.head_norm(token))
        return said


class _Block(nn.Module):
    """Attention among the chromosomes of a cell, then a step for each: (B, N, W) -> (B, N, W)."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.joined = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.step = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * width, width)
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, token: Tensor, hidden: Tensor | None) -> Tensor:
        batch, count, width = token.shape
        parts = self.query_key_value(self.norm1(token)).reshape(batch, count, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)  # each (B, heads, N, W / heads)
        weight = query @ key.transpose(-2, -1) * (width // self.heads) ** -0.5
        if hidden is not None:
            weight = weight.masked_fill(hidden, -1e4)
        seen = (self.dropout(torch.softmax(weight, dim=-1)) @ value).transpose(1, 2).reshape(batch, count, width)
        token = token + self.dropout(self.joined(seen))
        stepped: Tensor = token + self.dropout(self.step(self.norm2(token)))
        return stepped
