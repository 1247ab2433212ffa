"""Every registered backbone takes grey images of its size and gives label, polarity and features."""

import pytest
import torch

from engine.nets.classifiers import BACKBONES, ChromosomeClassifier


@pytest.mark.parametrize("name", ["resnet22_slim", "resnet_tiny", "resnet18"])
def test_outputs_have_their_shapes(name: str) -> None:
    model = ChromosomeClassifier(name).eval()
    with torch.no_grad():
        out = model(torch.zeros(2, 1, *BACKBONES[name].input_size), torch.zeros(2, 3))
    assert out.label_logits.shape == (2, 24)
    assert out.polarity_logits.shape == (2, 24)
    assert out.features.shape[0] == 2


@pytest.mark.parametrize("name", ["inception_resnet_v2", "resnet50", "legacy_xception", "vgg19"])
def test_the_backbones_of_the_paper_fit_their_heads(name: str) -> None:
    """Shapes alone, without memory: these networks hold up to 140 million numbers."""
    with torch.device("meta"):
        out = ChromosomeClassifier(name).eval()(torch.zeros(2, 1, 224, 224), torch.zeros(2, 3))
    assert out.label_logits.shape == (2, 24)


def test_the_size_matters_only_where_it_is_asked_for() -> None:
    torch.manual_seed(0)
    image = torch.rand(1, 1, 144, 48)
    with_size = ChromosomeClassifier("resnet_tiny").eval()
    with torch.no_grad():
        small, large = (with_size(image, torch.tensor([[s, s, 1.0]])).label_logits for s in (-1.0, 1.0))
        assert not torch.equal(small, large)
        assert ChromosomeClassifier("resnet_tiny", size_features=0).eval()(image).label_logits.shape == (1, 24)
    with pytest.raises(ValueError, match="3 size features"):
        with_size(image)


def test_unknown_backbones_are_refused() -> None:
    with pytest.raises(ValueError, match="resnet22_slim"):
        ChromosomeClassifier("alexnet")
