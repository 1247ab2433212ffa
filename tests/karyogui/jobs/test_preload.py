"""The libraries of torch are there before torch is, and torch imports as ever."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="loads libraries the way Linux does")
def test_libraries_are_loaded_and_torch_works() -> None:
    code = (
        "import sys; from karyogui.jobs.preload import preload_torch; preload_torch(); preload_torch();"
        "maps = open('/proc/self/maps').read();"
        "assert 'libtorch_cpu.so' in maps and 'libtorch_python.so' in maps and 'torch' not in sys.modules;"
        "import torch; preload_torch(); print(float(torch.ones(3).sum()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "3.0"), done.stderr
