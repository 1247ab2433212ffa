"""The lens: a round magnifier that follows the pointer over a view."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGraphicsView, QWidget

DIAMETER = 240  # logical pixels
_MAGNIFIES = 3.0  # of what is on the screen
_LEAST = 4.0  # screen pixels per point: in a small window it magnifies more


class Lens(QWidget):
    """Lies over the viewport, lets all events through, and shows what is below its middle enlarged."""

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view.viewport())
        self._view = view
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(DIAMETER, DIAMETER)
        self.hide()
        view.viewport().installEventFilter(self)

    def toggle(self, on: bool) -> None:
        """Show it at the pointer (in the middle of the view if the pointer is elsewhere), or hide it."""
        if on:
            pointer = self._view.viewport().mapFromGlobal(self._view.cursor().pos())
            inside = self._view.viewport().rect().contains(pointer)
            self.follow(pointer if inside else self._view.viewport().rect().center())
        self.setVisible(on)

    def follow(self, point: QPoint) -> None:
        """Move to a point of the viewport."""
        self.move(point - self.rect().center())
        self.update()

    def middle(self) -> QPointF:
        """Return the point of the scene that is enlarged."""
        return self._view.mapToScene(self.geometry().center())

    def scale(self) -> float:
        """Return the screen pixels per point in the lens."""
        return max(_MAGNIFIES * self._view.transform().m11(), _LEAST)

    def paintEvent(self, event: QPaintEvent) -> None:
        scene = self._view.scene()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        circle = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        path = QPainterPath()
        path.addEllipse(circle)
        painter.setClipPath(path)
        painter.fillPath(path, scene.backgroundBrush())
        shown = QRectF(QPointF(), circle.size() / self.scale())
        shown.moveCenter(self.middle())
        scene.render(painter, circle, shown)
        painter.setClipping(False)
        rim = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        painter.setPen(QPen(rim, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove and self.isVisible():
            self.follow(event.position().toPoint())
        return False


class LensKey:
    """A tap on the key switches the lens on or off; a key that is held shows it until it is let go."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self._held = False  # the key repeats, or the pointer has moved since it went down
        self._switched_on = False

    def press(self, *, repeats: bool) -> None:
        """The key went down, or repeats because it is held."""
        if repeats:
            self._held = True
            return
        self._held, self._switched_on = False, self._lens.isHidden()
        self._lens.toggle(self._switched_on)

    def moved(self) -> None:
        """The pointer moved while the key was down."""
        self._held = True

    def release(self) -> None:
        """The key came up."""
        if self._held and self._switched_on:
            self._lens.toggle(False)
        self._held = False
