"""For all tests: Qt draws into memory (pytest-qt asks for nothing else), unless the caller chose a platform.

And what the tests of learning share: cells drawn from banded rods, and a small real network that has learned them.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from engine.bundle import Bundle
    from engine.training.reviewed import ReviewedCell

Draw = Callable[..., "ReviewedCell"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--renew-golden` draws the golden pictures anew; `make golden` says so."""
    parser.addoption("--renew-golden", action="store_true", help="draw the golden pictures anew, to be looked at")


@pytest.fixture(scope="session")
def renew_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden pictures are drawn anew instead of compared."""
    return bool(request.config.getoption("--renew-golden"))


@pytest.fixture(scope="session")
def draw_reviewed() -> Draw:
    """Return a function that draws a reviewed cell: `draw(7)` is a 46,XX or 46,XY of its own."""
    from engine.training.reviewed import ReviewedCell
    from engine.types import CLASS_INDEX, CLASS_LABELS, CellImages, ChromosomeImage

    def draw(seed: int, labels: list[str] | None = None, name: str = "") -> ReviewedCell:
        rng = np.random.default_rng(seed)
        sex = ["X", "Y"] if seed % 2 else ["X", "X"]
        labels = labels or [label for label in CLASS_LABELS[:22] for _ in range(2)] + sex
        chromosomes = []
        for number, label in enumerate(labels):
            index = CLASS_INDEX[label]
            length = round(96 * 0.95**index * rng.normal(1.0, 0.01))
            bands = np.random.default_rng(1000 + index).uniform(0.3, 0.8, 5)
            column = np.repeat(bands, -(-length // 5))[:length] * rng.normal(1.0, 0.02)
            column[: length // 5] = 1.0  # the p arm
            pixels = np.zeros((length + 12, 30), np.float32)
            pixels[6 : 6 + length, 9:21] = column[:, None] + rng.normal(0.0, 0.02, (length, 12))
            mask = np.zeros(pixels.shape, np.bool_)
            mask[6 : 6 + length, 9:21] = True
            pixels = np.clip(pixels, 0.02, 1.0).astype(np.float32) * mask
            turned = bool(rng.integers(2))
            if turned:
                pixels, mask = pixels[::-1, ::-1].copy(), mask[::-1, ::-1].copy()
            chromosomes.append((ChromosomeImage(pixels, mask, f"{number:03d}.png"), 180.0 if turned else 0.0))
        name = name or f"cell {seed}"
        images = CellImages(name, "g", tuple(image for image, _ in chromosomes))
        truth = tuple(CLASS_INDEX[label] for label in labels)
        return ReviewedCell(images, truth, tuple(angle for _, angle in chromosomes), name)

    return draw


@pytest.fixture(scope="session")
def pupil(tmp_path_factory: pytest.TempPathFactory, draw_reviewed: Draw) -> "Bundle":
    """A bundle that has learned the drawn cells: sees the profile along the axis, both heads fitted by Quick."""
    import torch
    from torch import Tensor, nn

    from engine.bundle import load_bundle
    from engine.card import AdaptSpec, BundleCard, NetworkCard
    from engine.training.export import export_bundle
    from engine.training.quick import QuickConfig, train_quick
    from engine.training.reviewed import Deal

    class ProfileNet(nn.Module):
        """Grey along the axis and relative size, under linear heads with the names of the product's network."""

        def __init__(self) -> None:
            super().__init__()
            self.profile = nn.AdaptiveAvgPool2d((24, 1))
            self.size_embedding = nn.Sequential(nn.Linear(3, 16), nn.ReLU())
            self.label_head, self.polarity_head = nn.Linear(40, 24), nn.Linear(24, 24)

        def forward(self, images: Tensor, size: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            features = self.profile(images).flatten(1)
            joined = torch.cat([features, self.size_embedding(size)], dim=1)
            return self.label_head(joined), self.polarity_head(features), features

    folder = tmp_path_factory.mktemp("pupil") / "pupil"
    torch.manual_seed(3)
    card = BundleCard(
        "blank", "1.0", "g", {"classifier": NetworkCard("profile", batch=64)}, adapt=AdaptSpec(height=72, width=24)
    )
    export_bundle(ProfileNet().eval(), card, folder)
    deal = Deal(tuple(draw_reviewed(900 + i) for i in range(6)), tuple(draw_reviewed(950 + i) for i in range(2)), ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KARYO_BUNDLES", str(folder.parent))
        taught = train_quick(deal, load_bundle(folder), QuickConfig(holds=(1e-2, 1e-3, 1e-4, 1e-5)))
    return replace(taught, card=replace(taught.card, name="pupil", parent=None, training={}))


@pytest.fixture(scope="session")
def confused(pupil: "Bundle") -> "Bundle":
    """The pupil with the labels 4 and 5 exchanged in its head: wrong on purpose, and by nothing else."""
    from engine.training.candidate import weights_of, with_weights

    state = weights_of(pupil)
    order = [0, 1, 2, 4, 3, *range(5, 24)]
    changed = {name: state[name][order] for name in ("label_head.weight", "label_head.bias")}
    return with_weights(pupil, replace(pupil.card, name="confused"), changed)


@pytest.fixture(scope="session")
def enlarger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundle `enlarger`, for both stains: its SRAFBN has learned nothing and is bicubic."""
    import torch

    from engine.bundle import load_bundle
    from engine.nets.srafbn import Srafbn, SrafbnConfig
    from engine.training.sr_run import sr_network, with_superresolution

    shipped = load_bundle("g-default")
    bundle = replace(shipped, card=replace(shipped.card, name="enlarger", version="2.5", stain="any"))
    model = Srafbn(SrafbnConfig(width=4, groups=2, steps=2)).eval()
    for parameter in model.reconstruct[-1].parameters():
        torch.nn.init.zeros_(parameter)
    folder = tmp_path_factory.mktemp("enlarger")
    with_superresolution(bundle, model, sr_network(model), {"test": {}}, folder / "enlarger")
    return folder


@pytest.fixture(scope="session")
def trained_tiny(tmp_path_factory: pytest.TempPathFactory, draw_reviewed: Draw) -> "Bundle":
    """A small network of the program's own kind, which can be trained as a whole.

    What it sees was left to chance, its heads have learned the drawn cells by Quick.
    """
    import torch

    from engine.bundle import load_bundle
    from engine.card import AdaptSpec, BundleCard, NetworkCard
    from engine.nets.classifiers import ChromosomeClassifier
    from engine.training.export import export_bundle
    from engine.training.quick import QuickConfig, train_quick
    from engine.training.reviewed import Deal

    folder = tmp_path_factory.mktemp("tiny") / "tiny"
    torch.manual_seed(4)
    card = BundleCard(
        "tiny", "1.0", "g", {"classifier": NetworkCard("resnet_tiny", batch=64)}, adapt=AdaptSpec(height=72, width=24)
    )
    export_bundle(ChromosomeClassifier("resnet_tiny").eval(), card, folder)
    deal = Deal(tuple(draw_reviewed(800 + i) for i in range(4)), (draw_reviewed(850),), ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KARYO_BUNDLES", str(folder.parent))
        taught = train_quick(deal, load_bundle(folder), QuickConfig(holds=(1e-2, 1e-3)))
    return replace(taught, card=replace(taught.card, name="tiny", parent=None, training={}))


@pytest.fixture
def own_bundles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's bundles, empty."""
    folder = tmp_path / "own-bundles"
    monkeypatch.setenv("KARYO_BUNDLES", str(folder))
    return folder
