"""Bundles are found by name, read from folder and archive alike, and refused with one clear sentence."""

import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine import bundle as module
from engine.bundle import (
    FOLDER_VARIABLE,
    Bundle,
    default_bundle,
    install_bundle,
    list_bundles,
    load_bundle,
    pack_bundle,
    read_card,
    remove_bundle,
    write_bundle,
)
from engine.card import BundleCard
from engine.errors import BundleError


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, empty; no bundle is shipped."""
    folder = tmp_path / "own"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    shipped = tmp_path / "shipped"
    (shipped / "bundles").mkdir(parents=True)
    monkeypatch.setattr(module, "files", lambda package: shipped)
    return folder


@pytest.fixture
def copy(ruler_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ruler_folder, tmp_path / "copy"))


@pytest.fixture
def archive(ruler_folder: Path, tmp_path: Path) -> Path:
    target = tmp_path / "ruler.kbundle"
    pack_bundle(ruler_folder, target)
    return target


def same(first: Bundle, second: Bundle) -> bool:
    files = [(name, network.graph, network.weights) for name, network in first.networks.items()]
    return first.card == second.card and files == [(n, f.graph, f.weights) for n, f in second.networks.items()]


def test_archive_holds_the_same_bundle(ruler: Bundle, archive: Path) -> None:
    assert same(load_bundle(archive), ruler)
    assert read_card(archive) == ruler.card
    assert not list(archive.parent.glob(".*"))  # no scratch file is left


def test_installed_listed_used_removed(own: Path, archive: Path, ruler: Bundle) -> None:
    assert list_bundles() == ()
    entry = install_bundle(archive)
    assert (entry.name, entry.path, entry.shipped) == ("ruler", own / "ruler", False)
    assert list_bundles() == (entry,)
    assert same(load_bundle("ruler"), ruler)
    install_bundle(archive)  # again: the newer takes the place of the older
    assert list_bundles() == (entry,)
    remove_bundle(entry)
    with pytest.raises(BundleError, match=r"no bundle 'ruler'; installed: none"):
        load_bundle("ruler")


def test_a_shipped_name_is_not_taken_over(own: Path, archive: Path) -> None:
    shipped = own.parent / "shipped" / "bundles" / "ruler.kbundle"
    shutil.copy(archive, shipped)
    assert [entry.shipped for entry in list_bundles()] == [True]
    with pytest.raises(BundleError, match="rename it"):
        install_bundle(archive)
    with pytest.raises(BundleError, match="comes with the program"):
        remove_bundle(list_bundles()[0])
    assert shipped.exists()


def test_a_name_wins_over_a_folder_beside_the_caller(
    own: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_bundle(archive)
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "ruler").mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    assert load_bundle("ruler").source == str(own / "ruler")


def test_default_bundle_of_a_stain(own: Path, ruler: Bundle) -> None:
    with pytest.raises(BundleError, match="No bundle is installed"):
        default_bundle("g")
    write_bundle(replace(ruler.card, name="a-q", stain="q"), ruler.networks, own / "a-q")
    assert default_bundle("g") == "a-q"  # nothing better; its results say so
    write_bundle(replace(ruler.card, name="b-any", stain="any"), ruler.networks, own / "b-any")
    assert (default_bundle("g"), default_bundle("q")) == ("b-any", "a-q")
    write_bundle(replace(ruler.card, name="g-default"), ruler.networks, own / "g-default")
    assert default_bundle("g") == "g-default"


def test_writing_replaces_a_bundle_but_nothing_else(ruler: Bundle, copy: Path, tmp_path: Path) -> None:
    written = write_bundle(replace(ruler.card, version="2"), ruler.networks, copy)
    assert load_bundle(copy).card == written
    assert written.version == "2"
    other = tmp_path / "photos"
    other.mkdir()
    (other / "holiday.jpg").write_bytes(b"jpeg")
    with pytest.raises(BundleError, match="it is not overwritten"):
        write_bundle(ruler.card, ruler.networks, other)
    assert [path.name for path in other.iterdir()] == ["holiday.jpg"]
    assert not list(tmp_path.glob(".*"))


def test_the_old_bundle_comes_back_if_the_new_one_cannot_take_its_place(
    ruler: Bundle, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def full_disk(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError("no space")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_bundle(replace(ruler.card, version="2"), ruler.networks, copy)
    assert load_bundle(copy).card.version == ruler.card.version


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def edit_card(key: str, value: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        values = json.loads((folder / "bundle.json").read_text())
        (folder / "bundle.json").write_text(json.dumps(values | {key: value}))

    return edit


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: (folder / "bundle.json").unlink(), r"the file bundle\.json is missing"),
        (lambda folder: (folder / "classifier.onnx").unlink(), r"the file classifier\.onnx is missing"),
        (lambda folder: (folder / "classifier.safetensors").unlink(), r"classifier\.safetensors is missing"),
        (lambda folder: cut(folder / "classifier.safetensors"), "the weights are cut short"),
        (lambda folder: flip(folder / "classifier.safetensors"), r"classifier\.safetensors is not the file"),
        (lambda folder: cut(folder / "classifier.onnx"), "the graph is damaged"),
        (lambda folder: (folder / "weights.pt").write_bytes(pickle.dumps(1)), r"holds weights\.pt"),
        (lambda folder: (folder / "model.PKL").write_bytes(b""), "can run code and is never loaded"),
        (edit_card("format", 99), "format version is 99"),
        (edit_card("labels", ["1"]), "table of labels"),
    ],
)
def test_damaged_folder(copy: Path, spoil: Callable[[Path], None], reason: str) -> None:
    spoil(copy)
    with pytest.raises(BundleError, match=reason) as caught:
        load_bundle(copy)
    message = str(caught.value)
    assert message.startswith(f"The bundle {copy} cannot be used: ")
    assert message.endswith(".")
    assert "\n" not in message


def rewritten(archive: Path, changes: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in (members | changes).items():
            new.writestr(name, data)
    return archive


@pytest.mark.parametrize("name", ["../evil.onnx", "/etc/evil", "sub/bundle.json", "..\\evil"])
def test_archive_with_paths(archive: Path, name: str) -> None:
    with pytest.raises(BundleError, match="files with a path"):
        load_bundle(rewritten(archive, {name: b"x"}))


def test_archive_with_a_pickle(archive: Path) -> None:
    with pytest.raises(BundleError, match="can run code"):
        load_bundle(rewritten(archive, {"extra.pth": pickle.dumps(1)}))


def test_archive_that_swells(archive: Path) -> None:
    with pytest.raises(BundleError, match=r"the file bundle\.json is too large"):
        load_bundle(rewritten(archive, {"bundle.json": b" " * (5 << 20)}))


def test_archive_whose_directory_lies_about_a_size(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewritten(archive, {"bundle.json": b" " * 300_000})
    honest = zipfile.ZipFile.getinfo

    def lying(self: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
        info = honest(self, name)
        info.file_size = min(info.file_size, 10)
        return info

    monkeypatch.setattr(zipfile.ZipFile, "getinfo", lying)
    with pytest.raises(BundleError):
        load_bundle(archive)


def test_archive_that_is_none(tmp_path: Path) -> None:
    fake = tmp_path / "fake.kbundle"
    fake.write_bytes(b"PK but no zip")
    with pytest.raises(BundleError, match="cannot be read"):
        load_bundle(fake)
    other = tmp_path / "model.onnx"
    other.write_bytes(b"")
    with pytest.raises(BundleError, match=r"neither a folder nor a \.kbundle file"):
        load_bundle(other)


def test_files_of_another_network_are_not_written(ruler: Bundle, ruler_card: BundleCard, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="the files are of"):
        write_bundle(ruler_card, {"other": ruler.networks["classifier"]}, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_packing_checks_name_and_place(ruler_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"ends in \.kbundle"):
        pack_bundle(ruler_folder, tmp_path / "ruler.zip")
    with pytest.raises(BundleError, match="cannot be written"):
        pack_bundle(ruler_folder, tmp_path / "nowhere" / "ruler.kbundle")
