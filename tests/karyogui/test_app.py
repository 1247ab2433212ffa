"""The start of the program: what it imports, what it refuses and how, what it opens."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from karyogui import app
from karyogui.settings import Folders

IMPORTS = """
import sys
from karyogui.desktop import make_application
from karyogui.main_window import MainWindow
from karyogui.settings import Folders
application = make_application()
window = MainWindow(Folders.of_user())
window.show()
application.processEvents()
assert not [kind for kind in window.desk.kinds() if not kind.startswith("quiet:library")]  # and no job is about to
print(*sorted({"torch", "cv2", "timm", "onnxruntime", "engine.pipeline"} & set(sys.modules)))
window.close()
"""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own; an empty value takes a variable away."""
    wanted = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    return subprocess.run(
        [sys.executable, *arguments],
        env={name: value for name, value in wanted.items() if value},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_opening_the_window_imports_no_torch() -> None:
    done = run("-c", IMPORTS)
    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_the_start_itself_imports_no_qt() -> None:
    done = run("-c", "import sys, karyogui.app; print([name for name in sys.modules if name.startswith('PySide6')])")
    assert done.stdout.strip() == "[]"


def test_without_a_display_one_sentence() -> None:
    done = run("-m", "karyogui.app", QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 2
    assert (
        done.stderr == "error: There is no display to show the window on; use `karyo classify` to work without one.\n"
    )


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(app, "missing_packages", lambda platform: {"libEGL.so.1": "libegl1"})
    assert app.main([]) == 2
    said = capsys.readouterr().err
    assert "apt-get install libegl1" in said
    assert said.count("\n") == 1


def test_a_display_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(app, "missing_packages", lambda platform: {})
    monkeypatch.setattr(app, "_x11_answers", lambda: False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":98")
    assert app.main([]) == 2
    assert "':98' does not answer" in capsys.readouterr().err


def test_unknown_sample_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--sample", "45,X"]) == 2
    assert "46,XX, 46,XY, 47,XY,+21" in capsys.readouterr().err


def test_variables_of_cv2_are_dropped_and_the_users_own_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/x/site-packages/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/usr/share/fonts")
    app.forget_cv2_variables()
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert os.environ["QT_QPA_FONTDIR"] == "/usr/share/fonts"


def test_a_path_is_opened_and_pictured(
    tmp_path: Path, draw_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "window.png"
    done = run("-m", "karyogui.app", "--screenshot", str(picture), str(draw_folder()))
    assert done.returncode == 0, done.stderr
    image = QImage(str(picture))
    assert image.width() > 400
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert middle.name() == "#ffffff"  # the paper of the karyogram
    assert not Folders.of_user().log_file.exists()  # nothing to complain about
