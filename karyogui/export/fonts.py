"""The font of exported files: shipped with the program, so that a report looks the same on every system."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from resources import read_bytes

_FILES = ("fonts/LiberationSans-Regular.ttf", "fonts/LiberationSans-Bold.ttf")


@cache
def export_font_family() -> str:
    """Register the shipped font once and return its family; needs a QGuiApplication."""
    families: list[str] = []
    for name in _FILES:
        font_id = QFontDatabase.addApplicationFontFromData(read_bytes(name))
        families += QFontDatabase.applicationFontFamilies(font_id)
    if not families:
        raise RuntimeError("the shipped fonts cannot be read")
    return families[0]


def export_font(size: float, *, bold: bool = False) -> QFont:
    """Return the font of exported text, `size` units of the painter high."""
    font = QFont(export_font_family())
    font.setPixelSize(round(size))
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
