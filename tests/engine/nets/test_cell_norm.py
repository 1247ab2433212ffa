"""A network that leans on its cell: what shifts all of its chromosomes falls out, and few images change little."""

import pytest
import torch
from torch import Tensor, nn

from engine.nets.cell_norm import CellNorm2d, lean_on_the_cell
from engine.nets.classifiers import ChromosomeClassifier


def learned(share: float) -> CellNorm2d:
    """A layer that has seen maps of mean 0 and variance 1."""
    return CellNorm2d(3, share).eval().requires_grad_(False)


def maps(count: int, shift: float = 0.0, spread: float = 1.0) -> Tensor:
    return torch.randn(count, 3, 5, 4, generator=torch.Generator().manual_seed(count)) * spread + shift


def test_a_shift_of_the_whole_cell_falls_out_in_a_large_cell() -> None:
    out = learned(1.0)(maps(4000, shift=2.0, spread=3.0))
    assert float(out.mean()) == pytest.approx(0.0, abs=0.03)
    assert float(out.std()) == pytest.approx(1.0, abs=0.03)


def test_mean_and_variance_are_those_of_the_mixture() -> None:
    images = maps(32, shift=2.0)
    own = 0.6 * 0.5  # 32 images get half of the share
    cell_mean, cell_variance = images.mean((0, 2, 3)), images.var((0, 2, 3), unbiased=False)
    drawn = own * (cell_variance + cell_mean**2) + (1 - own) * (1 + 0.0)  # second moment of both together
    mean = own * cell_mean
    variance = drawn - mean**2
    wanted = (images - mean[:, None, None]) / (variance + 1e-5).sqrt()[:, None, None]
    torch.testing.assert_close(learned(0.6)(images), wanted, rtol=1e-4, atol=1e-4)


def test_one_image_says_next_to_nothing() -> None:
    image = maps(1, shift=0.5)
    assert float((learned(0.6)(image) - learned(0.0)(image)).abs().max()) < 0.1


def test_while_it_learns_it_is_batch_normalisation() -> None:
    ours, torchs = CellNorm2d(3, 0.6), nn.BatchNorm2d(3)
    for count in (8, 16):
        torch.testing.assert_close(ours(maps(count, 1.0)), torchs(maps(count, 1.0)))
    torch.testing.assert_close(ours.state_dict(), torchs.state_dict())


def test_an_exchanged_layer_keeps_what_was_learned() -> None:
    stage = nn.Sequential(nn.Conv2d(3, 3, 1), nn.Sequential(nn.BatchNorm2d(3)))
    with torch.no_grad():
        stage[1][0].weight.copy_(torch.tensor([1.0, 2.0, 3.0]))
        stage[1][0].running_mean.copy_(torch.tensor([0.1, 0.2, 0.3]))
    before = {name: value.clone() for name, value in stage.state_dict().items()}
    lean_on_the_cell(stage, 0.5)
    assert isinstance(stage[1][0], CellNorm2d)
    torch.testing.assert_close(dict(stage.state_dict()), before)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_a_share(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        CellNorm2d(3, share)


def test_the_classifier_leans_in_its_last_stage_alone() -> None:
    model = ChromosomeClassifier("resnet_tiny", cell_share=0.6)
    leaning = {name.split(".")[1] for name, part in model.named_modules() if isinstance(part, CellNorm2d)}
    assert leaning == {"layer4"}
    plain = ChromosomeClassifier("resnet_tiny")
    assert plain.state_dict().keys() == model.state_dict().keys()  # weights go from one to the other


def test_a_backbone_without_that_stage_says_so() -> None:
    with torch.device("meta"), pytest.raises(ValueError, match="vgg19 has no stage"):
        ChromosomeClassifier("vgg19", cell_share=0.6)
