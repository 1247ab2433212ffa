"""PySide does not look into every module that is imported after it."""

import builtins
import importlib
import inspect
from pathlib import Path

import pytest

from karyogui.plain_imports import import_plainly


def test_modules_are_imported_without_a_look_at_their_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []

    def getsource(module: object) -> str:
        looked_at.append(getattr(module, "__name__", ""))
        return ""

    for name in ("imported_before", "imported_after"):
        (tmp_path / f"{name}.py").write_text("")
    importlib.invalidate_caches()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(builtins, "__import__", builtins.__import__)  # given back in the end
    monkeypatch.setattr(inspect, "getsource", getsource)
    exec("import imported_before")  # noqa: S102 - a plain statement is what PySide listens to
    assert looked_at == ["imported_before"]  # else PySide has given it up, and `import_plainly` can go
    import_plainly()
    exec("import imported_after")  # noqa: S102
    assert looked_at == ["imported_before"]


def test_without_pyside_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(builtins, "__orig_import__", raising=False)
    before = builtins.__import__
    import_plainly()
    assert builtins.__import__ is before
