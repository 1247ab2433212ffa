"""Imports without PySide's look into the source of every module."""

import builtins
import importlib


def import_plainly() -> None:
    """Import PySide6, and give Python its own `import` back.

    For `from __feature__ import snake_case`, which nothing here uses, PySide reads and tokenizes the source of each
    module that is imported after it. That is a third of what loading the store and the engine takes, in threads that
    hold the interpreter meanwhile, for which the window waits.
    """
    importlib.import_module("PySide6.QtCore")
    original = getattr(builtins, "__orig_import__", None)
    if original is not None:
        builtins.__import__ = original
