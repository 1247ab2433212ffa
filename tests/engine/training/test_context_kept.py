"""A context network that misleads what has learned on goes; one that does no harm stays."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from engine.bundle import Bundle, load_bundle, write_bundle
from engine.card import CONTEXT, NetworkCard
from engine.pipeline import CONTEXT_OUTPUT
from engine.training.context_kept import with_context_that_helps
from engine.training.export import export_network
from engine.training.reviewed import ReviewedCell

Draw = Callable[..., ReviewedCell]


class Echo(nn.Module):
    """Says again what the images said, moved by so many labels, and that all are chromosomes."""

    def __init__(self, by: int) -> None:
        super().__init__()
        self.register_buffer("order", (torch.arange(24) + by) % 24)
        self.register_buffer("real", torch.full((1,), -20.0))

    def forward(self, log_probabilities: Tensor, features: Tensor, size: Tensor) -> Tensor:
        rest = features.sum(1, keepdim=True) * 0 + size.sum(1, keepdim=True) * 0 + self.real
        return torch.cat([log_probabilities[:, self.order], rest], dim=1)


def with_echo(bundle: Bundle, by: int, folder: Path) -> Bundle:
    width = 40 - 16  # features of the pupil
    inputs = {"log_probabilities": torch.zeros(3, 24), "features": torch.zeros(3, width), "size": torch.zeros(3, 3)}
    files = export_network(Echo(by), inputs, (CONTEXT_OUTPUT,), CONTEXT)
    card = replace(bundle.card, networks={**bundle.card.networks, CONTEXT: NetworkCard("echo", batch=1000)})
    write_bundle(card, {**bundle.networks, CONTEXT: files}, folder)
    return load_bundle(folder)


@pytest.mark.parametrize(("by", "stays"), [(0, True), (1, False)])
def test_it_stays_if_it_does_no_harm(by: int, stays: bool, pupil: Bundle, draw_reviewed: Draw, tmp_path: Path) -> None:
    cells = [draw_reviewed(70), draw_reviewed(71)]
    bundle = with_echo(pupil, by, tmp_path / "echo")
    kept = with_context_that_helps(bundle, cells)
    assert (CONTEXT in kept.networks, CONTEXT in kept.card.networks) == (stays, stays)
    assert set(kept.networks) >= {"classifier"}
    assert with_context_that_helps(pupil, cells) is pupil
