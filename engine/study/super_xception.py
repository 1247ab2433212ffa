"""Super-Xception: three super-resolving convolutions in front of Xception (Sharma and Vig, ECCV workshops 2018).

Known from the SRAS-net paper: "a super-resolution network consisting of three convolutional layers" before Xception.
Not known: kernels, widths, whether it was trained beforehand. The natural reading: SRCNN, the network of three layers
(9x9 with 64 channels, 1x1 with 32, 5x5), which sharpens an image that was enlarged before; here it adds to the image
and is trained with the classifier, by the labels alone.
"""

from torch import Tensor, nn

from engine.nets.classifiers import ClassifierOutput
from engine.study.nets import PlainNet


class SuperXception(nn.Module):
    """Images (N, 1, H, W) -> `ClassifierOutput`."""

    def __init__(self, backbone: str = "legacy_xception") -> None:
        super().__init__()
        self.sharpen = nn.Sequential(
            nn.Conv2d(1, 64, 9, padding=4),
            nn.ReLU(),
            nn.Conv2d(64, 32, 1),
            nn.ReLU(),
            nn.Conv2d(32, 1, 5, padding=2),
        )
        self.classifier = PlainNet(backbone)

    def forward(self, images: Tensor, size: Tensor | None = None) -> ClassifierOutput:
        """Sharpen and classify a batch."""
        out: ClassifierOutput = self.classifier(images + self.sharpen(images))
        return out
