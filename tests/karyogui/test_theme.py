"""Colours that can be read, icons that exist, in light and dark."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from karyogui.actions import ACTIONS
from karyogui.theme import icon, palette, pixmap

ROLES = QPalette.ColorRole


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (ROLES.WindowText, ROLES.Window),
        (ROLES.Text, ROLES.Base),
        (ROLES.ButtonText, ROLES.Button),
        (ROLES.PlaceholderText, ROLES.Window),
        (ROLES.PlaceholderText, ROLES.Midlight),
        (ROLES.WindowText, ROLES.Midlight),
        (ROLES.HighlightedText, ROLES.Highlight),
        (ROLES.ToolTipText, ROLES.ToolTipBase),
    ],
)
def test_text_can_be_read(qtbot: QtBot, dark: bool, ink: ROLES, ground: ROLES) -> None:
    colours = palette(dark=dark)
    assert contrast(colours.color(ink), colours.color(ground)) >= 4.5  # WCAG AA


@pytest.mark.parametrize("name", sorted({spec.icon for spec in ACTIONS if spec.icon} | {"info", "warning", "drop"}))
def test_icons_are_drawn_in_the_colour_asked_for(qtbot: QtBot, name: str) -> None:
    image = pixmap(name, QColor("#c01020"), 20, 2.0).toImage()
    assert (image.width(), image.height()) == (40, 40)
    inked = [image.pixelColor(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() == 255]
    assert inked
    assert {colour.name() for colour in inked} == {"#c01020"}


def test_icons_follow_the_palette(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = app.palette()
    app.setPalette(palette(dark=True))
    try:
        image = icon("cancel").pixmap(20, 20).toImage()
        brightest = max(image.pixelColor(x, y).lightness() for x in range(20) for y in range(20))
        assert brightest > 200
    finally:
        app.setPalette(before)
