"""The script that make calls before Qt starts, run as make runs it."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "check_system.py"


def check(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script in a fresh interpreter without the installed packages, after `code`."""
    script = f"sys.argv[0] = {SCRIPT.name!r}; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    run = f"import runpy, sys; {code}; {script}"
    command = [sys.executable, "-I", "-S", "-c", run, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


LOSE_EGL = (
    "import ctypes; real = ctypes.CDLL; "
    "ctypes.CDLL = lambda name: real('libno-such-thing.so.9' if name == 'libEGL.so.1' else 'libc.so.6')"
)
KEEP_ALL = "import ctypes; ctypes.CDLL = lambda name: name"


def test_a_missing_library_is_one_sentence_and_exit_code_1() -> None:
    done = check("--platform", "offscreen", code=LOSE_EGL)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "Qt needs system libraries that are missing (libEGL.so.1); on Debian or Ubuntu: apt-get install libegl1"
    ]


def test_package_names_alone_for_the_installer() -> None:
    done = check("--platform", "xcb", "--packages", code=LOSE_EGL)
    assert (done.returncode, done.stdout, done.stderr) == (0, "libegl1\n", "")


def test_silence_where_nothing_is_missing() -> None:
    done = check("--platform", "wayland", code=KEEP_ALL)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
