"""Which bundle is in use: one is brought in, an earlier one comes back, a worse one needs words, none is lost."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.bundle import Bundle, default_bundle, list_bundles, load_bundle, remove_bundle, write_bundle
from engine.current import CURRENT_FILE, read_currents
from engine.errors import BundleError
from engine.promotion import SURE, history, in_use, note_of, promote, rollback, set_note


@pytest.fixture
def own(ruler_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder, empty; the program brings the bundle `ruler`."""
    from engine import bundle as module

    shipped = tmp_path / "shipped"
    shutil.copytree(ruler_folder, shipped / "bundles" / "ruler")
    monkeypatch.setattr(module, "files", lambda package: shipped)
    monkeypatch.setenv("KARYO_BUNDLES", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


def candidate(ruler: Bundle, name: str) -> Bundle:
    return Bundle(replace(ruler.card, name=name), ruler.networks, "test")


def test_promoted_is_installed_in_use_and_noted(own: Path, ruler: Bundle) -> None:
    assert default_bundle("g") == "ruler"
    entry = promote(candidate(ruler, "g-own-1"), "g", note=" after 20 cells ", verdict="better")
    assert entry is not None
    assert default_bundle("g") == "g-own-1"
    assert load_bundle("g-own-1").card.name == "g-own-1"
    (turn,) = history("g")
    assert (turn.bundle, turn.replaced, turn.note, turn.verdict) == ("g-own-1", "ruler", "after 20 cells", "better")
    assert history("q") == ()


def test_back_to_any_earlier_one(own: Path, ruler: Bundle) -> None:
    promote(candidate(ruler, "g-own-1"), "g")
    promote(candidate(ruler, "g-own-2"), "g")
    assert rollback("g") == "g-own-1"
    assert rollback("g") == "ruler"
    with pytest.raises(BundleError, match="No earlier bundle is known"):
        rollback("g")
    assert rollback("g", "g-own-2") == "g-own-2"
    assert default_bundle("g") == "g-own-2"
    assert [turn.rollback for turn in history("g")] == [False, False, True, True, True]
    with pytest.raises(BundleError, match="in use already"):
        rollback("g", "g-own-2")


def test_a_worse_one_is_taken_only_with_words(own: Path, ruler: Bundle) -> None:
    for typed in ("", "yes", "use it"):
        with pytest.raises(BundleError, match="is worse than the bundle in use"):
            promote(candidate(ruler, "g-own-1"), "g", verdict="worse", typed=typed)
    assert default_bundle("g") == "ruler"
    assert [entry.name for entry in list_bundles()] == ["ruler"]
    promote(candidate(ruler, "g-own-1"), "g", verdict="worse", typed=SURE.upper())
    assert default_bundle("g") == "g-own-1"


def test_what_is_in_use_is_not_deleted(own: Path, ruler: Bundle) -> None:
    first = promote(candidate(ruler, "g-own-1"), "g")
    second = promote(candidate(ruler, "g-own-2"), "g")
    assert first is not None
    assert second is not None
    with pytest.raises(BundleError, match="g-own-2 is in use"):
        remove_bundle(second)
    remove_bundle(first)
    with pytest.raises(BundleError, match="no bundle 'g-own-1'"):
        rollback("g")
    assert default_bundle("g") == "g-own-2"


def test_only_for_the_stain_it_was_made_for(own: Path, ruler: Bundle) -> None:
    with pytest.raises(BundleError, match="not made for Q bands"):
        promote("ruler", "q")
    promote(replaced_stain(ruler), "q")
    assert in_use() == {"g": "ruler", "q": "q-own-1"}


def replaced_stain(ruler: Bundle) -> Bundle:
    return Bundle(replace(ruler.card, name="q-own-1", stain="q"), ruler.networks, "test")


def test_a_name_is_not_taken_twice(own: Path, ruler: Bundle) -> None:
    with pytest.raises(BundleError, match="already a bundle named ruler"):
        promote(candidate(ruler, "ruler"), "g")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 9, "in_use": {"g": "x"}, "turns": []}', "not json"])
def test_a_damaged_file_means_the_programs_own(own: Path, text: str) -> None:
    (own / CURRENT_FILE).write_text(text)
    assert default_bundle("g") == "ruler"
    assert read_currents(own).turns == ()


def test_a_bundle_that_went_away_is_not_used(own: Path, ruler: Bundle) -> None:
    entry = promote(candidate(ruler, "g-own-1"), "g")
    assert entry is not None
    for file in entry.path.iterdir():
        file.unlink()
    entry.path.rmdir()
    assert default_bundle("g") == "ruler"


def test_a_folder_that_cannot_be_written_to_changes_nothing(own: Path, ruler: Bundle) -> None:
    (own / CURRENT_FILE).mkdir()
    with pytest.raises(BundleError, match="the old bundle stays"):
        promote("ruler", "g")
    write_bundle(candidate(ruler, "other").card, ruler.networks, own / "other")
    assert default_bundle("g") == "ruler"


def test_a_note_can_be_written_later(own: Path, ruler: Bundle) -> None:
    assert note_of("ruler") == ""
    set_note("ruler", "  for marrow ")
    assert note_of("ruler") == "for marrow"
    promote(candidate(ruler, "g-own-1"), "g", note="first try")
    set_note("g-own-1", "second thought")
    rollback("g")
    promote("g-own-1", "g")
    assert (note_of("g-own-1"), note_of("ruler")) == ("second thought", "for marrow")
    with pytest.raises(BundleError, match="There is no bundle nobody any more"):
        set_note("nobody", "x")
    (own / CURRENT_FILE).write_text('{"format": 1, "in_use": {}, "turns": []}')  # as it was before there were notes
    assert note_of("ruler") == ""
