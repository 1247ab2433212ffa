"""The house itself: what the tree holds, how large its files are, and what must never be in them."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ("engine", "karyogui", "resources", "packaging", "tests")
TOP_LEVEL = {
    *CODE,
    *(".ci", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "pyproject.toml"),
}
PICTURES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"}
PICKLES = {".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".npy", ".joblib"}
NETWORK = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "xmlrpc", "requests", "httpx", "aiohttp"}
UNPICKLERS = {"pickle", "shelve", "marshal", "dill", "cloudpickle", "joblib"}
FOREIGN_PATHS = re.compile(r"(?<![\w.~])/(?:home|root|work|farm|Users|mnt)/\w|[cC]:\\Users")
REGISTRIES = re.compile(r"--(?:extra-)?index-ur[l]|pypi\.org|pythonhosted\.org|download\.pytorch\.org")
# Tests of something that is not one module: the house, the embedded sample cells.
WITHOUT_MODULE = {"tests/test_house.py", "tests/engine/simulate/test_samples.py"}


def tracked() -> list[Path]:
    """Files under version control, relative to the root; of an unpacked archive all that a checkout would hold."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode == 0 and listing.stdout:
        return [Path(name) for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]
    places = [ROOT / name for name in TOP_LEVEL if (ROOT / name).exists()]
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    return [file.relative_to(ROOT) for file in files if "__pycache__" not in file.parts]


def python_files(*rooms: str) -> list[Path]:
    return [file for file in tracked() if file.suffix == ".py" and file.parts[0] in (rooms or CODE)]


def texts() -> list[tuple[Path, str]]:
    """Every tracked text file with its content."""
    found = []
    for file in tracked():
        content = (ROOT / file).read_bytes()
        if b"\0" not in content[:8192]:
            found.append((file, content.decode("utf-8", errors="replace")))
    return found


def imported_modules(file: Path) -> set[str]:
    """Top-level names of the modules that `file` imports, wherever in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_the_top_level_holds_only_the_rooms() -> None:
    assert {file.parts[0] for file in tracked()} <= TOP_LEVEL


def test_no_python_file_is_longer_than_400_lines() -> None:
    lengths = {str(file): len((ROOT / file).read_text(encoding="utf-8").splitlines()) for file in python_files()}
    assert lengths, "no Python files found"
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_every_test_file_mirrors_a_module() -> None:
    """`tests/a/b/test_c.py` or `test_c_aspect.py` belongs to `a/b/c.py` or the package `a/b/c/`."""
    strays = []
    for file in python_files("tests"):
        if not file.name.startswith("test_") or file.as_posix() in WITHOUT_MODULE:
            continue
        words = file.stem.removeprefix("test_").split("_")
        room = ROOT.joinpath(*file.parts[1:-1])
        names = ["_".join(words[:end]) for end in range(len(words), 0, -1)]
        if not any((room / f"{name}.py").is_file() or (room / name).is_dir() for name in names):
            strays.append(str(file))
    assert strays == []


@pytest.mark.parametrize("room", ["packaging", "tests"])
def test_these_rooms_are_no_packages(room: str) -> None:
    """`packaging/__init__.py` would hide the library `packaging` for everything run from the root."""
    assert [str(file) for file in python_files(room) if file.name == "__init__.py"] == []


def test_package_files_only_describe_their_package() -> None:
    loud = []
    for file in python_files("engine", "karyogui"):
        if file.name == "__init__.py":
            body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
            if len(body) != 1 or not isinstance(body[0], ast.Expr):
                loud.append(str(file))
    assert loud == []


def test_pictures_live_in_resources_or_are_golden_and_pickles_nowhere() -> None:
    pictures = [
        str(file)
        for file in tracked()
        if file.suffix.lower() in PICTURES
        and file.parts[0] != "resources"
        and not (file.parts[0] == "tests" and file.parent.name == "golden")
    ]
    pickles = [str(file) for file in tracked() if file.suffix.lower() in PICKLES]
    assert pictures == []
    assert pickles == []


def test_no_tracked_file_is_larger_than_25_megabytes() -> None:
    assert [str(file) for file in tracked() if (ROOT / file).stat().st_size > 25 * 1024**2] == []


def test_nothing_names_a_path_of_one_machine_or_a_package_registry() -> None:
    found = []
    for file, text in texts():
        for number, line in enumerate(text.splitlines(), start=1):
            if FOREIGN_PATHS.search(line) or REGISTRIES.search(line):
                found.append(f"{file}:{number}: {line.strip()[:100]}")
    assert found == []


def test_the_program_opens_no_network_connection_and_no_pickle() -> None:
    found = {
        f"{file} imports {name}"
        for file in python_files("engine", "karyogui", "resources")
        for name in imported_modules(file) & (NETWORK | UNPICKLERS)
    }
    assert found == set()


def test_opening_the_window_needs_no_torch() -> None:
    """A cold start pays for Qt alone; the first job that needs more imports it."""
    code = (
        "import sys, karyogui.app, karyogui.main_window; print(*{'torch', 'cv2', 'timm', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


SHOWS = {
    *("QAction", "QCheckBox", "QDockWidget", "QGroupBox", "QLabel", "QMenu", "QPushButton", "QRadioButton", "QToolBar"),
    *("addAction", "addButton", "addItem", "addMenu", "addRow", "addTab", "drawText", "say", "showMessage"),
    *("setAccessibleDescription", "setAccessibleName", "setEmptyLabel", "setHeaderLabels", "setPlaceholderText"),
    *("setHorizontalHeaderLabels", "setPrefix", "setSpecialValueText", "setStatusTip", "setSuffix", "setTabText"),
    *("setText", "setTitle", "setToolTip", "setWindowTitle"),
}
"""Calls that put a text on the screen."""
WORDS = re.compile(r"[A-Z][a-z]|[a-z] [a-z]")


def literals(node: ast.AST) -> Iterator[ast.Constant]:
    """Texts that stand in an expression themselves: not those that another call is given, such as tr."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif not isinstance(node, ast.Call | ast.Compare | ast.Subscript):
        for child in ast.iter_child_nodes(node):
            yield from literals(child)


def test_every_text_on_the_screen_can_be_translated() -> None:
    found = []
    for file in python_files("karyogui"):
        if file.parts[1] == "bench":
            continue  # speaks on a terminal
        for call in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            given = [*call.args, *(keyword.value for keyword in call.keywords)] if name in SHOWS else []
            texts_given = [text for argument in given for text in literals(argument) if WORDS.search(text.value)]
            found += [f"{file}:{text.lineno}: {text.value[:60]!r} in {name}" for text in texts_given]
    assert found == []


def test_the_version_stands_in_the_changelog() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert version is not None
    assert f"## [{version[1]}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
