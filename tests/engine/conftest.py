"""A network whose answers can be worked out by hand, and cells drawn for it."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.bundle import Bundle, load_bundle
from engine.card import AdaptSpec, BundleCard, NetworkCard
from engine.training.export import export_bundle
from engine.types import CLASS_INDEX, CLASS_LABELS, CellImages, ChromosomeImage

WIDTH = 14  # of every drawn chromosome, pixels
LENGTHS = {label: round(150 * 0.93**index) for index, label in enumerate(CLASS_LABELS)}  # 150 .. 28 pixels
NORMAL = [label for label in CLASS_LABELS[:22] for _ in range(2)] + ["X", "X"]

Cell = Callable[..., CellImages]


class RulerNet(nn.Module):
    """Tells labels by relative area, and the p arm by its brightness: right on drawn cells, by construction.

    Batch normalisation and a convolution are there because real networks have them; here they pass on what they get.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, kernel_size=3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(2)
        self.ends = nn.AdaptiveAvgPool2d((2, 1))
        self.polarity = nn.Linear(4, len(CLASS_LABELS))
        median = np.median([LENGTHS[label] for label in NORMAL])
        self.register_buffer("centre", torch.tensor([np.log(LENGTHS[label] / median) for label in CLASS_LABELS]))
        with torch.no_grad():
            self.conv.weight.zero_()
            self.conv.weight[:, 0, 1, 1] = torch.tensor([1.0, 0.5])
            self.norm.running_mean.copy_(torch.tensor([0.1, -0.2]))  # type: ignore[union-attr]
            self.norm.running_var.copy_(torch.tensor([1e-6, 4.0]))  # type: ignore[union-attr]
            self.norm.weight.copy_(torch.tensor([1e-3, 2.0]))
            self.polarity.weight.zero_()
            self.polarity.weight[:, 0], self.polarity.weight[:, 1] = 40.0, -40.0  # the upper half, the lower half

    def forward(self, images: Tensor, size: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        features = self.ends(self.norm(self.conv(images))).flatten(1)
        label = -0.5 * ((size[:, :1] - self.centre[None, :]) / 0.03) ** 2
        return label, self.polarity(features), features


@pytest.fixture(scope="session")
def ruler_net() -> RulerNet:
    return RulerNet().eval()


@pytest.fixture(scope="session")
def ruler_card() -> BundleCard:
    return BundleCard("ruler", "1.0", "g", {"classifier": NetworkCard("ruler")}, adapt=AdaptSpec(height=96, width=32))


@pytest.fixture(scope="session")
def ruler_folder(tmp_path_factory: pytest.TempPathFactory, ruler_net: RulerNet, ruler_card: BundleCard) -> Path:
    """The bundle `ruler` as a folder; to be copied before it is changed."""
    folder = tmp_path_factory.mktemp("bundles") / "ruler"
    export_bundle(ruler_net, ruler_card, folder)
    return folder


@pytest.fixture(scope="session")
def ruler(ruler_folder: Path) -> Bundle:
    return load_bundle(ruler_folder)


@pytest.fixture(scope="session")
def draw_cell() -> Cell:
    """Return a function that draws a cell: labels and, for each, the degrees it is turned counter-clockwise."""

    def draw(labels: list[str], turns: list[float] | None = None, name: str = "cell") -> CellImages:
        turned = turns or [0.0] * len(labels)
        drawn = (rod(label, turn) for label, turn in zip(labels, turned, strict=True))
        images = (ChromosomeImage(pixels, mask, f"{i:03d}.png") for i, (pixels, mask) in enumerate(drawn))
        return CellImages(name, "g", tuple(images))

    return draw


@pytest.fixture(scope="session")
def normal_labels() -> list[str]:
    return NORMAL.copy()


def rod(label: str, turn: float) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """A straight rod with a bright p arm, upright and then turned counter-clockwise."""
    length = LENGTHS[CLASS_LABELS[CLASS_INDEX[label]]]
    side = length + 40
    image = np.zeros((side, side), np.float32)
    top, left = (side - length) // 2, (side - WIDTH) // 2
    image[top : top + length, left : left + WIDTH] = 0.35
    image[top : top + length // 3, left : left + WIDTH] = 0.9
    matrix = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), turn, 1.0)
    pixels = cv2.warpAffine(image, matrix, (side, side)).astype(np.float32)
    return pixels, pixels > 0.17


@pytest.fixture(scope="session")
def as_if_trained() -> Callable[[nn.Module], nn.Module]:
    """Return a function that gives a network statistics such as a trained one has, and returns it."""

    def give(net: nn.Module) -> nn.Module:
        for layer in net.modules():
            if isinstance(layer, nn.BatchNorm2d):
                nn.init.normal_(layer.running_mean, 0.0, 0.3)  # type: ignore[arg-type]
                nn.init.uniform_(layer.running_var, 0.3, 2.0)  # type: ignore[arg-type]
                nn.init.uniform_(layer.weight, 0.5, 1.5)
        return net.train()

    return give
