"""Loads the large libraries of torch while the window stays alive.

Python holds all its threads while it loads a library on import; for torch's that is a quarter of a second. Loaded
before by a call that lets the threads go on, they are there when torch is imported.
"""

import ctypes
import importlib.util
import sys
from pathlib import Path

_LIBRARIES = ("libtorch_cpu.so", "libtorch_cuda.so", "libtorch_python.so")  # each brings what it needs
_LAZY = 1  # RTLD_LAZY; not global: names must not leak into other libraries


def preload_torch() -> None:
    """Load torch's libraries, on Linux, if torch is there and was not imported yet."""
    if not sys.platform.startswith("linux") or "torch" in sys.modules:
        return
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return
    load = ctypes.CDLL(None).dlopen  # unlike ctypes.CDLL(name), a call of it lets the other threads go on
    load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    for name in _LIBRARIES:
        path = Path(found.origin).parent / "lib" / name
        if path.is_file():
            load(str(path).encode(), _LAZY)  # what does not load here fails on import, with a message
