"""Super-resolution as a stage of inference: the network of a bundle, without torch.

It can invent bands; whoever shows its result shows the original beside it.
"""

import contextlib
from dataclasses import replace

import cv2
import numpy as np

from engine.bundle import Bundle, default_bundle, list_bundles, read_card
from engine.card import SUPERRESOLUTION
from engine.errors import BundleError
from engine.runtime import open_session
from engine.types import ChromosomeImage, Stain


def enlarges(bundle: Bundle) -> bool:
    """Whether the bundle has a super-resolution network."""
    return SUPERRESOLUTION in bundle.card.networks


def enlarging_bundle(stain: Stain, preferred: str = "") -> str | None:
    """Return the name of an installed bundle that can enlarge; None if none can.

    The preferred one comes first, then the one in use for the stain, then any for this stain, then any.
    """
    entries = {entry.name: entry for entry in list_bundles()}
    suiting: list[str] = []
    others: list[str] = []
    for name, entry in entries.items():
        with contextlib.suppress(BundleError):  # a damaged one is complained of when it is used
            card = read_card(entry.path)
            if SUPERRESOLUTION in card.networks:
                (suiting if card.suits(stain) else others).append(name)
    able = [*suiting, *others]
    first = [preferred, *([default_bundle(stain)] if entries else [])]
    return next((name for name in (*first, *able) if name in able), None)


def enlarge(chromosome: ChromosomeImage, bundle: Bundle) -> ChromosomeImage:
    """Return the chromosome at the scale of the bundle's network (usually twice the size), pixels 0..1.

    Raises
    ------
    BundleError
        If the bundle has no super-resolution network.
    """
    if not enlarges(bundle):
        raise BundleError(f"The bundle {bundle.card.name} has no super-resolution network.")
    session = open_session(bundle, SUPERRESOLUTION)
    pixels = np.clip(chromosome.pixels, 0.0, 1.0).astype(np.float32)
    outputs = session.run({session.inputs[0]: pixels[None, None]})
    large = np.clip(outputs[session.outputs[0]][0, 0], 0.0, 1.0)
    size = (large.shape[1], large.shape[0])
    mask = cv2.resize(chromosome.mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) >= 0.5
    return ChromosomeImage(np.asarray(large, np.float32), np.asarray(mask, np.bool_), chromosome.source)


def with_network_of(bundle: Bundle, lender: Bundle) -> Bundle:
    """Return a bundle with the super-resolution network of another, for the display; it classifies as before.

    The network's provenance and figures come along on the card. A bundle whose classifier sees through its own network
    keeps that one.

    Raises
    ------
    BundleError
        If there is no such network, or the bundle classifies through another.
    """
    if not enlarges(lender):
        raise BundleError(f"The bundle {lender.card.name} has no super-resolution network.")
    if bundle.card.super_resolution:
        raise BundleError(f"The bundle {bundle.card.name} classifies through its own super-resolution network.")
    networks = {**bundle.card.networks, SUPERRESOLUTION: lender.card.networks[SUPERRESOLUTION]}
    training, metrics = (
        {**own, SUPERRESOLUTION: other[SUPERRESOLUTION]} if SUPERRESOLUTION in other else dict(own)
        for own, other in (
            (bundle.card.training, lender.card.training),
            (bundle.card.metrics, lender.card.metrics),
        )
    )
    card = replace(bundle.card, networks=networks, training=training, metrics=metrics)
    files = {**bundle.networks, SUPERRESOLUTION: lender.networks[SUPERRESOLUTION]}
    return Bundle(card, files, bundle.source)
