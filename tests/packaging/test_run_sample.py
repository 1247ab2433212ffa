"""What `make run` does where there is no display: the real command line on the real sample."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from karyogui.system_libraries import missing_packages

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "run_sample.py"


@pytest.mark.parametrize(
    "display",
    [
        {},
        pytest.param(
            {"DISPLAY": ":987"},
            marks=pytest.mark.skipif(
                bool(missing_packages("xcb")) or not sys.platform.startswith("linux"), reason="no X11 libraries here"
            ),
            id="a display that does not answer",
        ),
        pytest.param({"QT_QPA_PLATFORM": ""}, id="a platform that is named but empty"),
    ],
)
def test_without_a_display_the_sample_is_classified_and_said_so(tmp_path: Path, display: dict[str, str]) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environ = {name: value for name, value in os.environ.items() if name not in hidden} | display
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("No display: classified the sample cell")
    assert (tmp_path / "out" / "karyogram.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "out" / "karyogram.pdf").read_bytes().startswith(b"%PDF")
    cell = json.loads((tmp_path / "out" / "karyogram.json").read_text(encoding="utf-8"))["cells"][0]
    assert (cell["n"], cell["karyotype"]) == (47, "47,XY,+21")
