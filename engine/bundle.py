"""Bundles: trained models as files, found by name, read with suspicion and written whole.

A bundle is a folder, or the same files in a zip archive that ends in `.kbundle`: `bundle.json` (see `engine.card`)
and for each network `<name>.onnx` and `<name>.safetensors` (see `engine.graph`). Everything is read into memory and
checked there; an archive is never unpacked to disk, and no pickle is ever loaded.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path

from platformdirs import user_data_path

from engine.card import BundleCard
from engine.current import read_currents
from engine.errors import BundleError
from engine.graph import check_graph
from engine.types import BundleRef, Stain

CARD_FILE = "bundle.json"
ARCHIVE_SUFFIX = ".kbundle"
FOLDER_VARIABLE = "KARYO_BUNDLES"
"""Environment variable: another folder for the user's own bundles, e.g. one that a laboratory shares."""

_LARGEST = {CARD_FILE: 4 << 20, ".onnx": 64 << 20, ".safetensors": 1 << 30}  # bytes; ten times what exists
_PICKLES = {".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".bin", ".joblib", ".npy", ".npz"}


@dataclass(frozen=True, slots=True, eq=False)
class NetworkFiles:
    """One network as it lies in its bundle."""

    graph: bytes  # ONNX without weights
    weights: bytes  # safetensors


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity: reading it again makes another bundle
class Bundle:
    """A trained model, read and checked."""

    card: BundleCard
    networks: Mapping[str, NetworkFiles]
    source: str  # where it was read from, for messages

    @property
    def ref(self) -> BundleRef:
        """Name and version, as results carry them."""
        return self.card.ref


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """A bundle that is installed."""

    name: str
    path: Path
    shipped: bool  # came with the program; else the user's own


def user_bundle_folder() -> Path:
    """Return the folder of the user's own bundles; it need not exist."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else user_data_path("karyogui", appauthor=False) / "bundles"


def list_bundles() -> tuple[BundleEntry, ...]:
    """Return the bundles that come with the program, then the user's own, each by name; none is opened."""
    with as_file(files("resources") / "bundles") as shipped:  # a real folder: wheels and frozen programs unpack theirs
        found = [BundleEntry(_name_of(path), path, True) for path in _bundle_paths(shipped)]
    found += [BundleEntry(_name_of(path), path, False) for path in _bundle_paths(user_bundle_folder())]
    return tuple(found)


def load_bundle(name_or_path: str | Path) -> Bundle:
    """Read a bundle by the name it is installed under, or from a folder or `.kbundle` file.

    Raises
    ------
    BundleError
        If there is no such bundle, or it is damaged, of another version, or not what it says it is.
    """
    path = _find(name_or_path)
    try:
        with _open(path) as read:
            return _read(read, str(path))
    except BundleError as error:
        raise BundleError(f"The bundle {path} cannot be used: {error}.") from None
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:  # RuntimeError: encrypted
        raise BundleError(f"The bundle {path} cannot be read: {error}.") from None


def default_bundle(stain: Stain) -> str:
    """Return the name of the bundle to use for a stain where the user chose none for this run.

    The one that was brought into use for the stain (`engine.promotion`), else `<stain>-default` if it is installed,
    else any shipped bundle for this stain, else the shipped one there is: its results then carry a warning.

    Raises
    ------
    BundleError
        If no bundle is installed.
    """
    entries = list_bundles()
    names = [entry.name for entry in entries]
    promoted = read_currents(user_bundle_folder()).in_use.get(stain)
    if promoted in names:
        return str(promoted)
    if f"{stain}-default" in names:
        return f"{stain}-default"
    if not entries:
        raise BundleError("No bundle is installed; name one by its folder or .kbundle file.")
    for entry in entries:
        with contextlib.suppress(BundleError), _open(entry.path) as read:
            if BundleCard.from_json(read(CARD_FILE)).suits(stain):
                return entry.name
    return names[0]


def read_card(path: Path) -> BundleCard:
    """Read only the card of a bundle, to list or show it.

    Raises
    ------
    BundleError
        If it cannot be read.
    """
    try:
        with _open(path) as read:
            return BundleCard.from_json(read(CARD_FILE))
    except BundleError as error:
        raise BundleError(f"The bundle {path} cannot be used: {error}.") from None
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BundleError(f"The bundle {path} cannot be read: {error}.") from None


def write_bundle(card: BundleCard, networks: Mapping[str, NetworkFiles], folder: Path) -> BundleCard:
    """Write a bundle as a folder, whole or not at all, in place of an older one of the same path.

    Parameters
    ----------
    card : its hashes are filled in.
    networks : the files of each network on the card.

    Returns
    -------
    The card as written.

    Raises
    ------
    BundleError
        If the files do not fit the card or each other, or `folder` is something else than a bundle.
    """
    if set(networks) != set(card.networks):
        raise BundleError(f"The card names the networks {sorted(card.networks)}, the files are of {sorted(networks)}.")
    if folder.exists() and not (folder / CARD_FILE).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise BundleError(f"{folder} is no bundle; it is not overwritten.")
    cards = {}
    for name, network in networks.items():
        check_graph(network.graph, network.weights, f"{name}.safetensors")
        cards[name] = replace(
            card.networks[name], graph_sha256=_sha256(network.graph), weights_sha256=_sha256(network.weights)
        )
    written = replace(card, networks=cards)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        new = Path(scratch, "new")
        new.mkdir()
        for name, network in networks.items():
            (new / f"{name}.onnx").write_bytes(network.graph)
            (new / f"{name}.safetensors").write_bytes(network.weights)
        (new / CARD_FILE).write_text(written.to_json(), encoding="utf-8")
        old = Path(scratch, "old")
        if folder.exists():  # a folder cannot be replaced in one step: the old one steps aside first
            folder.replace(old)
        try:
            new.replace(folder)
        except OSError:
            if old.exists():
                old.replace(folder)
            raise
    return written


def pack_bundle(name_or_path: str | Path, archive: Path) -> None:
    """Write a bundle as one `.kbundle` file, to carry it to another machine.

    Raises
    ------
    BundleError
        If it is not usable, or the file has another ending or cannot be written.
    """
    bundle = load_bundle(name_or_path)
    if archive.suffix != ARCHIVE_SUFFIX:
        raise BundleError(f"The file of a bundle ends in {ARCHIVE_SUFFIX}, {archive} does not.")
    members = {CARD_FILE: bundle.card.to_json().encode()}
    for name, network in bundle.networks.items():
        members |= {f"{name}.onnx": network.graph, f"{name}.safetensors": network.weights}
    scratch = archive.with_name(f".{archive.name}.part")
    try:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in members.items():
                packed.writestr(name, data)
        scratch.replace(archive)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise BundleError(f"{archive} cannot be written: {error.strerror or error}.") from None


def install_bundle(source: Path) -> BundleEntry:
    """Copy a bundle into the user's folder, under the name on its card, in place of an older one of that name.

    Raises
    ------
    BundleError
        If it is not usable, or a bundle that comes with the program has its name.
    """
    bundle = load_bundle(source)
    name = bundle.card.name
    if any(entry.shipped and entry.name == name for entry in list_bundles()):
        raise BundleError(f"The bundle {source} is named {name}, as one that comes with the program; rename it.")
    target = user_bundle_folder() / name
    write_bundle(bundle.card, bundle.networks, target)
    return BundleEntry(name, target, False)


def remove_bundle(entry: BundleEntry) -> None:
    """Delete one of the user's own bundles.

    Raises
    ------
    BundleError
        If it came with the program, or is in use.
    """
    if entry.shipped:
        raise BundleError(f"The bundle {entry.name} comes with the program and stays.")
    if entry.name in read_currents(user_bundle_folder()).in_use.values():
        raise BundleError(f"The bundle {entry.name} is in use; bring another one into use before you delete it.")
    if entry.path.is_dir():
        shutil.rmtree(entry.path)
    else:
        entry.path.unlink()


def _find(name_or_path: str | Path) -> Path:
    entries = list_bundles()
    for entry in entries:  # a name wins over a folder that happens to be called so beside the caller
        if entry.name == name_or_path:
            return entry.path
    path = Path(name_or_path)
    if path.exists():
        return path
    installed = ", ".join(entry.name for entry in entries) or "none"
    raise BundleError(f"There is no bundle {str(name_or_path)!r}; installed: {installed}.")


def _bundle_paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix == ARCHIVE_SUFFIX or (path / CARD_FILE).is_file())


def _name_of(path: Path) -> str:
    return path.name.removesuffix(ARCHIVE_SUFFIX)


def _read(read: Callable[[str], bytes], source: str) -> Bundle:
    card = BundleCard.from_json(read(CARD_FILE))
    networks = {}
    for name, network in card.networks.items():
        graph, weights = read(f"{name}.onnx"), read(f"{name}.safetensors")
        check_graph(graph, weights, f"{name}.safetensors")  # first: it says what is wrong, a hash only that it is
        if _sha256(graph) != network.graph_sha256:
            raise BundleError(f"{name}.onnx is not the file that was written with the bundle")
        if _sha256(weights) != network.weights_sha256:
            raise BundleError(f"{name}.safetensors is not the file that was written with the bundle")
        networks[name] = NetworkFiles(graph, weights)
    return Bundle(card, networks, source)


@contextlib.contextmanager
def _open(path: Path) -> Iterator[Callable[[str], bytes]]:
    """Give a function that reads one file of a bundle by its plain name."""
    if path.is_dir():
        _check_names([member.name for member in path.iterdir()])
        yield lambda name: _limited(path / name)
    elif path.suffix == ARCHIVE_SUFFIX:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(set(names)) != len(names):
                raise BundleError("its archive holds one file name twice")
            if any("/" in name or "\\" in name or ".." in name for name in names):
                raise BundleError("its archive holds files with a path")
            _check_names(names)
            yield lambda name: _from_archive(archive, name)
    else:
        raise BundleError(f"it is neither a folder nor a {ARCHIVE_SUFFIX} file")


def _check_names(names: list[str]) -> None:
    for name in names:
        if Path(name).suffix.lower() in _PICKLES:
            raise BundleError(f"it holds {name}, a kind of file that can run code and is never loaded")


def _limit(name: str) -> int:
    return _LARGEST[name if name in _LARGEST else Path(name).suffix]


def _limited(path: Path) -> bytes:
    if not path.is_file():
        raise BundleError(f"the file {path.name} is missing")
    if path.stat().st_size > _limit(path.name):
        raise BundleError(f"the file {path.name} is too large")
    return path.read_bytes()


def _from_archive(archive: zipfile.ZipFile, name: str) -> bytes:
    limit = _limit(name)
    try:
        member = archive.getinfo(name)
    except KeyError:
        raise BundleError(f"the file {name} is missing") from None
    # The size in the directory may lie, and a few bytes may swell to gigabytes: never read past the limit.
    if member.file_size > limit or member.file_size > 2000 * (member.compress_size + 1000):
        raise BundleError(f"the file {name} is too large")
    with archive.open(member) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise BundleError(f"the file {name} is too large")
    return data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
