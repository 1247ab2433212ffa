"""The engine finds who draws for it, and says so where nobody does."""

from importlib.metadata import EntryPoint

import pytest

from engine import renderers
from engine.errors import EngineError
from engine.renderers import GROUP, find_renderer


def test_the_program_draws() -> None:
    assert find_renderer().__module__ == "karyogui.export.headless"  # type: ignore[attr-defined]


def test_nobody_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderers, "entry_points", lambda group: ())
    with pytest.raises(EngineError, match="karyogui is not installed beside the engine"):
        find_renderer()


def test_a_renderer_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("broken", "no_such_module_anywhere:render", GROUP)
    monkeypatch.setattr(renderers, "entry_points", lambda group: (broken,))
    with pytest.raises(EngineError, match="No picture can be drawn here: No module named"):
        find_renderer()
