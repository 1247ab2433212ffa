"""Which of the installed bundles enlarges."""

import json
import shutil
from pathlib import Path

import pytest

from engine.bundle import list_bundles
from engine.superresolution import enlarging_bundle


def renamed(source: Path, folder: Path, name: str, stain: str) -> None:
    shutil.copytree(source, folder / name)
    card = folder / name / "bundle.json"
    values = json.loads(card.read_text("utf-8")) | {"name": name, "stain": stain}
    card.write_text(json.dumps(values), encoding="utf-8")


@pytest.fixture
def own_alone(own_bundles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As if nothing came with the program."""
    monkeypatch.setattr(
        "engine.superresolution.list_bundles", lambda: tuple(entry for entry in list_bundles() if not entry.shipped)
    )
    return own_bundles


def test_without_such_a_bundle_there_is_none(own_alone: Path) -> None:
    assert enlarging_bundle("g") is None
    (own_alone / "damaged").mkdir(parents=True)
    (own_alone / "damaged" / "bundle.json").write_text("{", encoding="utf-8")
    assert enlarging_bundle("g", "damaged") is None


def test_the_preferred_comes_first_then_one_for_the_stain(own_alone: Path, enlarger: Path) -> None:
    renamed(enlarger / "enlarger", own_alone, "a-q", "q")
    renamed(enlarger / "enlarger", own_alone, "b-g", "g")
    assert enlarging_bundle("g") == "b-g"
    assert enlarging_bundle("q") == enlarging_bundle("q", "g-default") == "a-q"
    assert enlarging_bundle("g", "a-q") == "a-q"
    shutil.rmtree(own_alone / "b-g")
    assert enlarging_bundle("g") == "a-q"  # better for another stain than none
