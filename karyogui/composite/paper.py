"""Paint lines of the composite: everything but chromosomes and ideograms, which `pictures` holds."""

from collections.abc import Collection

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from karyogui.editor.commands import place_name
from karyogui.editor.painting import PaintOptions, label_font, paint_mark, to_qrect
from karyogui.model.composite import Column, CompositeLayout, Line
from karyogui.model.layout import PlacedChromosome
from karyogui.model.outliers import CopyRef
from karyogui.model.review import Light

_NAME_SIZE, _LABEL_SIZE = 8.0, 13.0
_OUTLINE = 2.0  # points between a copy and the outline around it


def paint_line(
    painter: QPainter,
    line: Line,
    options: PaintOptions,
    *,
    shown_cell: int | None,
    locked: Collection[int] = (),
) -> None:
    """Paint the label, baselines and names.

    Parameters
    ----------
    painter
        Active, in points.
    shown_cell
        The cell whose karyogram is open: its name is set off.
    locked
        Cells that are approved.
    """
    paper = options.paper
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(label_font(options, _LABEL_SIZE))
    painter.setPen(QColor(paper.ink))
    middle = to_qrect(line.ideogram).center().x() if line.ideogram is not None else line.rect.x + 15.0
    place = QRectF(middle - 30, line.baseline - 5.0, 60, 2 * _LABEL_SIZE)
    painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, place_name(line.label))
    pen = QPen(QColor(paper.quiet), 0.5, Qt.PenStyle.DotLine)
    painter.setPen(pen)
    if line.columns and line.label is not None:
        last = line.columns[-1].rect
        painter.drawLine(QLineF(line.columns[0].rect.x - 6.0, line.centromere_y, last.right, line.centromere_y))
    font = label_font(options, _NAME_SIZE)
    metrics = QFontMetricsF(font)
    for column in line.columns:
        painter.setFont(font)
        _paint_column(painter, column, options, metrics, shown=column.cell == shown_cell, locked=column.cell in locked)
    painter.restore()


def _paint_column(
    painter: QPainter, column: Column, options: PaintOptions, metrics: QFontMetricsF, *, shown: bool, locked: bool
) -> None:
    paper, rect = options.paper, column.rect
    colour = QColor(paper.ink if column.copies else paper.quiet)
    painter.setPen(QPen(colour, 0.8))
    painter.drawLine(QLineF(rect.x, column.baseline, rect.right, column.baseline))
    if shown:
        painter.setPen(QPen(QColor(paper.accent), 2.0))
        painter.drawLine(QLineF(rect.x, column.baseline + 1.0, rect.right, column.baseline + 1.0))
        colour = QColor(paper.accent)
    name = QCoreApplication.translate("Composite", "%s ✓") % column.name if locked else column.name
    text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, rect.width + 10.0)
    painter.setPen(colour)
    place = QRectF(rect.x - 20, column.baseline + 3.0, rect.width + 40, 2 * _NAME_SIZE)
    painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
    if not column.copies:
        painter.setPen(QColor(paper.quiet))
        painter.drawText(QRectF(rect.x, column.baseline - 16, rect.width, 14), Qt.AlignmentFlag.AlignCenter, "–")


def paint_marks(
    painter: QPainter,
    layout: CompositeLayout,
    ref: CopyRef,
    options: PaintOptions,
    *,
    light: Light | None,
    unlike: bool | None,
) -> None:
    """Paint what asks for a look below a copy: the review's triangle or square, and the diamond of an outlier.

    Parameters
    ----------
    unlike
        True: unlike its peers; False: so, but somebody looked at it; None: like them.
    """
    placed = layout.copies[ref]
    y = layout.line_of(ref).baseline - layout.options.mark_height / 2
    asks = light in (Light.DOUBTFUL, Light.UNSURE)
    apart = 4.5 if asks and unlike is not None else 0.0
    if asks and light is not None:
        paint_mark(painter, QPointF(placed.rect.centre_x - apart, y), light, options)
    if unlike is not None:
        paint_diamond(painter, QPointF(placed.rect.centre_x + apart, y), options, is_open=unlike)


def paint_diamond(painter: QPainter, middle: QPointF, options: PaintOptions, *, is_open: bool) -> None:
    """Paint the mark of an outlier: a diamond, filled while it waits for a look."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(options.paper.accent if is_open else options.paper.quiet)
    painter.setPen(QPen(colour, 1.0))
    painter.setBrush(colour if is_open else Qt.BrushStyle.NoBrush)
    corners = [QPointF(0, -4.2), QPointF(3.4, 0), QPointF(0, 4.2), QPointF(-3.4, 0)]
    painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
    painter.restore()


def paint_waiting(painter: QPainter, placed: PlacedChromosome, options: PaintOptions) -> None:
    """Paint the place of a copy whose picture is drawn in the next frame."""
    painter.save()
    colour = QColor(options.paper.quiet)
    colour.setAlphaF(0.25)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    rect = to_qrect(placed.rect)
    painter.drawRoundedRect(rect, rect.width() / 3, rect.width() / 3)
    painter.restore()


def paint_outline(painter: QPainter, placed: PlacedChromosome, options: PaintOptions, *, selected: bool) -> None:
    """Paint the frame around a copy that is selected, or under the pointer."""
    paper = options.paper
    pen = QPen(QColor(paper.accent if selected else paper.quiet), 2.0 if selected else 1.0)
    pen.setCosmetic(True)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(to_qrect(placed.rect).adjusted(-_OUTLINE, -_OUTLINE, _OUTLINE, _OUTLINE), 3, 3)
    painter.restore()
