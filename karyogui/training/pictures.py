"""Small pictures of chromosomes, dark on paper as they are read, p arm up where that is known."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QLabel, QWidget

from karyogui.model.teaching import TeachingCell
from karyogui.theme import GRID

PAPER = "#ffffff"


def chromosome_picture(cell: TeachingCell, chromosome: int, *, height: int = 96, ratio: float = 1.0) -> QPixmap:
    """Draw one chromosome of a cell, `height` device-independent pixels high, at the scale of its cell."""
    image = cell.images[chromosome]
    tallest = max(max(other.pixels.shape) for other in cell.images)
    grey = np.clip(255.0 * (1.0 - image.pixels * image.mask), 0, 255).astype(np.uint8)
    rows, columns = grey.shape
    drawn = QImage(np.ascontiguousarray(grey).tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8)
    turn = cell.upright_deg[chromosome] or 0.0
    scale = height * ratio / tallest
    side = round(height * ratio)
    made = QPixmap(side, side)
    made.fill(QColor(PAPER))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    place = QTransform().translate(side / 2, side / 2).rotate(-turn).scale(scale, scale)
    painter.setTransform(place.translate(-columns / 2, -rows / 2))
    painter.drawImage(0, 0, drawn)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


class PictureLabel(QLabel):
    """One chromosome with words below."""

    def __init__(self, cell: TeachingCell, chromosome: int, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{cell.name}: {words}")
        self.setToolTip(f"{cell.name}, {cell.images[chromosome].source}\n{words}")
        picture = chromosome_picture(cell, chromosome, height=80, ratio=self.devicePixelRatioF())
        ratio = self.devicePixelRatioF()
        line = self.fontMetrics().height() + 4
        width = max(80, self.fontMetrics().horizontalAdvance(words) + 8)
        whole = QPixmap(round(width * ratio), round((80 + line) * ratio))
        whole.setDevicePixelRatio(ratio)
        whole.fill(Qt.GlobalColor.transparent)
        painter = QPainter(whole)
        painter.fillRect(0, 0, width, 80, QColor(PAPER))
        painter.drawPixmap(round((width - 80) / 2), 0, picture)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(0, 80, width, line, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.end()
        self.setPixmap(whole)
        self.setFixedSize(width, 80 + line)
        self.setContentsMargins(0, 0, GRID, 0)
