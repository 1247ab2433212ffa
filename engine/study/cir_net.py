"""CIR-Net: Inception-ResNet-v2 with an augmentation of its own, CDA (Lin et al., IEEE/ACM TCBB 2020).

Known from the SRAS-net paper: the backbone, and that "a simple and effective expansion algorithm CDA" makes up for too
few images. Not known: the steps of CDA. The natural reading, taken here: the chromosome keeps its shape (fitted into a
square instead of being stretched to it) and is shown in rotations all the way round. The square is what sets this row
apart from plain Inception-ResNet-v2, since the SRAS-net paper trains all rows with rotations.
"""

from engine.study.nets import PlainNet


class CirNet(PlainNet):
    """Images (N, 1, H, W) -> `ClassifierOutput`."""

    def __init__(self, backbone: str = "inception_resnet_v2") -> None:
        super().__init__(backbone)
