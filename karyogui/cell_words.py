"""An opened cell in a list: its state in a word or two, and its karyogram small."""

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from karyogui.document import KaryogramDocument
from karyogui.editor.painting import paint_karyogram
from karyogui.model.layout import compute_layout
from karyogui.session import CellState, OpenCell


def state_lines(entry: OpenCell) -> list[str]:
    """Return the state in a word or two, or the karyotype once there is one and what is left to review."""
    words = {
        CellState.READING: _tr("reading…"),
        CellState.NEW: _tr("not classified"),
        CellState.CLASSIFYING: _tr("classifying…"),
        CellState.CLASSIFIED: _tr("classified"),
        CellState.FAILED: _tr("cannot be read"),
    }
    karyotype = entry.document.karyotype_text()
    if entry.state is not CellState.CLASSIFIED or not karyotype:
        return [words[entry.state]]
    to_review = len(entry.document.ids_to_review())
    if to_review:
        return [karyotype, _tr("%d to review") % to_review]
    return [karyotype, _tr("✓ reviewed") if entry.document.was_looked_at() else _tr("no doubts")]


def thumbnail(document: KaryogramDocument, size: QSize, ratio: float) -> QPixmap:
    """Draw the karyogram small, on its paper; grey paper while there is no cell."""
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white if document.cell() else Qt.GlobalColor.lightGray)
    cell = document.cell()
    if cell is not None:
        layout = compute_layout(cell, document.placements())
        painter = QPainter(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        scale = min(image.width() / layout.width, image.height() / layout.height)
        painter.translate((image.width() - layout.width * scale) / 2, (image.height() - layout.height * scale) / 2)
        painter.scale(scale, scale)
        paint_karyogram(painter, layout, cell)
        painter.end()
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _tr(text: str) -> str:
    return QCoreApplication.translate("CellsPanel", text)
