"""The rows of tables 2 and 3: what each method sees and what network it trains, with the paper's figures beside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from torch import nn

from engine.errors import InputError
from engine.study.cir_net import CirNet
from engine.study.ensemble import MEMBERS
from engine.study.mix_net import MixNet
from engine.study.nets import PlainNet
from engine.study.res_crann import ResCrann
from engine.study.super_xception import SuperXception

Fitting = Literal["stretch", "fit", "iam"]
"""How a chromosome comes into the square: stretched to it, fitted into it, or by the paper's IAM."""

Enlarging = Literal["srafbn", "bicubic"]
"""What makes a chromosome larger. Bicubic adds no detail: it shows how much of a gain is that of size alone."""

MAIN = "inception_resnet_v2"
"""The backbone of tables 3 and 4 and figures 7 and 8."""


@dataclass(frozen=True, slots=True)
class Method:
    """One row."""

    key: str
    title: str
    paper: float | None  # accuracy in per cent; None: a row of ours
    build: Callable[[str], nn.Module] | None  # of the name of the backbone; None: made of other runs
    backbone: str = ""
    fitting: Fitting = "stretch"
    enlarged: Enlarging | None = None  # first, twofold
    smote: bool = False
    members: tuple[str, ...] = ()

    def likeness(self, stand_in: str | None) -> tuple[object, ...]:
        """Return what decides a run besides fold and seed: under a stand-in, rows that differ in backbone are one."""
        backbone = stand_in if stand_in and self.backbone else self.backbone
        return (self.build, backbone, self.fitting, self.enlarged, self.smote, self.members)

    def network(self, stand_in: str | None) -> nn.Module:
        """Return a new network; with a stand-in for the backbone where the method has one."""
        if self.build is None:
            raise ValueError(f"{self.key} is made of other runs")
        return self.build(stand_in if stand_in and self.backbone else self.backbone)


def _plain(name: str) -> nn.Module:
    return PlainNet(name)


def _sras(key: str, title: str, paper: float | None, backbone: str) -> Method:
    return Method(key, f"SRAS-net ({title})", paper, _plain, backbone, "iam", "srafbn", smote=True)


TABLE_2: tuple[Method, ...] = (
    Method("res_crann", "Res-CRANN", 90.42, lambda _: ResCrann()),
    Method("super_xception", "Super-Xception", 92.36, SuperXception, "legacy_xception"),
    Method("cir_net", "CIR-Net", 95.89, CirNet, MAIN, "fit"),
    Method("mix_net", "MixNet", 96.50, MixNet, "resnext50_32x4d"),
    Method("ensemble", "Ensemble (VGG19, ResNet50, MobileNetV2)", 97.01, None, members=MEMBERS),
    Method("resnet50", "ResNet50", 87.64, _plain, "resnet50"),
    Method("xception", "Xception", 91.80, _plain, "legacy_xception"),
    Method("vgg19", "VGG19", 91.67, _plain, "vgg19"),
    Method("inception", "Inception-ResNet-v2", 91.69, _plain, MAIN),
    _sras("sras_resnet50", "ResNet50", 95.92, "resnet50"),
    _sras("sras_xception", "Xception", 96.01, "legacy_xception"),
    _sras("sras_vgg19", "VGG19", 96.56, "vgg19"),
    _sras("sras", "Inception-ResNet-v2", 97.55, MAIN),
)
"""In the paper's order."""

TABLE_3: tuple[Method, ...] = (
    Method("inception", "Inception-ResNet-v2", 91.69, _plain, MAIN),
    Method("smote", "SMOTE", 93.30, _plain, MAIN, smote=True),
    Method("srafbn_smote", "SRAFBN + SMOTE", 96.83, _plain, MAIN, enlarged="srafbn", smote=True),
    Method("sras", "SRAFBN + SMOTE + IAM (SRAS-net)", 97.55, _plain, MAIN, "iam", "srafbn", smote=True),
    Method("srafbn", "SRAFBN alone", None, _plain, MAIN, enlarged="srafbn"),
    Method("iam", "IAM alone", None, _plain, MAIN, "iam"),
    Method("iam_smote", "SMOTE + IAM (SRAS-net without SRAFBN)", None, _plain, MAIN, "iam", smote=True),
    Method("iam_srafbn", "SRAFBN + IAM (SRAS-net without SMOTE)", None, _plain, MAIN, "iam", "srafbn"),
    Method("iam_bicubic", "Bicubic + IAM (its SRAFBN replaced)", None, _plain, MAIN, "iam", "bicubic"),
)
"""The paper's four rows in its order, then each module alone, each one left out, and size without detail."""

_HELPERS = (Method("mobilenet_v2", "MobileNetV2", None, _plain, "mobilenetv2_100"),)

METHODS: dict[str, Method] = {method.key: method for method in (*TABLE_3, *_HELPERS, *TABLE_2)}

FIGURE_8 = ("inception", "cir_net", "sras")

WHAT: dict[str, tuple[str, ...]] = {
    "table2": tuple(method.key for method in TABLE_2),
    "table3": tuple(method.key for method in TABLE_3),
    "table4": ("sras",),
    "fig7": ("sras",),
    "fig8": FIGURE_8,
    "all": tuple(dict.fromkeys(method.key for method in (*TABLE_3, *TABLE_2))),
}
"""Which methods a table or figure needs."""


def chosen_methods(what: str, names: tuple[str, ...] = ()) -> tuple[Method, ...]:
    """Return the methods to run, members of an ensemble before it.

    Parameters
    ----------
    what : a key of `WHAT`.
    names : only these.

    Raises
    ------
    InputError
        If there is no such method.
    """
    for name in names:
        if name not in METHODS:
            raise InputError(f"There is no method {name!r}; known: {', '.join(METHODS)}.")
    keys = [key for key in WHAT[what] if not names or key in names]
    ordered: dict[str, None] = {}
    for key in keys:
        ordered |= dict.fromkeys((*METHODS[key].members, key))
    # Members of an ensemble are rows themselves; they go first.
    return tuple(METHODS[key] for key in ordered)
