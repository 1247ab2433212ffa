"""The card of a bundle (`bundle.json`): what a trained model is, what it needs, and how it came to be.

Everything that changes a result stands here and nowhere else, so that a bundle gives the same answer on every machine.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeVar, get_args

from engine.errors import BundleError
from engine.imaging.adapt import SIZE_FEATURES, AdaptSpec
from engine.karyotype.prices import AssignmentOptions
from engine.types import CLASS_LABELS, BundleRef

FORMAT_VERSION = 1
CLASSIFIER = "classifier"
"""Name of the network every bundle has."""

SUPERRESOLUTION = "superresolution"
"""Name of the SRAFBN of a bundle that has one."""

CONTEXT = "context"
"""Name of the network that sees all chromosomes of a cell at once, where a bundle has one."""

NOTICE = "For research use only. Not a medical device: every karyogram must be checked by a qualified person."

FLOAT32 = "float32"
INT8 = "int8"
"""How a network computes (`NetworkCard.arithmetic`); in 8 bits it cannot be trained further."""

BundleStain = Literal["g", "q", "any"]
JsonObject = Mapping[str, Any]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class NetworkCard:
    """One network of a bundle: the files `<name>.onnx` and `<name>.safetensors`."""

    architecture: str  # name in the registry of engine.nets, to rebuild the module for further training
    parameters: JsonObject = field(default_factory=dict)  # keyword arguments of that architecture
    batch: int = 8  # images per run: small enough that a cancel between two runs is answered at once
    graph_sha256: str = ""  # filled in when the bundle is written
    weights_sha256: str = ""
    arithmetic: str = FLOAT32  # or INT8 (`engine.training.eight_bits`)

    def __post_init__(self) -> None:
        if self.batch < 1:
            raise ValueError("batch must be at least 1")
        if self.arithmetic not in (FLOAT32, INT8):
            raise ValueError(f"unknown arithmetic {self.arithmetic!r}")


@dataclass(frozen=True, slots=True)
class SizeTerm:
    """Gaussian of one relative size of each label: evidence that is added to what the classifier sees.

    `log p += weight * log N(size; mean[label], sd[label])`, only where a cell stands behind the size.
    """

    weight: float
    mean: tuple[float, ...]  # (24,) of the feature, natural logarithm, relative to the cell's median
    sd: tuple[float, ...]  # (24,) > 0
    feature: str = "log_area"  # one of SIZE_FEATURES

    def __post_init__(self) -> None:
        if len(self.mean) != len(CLASS_LABELS) or len(self.sd) != len(CLASS_LABELS):
            raise ValueError(f"mean and sd need {len(CLASS_LABELS)} values")
        if min(self.sd) <= 0:
            raise ValueError("sd must be positive")
        if self.feature not in SIZE_FEATURES:
            raise ValueError(f"unknown size feature {self.feature!r}")


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become honest probabilities, fitted on validation cells."""

    temperature: float = 1.0  # label logits are divided by it
    size: SizeTerm | None = None
    context_temperature: float = 1.0  # what the context network says of the labels is divided by it
    clutter_price: float = 8.0  # of leaving an object out when the context network wavers whether it is one

    def __post_init__(self) -> None:
        if not (self.temperature > 0 and self.context_temperature > 0):
            raise ValueError("a temperature must be positive")


@dataclass(frozen=True, slots=True)
class BundleCard:
    """All of `bundle.json`."""

    name: str
    version: str
    stain: BundleStain
    networks: Mapping[str, NetworkCard]  # at least CLASSIFIER
    adapt: AdaptSpec = field(default_factory=AdaptSpec)
    size_features: int = len(SIZE_FEATURES)  # width of the classifier's `size` input; 0 = it has none
    super_resolution: bool = False  # the classifier sees enlarged images; else such a network serves the display alone
    half_turn_averaging: bool = True  # look at each image both ways up and average
    calibration: Calibration = field(default_factory=Calibration)
    assignment: AssignmentOptions = field(default_factory=AssignmentOptions)  # prices of the cell's context
    parent: str | None = None  # "<name> <version>" of the bundle it was trained on from
    training: JsonObject = field(default_factory=dict)  # data with counts, split, seeds, recipe, library versions
    metrics: JsonObject = field(default_factory=dict)  # on held-out cells
    sources: tuple[str, ...] = ()  # where the training data come from, to be cited
    licence: str = ""  # of the weights, with what follows from the data's own licences
    notice: str = NOTICE

    def __post_init__(self) -> None:
        if not self.name or not all(c.isalnum() or c in "-_." for c in self.name) or self.name.startswith("."):
            raise ValueError(f"a bundle's name holds letters, digits, '-', '_' and '.': {self.name!r}")
        if self.stain not in get_args(BundleStain):
            raise ValueError(f"unknown stain {self.stain!r}")
        if CLASSIFIER not in self.networks:
            raise ValueError(f"the network {CLASSIFIER!r} is missing")
        if self.super_resolution and SUPERRESOLUTION not in self.networks:
            raise ValueError(f"it asks for super-resolution, but the network {SUPERRESOLUTION!r} is missing")
        for name in self.networks:
            if not name.isidentifier():
                raise ValueError(f"a network's name is a plain word: {name!r}")
        if self.size_features not in (0, len(SIZE_FEATURES)):
            raise ValueError(f"size_features must be 0 or {len(SIZE_FEATURES)}")

    @property
    def ref(self) -> BundleRef:
        """Name and version, as results carry them."""
        return BundleRef(self.name, self.version)

    @property
    def leans_on_the_cell(self) -> bool:
        """Whether what the classifier says of an image depends on the others of its cell (`engine.nets.cell_norm`)."""
        share = self.networks[CLASSIFIER].parameters.get("cell_share", 0.0)
        return isinstance(share, int | float) and share > 0

    def suits(self, stain: str) -> bool:
        """Whether the bundle was trained for this stain."""
        return self.stain in ("any", stain)

    def to_json(self) -> str:
        """Return the text of `bundle.json`."""
        values = asdict(self)
        ordered = {"format": FORMAT_VERSION, **{key: values.pop(key) for key in ("name", "version", "stain", "notice")}}
        ordered |= {"labels": list(CLASS_LABELS), "size_feature_names": list(SIZE_FEATURES), **values}
        return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "BundleCard":
        """Read `bundle.json`.

        Raises
        ------
        BundleError
            If the text is no card, or one this program cannot honour to the letter. An unknown key is refused too:
            it would be something that changes the result and that this version does not know.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise BundleError("bundle.json is not valid JSON") from None
        if not isinstance(values, dict):
            raise BundleError("bundle.json is not a JSON object")
        version = values.pop("format", None)
        if version != FORMAT_VERSION:
            raise BundleError(f"its format version is {version!r}, this program reads version {FORMAT_VERSION}")
        if values.pop("labels", None) != list(CLASS_LABELS):
            raise BundleError("its table of labels is not 1..22, X, Y")
        if values.pop("size_feature_names", None) != list(SIZE_FEATURES):
            raise BundleError(f"its size features are not {', '.join(SIZE_FEATURES)}")
        return _build(cls, values, "bundle.json")


def _tuple_of(kind: type) -> Callable[[Any, str], tuple[Any, ...]]:
    def read(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or not all(_is(item, kind) for item in value):
            raise BundleError(f"{where} is not a list of {kind.__name__} values")
        return tuple(value)

    return read


def _networks(value: Any, where: str) -> dict[str, NetworkCard]:
    if not isinstance(value, dict):
        raise BundleError(f"{where} is not an object")
    return {str(name): _build(NetworkCard, card, f"{where}.{name}") for name, card in value.items()}


def _sex_prices(value: Any, where: str) -> tuple[tuple[str, float], ...]:
    pairs = [tuple(pair) if isinstance(pair, list) else () for pair in value] if isinstance(value, list) else [()]
    if not all(len(pair) == 2 and _is(pair[0], str) and _is(pair[1], float) for pair in pairs):
        raise BundleError(f"{where} is not a list of (sex chromosomes, price)")
    return tuple((pair[0], pair[1]) for pair in pairs)


def _optional_size(value: Any, where: str) -> SizeTerm | None:
    return None if value is None else _build(SizeTerm, value, where)


# How a JSON value becomes the value of a field, where its type alone does not say.
_READ: dict[str, Callable[[Any, str], Any]] = {
    "networks": _networks,
    "adapt": lambda value, where: _build(AdaptSpec, value, where),
    "calibration": lambda value, where: _build(Calibration, value, where),
    "assignment": lambda value, where: _build(AssignmentOptions, value, where),
    "gain_prices": _tuple_of(float),
    "sex_prices": _sex_prices,
    "size": _optional_size,
    "mean": _tuple_of(float),
    "sd": _tuple_of(float),
    "sources": _tuple_of(str),
}
_PLAIN: dict[Any, type] = {str: str, int: int, float: float, bool: bool, JsonObject: dict}


def _build(kind: type[_T], values: Any, where: str) -> _T:
    """Make a dataclass from a JSON object, with every type checked."""
    if not isinstance(values, dict):
        raise BundleError(f"{where} is not an object")
    known: dict[str, Any] = {name: f.type for name, f in kind.__dataclass_fields__.items()}  # type: ignore[attr-defined]
    for key, value in values.items():
        if key not in known:
            raise BundleError(f"{where} has the unknown entry {key!r}")
        plain = _PLAIN.get(known[key])
        if key not in _READ and plain is not None and not _is(value, plain):
            raise BundleError(f"{where}: {key} must be of type {plain.__name__}")
        if known[key] == str | None and not (value is None or isinstance(value, str)):
            raise BundleError(f"{where}: {key} must be text or null")
    read = {key: _READ[key](value, f"{where}: {key}") if key in _READ else value for key, value in values.items()}
    try:
        return kind(**read)
    except (TypeError, ValueError) as error:
        raise BundleError(f"{where}: {error}") from None


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))
