"""What a training run is made of, typed, with the paper's recipe and a fast one as presets; read from TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from engine.errors import InputError
from engine.imaging.adapt import AdaptSpec
from engine.types import CLASS_INDEX

Sampling = Literal["none", "class_weights", "smote_pixels", "smote_features"]


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How training images are varied: like tilt, condensation, staining and optics differ between laboratories.

    All are spans drawn anew for each image; 0 switches a part off.
    """

    half_turns: bool = True  # either end may be up: the polarity head learns from it
    tilt_deg: float = 8.0  # +- degrees
    scale: float = 0.12  # +- log of common scale
    aspect: float = 0.10  # +- log of length against width
    shift_px: float = 3.0
    bend: float = 0.12  # residual bending, part of the image width
    gain: float = 0.25  # +- log of contrast
    gamma: float = 0.4  # +- log of gamma
    uneven: float = 0.15  # stain that changes along the chromosome
    blur_px: float = 1.3  # up to this sigma
    sharpen: float = 0.6  # up to this much unsharp mask
    noise: float = 0.05  # up to this standard deviation
    cut_end: float = 0.08  # up to this part of the length cut off, one image in six
    debris: float = 0.12  # share of images with a foreign piece at the edge
    size_noise: float = 0.04  # standard deviation of the relative log size
    size_bias: float = 0.06  # standard deviation of a cell's wrong median, drawn per image
    size_dropout: float = 0.15  # share of images whose size is hidden
    rotation_step_deg: float = 0.0  # the paper's: a random multiple of this, all the way round; it hides the polarity

    @classmethod
    def none(cls) -> "AugmentConfig":
        """Return a configuration that varies nothing."""
        return cls(half_turns=False, **{item.name: 0.0 for item in fields(cls) if item.name != "half_turns"})

    def stretched(self, factor: float) -> "AugmentConfig":
        """Return it with all spans of shape, stain and optics multiplied; shares of images stay."""
        return replace(self, **{name: getattr(self, name) * factor for name in _SPANS})


_SPANS = (
    "tilt_deg",
    "scale",
    "aspect",
    "shift_px",
    "bend",
    "gain",
    "gamma",
    "uneven",
    "blur_px",
    "noise",
    "cut_end",
)


@dataclass(frozen=True, slots=True)
class SamplingConfig:
    """What is done about rare labels, in the training part alone (section 3.4)."""

    method: Sampling = "none"
    targets: Mapping[str, int] = field(default_factory=dict)  # label -> images; empty: the rare ones to the median
    neighbours: int = 5  # of SMOTE; fewer where a label has fewer images

    def __post_init__(self) -> None:
        if self.method not in get_args(Sampling):
            raise InputError(f"There is no sampling {self.method!r}; known: {', '.join(get_args(Sampling))}.")
        if self.neighbours < 1:
            raise InputError("SMOTE needs at least one neighbour.")
        for label, count in self.targets.items():
            if label not in CLASS_INDEX or type(count) is not int or count < 1:
                raise InputError(f"sampling.targets: {label} = {count!r} is not a label with a count of images.")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One training run. The defaults are the product's; `preset("paper")` is section 4.3 of the paper.

    `preset("further")` goes on from a trained bundle of the product's network.
    """

    backbone: str = "resnet22_slim"
    adapt: AdaptSpec = field(default_factory=AdaptSpec)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    epochs: int = 16
    batch_size: int = 64
    optimiser: Literal["adam", "adamw"] = "adamw"
    schedule: Literal["constant", "one_cycle"] = "one_cycle"
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    polarity_weight: float = 0.4
    patience: int = 0  # epochs without a better validation accuracy; 0 = never stop early
    ema_decay: float = 0.998  # of the averaged weights that are kept; 0 = the last weights
    bfloat16: bool = True
    dropout: float = 0.2
    seed: int = 1
    size_features: int = 3  # numbers on the size relative to the cell that the network is told; 0 = images alone
    # How far the network leans on the cell at work. The product's network, 8 epochs on Passau: of Tseng's images, which
    # it never saw, 92.15 % without it, 92.56 with 0.6, 92.69 with 0.9.
    cell_share: float = 0.8
    sampling: SamplingConfig = field(default_factory=SamplingConfig)

    def __post_init__(self) -> None:
        if not 0.0 <= self.cell_share <= 1.0:
            raise InputError("cell_share lies between 0 and 1.")
        if self.epochs < 1 or self.batch_size < 1:
            raise InputError("A training run needs at least one epoch and a batch of at least one image.")
        if self.optimiser not in ("adam", "adamw") or self.schedule not in ("constant", "one_cycle"):
            raise InputError(f"There is no optimiser {self.optimiser!r} with the schedule {self.schedule!r}.")
        if self.size_features not in (0, 3):
            raise InputError("size_features is 0 or 3.")


_SEEN = AdaptSpec(length_power=0.25, low=-0.15)
"""How the product sees chromosomes. The tiny network, 8 epochs on Passau, all else alike: of 16,597 images of Tseng's
laboratory, which it never saw, right are

- 87.5 % with `length_power` 0.5, 88.7 with 0.25 (short chromosomes enlarged), 87.8 with 0.05;
- 88.7 % with `low` 0.15, 89.4 with 0, 90.0 with -0.15, 89.9 with -0.375: how far a cut-out reaches into the ground
  differs between laboratories, and with the palest grey as ground it cannot be seen.
"""

_WIDE = AugmentConfig().stretched(1.5)
"""How images are varied for a network that knows them by heart already, and for no other.

Begun from the same trained weights, 7 or 8 epochs on three laboratories: loss on validation cells 0.152 with the usual
spans, 0.137 with 1.3 times them. Trained for 8 epochs on Passau and 5 more with 1.5 times the spans, it is right on
93.3 % of 8,377 images of Tseng's laboratory, which it never saw, instead of 92.8; with the wide spans from the first of
8 epochs on, on 91.9.
"""

PRESETS: dict[str, TrainConfig] = {
    "product": TrainConfig(adapt=_SEEN),
    "further": TrainConfig(adapt=_SEEN, augment=_WIDE, epochs=8, learning_rate=1e-3),
    "fast": TrainConfig(backbone="resnet_tiny", adapt=_SEEN, epochs=4),
    "paper": TrainConfig(
        backbone="inception_resnet_v2",
        adapt=AdaptSpec(height=224, width=224, mode="iam"),
        augment=replace(AugmentConfig.none(), rotation_step_deg=15.0),
        epochs=100,
        batch_size=40,
        optimiser="adam",
        schedule="constant",
        learning_rate=5e-4,
        weight_decay=0.0,
        label_smoothing=0.0,
        polarity_weight=0.1,  # beyond the paper: without it a bundle could bring nothing upright
        patience=21,
        ema_decay=0.0,
        dropout=0.0,
        size_features=0,
        cell_share=0.0,
        sampling=SamplingConfig("smote_pixels"),
    ),
}


def preset(name: str) -> TrainConfig:
    """Return a preset by name."""
    try:
        return PRESETS[name]
    except KeyError:
        raise InputError(f"There is no training preset {name!r}; known: {', '.join(PRESETS)}.") from None


def load_config(path: Path, base: TrainConfig | None = None) -> TrainConfig:
    """Read a TOML file over `base`; unknown names and wrong types are refused with a sentence."""
    table = _table(path)
    start = base or preset(str(table.pop("preset", "product")))
    config: TrainConfig = _checked(start, table, path.name)
    return config


def overlaid_from_toml(path: Path, base: Any) -> Any:
    """Read a TOML file over any dataclass of settings, with the same checks."""
    return _checked(base, _table(path), path.name)


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as TOML: {error}") from None


def _checked(base: Any, table: dict[str, Any], where: str) -> Any:
    try:
        return _overlaid(base, table, where)
    except ValueError as error:  # of a value that the network or the adapting refuses
        raise InputError(f"{where}: {error}") from None


def _overlaid(value: Any, table: dict[str, Any], where: str) -> Any:
    known = {item.name for item in fields(value)}
    changes: dict[str, Any] = {}
    for name, new in table.items():
        if name not in known:
            raise InputError(f"{where}: there is no setting {name!r}; known: {', '.join(sorted(known))}.")
        old = getattr(value, name)
        if is_dataclass(old) and isinstance(new, dict):
            changes[name] = _overlaid(old, new, f"{where} [{name}]")
        elif isinstance(old, float) and type(new) in (int, float):
            changes[name] = float(new)
        elif type(new) is type(old):  # the targets of sampling, too: a table is a dict
            changes[name] = new
        else:
            raise InputError(f"{where}: {name} must be {type(old).__name__}, not {new!r}.")
    return replace(value, **changes)
