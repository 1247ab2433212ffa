"""MixNet: an aggregated residual backbone with a head that mixes pooling layers (Lin et al., CVIDL 2020).

Known from the SRAS-net paper: "aggregated residual architecture", "adaptive header by aggregating pooling layers". Not
known: which ResNeXt, which poolings, how they are joined. The natural reading: ResNeXt-50 (32x4d); mean and maximum
of every feature map side by side, normalised, then a hidden layer.
"""

import torch
from torch import Tensor, nn

from engine.nets.classifiers import ClassifierOutput
from engine.study.nets import LabelHead, plain_backbone

_HIDDEN = 512


class MixNet(nn.Module):
    """Images (N, 1, H, W) -> `ClassifierOutput` with features (N, 512)."""

    def __init__(self, backbone: str = "resnext50_32x4d") -> None:
        super().__init__()
        self.backbone = plain_backbone(backbone, global_pool="")
        width: int = self.backbone.num_features
        self.mix = nn.Sequential(nn.BatchNorm1d(2 * width), nn.Linear(2 * width, _HIDDEN), nn.ReLU())
        self.head = LabelHead(_HIDDEN, dropout=0.25)

    def forward(self, images: Tensor, size: Tensor | None = None) -> ClassifierOutput:
        """Classify a batch."""
        maps = self.backbone(images)
        pooled = torch.cat([maps.mean(dim=(2, 3)), maps.amax(dim=(2, 3))], dim=1)
        out: ClassifierOutput = self.head(self.mix(pooled))
        return out
