"""What all networks of the study share: grey images in, label logits and penultimate features out."""

from typing import Any

import timm
import torch
from torch import Tensor, nn

from engine.nets.classifiers import BACKBONES, ClassifierOutput
from engine.types import CLASS_LABELS


class LabelHead(nn.Module):
    """Features (N, F) -> `ClassifierOutput`. The compared methods know no polarity: its logits are 0."""

    def __init__(self, features: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.label = nn.Linear(features, len(CLASS_LABELS))

    def forward(self, features: Tensor) -> ClassifierOutput:
        """Classify features."""
        logits = self.label(self.dropout(features))
        return ClassifierOutput(logits, torch.zeros_like(logits), features)


def plain_backbone(name: str, *, pretrained: bool = False, global_pool: str | None = None) -> Any:
    """Return a timm network for grey images without its classifier: by its name here or, failing that, timm's.

    Parameters
    ----------
    global_pool : timm's, e.g. "" for the feature map itself.
    """
    known = BACKBONES.get(name)
    options: dict[str, Any] = dict(known.options) if known else {}
    if global_pool is not None:
        options["global_pool"] = global_pool
    return timm.create_model(
        known.timm_name if known else name, in_chans=1, num_classes=0, pretrained=pretrained, **options
    )


class PlainNet(nn.Module):
    """A backbone and a linear layer: images (N, 1, H, W) -> `ClassifierOutput`; the size is not looked at.

    The four plain rows of table 2, and the classifier behind SRAS-net.
    """

    def __init__(self, backbone: str, *, pretrained: bool = False) -> None:
        super().__init__()
        self.backbone = plain_backbone(backbone, pretrained=pretrained)
        # Not `num_features`: VGG's classifier keeps two wide layers in front of the last one.
        self.head = LabelHead(self.backbone.head_hidden_size or self.backbone.num_features)

    def forward(self, images: Tensor, size: Tensor | None = None) -> ClassifierOutput:
        """Classify a batch."""
        out: ClassifierOutput = self.head(self.backbone(images))
        return out
