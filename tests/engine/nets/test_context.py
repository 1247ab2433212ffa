"""The set transformer over a cell: shapes, sets without an order, cells of different size in one batch."""

import pytest
import torch

from engine.nets.context import CellContext


@pytest.fixture
def model() -> CellContext:
    torch.manual_seed(3)
    model = CellContext(10).eval()
    torch.nn.init.normal_(model.head.weight, std=0.3)
    return model


def evidence(count: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(seed)
    said = torch.randn(count, 24, generator=draw).log_softmax(1)
    return said, torch.randn(count, 10, generator=draw), torch.randn(count, 3, generator=draw)


def test_it_begins_as_what_the_images_say() -> None:
    said, features, size = evidence(46)
    shown = CellContext(10).eval()(said, features, size)
    torch.testing.assert_close(shown[:, :24], said)
    assert shown[:, 24].unique().tolist() == [-6.0]  # hardly ever: no chromosome


def test_the_order_of_the_chromosomes_means_nothing(model: CellContext) -> None:
    said, features, size = evidence(46)
    order = torch.randperm(46, generator=torch.Generator().manual_seed(1))
    straight, mixed = model(said, features, size), model(said[order], features[order], size[order])
    torch.testing.assert_close(straight[order], mixed, atol=1e-5, rtol=1e-5)
    assert (straight[:, :24] - said).abs().max() > 0.1


def test_a_chromosome_is_seen_beside_the_others_of_its_cell(model: CellContext) -> None:
    said, features, size = evidence(46)
    other = features.clone()
    other[1:] += 1.0 * torch.randn(45, 10, generator=torch.Generator().manual_seed(5))
    assert (model(said, features, size)[0] - model(said, other, size)[0]).abs().max() > 1e-3


def test_places_without_a_chromosome_change_nothing(model: CellContext) -> None:
    said, features, size = evidence(45)
    padded = [torch.cat([part, torch.full((5, part.shape[1]), 7.0)])[None] for part in (said, features, size)]
    absent = torch.zeros(1, 50, dtype=torch.bool)
    absent[0, 45:] = True
    torch.testing.assert_close(model(*padded, absent)[0, :45], model(said, features, size), atol=1e-5, rtol=1e-5)


def test_gradients_reach_every_parameter(model: CellContext) -> None:
    model.train()
    said, features, size = evidence(46)
    model(said[None], features[None], size[None], torch.zeros(1, 46, dtype=torch.bool)).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in model.parameters())
