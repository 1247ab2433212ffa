"""SRAFBN, equation by equation, on small arrays."""

import copy
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, interpolate, prelu

from engine.nets.srafbn import (
    LARGE,
    SMALL,
    WEIGHT_FLOOR,
    FeedbackBlock,
    Srafbn,
    SrafbnConfig,
    SrSteps,
    StepAttention,
    srafbn_loss,
)

TINY = SrafbnConfig(width=4, groups=3, steps=3)


def network(config: SrafbnConfig = TINY) -> Srafbn:
    torch.manual_seed(7)
    return Srafbn(config)


def picture(batch: int = 2, height: int = 9, width: int = 6) -> Tensor:
    return torch.rand(batch, 1, height, width, generator=torch.Generator().manual_seed(3))


def all_steps(net: Srafbn, low_resolution: Tensor) -> SrSteps:
    steps = net(low_resolution, with_steps=True)
    assert isinstance(steps, SrSteps)
    return steps


def layer(stage: Any, x: Tensor) -> Tensor:
    """A convolution (or its transpose) and its PReLU, from the weights alone."""
    conv, activation = stage
    apply = conv_transpose2d if isinstance(conv, nn.ConvTranspose2d) else conv2d
    return prelu(apply(x, conv.weight, conv.bias, stride=conv.stride, padding=conv.padding), activation.weight)


@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 8), (13, 7), (16, 16)])
def test_the_size_is_exactly_times_the_scale(scale: int, height: int, width: int) -> None:
    net = network(SrafbnConfig(width=4, groups=2, steps=2, scale=scale))
    low = picture(1, height, width)
    with torch.inference_mode():
        assert net(low).shape == (1, 1, scale * height, scale * width)
        assert [image.shape for image in all_steps(net, low).images] == [(1, 1, scale * height, scale * width)] * 2


def test_without_a_learnt_residual_the_result_is_bicubic() -> None:
    """Equation 4: SR_n = Res_n + Upsample."""
    net = network()
    for parameter in net.reconstruct.parameters():
        nn.init.zeros_(parameter)
    low = picture()
    expected = interpolate(low, scale_factor=2.0, mode="bicubic", align_corners=False)
    torch.testing.assert_close(net(low), expected, rtol=0, atol=0)
    for image in all_steps(net, low).images:
        torch.testing.assert_close(image, expected, rtol=0, atol=0)


def test_the_residual_is_a_deconvolution_a_1x1_and_a_3x3() -> None:
    """Equation 3 by hand, on the last iteration's features."""
    net, low = network(), picture()
    seen: list[Tensor] = []
    net.feedback.register_forward_hook(lambda module, inputs, output: seen.append(output))
    result = net(low)
    up, reduce, out = net.reconstruct
    assert isinstance(out, nn.Conv2d)
    assert (out.kernel_size, out.padding) == ((3, 3), (1, 1))
    residual = conv2d(layer(reduce, layer(up, seen[-1])), out.weight, out.bias, padding=1)
    expected = residual + interpolate(low, scale_factor=2.0, mode="bicubic", align_corners=False)
    torch.testing.assert_close(result, expected)


def test_features_are_a_3x3_and_a_1x1_convolution() -> None:
    """Equation 1 by hand."""
    net, low = network(), picture()
    wide, narrow = net.extract
    torch.testing.assert_close(net.extract(low), layer(narrow, layer(wide, low)))
    shapes = [tuple(value.shape) for name, value in net.extract.state_dict().items() if name.endswith("0.weight")]
    assert shapes == [(16, 1, 3, 3), (4, 16, 1, 1)]


def test_each_iteration_gets_the_features_and_what_the_one_before_made() -> None:
    """Equation 2: FB_n = f(FB_{n-1}, L_0), with FB_0 = L_0."""
    net, low = network(), picture()
    calls: list[tuple[Tensor, Tensor, Tensor]] = []
    net.feedback.register_forward_hook(lambda module, inputs, output: calls.append((*inputs, output)))
    net(low)
    features = net.extract(low)
    assert len(calls) == TINY.steps
    torch.testing.assert_close(calls[0][0], features)
    for before, after in pairwise(calls):
        assert after[0] is before[2]
        torch.testing.assert_close(after[1], features)


def test_the_feedback_block_is_wired_as_in_figure_4() -> None:
    """Every group gets all that was made before it at its size; the output is fused from the groups alone."""
    torch.manual_seed(1)
    block = FeedbackBlock(width=2, groups=3, scale=2)
    feedback, features = torch.rand(1, 2, 4, 5), torch.rand(1, 2, 4, 5)

    low0 = layer(block.compress_in, torch.cat([feedback, features], 1))
    high1 = layer(block.up[0], low0)
    low1 = layer(block.down[0], high1)
    high2 = layer(block.up[1], layer(block.fuse_low[0], torch.cat([low0, low1], 1)))
    low2 = layer(block.down[1], layer(block.fuse_high[0], torch.cat([high1, high2], 1)))
    high3 = layer(block.up[2], layer(block.fuse_low[1], torch.cat([low0, low1, low2], 1)))
    low3 = layer(block.down[2], layer(block.fuse_high[1], torch.cat([high1, high2, high3], 1)))
    expected = layer(block.compress_out, torch.cat([low1, low2, low3], 1))
    torch.testing.assert_close(block(feedback, features), expected)


def test_weights_sum_to_one_and_none_falls_below_the_floor() -> None:
    torch.manual_seed(0)
    attention = StepAttention()
    with torch.no_grad():  # as far from even as training can drive it
        attention.score.weight.mul_(1e4)
    images = tuple(torch.rand(5, 1, 12, 8) * (step + 1) for step in range(4))
    weights = attention(images)
    assert weights.shape == (5, 4)
    torch.testing.assert_close(weights.sum(dim=1), torch.ones(5))
    assert weights.min() >= WEIGHT_FLOOR / 4
    assert weights.max() > 0.8  # so the floor was really reached by the others


def test_weights_follow_the_order_of_the_pictures() -> None:
    """Self-attention has no favourite place: pictures in another order get their weights in that order."""
    torch.manual_seed(0)
    attention = StepAttention()
    images = tuple(torch.rand(2, 1, 12, 8) * (step + 1) for step in range(4))
    order = [2, 0, 3, 1]
    turned = attention(tuple(images[step] for step in order))
    torch.testing.assert_close(turned, attention(images)[:, order])
    assert (attention(images).amax(dim=1) - attention(images).amin(dim=1)).min() > 1e-4


def test_uniform_weights_are_even_and_have_no_parameters() -> None:
    net = network(SrafbnConfig(width=4, groups=2, steps=3, weighting="uniform"))
    torch.testing.assert_close(all_steps(net, picture()).weights, torch.full((2, 3), 1 / 3))
    assert not [name for name, _ in net.named_parameters() if "attention" in name]


def test_the_loss_is_the_weighted_l1_to_hr() -> None:
    """Equations 5 and 6 on numbers one can check in the head."""
    high = torch.zeros(2, 1, 2, 2)
    images = (torch.full_like(high, 0.5), torch.full_like(high, -1.0))
    weights = torch.tensor([[0.25, 0.75], [0.9, 0.1]])
    # first picture 0.25 * 0.5 + 0.75 * 1 = 0.875, second 0.9 * 0.5 + 0.1 * 1 = 0.55
    assert srafbn_loss(SrSteps(images, weights), high).item() == pytest.approx(0.7125)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_gradients_reach_every_parameter(scale: int) -> None:
    net = network(SrafbnConfig(width=8, groups=3, steps=3, scale=scale))  # wide enough that some activation is negative
    steps = all_steps(net, picture())
    srafbn_loss(steps, torch.zeros_like(steps.images[0])).backward()
    silent = [name for name, p in net.named_parameters() if p.grad is None or not p.grad.abs().max() > 0]
    assert silent == []


def test_no_picture_can_change_to_earn_a_weight() -> None:
    """The weights learn; the gradient of W alone stops before the pictures."""
    net = network()
    all_steps(net, picture()).weights[:, 0].sum().backward()
    touched = {name.split(".")[0] for name, p in net.named_parameters() if p.grad is not None and p.grad.any()}
    assert touched == {"attention"}


def test_the_small_network_is_the_small_one_of_the_literature() -> None:
    assert sum(p.numel() for p in Srafbn(SrafbnConfig(weighting="uniform")).parameters()) == 280_593
    assert sum(p.numel() for p in Srafbn(SMALL).parameters()) == 282_659
    assert (LARGE.width, LARGE.groups, LARGE.steps, LARGE.scale) == (64, 6, 4, 2)
    assert not [part for part in Srafbn(SMALL).modules() if "Norm" in type(part).__name__]


def test_nothing_is_kept_between_calls() -> None:
    net = network().eval()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    first = net(picture())
    net(picture(1, 5, 11))  # another size in between
    torch.testing.assert_close(net(picture()), first, rtol=0, atol=0)
    assert net.state_dict().keys() == before.keys()
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not [name for part in net.modules() for name, value in vars(part).items() if isinstance(value, Tensor)]
    copy.deepcopy(net)  # fails on a graph kept alive


def test_a_picture_does_not_depend_on_its_neighbours_in_the_batch() -> None:
    net, low = network(), picture(3)
    torch.testing.assert_close(net(low)[1:2], net(low[1:2]))


def test_last_and_weighted_output() -> None:
    low = picture()
    last, weighted = network(), network(SrafbnConfig(width=4, groups=3, steps=3, output="weighted"))
    steps = all_steps(last, low)
    torch.testing.assert_close(last(low), steps.images[-1])
    expected = sum(steps.weights[:, n].view(-1, 1, 1, 1) * image for n, image in enumerate(steps.images))
    torch.testing.assert_close(weighted(low), expected)


def test_a_few_steps_of_training_beat_bicubic_on_a_grating() -> None:
    """Bands finer than bicubic restores: the network must learn what interpolation cannot know."""
    torch.manual_seed(0)
    rows = torch.arange(24).view(1, 1, 24, 1)
    high = (0.5 + 0.5 * torch.sin(rows * 2.2)).expand(1, 1, 24, 16).contiguous()
    low = interpolate(high, scale_factor=0.5, mode="bicubic", align_corners=False, antialias=True)
    bicubic = (interpolate(low, scale_factor=2.0, mode="bicubic", align_corners=False) - high).abs().mean()
    net = Srafbn(SrafbnConfig(width=8, groups=2, steps=2))
    optimiser = torch.optim.Adam(net.parameters(), lr=5e-3)
    for _ in range(60):
        loss = srafbn_loss(all_steps(net, low), high)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    with torch.inference_mode():
        assert (net(low) - high).abs().mean() < 0.5 * bicubic


@pytest.mark.parametrize(
    ("wrong", "word"),
    [({"scale": 5}, "scale 5"), ({"groups": 0}, "at least 1"), ({"weighting": "some"}, "'some'")],
)
def test_an_impossible_configuration_is_refused(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        SrafbnConfig(**wrong)
