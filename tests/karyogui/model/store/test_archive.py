"""Damaged and hostile case files: one sentence, and the library is as it was."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from engine.types import CellResult
from karyogui.model.cell import Cell
from karyogui.model.store import archive
from karyogui.model.store.casefile import export_case, import_case
from karyogui.model.store.errors import CaseFileError, StoreError
from karyogui.model.store.library import Library
from karyogui.model.store.pictures import sha256
from karyogui.model.store.values import Case

DrawnCell = tuple[Cell, CellResult]
Fill = Callable[[Library, DrawnCell], Case]
Content = Callable[[Library], dict[str, list[Any]]]
Refused = Callable[[Library, Path, str], None]


@pytest.fixture(scope="module")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, draw: Callable[..., DrawnCell], fill_case: Fill
) -> tuple[Library, bytes]:
    """A library, and the file of a case it does not have."""
    folder = tmp_path_factory.mktemp("shelf")
    source, target = Library.open(folder / "source.sqlite"), Library.open(folder / "target.sqlite")
    case = fill_case(source, draw(["1", "1", "21"]))
    export_case(source, case.id, folder / "case.karyo", "Ann")
    source.close()
    return target, (folder / "case.karyo").read_bytes()


def rebuilt(whole: bytes, folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A case file whose manifest was changed, with hashes that fit."""
    path = folder / "changed.karyo"
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    manifest = json.loads(parts.pop(archive.MANIFEST))
    parts.pop(archive.SEAL)
    change(manifest)
    images = {name[7:-4]: data for name, data in parts.items()}
    with path.open("wb") as stream:
        archive.write_archive(stream, json.dumps(manifest).encode(), images)
    return path


@pytest.fixture(scope="module")
def refused(content: Content) -> Refused:
    """A function that imports a file and sees it refused without a trace."""

    def check(library: Library, path: Path, sentence: str) -> None:
        before = content(library)
        with pytest.raises(CaseFileError, match=sentence):
            import_case(library, path, "Bo")
        assert content(library) == before

    return check


def cell(manifest: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = manifest["case"]["cells"][0]
    return found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m: m.update(version=2), "another version"),
        (lambda m: m.update(format="letter"), "is no case file"),
        (lambda m: m.update(more=1), "do not fit together"),
        (lambda m: m.pop("anonymous"), "do not fit together"),
        (lambda m: m["case"].update(uid="../x"), "do not fit together"),
        (lambda m: m["case"].update(code=" "), "do not fit together"),
        (lambda m: m["case"].update(trail=[]), "do not fit together"),
        (lambda m: m["case"]["trail"].pop(1), "do not fit together"),
        (lambda m: m["case"]["trail"][1].update(user="Eve"), "do not fit together"),
        (lambda m: m["case"].update(uid="0" * 32), "do not fit together"),
        (lambda m: m["case"].update(sex="YY"), "do not fit together"),
        (lambda m: cell(m).update(stain="r"), "do not fit together"),
        (lambda m: cell(m).update(state="done"), "do not fit together"),
        (lambda m: cell(m)["placements"].pop(), "do not fit together"),
        (lambda m: cell(m)["placements"][0].update(label="23"), "do not fit together"),
        (lambda m: cell(m)["placements"][0].update(order=7), "do not fit together"),
        (lambda m: cell(m)["placements"][0].update(chromosome_id=9), "do not fit together"),
        (lambda m: cell(m)["chromosomes"].pop(), "do not fit together"),
        (lambda m: cell(m)["chromosomes"][0].update(sha256="0" * 64), "do not fit together"),
        (lambda m: cell(m)["chromosomes"][0].update(sha256="../../etc/passwd"), "do not fit together"),
        (lambda m: cell(m)["chromosomes"][0].update(number=2**40), "do not fit together"),
        (lambda m: cell(m)["chromosomes"][0].update(origin=[1]), "do not fit together"),
        (lambda m: cell(m)["chromosomes"][0].update(mask_sha256=cell(m)["chromosomes"][0]["sha256"]), "do not fit"),
        (lambda m: cell(m)["chromosomes"][0].update(sha256=cell(m)["chromosomes"][2]["sha256"]), "do not fit"),
        (lambda m: cell(m)["classifications"][0].update(shown="yes"), "do not fit together"),
        (lambda m: cell(m)["classifications"].append(cell(m)["classifications"][0]), "do not fit together"),
        (lambda m: cell(m)["classifications"][0]["predictions"][0]["result"].update(confidence="x"), "do not fit"),
        (lambda m: cell(m)["classifications"][0]["predictions"][0]["result"].update(image_label="A"), "do not fit"),
        (lambda m: cell(m)["corrections"][0].update(label_after="long label"), "do not fit together"),
        (lambda m: cell(m)["annotations"][0].update(chromosome_id=50), "do not fit together"),
        (lambda m: cell(m)["sheet"].update(quality=9), "do not fit together"),
    ],
)
def test_a_manifest_that_lies(
    shelf: tuple[Library, bytes],
    tmp_path: Path,
    refused: Refused,
    change: Callable[[dict[str, Any]], object],
    sentence: str,
) -> None:
    refused(shelf[0], rebuilt(shelf[1], tmp_path, change), sentence)


def with_member(whole: bytes, path: Path, name: str, data: bytes, method: int = zipfile.ZIP_STORED) -> Path:
    path.write_bytes(whole)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(zipfile.ZipInfo(name), data, method)
    return path


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "images/../../x.png", "C:\\x", "images/", "readme.txt", "images/abc.png"]
)
def test_names_that_lead_elsewhere(shelf: tuple[Library, bytes], tmp_path: Path, refused: Refused, name: str) -> None:
    path = with_member(shelf[1], tmp_path / "trick.karyo", name, b"x")
    refused(shelf[0], path, "belongs in no case file")
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["trick.karyo"]


def test_bombs_are_weighed_not_opened(
    shelf: tuple[Library, bytes], tmp_path: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, whole = shelf
    zeros = bytes(4_000_000)
    bomb = with_member(whole, tmp_path / "b.karyo", archive.image_name(sha256(zeros)), zeros, zipfile.ZIP_DEFLATED)
    refused(library, bomb, "far more than a case holds")
    path = tmp_path / "plain.karyo"
    path.write_bytes(whole)
    for limit, value in (("LARGEST_SUM", 3000), ("LARGEST_MEMBER", 600), ("MOST_MEMBERS", 5)):
        with monkeypatch.context() as patched:
            patched.setattr(archive, limit, value)
            refused(library, path, "far more than a case holds")
    with monkeypatch.context() as patched:
        patched.setattr(archive, "LARGEST_FILE", len(whole) - 1)
        refused(library, path, "larger than any case file")


def test_a_member_that_is_larger_than_it_says(shelf: tuple[Library, bytes], tmp_path: Path, refused: Refused) -> None:
    data = bytearray(shelf[1])
    spot = data.rfind(b"PK\x01\x02")  # the last entry of the directory: size unpacked at 24
    data[spot + 24 : spot + 28] = (5).to_bytes(4, "little")
    path = tmp_path / "lie.karyo"
    path.write_bytes(data)
    refused(shelf[0], path, "damaged|cut short")


def test_a_password(shelf: tuple[Library, bytes], tmp_path: Path, refused: Refused) -> None:
    data = bytearray(shelf[1])
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "locked.karyo"
    path.write_bytes(data)
    refused(shelf[0], path, "locked with a password")


def test_pictures_that_are_nobody_s_twice_or_none(
    shelf: tuple[Library, bytes], tmp_path: Path, refused: Refused
) -> None:
    library, whole = shelf
    extra = with_member(whole, tmp_path / "extra.karyo", archive.image_name(sha256(b"x")), b"x")
    refused(library, extra, "do not fit together")
    wrong = with_member(whole, tmp_path / "wrong.karyo", archive.image_name("0" * 64), b"x")
    refused(library, wrong, "is damaged")
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = with_member(whole, tmp_path / "twice.karyo", archive.MANIFEST, b"{}")
    refused(library, twice, "is damaged")


def test_what_is_no_zip_or_not_there(shelf: tuple[Library, bytes], tmp_path: Path, refused: Refused) -> None:
    library, whole = shelf
    for name, data in (("empty", b""), ("letter", b"Dear Ann,"), ("half", whole[: len(whole) // 2])):
        (tmp_path / name).write_bytes(data)
        refused(library, tmp_path / name, "is no case file, or was cut short")
    refused(library, tmp_path / "gone.karyo", "is not there")
    refused(library, tmp_path, "damaged|no case file")
    assert len(list(tmp_path.iterdir())) == 3  # nothing was taken away, either


many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def try_import(library: Library, path: Path, content: Content) -> None:
    """Either the whole case comes in, or nothing and one sentence; never anything else."""
    before = content(library)
    try:
        made = import_case(library, path, "Bo")
    except StoreError as error:
        assert str(error).count("\n") == 0  # noqa: PT017 - an import may succeed
        assert content(library) == before
        return
    assert library.check() == []
    loaded = [library.cells.load(record.id) for record in library.cells.records(made.id)]
    assert all(stored.cell.chromosomes for stored in loaded)
    with library.database.writing() as session:  # out again, for the next one; approved or not
        session.execute(text("DELETE FROM cases"))


@many
@given(st.data())
def test_any_damaged_file(shelf: tuple[Library, bytes], tmp_path: Path, content: Content, data: st.DataObject) -> None:
    library, whole = shelf
    mutated = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(mutated) - 1))
        kind = data.draw(st.sampled_from(["flip", "cut", "insert", "repeat"]))
        if kind == "flip":
            mutated[place] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del mutated[place : place + data.draw(st.integers(1, 200))]
        elif kind == "insert":
            mutated[place:place] = data.draw(st.binary(min_size=1, max_size=20))
        else:
            mutated[place:place] = mutated[place : place + 100]
    path = tmp_path / "mutated.karyo"
    path.write_bytes(mutated)
    try_import(library, path, content)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 2**33)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["1", "X", "mar", "approved", "\0", "\ud800", "2026-01-01T00:00:00+00:00", "9" * 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value: the container and the key."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [spot for key in keys for spot in spots(value[key])]


@many
@given(st.data())
def test_any_manifest_changed_with_hashes_that_fit(
    shelf: tuple[Library, bytes], tmp_path: Path, content: Content, data: st.DataObject
) -> None:
    library, whole = shelf

    def change(manifest: dict[str, Any]) -> None:
        for _ in range(data.draw(st.integers(1, 2))):
            # A probability is one of 24 alike: the rest of the manifest would hardly have its turn.
            places = [s for s in spots(manifest) if not (isinstance(s[0], list) and len(s[0]) == 24)]
            container, key = places[data.draw(st.integers(0, len(places) - 1))]
            if data.draw(st.booleans()):
                container[key] = data.draw(JSON_VALUES)
            else:
                del container[key]

    try_import(library, rebuilt(whole, tmp_path, change), content)
