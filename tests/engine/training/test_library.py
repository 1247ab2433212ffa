"""Reviewed cells of a library: read through an entry point, refused in one sentence where there is none."""

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from engine.errors import EngineError, InputError
from engine.training import library
from engine.training.library import GROUP, find_library_reader, library_cells

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry points as the project declares them, whatever version of it is installed."""
    found = tuple(EntryPoint(name, value, GROUP) for name, value in PROJECT["entry-points"][GROUP].items())
    monkeypatch.setattr(library, "entry_points", lambda group: found)


@pytest.mark.usefixtures("declared")
def test_the_program_reads_libraries(tmp_path: Path) -> None:
    assert find_library_reader().__module__ == "karyogui.model.library_lessons"  # type: ignore[attr-defined]
    with pytest.raises(EngineError, match="There is no library"):
        library_cells(str(tmp_path / "none.sqlite"))
    assert not (tmp_path / "none.sqlite").exists()


def test_nobody_reads_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "entry_points", lambda group: ())
    with pytest.raises(EngineError, match="karyogui is not installed beside the engine; use --data instead"):
        library_cells("anything")


def test_a_reader_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("broken", "no_such_module_anywhere:read", GROUP)
    monkeypatch.setattr(library, "entry_points", lambda group: (broken,))
    with pytest.raises(EngineError, match="No library can be read here: No module named"):
        find_library_reader()


@pytest.mark.usefixtures("declared")
def test_an_empty_library_is_said(tmp_path: Path) -> None:
    from karyogui.model.store.library import Library

    Library.open(tmp_path / "library.sqlite").close()
    with pytest.raises(InputError, match="holds no reviewed cell of G bands yet"):
        library_cells(str(tmp_path / "library.sqlite"), "g")
