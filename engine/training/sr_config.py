"""What the training of a super-resolution network is made of; read from TOML."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.errors import InputError
from engine.nets.srafbn import LARGE, SMALL, SrafbnConfig
from engine.training.config import overlaid_from_toml


@dataclass(frozen=True, slots=True)
class Degradation:
    """How a small image is made of an original: slight blur, bicubic shrinking, noise. Spans; drawn for each patch."""

    blur_px: float = 0.8  # up to this sigma, pixels of the original
    noise: float = 0.015  # up to this standard deviation, of a grey scale of 1

    def __post_init__(self) -> None:
        if self.blur_px < 0 or self.noise < 0:
            raise InputError("Blur and noise of the degradation must not be negative.")


@dataclass(frozen=True, slots=True)
class SrTrainConfig:
    """One training run of SRAFBN. The paper gives no recipe; these are the usual values of feedback networks."""

    network: SrafbnConfig = field(default_factory=lambda: SMALL)
    degradation: Degradation = field(default_factory=Degradation)
    patch: int = 48  # pixels of the original
    batch_size: int = 16
    steps_per_epoch: int = 250
    epochs: int = 40
    learning_rate: float = 4e-4  # falls to a hundredth along a cosine
    validation_images: int = 200  # of each stain, drawn once
    bfloat16: bool = True  # of the network in training; pictures are summed, judged and kept in float32
    seed: int = 1

    def __post_init__(self) -> None:
        if min(self.batch_size, self.steps_per_epoch, self.epochs, self.validation_images) < 1:
            raise InputError("Batch, steps, epochs and validation images must be at least 1.")
        if self.patch % self.network.scale or self.patch < 4 * self.network.scale:
            raise InputError(f"The patch of {self.patch} pixels must be a multiple of the scale {self.network.scale}.")


SR_PRESETS: dict[str, SrTrainConfig] = {
    "small": SrTrainConfig(),
    "large": replace(SrTrainConfig(), network=LARGE, learning_rate=2e-4),
}


def load_sr_config(path: Path, base: SrTrainConfig | None = None) -> SrTrainConfig:
    """Read a TOML file over `base`; unknown names and wrong types are refused with a sentence."""
    config: SrTrainConfig = overlaid_from_toml(path, base or SR_PRESETS["small"])
    return config
