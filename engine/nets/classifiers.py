"""Classifiers: a timm backbone on grey images, the chromosome's relative size, one head for label, one for polarity.

The paper's four backbones and the product's own are named in one registry; all see the same input and give the same
outputs, so that the pipeline and the studies can exchange them freely.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import timm
import torch
from torch import Tensor, nn

from engine.nets.cell_norm import lean_on_the_cell
from engine.types import CLASS_LABELS


class ClassifierOutput(NamedTuple):
    """What a classifier says of a batch of N images."""

    label_logits: Tensor  # (N, 24) in the order of CLASS_LABELS
    polarity_logits: Tensor  # (N, 24) > 0: the p arm is up, if the label is this one
    features: Tensor  # (N, F) penultimate


@dataclass(frozen=True, slots=True)
class Backbone:
    """A registered backbone."""

    timm_name: str
    input_size: tuple[int, int]  # (H, W) it is meant for
    note: str
    options: dict[str, Any] = field(default_factory=dict)  # for timm's constructor

    @property
    def leans(self) -> bool:
        """Whether its last stage can lean on the cell: it is one of timm's ResNets."""
        return self.timm_name.startswith("resnet")


BACKBONES: dict[str, Backbone] = {
    # Deeper and narrower than ResNet-18: 0.6 of its training time on a CPU, 6.6 million parameters.
    "resnet22_slim": Backbone(
        "resnet18",
        (144, 48),
        "the product's: straightened chromosomes, fast on a CPU",
        {"layers": (2, 2, 3, 3), "channels": (32, 64, 160, 320)},
    ),
    "resnet18": Backbone("resnet18", (144, 48), "the usual small network, for comparison"),
    "resnet_tiny": Backbone(
        "resnet18", (144, 48), "tests and first trials", {"layers": (1, 1, 1, 1), "channels": (16, 32, 64, 128)}
    ),
    "inception_resnet_v2": Backbone("inception_resnet_v2", (224, 224), "SRAS-net, table 2"),
    "resnet50": Backbone("resnet50", (224, 224), "SRAS-net, table 2"),
    "legacy_xception": Backbone("legacy_xception", (224, 224), "SRAS-net, table 2"),
    "vgg19": Backbone("vgg19", (224, 224), "SRAS-net, table 2"),
}


class ChromosomeClassifier(nn.Module):
    """Images (N, 1, H, W) float32, ground 0, and sizes (N, S) -> `ClassifierOutput`.

    Parameters
    ----------
    backbone : name in `BACKBONES`.
    size_features : S, how many numbers describe the size relative to the cell; 0 for images alone.
    pretrained : load ImageNet weights (needs network, timm fetches them); grey input is made from the RGB filters.
    dropout : before the heads.
    cell_share : above 0, the last stage leans on the statistics of the cell (`engine.nets.cell_norm`): in evaluation
        mode a batch is taken for one cell. Only the ResNets have such a stage.
    """

    def __init__(
        self,
        backbone: str,
        *,
        size_features: int = 3,
        pretrained: bool = False,
        dropout: float = 0.2,
        cell_share: float = 0.0,
    ) -> None:
        super().__init__()
        if backbone not in BACKBONES:
            raise ValueError(f"unknown backbone {backbone!r}; known: {', '.join(BACKBONES)}")
        self.size_features = size_features
        self.backbone = timm.create_model(
            BACKBONES[backbone].timm_name,
            in_chans=1,
            num_classes=0,
            pretrained=pretrained,
            **BACKBONES[backbone].options,
        )
        if cell_share:
            # The last stage alone gains as much as all of them, and its maps are so small that it costs nothing.
            if not BACKBONES[backbone].leans:
                raise ValueError(f"the backbone {backbone} has no stage that can lean on the cell")
            lean_on_the_cell(self.backbone.get_submodule("layer4"), cell_share)
        # Not always `num_features`: VGG keeps two wide layers of its own between its maps and the classifier.
        width: int = self.backbone.head_hidden_size or self.backbone.num_features  # type: ignore[assignment]
        size_width = 32 if size_features else 0
        self.size_embedding = nn.Sequential(nn.Linear(size_features, size_width), nn.ReLU()) if size_features else None
        self.dropout = nn.Dropout(dropout)
        self.label_head = nn.Linear(width + size_width, len(CLASS_LABELS))
        self.polarity_head = nn.Linear(width, len(CLASS_LABELS))

    def forward(self, images: Tensor, size: Tensor | None = None) -> ClassifierOutput:
        """Classify a batch; `size` (N, S) is needed unless `size_features` is 0."""
        features = self.backbone(images)
        joined = features
        if self.size_embedding is not None:
            if size is None:
                raise ValueError(f"this classifier needs {self.size_features} size features per image")
            joined = torch.cat([features, self.size_embedding(size)], dim=1)
        return ClassifierOutput(
            self.label_head(self.dropout(joined)), self.polarity_head(self.dropout(features)), features
        )
