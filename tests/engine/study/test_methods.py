"""Every method of tables 2 and 3 can be built, sees what it should, and learns."""

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from engine.errors import InputError
from engine.study.methods import METHODS, TABLE_2, TABLE_3, WHAT, chosen_methods


def test_the_papers_rows_and_figures() -> None:
    assert [method.paper for method in TABLE_2] == [
        *(90.42, 92.36, 95.89, 96.50, 97.01),
        *(87.64, 91.80, 91.67, 91.69),
        *(95.92, 96.01, 96.56, 97.55),
    ]
    assert [method.paper for method in TABLE_3[:4]] == [91.69, 93.30, 96.83, 97.55]
    assert all(method.paper is None for method in TABLE_3[4:])


def test_each_row_of_table_3_differs_from_the_last_by_one_module() -> None:
    parts = [(m.enlarged == "srafbn", m.smote, m.fitting == "iam") for m in TABLE_3[:8]]
    assert parts[:4] == [(False, False, False), (False, True, False), (True, True, False), (True, True, True)]
    assert {sum(part) for part in parts[4:6]} == {1}
    assert {sum(part) for part in parts[6:]} == {2}
    assert len(set(parts)) == 8
    control, replaced = TABLE_3[8], METHODS["iam_srafbn"]
    assert (control.enlarged, control.smote, control.fitting) == ("bicubic", replaced.smote, replaced.fitting)


def test_a_stand_in_makes_rows_the_same_and_nothing_else_does() -> None:
    same = [
        m.key for m in METHODS.values() if m.likeness("resnet_tiny") == METHODS["inception"].likeness("resnet_tiny")
    ]
    assert sorted(same) == ["inception", "mobilenet_v2", "resnet50", "vgg19", "xception"]
    assert len({m.likeness(None) for m in METHODS.values()}) == len(METHODS)


@pytest.mark.parametrize("key", ["res_crann", "super_xception", "cir_net", "mix_net", "inception"])
def test_networks_give_logits_and_gradients_reach_every_parameter(key: str) -> None:
    torch.manual_seed(0)
    network = METHODS[key].network("resnet_tiny")
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.constant_(layer.weight, 0.5)  # timm begins with residual branches of weight 0
    out = network(torch.rand(4, 1, 48, 48), None)
    assert out.label_logits.shape == (4, 24)
    assert out.features.shape[0] == 4
    cross_entropy(out.label_logits, torch.tensor([0, 5, 22, 23])).backward()
    silent = [name for name, p in network.named_parameters() if p.grad is None or not bool(p.grad.any())]
    assert silent == []


@pytest.mark.parametrize("key", ["super_xception", "cir_net", "mix_net", "vgg19", "resnet50", "mobilenet_v2"])
def test_the_real_backbones_fit_together(key: str) -> None:
    with torch.device("meta"):
        out = METHODS[key].network(None).eval()(torch.zeros(1, 1, 224, 224), None)
    assert out.label_logits.shape == (1, 24)


def test_what_is_run_for_what() -> None:
    assert [m.key for m in chosen_methods("fig8")] == ["inception", "cir_net", "sras"]
    ensemble = [m.key for m in chosen_methods("table2", ("ensemble",))]
    assert ensemble == ["vgg19", "resnet50", "mobilenet_v2", "ensemble"]
    everything = [m.key for m in chosen_methods("all")]
    assert len(everything) == len(set(everything))
    assert set(everything) == set(METHODS)
    assert set(WHAT["table2"]) <= set(everything)
    with pytest.raises(InputError, match="no method 'alexnet'"):
        chosen_methods("all", ("alexnet",))
    with pytest.raises(ValueError, match="made of other runs"):
        METHODS["ensemble"].network(None)
