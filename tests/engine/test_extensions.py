"""The engine finds who draws and who measures for it, and says so where nobody does."""

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from engine import extensions
from engine.errors import EngineError
from engine.extensions import RENDERERS, WINDOW_BENCHES, find_renderer, find_window_bench


def test_the_program_draws() -> None:
    assert find_renderer().__module__ == "karyogui.export.headless"  # type: ignore[attr-defined]


@pytest.mark.parametrize("group", [RENDERERS, WINDOW_BENCHES])
def test_what_the_project_promises_is_there(group: str) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    for name, value in project["project"]["entry-points"][group].items():
        assert callable(EntryPoint(name, value, group).load())


def test_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "entry_points", lambda group: ())
    with pytest.raises(EngineError, match="No picture can be drawn: karyogui is not installed beside the engine"):
        find_renderer()
    with pytest.raises(EngineError, match="No window can be measured: karyogui is not installed beside the engine"):
        find_window_bench()


def test_one_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("broken", "no_such_module_anywhere:render", RENDERERS)
    monkeypatch.setattr(extensions, "entry_points", lambda group: (broken,))
    with pytest.raises(EngineError, match="No picture can be drawn here: No module named"):
        find_renderer()
