"""Res-CRANN: a residual convolutional recurrent attention network (Sharma, Swati and Vig, IJCNN 2018).

Known from the abstract and from the SRAS-net paper: residual convolutions extract a sequence of band features, a
recurrent network reads it, attention weighs its steps. Not known: depth, widths, the kind of recurrent cell, how the
image becomes a sequence. The natural reading, taken here: four residual stages, the mean over the width leaves one
feature vector for each row of the chromosome, a bidirectional LSTM reads them from p to q, additive attention sums.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from engine.nets.classifiers import ClassifierOutput
from engine.study.nets import LabelHead

_WIDTHS = (32, 64, 128, 128)
_HIDDEN = 128


class ResidualStage(nn.Module):
    """Two 3x3 convolutions and a skip, half the size: (N, C, H, W) -> (N, D, H/2, W/2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.skip = nn.Conv2d(inputs, outputs, 1, stride=2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """One stage."""
        out = self.norm2(self.conv2(relu(self.norm1(self.conv1(x)))))
        return relu(self.skip(x) + out)


class ResCrann(nn.Module):
    """Images (N, 1, H, W) -> `ClassifierOutput` with features (N, 256); H, W >= 16."""

    def __init__(self) -> None:
        super().__init__()
        inputs = (1, *_WIDTHS[:-1])
        self.stages = nn.Sequential(*(ResidualStage(a, b) for a, b in zip(inputs, _WIDTHS, strict=True)))
        self.reader = nn.LSTM(_WIDTHS[-1], _HIDDEN, batch_first=True, bidirectional=True)
        self.energy = nn.Sequential(nn.Linear(2 * _HIDDEN, _HIDDEN), nn.Tanh(), nn.Linear(_HIDDEN, 1))
        self.head = LabelHead(2 * _HIDDEN)

    def forward(self, images: Tensor, size: Tensor | None = None) -> ClassifierOutput:
        """Classify a batch."""
        rows = self.stages(images).mean(dim=3).transpose(1, 2)  # (N, H/16, C)
        # An LSTM is no faster in bfloat16 on a CPU, and its gates lose what attention compares.
        with torch.autocast(images.device.type, enabled=False):
            read, _ = self.reader(rows.float())
            weights = self.energy(read).softmax(dim=1)
            out: ClassifierOutput = self.head((weights * read).sum(dim=1))
        return out
