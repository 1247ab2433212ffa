"""The pictures of a training: curves, bars for each label, a confusion matrix that can be clicked, a map of features.

All take their colours from the palette, and none draws more often than it is given something.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.types import CLASS_INDEX, CLASS_LABELS
from karyogui.model.teaching import FeatureMap, Step
from karyogui.theme import GRID

TRAIN, TUNE = "#9aa1ab", "#1f6feb"


class CurveView(pg.PlotWidget):  # type: ignore[misc]
    """One quantity over the steps: grey discs what is learned from, blue squares what is only measured."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._steps: list[tuple[float, float, float]] = []
        self.setMenuEnabled(False)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self._train = self.plot(pen=pg.mkPen(TRAIN, width=2), symbol="o", symbolSize=5, symbolBrush=TRAIN)
        self._tune = self.plot(pen=pg.mkPen(TUNE, width=2), symbol="s", symbolSize=6, symbolBrush=TUNE)
        self.setFixedHeight(14 * GRID)
        self._tint()

    def clear_steps(self) -> None:
        """Begin anew."""
        self._steps = []
        self._draw()

    def add(self, step: float, train: float, tune: float) -> None:
        """Add one step; NaN leaves a point out."""
        self._steps.append((step, train, tune))
        self._draw()

    def points(self) -> list[tuple[float, float, float]]:
        """Return what is drawn."""
        return list(self._steps)

    def _draw(self) -> None:
        rows = np.array(self._steps, np.float64).reshape(-1, 3)
        for curve, column in ((self._train, 1), (self._tune, 2)):
            there = np.isfinite(rows[:, column])
            curve.setData(rows[there, 0], rows[there, column])

    def _tint(self) -> None:
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        self.setBackground(self.palette().color(QPalette.ColorRole.Base))
        self.setTitle(self._title, color=ink, size="9pt")
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(self.palette().color(QPalette.ColorRole.Mid))
            axis.setTextPen(ink)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours of the system."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_steps"):
            self._tint()


class BarsView(QWidget):
    """A bar for each label; a lighter one behind it for what is to come, or a line for what was. A triangle marks."""

    def __init__(self, *, share: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = share
        self._front: dict[str, float] = {}
        self._back: dict[str, float] = {}
        self._lines: dict[str, float] = {}
        self._marked: frozenset[str] = frozenset()
        self.setMinimumHeight(11 * GRID)
        self.setMaximumHeight(18 * GRID)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_bars(
        self,
        front: Mapping[str, float],
        back: Mapping[str, float] | None = None,
        marked: frozenset[str] = frozenset(),
        lines: Mapping[str, float] | None = None,
    ) -> None:
        """Show values by label (shares 0..1 or counts)."""
        self._front, self._back, self._marked = dict(front), dict(back or {}), marked
        self._lines = dict(lines or {})
        said = [f"{label} {value:.0%}" if self._share else f"{label} {value:g}" for label, value in front.items()]
        self.setAccessibleDescription(", ".join(said))
        self.update()

    def bars(self) -> dict[str, float]:
        """Return the values in front."""
        return dict(self._front)

    def sizeHint(self) -> QSize:
        """A bar needs three grid widths."""
        return QSize(26 * 3 * GRID, 14 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars with their numbers."""
        painter = QPainter(self)
        colours = self.palette()
        ink, faint = colours.color(QPalette.ColorRole.WindowText), colours.color(QPalette.ColorRole.PlaceholderText)
        accent, quiet = colours.color(QPalette.ColorRole.Highlight), colours.color(QPalette.ColorRole.Mid)
        line = painter.fontMetrics().height()
        top, bottom = line + 2, self.height() - line - 2
        most = 1.0 if self._share else max([1.0, *self._front.values(), *self._back.values()])
        each = self.width() / len(CLASS_LABELS)
        small = painter.font()
        small.setPointSizeF(small.pointSizeF() * 0.85)
        for index, label in enumerate(CLASS_LABELS):
            left = index * each
            place = QRectF(left, bottom, each, line + 2)
            painter.setPen(ink)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), label)
            back, front = self._back.get(label, 0.0), self._front.get(label)
            if front is None:
                continue
            for value, colour in ((back, quiet), (front, accent)):
                height = (bottom - top) * min(value / most, 1.0)
                painter.fillRect(QRectF(left + 3, bottom - height, each - 6, height), colour)
            line_at = self._lines.get(label)
            if line_at is not None:
                painter.fillRect(QRectF(left + 1, bottom - (bottom - top) * line_at / most - 1, each - 2, 2), ink)
            tall = (bottom - top) * min(max(front, back, line_at or 0.0) / most, 1.0)
            words = f"{100 * front:.0f}" if self._share else f"{front:g}"
            mark = "▾" if label in self._marked else ""
            painter.setPen(ink if mark else faint)
            painter.setFont(small)
            at = QRectF(left - 4, bottom - tall - line, each + 8, line)
            if each >= 3 * GRID or len(words) < 3 or not self._share:  # a row of crowded "100" says nothing
                painter.drawText(at, int(Qt.AlignmentFlag.AlignCenter), mark + words)
            painter.setFont(self.font())


class ConfusionView(QWidget):
    """Truth in rows, answers in columns; a click on a field asks for its chromosomes."""

    chosen = Signal(str, str)  # truth, answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: NDArray[np.int64] = np.zeros((24, 24), np.int64)
        self._at: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(36 * GRID, 36 * GRID)
        self.setToolTip(self.tr("Rows: what it is. Columns: what the model says. Click to see the chromosomes."))

    def show_answers(self, truth: NDArray[np.int64], answers: NDArray[np.int64]) -> None:
        """Count answers (M,) by truth (M,)."""
        self._counts = np.zeros((24, 24), np.int64)
        np.add.at(self._counts, (truth, answers), 1)
        self.update()

    def counts(self) -> NDArray[np.int64]:
        """Return the counts (24, 24), rows truth."""
        return self._counts.copy()

    def field(self, truth: str, answer: str) -> QPointF:
        """Return where the field of two labels has its middle."""
        side, left, top = self._grid()
        return QPointF(left + (CLASS_INDEX[answer] + 0.5) * side, top + (CLASS_INDEX[truth] + 0.5) * side)

    def _grid(self) -> tuple[float, float, float]:
        head = 3.0 * GRID
        side = max((min(self.width(), self.height()) - head) / 24, 1.0)
        return side, head, head

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the fields: blue what is right, orange what is wrong, darker for more; numbers in wrong ones."""
        painter = QPainter(self)
        side, left, top = self._grid()
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        accent, wrong = self.palette().color(QPalette.ColorRole.Highlight), QColor("#d9730d")
        painter.fillRect(QRectF(left, top, 24 * side, 24 * side), self.palette().color(QPalette.ColorRole.Base))
        font = painter.font()
        font.setPointSizeF(max(6.0, min(font.pointSizeF(), side * 0.5)))
        painter.setFont(font)
        rows = self._counts.sum(axis=1, keepdims=True).clip(1)
        for i, label in enumerate(CLASS_LABELS):
            painter.setPen(ink)
            painter.drawText(QRectF(0, top + i * side, left - 4, side), int(Qt.AlignmentFlag.AlignCenter), label)
            painter.drawText(QRectF(left + i * side, 0, side, top), int(Qt.AlignmentFlag.AlignCenter), label)
        for i, j in zip(*np.nonzero(self._counts), strict=True):
            field = QRectF(left + j * side, top + i * side, side, side)
            colour = QColor(accent if i == j else wrong)
            colour.setAlphaF(0.25 + 0.75 * float(self._counts[i, j] / rows[i, 0]))
            painter.fillRect(field.adjusted(0.5, 0.5, -0.5, -0.5), colour)
            if i != j:
                painter.setPen(ink)
                painter.drawText(field, int(Qt.AlignmentFlag.AlignCenter), str(self._counts[i, j]))
        if self._at is not None:
            painter.setPen(ink)
            painter.drawRect(QRectF(left + self._at[1] * side, top + self._at[0] * side, side, side))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a field."""
        side, left, top = self._grid()
        i, j = int((event.position().y() - top) // side), int((event.position().x() - left) // side)
        if 0 <= i < 24 and 0 <= j < 24:
            self._at = (i, j)
            self.update()
            self.chosen.emit(CLASS_LABELS[i], CLASS_LABELS[j])


class MapView(pg.PlotWidget):  # type: ignore[misc]
    """Chromosomes as dots in the colour of their label; near is alike to the model."""

    pointed = Signal(int, int)  # cell, chromosome

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: FeatureMap | None = None
        self.setMenuEnabled(False)
        self.hideButtons()
        self.hideAxis("left")
        self.hideAxis("bottom")
        self.setMinimumHeight(24 * GRID)
        self._dots = pg.ScatterPlotItem(size=7, hoverable=True, hoverSize=12, tip=None)
        self._dots.sigHovered.connect(self._on_hovered)
        self.addItem(self._dots)
        self._texts: list[pg.TextItem] = []
        self.setBackground(self.palette().color(QPalette.ColorRole.Base))

    def show_map(self, found: FeatureMap | None) -> None:
        """Draw another map, each label's name at the middle of its dots."""
        self._map = found
        for text in self._texts:
            self.removeItem(text)
        self._texts = []
        if found is None:
            self._dots.setData([], [])
            return
        brushes = [label_colour(label) for label in found.labels]
        self._dots.setData(found.points[:, 0], found.points[:, 1], brush=brushes, pen=None, data=range(len(brushes)))
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        for label in dict.fromkeys(found.labels):
            rows = found.points[[other == label for other in found.labels]]
            text = pg.TextItem(label, color=ink, anchor=(0.5, 0.5))
            text.setPos(*np.median(rows, axis=0))
            self.addItem(text)
            self._texts.append(text)
        self.autoRange()

    def count(self) -> int:
        """Return how many dots there are."""
        return len(self._dots.points())

    def _on_hovered(self, _item: object, points: Sequence[pg.SpotItem], _event: object) -> None:
        if len(points) and self._map is not None:
            index = int(points[0].data())
            self.pointed.emit(int(self._map.cell[index]), int(self._map.chromosome[index]))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours of the system."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_texts"):
            self.setBackground(self.palette().color(QPalette.ColorRole.Base))
            self.show_map(self._map)


def label_colour(label: str) -> QColor:
    """Return a colour for a label; neighbours in the karyogram differ clearly."""
    return QColor.fromHsvF((CLASS_INDEX[label] * 0.381966) % 1.0, 0.55, 0.85)


def recalls(truth: NDArray[np.int64], step: Step) -> dict[str, float]:
    """Return the share of each label that is right, only of labels that are there."""
    right = step.answers == truth
    return {
        label: float(right[truth == index].mean()) for index, label in enumerate(CLASS_LABELS) if (truth == index).any()
    }
