"""Draws a karyogram without a window, for `karyo classify --png` (an entry point in pyproject.toml names `render`).

Qt is imported when something is drawn: the command line must be able to say which system library is missing.
"""

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.errors import EngineError
from engine.types import CellImages, CellResult
from karyogui.system_libraries import missing_packages, missing_sentence

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication


def render(images: CellImages, result: CellResult, path: Path, kind: Literal["png", "pdf"]) -> None:
    """Write the karyogram the engine proposes, as the window would export it.

    Raises
    ------
    EngineError
        If a library that Qt needs is missing, or the file cannot be written; an older file stays.
    """
    missing = missing_packages("offscreen")
    if missing:
        raise EngineError(f"No picture can be drawn here: {missing_sentence(missing)}.")
    _application()
    from karyogui.document import KaryogramDocument, classified
    from karyogui.export.options import ExportOptions
    from karyogui.export.save import export_file
    from karyogui.model.cell import cell_from_images

    document = KaryogramDocument()
    document.restore(classified(cell_from_images(images), result))
    export_file(path, document, ExportOptions(format=kind))


@cache  # Qt wants one for as long as the process draws
def _application() -> "QCoreApplication":
    from PySide6.QtGui import QGuiApplication

    # Not the display: a forwarded one that has gone away would end the process without a word.
    chosen = os.environ.get("QT_QPA_PLATFORM")  # empty is as good as unset
    no_display = ["-platform", "offscreen"] if sys.platform == "linux" and not chosen else []
    return QGuiApplication.instance() or QGuiApplication(["karyo", *no_display])
