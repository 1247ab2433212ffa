"""Whether the network of the cell's context still helps a classifier that has learned on: decided on the tuning cells.

It was trained on what the classifier said, and on its features, as they were before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from engine.bundle import Bundle
from engine.card import CONTEXT, BundleCard
from engine.progress import Reporter
from engine.training.compare import answer
from engine.training.reviewed import ReviewedCell

_Value = TypeVar("_Value")


def with_context_that_helps(bundle: Bundle, cells: Sequence[ReviewedCell], reporter: Reporter | None = None) -> Bundle:
    """Return the bundle, without its context network if more of the cells' chromosomes are right so."""
    if CONTEXT not in bundle.card.networks or not any(cell.count for cell in cells):
        return bundle
    card: BundleCard = replace(bundle.card, networks=_without(bundle.card.networks))
    plain = Bundle(card, _without(bundle.networks), bundle.source)
    right = [
        sum(int((found.label == found.truth).sum()) for found in (answer(cell, one, 0, reporter) for cell in cells))
        for one in (bundle, plain)
    ]
    return bundle if right[0] >= right[1] else plain


def _without(networks: Mapping[str, _Value]) -> dict[str, _Value]:
    return {name: value for name, value in networks.items() if name != CONTEXT}
