"""Transfer: from a bundle of ours, from a file of ImageNet weights; what does not fit is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save_file

from engine.bundle import load_bundle
from engine.card import AdaptSpec, BundleCard, NetworkCard
from engine.errors import InputError
from engine.nets.cell_norm import CellNorm2d
from engine.nets.classifiers import BACKBONES
from engine.training.config import TrainConfig
from engine.training.export import export_bundle
from engine.training.initial import classifier_of, network_card, new_classifier

CONFIG = TrainConfig(backbone="resnet_tiny", seed=4)


def test_the_same_seed_gives_the_same_start() -> None:
    first, second = new_classifier(CONFIG), new_classifier(CONFIG)
    assert torch.equal(first.label_head.weight, second.label_head.weight)
    assert not torch.equal(first.label_head.weight, new_classifier(replace(CONFIG, seed=5)).label_head.weight)


def test_a_bundle_hands_its_weights_on(tmp_path: Path) -> None:
    parent = new_classifier(replace(CONFIG, seed=8))
    card = BundleCard("parent", "1", "g", {"classifier": NetworkCard("resnet_tiny")}, adapt=AdaptSpec(64, 32))
    export_bundle(parent, card, tmp_path / "parent")
    bundle = load_bundle(tmp_path / "parent")
    child = new_classifier(CONFIG, init=bundle)
    for name, value in parent.state_dict().items():
        torch.testing.assert_close(child.state_dict()[name], value, atol=1e-3, rtol=1e-3)
    with pytest.raises(InputError, match="holds the network resnet_tiny"):
        new_classifier(replace(CONFIG, backbone="resnet18"), init=bundle)


def test_a_card_says_how_its_network_is_built_again(tmp_path: Path) -> None:
    recipe = replace(CONFIG, cell_share=0.4)
    card = BundleCard("leaning", "1", "g", {"classifier": network_card(recipe)}, adapt=AdaptSpec(64, 32))
    export_bundle(new_classifier(recipe), card, tmp_path)
    again = classifier_of(load_bundle(tmp_path))
    assert {part.share for part in again.modules() if isinstance(part, CellNorm2d)} == {0.4}
    assert card.networks["classifier"].batch >= 92  # a whole cell, both ways up
    assert network_card(replace(recipe, cell_share=0.0)).batch < 92


def test_a_backbone_that_cannot_lean_on_the_cell_is_refused() -> None:
    with pytest.raises(InputError, match="inception_resnet_v2 cannot lean on the cell; set cell_share to 0"):
        new_classifier(replace(CONFIG, backbone="inception_resnet_v2"))


def test_coloured_filters_of_a_file_become_grey_ones(tmp_path: Path) -> None:
    backbone = BACKBONES["resnet_tiny"]
    coloured = timm.create_model(backbone.timm_name, in_chans=3, num_classes=1000, **backbone.options)
    save_file(coloured.state_dict(), tmp_path / "imagenet.safetensors")
    model = new_classifier(CONFIG, pretrained=tmp_path / "imagenet.safetensors")
    torch.testing.assert_close(
        model.backbone.conv1.weight[:, 0], coloured.conv1.weight.sum(dim=1), atol=1e-5, rtol=1e-4
    )
    assert torch.equal(model.backbone.layer4[0].conv1.weight, coloured.layer4[0].conv1.weight)


def test_weights_of_something_else_are_refused(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(InputError, match=r"other\.safetensors cannot be used: its tensors are not those"):
        new_classifier(CONFIG, pretrained=tmp_path / "other.safetensors")
    with pytest.raises(InputError, match=r"none\.safetensors cannot be used"):
        new_classifier(CONFIG, pretrained=tmp_path / "none.safetensors")
    with pytest.raises(InputError, match="no backbone 'alexnet'"):
        new_classifier(replace(CONFIG, backbone="alexnet"))


def test_without_network_imagenet_weights_are_asked_for_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = timm.create_model

    def offline(name: str, *, pretrained: bool = False, **options: object) -> object:
        if pretrained:
            raise OSError("no route to host")
        return whole(name, **options)

    monkeypatch.setattr("engine.nets.classifiers.timm.create_model", offline)
    with pytest.raises(InputError, match=r"ImageNet weights of resnet_tiny cannot be fetched.*give them as a file"):
        new_classifier(CONFIG, pretrained=True)
    assert new_classifier(CONFIG).size_features == CONFIG.size_features
