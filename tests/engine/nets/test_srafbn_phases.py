"""The phase form of SRAFBN is the network itself: kernels in another order, no number changed."""

import pytest
import torch
from torch import nn
from torch.nn.functional import conv2d, conv_transpose2d, pixel_shuffle, pixel_unshuffle

from engine.nets.srafbn import Srafbn, SrafbnConfig
from engine.nets.srafbn_phases import PHASES, SrafbnPhases, down_kernel, up_kernel


def network(**changes: object) -> Srafbn:
    torch.manual_seed(11)
    net = Srafbn(SrafbnConfig(**{"width": 6, "groups": 3, "steps": 3, **changes}))  # type: ignore[arg-type]
    for module in net.modules():
        if isinstance(module, nn.PReLU):
            nn.init.uniform_(module.weight, -0.3, 0.6)  # a slope each: none may be taken for another's
    return net.eval()


def as_phases(large: torch.Tensor) -> torch.Tensor:
    """(B, m, 2H, 2W) -> (B, 4m, H, W), phase by phase."""
    batch, width = large.shape[:2]
    by_channel = pixel_unshuffle(large, 2)
    return (
        by_channel.unflatten(1, (width, PHASES)).transpose(1, 2).reshape(batch, PHASES * width, *by_channel.shape[2:])
    )


def test_a_deconvolution_is_a_3x3_convolution_to_the_phases() -> None:
    torch.manual_seed(0)
    image, weight = torch.rand(2, 3, 7, 5), torch.rand(3, 4, 6, 6)
    want = conv_transpose2d(image, weight, stride=2, padding=2)
    torch.testing.assert_close(conv2d(image, up_kernel(weight), padding=1), as_phases(want))


def test_a_strided_convolution_is_a_3x3_convolution_of_the_phases() -> None:
    torch.manual_seed(0)
    large, weight = torch.rand(2, 3, 14, 10), torch.rand(4, 3, 6, 6)
    want = conv2d(large, weight, stride=2, padding=2)
    torch.testing.assert_close(conv2d(as_phases(large), down_kernel(weight), padding=1), want)


def test_phases_and_image_are_one_and_the_same() -> None:
    image = torch.rand(1, 3, 8, 6)
    phases = as_phases(image)
    torch.testing.assert_close(phases[:, :3], image[:, :, ::2, ::2])
    torch.testing.assert_close(phases[:, 9:], image[:, :, 1::2, 1::2])
    assert torch.equal(pixel_shuffle(pixel_unshuffle(image, 2), 2), image)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 8), (16, 11)])
@pytest.mark.parametrize("groups", [1, 3])
@torch.inference_mode()
def test_the_result_is_that_of_the_network(height: int, width: int, groups: int) -> None:
    net = network(groups=groups)
    low = torch.rand(2, 1, height, width)
    torch.testing.assert_close(SrafbnPhases(net)(low), net(low), atol=1e-6, rtol=1e-5)


def test_the_state_dict_is_that_of_the_network() -> None:
    net = network()
    phases = SrafbnPhases(net)
    assert list(phases.state_dict()) == list(net.state_dict())
    for name, value in net.state_dict().items():
        assert torch.equal(phases.state_dict()[name], value)


def test_what_has_no_phases_is_refused() -> None:
    for changes in ({"scale": 3}, {"scale": 4}, {"output": "weighted"}):
        with pytest.raises(ValueError, match="only a network of scale 2"):
            SrafbnPhases(network(**changes))
    with pytest.raises(ValueError, match="train the network itself"):
        SrafbnPhases(network())(torch.rand(1, 1, 4, 4), with_steps=True)
