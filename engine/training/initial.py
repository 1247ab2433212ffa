"""Where a classifier begins: at random, with ImageNet weights, or from one of our bundles (section 4.3, transfer)."""

from pathlib import Path
from typing import Any

import torch
from timm.models import load_pretrained, load_state_dict

from engine.bundle import Bundle
from engine.card import CLASSIFIER, NetworkCard
from engine.errors import BundleError, InputError
from engine.nets.classifiers import BACKBONES, ChromosomeClassifier
from engine.training.config import TrainConfig
from engine.training.export import read_weights

WHOLE_CELL = 96
"""Images a network that leans on the cell is given at once: 48 chromosomes both ways up."""


def _parameters(config: TrainConfig) -> dict[str, Any]:
    return {"size_features": config.size_features, "cell_share": config.cell_share}


def network_card(config: TrainConfig) -> NetworkCard:
    """Return what a bundle's card says of the network that a recipe gives."""
    if config.cell_share:
        return NetworkCard(config.backbone, _parameters(config), batch=WHOLE_CELL)
    return NetworkCard(config.backbone, _parameters(config))


def new_classifier(
    config: TrainConfig, *, init: Bundle | None = None, pretrained: bool | Path = False
) -> ChromosomeClassifier:
    """Return a classifier to train, the same for the same seed.

    Parameters
    ----------
    init : begin with its weights; its backbone must be that of `config`.
    pretrained : begin with ImageNet weights: True lets timm fetch them, a path names a file (safetensors or a torch
        state dict) in the names of timm. Grey filters are the sum of the coloured ones.

    Raises
    ------
    InputError
        If the bundle has another network, or the ImageNet weights cannot be had.
    """
    if config.backbone not in BACKBONES:
        raise InputError(f"There is no backbone {config.backbone!r}; known: {', '.join(BACKBONES)}.")
    if config.cell_share and not BACKBONES[config.backbone].leans:
        raise InputError(f"The backbone {config.backbone} cannot lean on the cell; set cell_share to 0.")
    torch.manual_seed(config.seed)
    try:
        model = ChromosomeClassifier(
            config.backbone, pretrained=pretrained is True, dropout=config.dropout, **_parameters(config)
        )
    except Exception as error:  # whatever the hub's client raises: no network, no such file, a proxy
        if pretrained is not True:
            raise
        raise InputError(
            f"The ImageNet weights of {config.backbone} cannot be fetched ({type(error).__name__}); give them as a "
            "file or begin from a bundle."
        ) from None
    if isinstance(pretrained, Path):
        _load_file(model, pretrained)
    if init is not None:
        card = init.card.networks[CLASSIFIER]
        if card.architecture != config.backbone or init.card.size_features != config.size_features:
            raise InputError(
                f"The bundle {init.card.name} holds the network {card.architecture} with {init.card.size_features} "
                f"size features, the recipe asks for {config.backbone} with {config.size_features}; make them alike."
            )
        model.load_state_dict(read_weights(init))
    return model


def classifier_of(bundle: Bundle) -> ChromosomeClassifier:
    """Return the classifier of a bundle, to train it or what comes after it.

    Raises
    ------
    BundleError
        If the bundle's network cannot be trained further.
    """
    card = bundle.card.networks[CLASSIFIER]
    if card.architecture not in BACKBONES:
        raise BundleError(f"The bundle {bundle.card.name} cannot be trained further: its network is unknown here.")
    options: dict[str, Any] = {"size_features": bundle.card.size_features, **card.parameters}
    try:
        model = ChromosomeClassifier(card.architecture, **options)
        model.load_state_dict(read_weights(bundle))
    except (RuntimeError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise BundleError(f"The bundle {bundle.card.name} cannot be trained further: {reason}") from None
    return model


def _load_file(model: ChromosomeClassifier, path: Path) -> None:
    described = dict(getattr(model.backbone, "pretrained_cfg", {}) or {})
    described |= {"file": str(path), "num_classes": described.get("num_classes") or 1000}
    wanted = set(model.backbone.state_dict())
    try:
        if len(wanted & set(load_state_dict(str(path)))) < 0.9 * len(wanted):
            raise ValueError("its tensors are not those of the backbone")
        load_pretrained(model.backbone, pretrained_cfg=described, num_classes=0, in_chans=1, strict=False)
    except Exception as error:  # of safetensors and torch, which share no base
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(f"The ImageNet weights {path.name} cannot be used: {reason}.") from None
