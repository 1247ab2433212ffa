"""All window tests run without a display and far from the user's own folders."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test its own folders for settings, recovery and logs."""
    folder = tmp_path / "karyogui-home"
    monkeypatch.setenv("KARYOGUI_HOME", str(folder))
    return folder
