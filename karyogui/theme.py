"""Quiet colours in light and dark, one accent, and the icons in the colour of the text."""

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from resources import read_bytes

GRID = 8
"""All gaps are multiples of this, in device-independent pixels."""

_ROLES = QPalette.ColorRole
_LIGHT: dict[QPalette.ColorRole, str] = {
    _ROLES.Window: "#f3f4f6",
    _ROLES.WindowText: "#22252a",
    _ROLES.Base: "#ffffff",
    _ROLES.AlternateBase: "#f8f9fa",
    _ROLES.Text: "#22252a",
    _ROLES.Button: "#eceef1",
    _ROLES.ButtonText: "#22252a",
    _ROLES.ToolTipBase: "#ffffff",
    _ROLES.ToolTipText: "#22252a",
    _ROLES.PlaceholderText: "#5a616b",
    _ROLES.Highlight: "#1f6feb",
    _ROLES.HighlightedText: "#ffffff",
    _ROLES.Link: "#1f6feb",
    _ROLES.Mid: "#d3d7dc",
    _ROLES.Midlight: "#e4e7eb",
    _ROLES.Dark: "#b4bac2",
    _ROLES.Light: "#ffffff",
    _ROLES.Shadow: "#8b929b",
}
_DARK: dict[QPalette.ColorRole, str] = {
    _ROLES.Window: "#24272b",
    _ROLES.WindowText: "#e3e6ea",
    _ROLES.Base: "#1b1d20",
    _ROLES.AlternateBase: "#202327",
    _ROLES.Text: "#e3e6ea",
    _ROLES.Button: "#2e3237",
    _ROLES.ButtonText: "#e3e6ea",
    _ROLES.ToolTipBase: "#2e3237",
    _ROLES.ToolTipText: "#e3e6ea",
    _ROLES.PlaceholderText: "#9aa1ab",
    _ROLES.Highlight: "#6aa8ff",
    _ROLES.HighlightedText: "#10151c",
    _ROLES.Link: "#6aa8ff",
    _ROLES.Mid: "#3a3f46",
    _ROLES.Midlight: "#32363c",
    _ROLES.Dark: "#17191c",
    _ROLES.Light: "#474d55",
    _ROLES.Shadow: "#0d0e10",
}
_FAINT = (_ROLES.WindowText, _ROLES.Text, _ROLES.ButtonText)
_FAINT_COLOURS = {False: "#9aa1ab", True: "#6b727c"}


def palette(*, dark: bool) -> QPalette:
    """Return the colours of the window; the karyogram has its own and stays white."""
    made = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        made.setColor(role, QColor(colour))
    for role in _FAINT:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(_FAINT_COLOURS[dark]))
    return made


def is_dark() -> bool:
    """Whether the system asks for dark colours now."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


class Theme(QObject):
    """Keeps the application in the colours the system asks for."""

    changed = Signal()  # the palette is another one: icons must be drawn anew

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self.apply)
        self.apply()

    def apply(self) -> None:
        """Take over the colours the system asks for."""
        self._app.setPalette(palette(dark=is_dark()))
        self.changed.emit()


def icon(name: str) -> QIcon:
    """Return an icon of `resources/icons` in the colour of the text, sharp on every screen."""
    made = QIcon()
    colours = QGuiApplication.palette()
    groups = {QIcon.Mode.Normal: QPalette.ColorGroup.Active, QIcon.Mode.Disabled: QPalette.ColorGroup.Disabled}
    for mode, group in groups.items():
        colour = colours.color(group, _ROLES.WindowText)
        for ratio in (1, 2, 3):
            made.addPixmap(pixmap(name, colour, 20, ratio), mode)
    return made


def pixmap(name: str, colour: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """Draw an icon with `size` x `size` device-independent pixels."""
    svg = read_bytes(f"icons/{name}.svg").replace(b"currentColor", colour.name().encode())
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return made
