"""The card of a bundle comes back from JSON as it was, and nothing it says is guessed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.card import BundleCard, Calibration, NetworkCard, SizeTerm
from engine.errors import BundleError
from engine.imaging.adapt import AdaptSpec
from engine.karyotype.prices import AssignmentOptions
from engine.types import CLASS_LABELS, BundleRef


@pytest.fixture
def full() -> BundleCard:
    """A card on which nothing has its default value."""
    return BundleCard(
        name="lab-7",
        version="2.1",
        stain="any",
        networks={"classifier": NetworkCard("resnet18", {"dropout": 0.1}, 4, "a" * 64, "b" * 64)},
        adapt=AdaptSpec(height=96, width=40, low=0.2),
        size_features=0,
        half_turn_averaging=False,
        calibration=Calibration(1.4, SizeTerm(0.3, tuple(0.1 * i for i in range(24)), (0.2,) * 24, "log_length")),
        assignment=AssignmentOptions(loss_price=3.0, sex_prices=(("XX", 0.0), ("XY", 1.5)), gain_prices=(4.0,) * 22),
        parent="g-default 1.0",
        training={"cells": {"passau": 500}, "seeds": [1, 2, 3]},
        metrics={"accuracy": 0.991},
        sources=("Tseng et al., Sci Data 10:104 (2023)",),
        licence="research use",
    )


def test_round_trip(full: BundleCard) -> None:
    assert BundleCard.from_json(full.to_json()) == full
    assert BundleCard.from_json(full.to_json().encode()) == full


def test_the_file_says_what_it_is(full: BundleCard) -> None:
    values = json.loads(full.to_json())
    assert values["format"] == 1
    assert values["labels"] == list(CLASS_LABELS)
    assert "Not a medical device" in values["notice"]
    assert full.ref == BundleRef("lab-7", "2.1")


@pytest.mark.parametrize(("stain", "suits"), [("any", [True, True]), ("g", [True, False]), ("q", [False, True])])
def test_stain(full: BundleCard, stain: Any, suits: list[bool]) -> None:
    assert [replace(full, stain=stain).suits(of) for of in ("g", "q")] == suits


def spoiled(card: BundleCard, path: str, value: object) -> str:
    values = json.loads(card.to_json())
    *folders, last = path.split(".")
    place = values
    for folder in folders:
        place = place[folder]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(values)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("format", 2, "format version is 2, this program reads version 1"),
        ("format", ..., "format version is None"),
        ("labels", ["Y", *CLASS_LABELS[1:]], "table of labels"),
        ("labels", ..., "table of labels"),
        ("size_feature_names", ["area"], "size features are not"),
        ("name", ..., "missing 1 required"),
        ("name", "../up", "a bundle's name holds"),
        ("name", 5, "name must be of type str"),
        ("stain", "c", "unknown stain 'c'"),
        ("invented", 1, "unknown entry 'invented'"),
        ("half_turn_averaging", 1, "must be of type bool"),
        ("size_features", True, "must be of type int"),
        ("size_features", 2, "size_features must be 0 or 3"),
        ("parent", 3, "parent must be text or null"),
        ("sources", "a book", "not a list of str"),
        ("networks", {}, "network 'classifier' is missing"),
        ("networks", [], "networks is not an object"),
        ("networks.classifier.batch", 0, "batch must be at least 1"),
        ("networks.classifier.arithmetic", "int4", "unknown arithmetic"),
        ("networks.classifier.graph_sha256", None, "must be of type str"),
        ("adapt.height", "96", "adapt: height must be of type int"),
        ("adapt.zoom", 2, "unknown entry 'zoom'"),
        ("calibration.temperature", 0, "temperature must be positive"),
        ("calibration.size.mean", [0.0], "need 24 values"),
        ("calibration.size.sd", ["a"] * 24, "not a list of float"),
        ("calibration.size.sd", [0.0] * 24, "sd must be positive"),
        ("calibration.size.feature", "weight", "unknown size feature"),
        ("assignment.sex_prices", [["XX"]], "not a list of"),
        ("assignment.gain_prices", [1.0], "1 gain prices for 22"),
    ],
)
def test_what_cannot_be_honoured_is_refused(full: BundleCard, path: str, value: object, reason: str) -> None:
    with pytest.raises(BundleError, match=reason):
        BundleCard.from_json(spoiled(full, path, value))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, b"\xff\xfe\x00"])
def test_no_card_at_all(text: str | bytes) -> None:
    with pytest.raises(BundleError, match=r"bundle\.json is not"):
        BundleCard.from_json(text)
