"""A chromosome large, to draw cuts on; the result is shown before anybody accepts it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from karyogui.editor.painting import WHITE_PAPER, chromosome_image
from karyogui.keymap import ARROWS
from karyogui.model.cell import Chromosome
from karyogui.model.karyogram import Placement
from karyogui.model.pieces import CutError, as_points, cut_out, erase, join, joining_offset, split
from karyogui.theme import GRID

ERASER_RANGE = (1, 24)
"""Radius of the eraser in half image pixels."""

_PAD = 3.0 * GRID
_LARGEST_ZOOM = 14.0
_TINTS = ("#1f6feb", "#c77700", "#2e8b57", "#8e44ad")  # always with a number: colour alone says nothing


class Tool(Enum):
    """What a drag on the canvas does."""

    SPLIT = "split"
    LASSO = "lasso"
    ERASE = "erase"
    JOIN = "join"


@dataclass(frozen=True, eq=False)
class Proposal:
    """A cut nobody has accepted yet."""

    tool: Tool
    replaced: tuple[int, ...]  # ids of the chromosomes that would go
    pieces: tuple[Chromosome, ...]  # what would come instead, the one that stays in place first


class CutCanvas(QWidget):
    """Paper-white in any theme. One chromosome to cut, or two to join; coordinates are those of the first image."""

    proposed = Signal(object)  # Proposal | None: what accepting would do now
    refused = Signal(object)  # Problem: what was drawn cuts nothing
    radius_changed = Signal(int)  # of the eraser, in half image pixels

    def __init__(
        self, chromosomes: Sequence[Chromosome], placement: Placement, first_id: int, parent: QWidget | None = None
    ) -> None:
        """`placement` is how the first chromosome is turned; pieces get ids from `first_id` on."""
        super().__init__(parent)
        self._chromosomes, self._placement, self._first_id = tuple(chromosomes), placement, first_id
        self._images = [chromosome_image(chromosome) for chromosome in chromosomes]
        self._tool = Tool.JOIN if len(chromosomes) == 2 else Tool.SPLIT
        self._radius = 6
        self._drawn: list[QPointF] = []  # the running stroke, in image pixels
        self._strokes: list[list[QPointF]] = []  # finished ones: of the eraser several, else one
        self._radii: list[float] = []  # of the eraser's strokes, in image pixels
        self._proposal: Proposal | None = None
        self._tints: list[tuple[QImage, QPointF, QPointF]] = []  # image, where it lies, its middle
        self._offset = joining_offset(*chromosomes) if len(chromosomes) == 2 else (0, 0)
        self._held: tuple[QPointF, tuple[int, int]] | None = None  # where the second one was taken hold of
        self._frame = self._everything()
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Chromosome to cut"))
        self._show_tool()
        if self._tool is Tool.JOIN:
            self._propose()

    # --- what the window calls -----------------------------------------------------------------------------------

    def tool(self) -> Tool:
        """Return what a drag does."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Choose what a drag does; what another tool has drawn is forgotten."""
        if tool is not self._tool:
            self._tool = tool
            self._show_tool()
            self.reset()

    def radius(self) -> int:
        """Return the eraser's radius in half image pixels."""
        return self._radius

    def set_radius(self, radius: int) -> None:
        """Choose the eraser's radius in half image pixels; strokes already drawn keep theirs."""
        radius = min(max(radius, ERASER_RANGE[0]), ERASER_RANGE[1])
        if radius != self._radius:
            self._radius = radius
            self.radius_changed.emit(radius)
            self.update()

    def proposal(self) -> Proposal | None:
        """Return what accepting would do."""
        return self._proposal

    def is_drawing(self) -> bool:
        """Say whether a stroke or a shift is under way."""
        return bool(self._drawn) or self._held is not None

    def cancel_stroke(self) -> None:
        """End the running stroke as if it had never begun."""
        if self._held is not None:
            self._offset, self._held = self._held[1], None
            self._propose()
        self._drawn = []
        self.update()

    def reset(self) -> None:
        """Forget all that was drawn."""
        self.cancel_stroke()
        self._strokes, self._radii = [], []
        if self._tool is Tool.JOIN:
            self._offset = joining_offset(*self._chromosomes)
            self._propose()
        else:
            self._set_proposal(None)

    def to_widget(self, x: float, y: float) -> QPointF:
        """Return where a point of the first image is shown."""
        return self._transform().map(QPointF(x, y))

    # --- geometry ------------------------------------------------------------------------------------------------

    def _everything(self) -> QRectF:
        """The images in the frame of the first one."""
        found = QRectF()
        for image, corner in zip(self._images, (QPointF(0, 0), QPointF(*self._offset)), strict=False):
            found = found.united(QRectF(corner, image.size().toSizeF()))
        return found

    def _transform(self) -> QTransform:
        """From pixels of the first image to the widget: turned as in the karyogram, fitted in."""
        turn = QTransform()
        turn.rotate(-self._placement.rotation_deg)
        turn.scale(-1.0 if self._placement.mirrored else 1.0, 1.0)
        box = turn.mapRect(self._frame)
        room = QSize(self.width(), self.height())
        zoom = min((room.width() - 2 * _PAD) / box.width(), (room.height() - 2 * _PAD) / box.height(), _LARGEST_ZOOM)
        middle = box.center() * max(zoom, 0.1)
        placed = QTransform.fromTranslate(room.width() / 2 - middle.x(), room.height() / 2 - middle.y())
        return turn * QTransform.fromScale(max(zoom, 0.1), max(zoom, 0.1)) * placed

    def _image_point(self, event: QMouseEvent) -> QPointF:
        return self._transform().inverted()[0].map(event.position())

    # --- proposing -----------------------------------------------------------------------------------------------

    def _propose(self) -> None:
        """Work out what was drawn."""
        whole, first_id = self._chromosomes[0], self._first_id
        strokes = [as_points((point.x(), point.y()) for point in stroke) for stroke in self._strokes]
        work: dict[Tool, Callable[[], tuple[Chromosome, ...]]] = {
            Tool.SPLIT: lambda: split(whole, strokes[0], first_id),
            Tool.LASSO: lambda: cut_out(whole, strokes[0], first_id),
            Tool.ERASE: lambda: (erase(whole, list(zip(strokes, self._radii, strict=True)), first_id),),
            Tool.JOIN: lambda: (join(whole, self._chromosomes[1], self._offset, first_id),),
        }
        try:
            pieces = work[self._tool]()
        except CutError as error:
            self._strokes, self._radii = [], []
            self._set_proposal(None)
            self.refused.emit(error.problem)
            return
        self._set_proposal(Proposal(self._tool, tuple(c.id for c in self._chromosomes), pieces))

    def _set_proposal(self, proposal: Proposal | None) -> None:
        self._proposal, self._tints = proposal, []
        if proposal is not None and len(proposal.pieces) > 1:
            x, y = self._chromosomes[0].origin or (0, 0)
            for piece, colour in zip(proposal.pieces, _TINTS * len(proposal.pieces), strict=False):
                left, top = piece.origin or (0, 0)
                rows, columns = piece.mask.nonzero()
                corner = QPointF(left - x, top - y)
                middle = corner + QPointF(float(np.median(columns)) + 0.5, float(np.median(rows)) + 0.5)
                self._tints.append((_tint(piece.mask, colour), corner, middle))
        self.proposed.emit(proposal)
        self.update()

    def _show_tool(self) -> None:
        shapes = {Tool.JOIN: Qt.CursorShape.SizeAllCursor, Tool.ERASE: Qt.CursorShape.BlankCursor}
        self.setCursor(shapes.get(self._tool, Qt.CursorShape.CrossCursor))
        self.update()

    # --- mouse and keyboard --------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = self._image_point(event)
        if self._tool is Tool.JOIN:
            self._held = (point, self._offset)
            return
        if self._tool is not Tool.ERASE:
            self._strokes, self._radii = [], []
            self._set_proposal(None)
        self._drawn = [point]
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._image_point(event)
        self._pointer = point
        if self._held is not None:
            start, offset = self._held
            way = point - start
            self._offset = (offset[0] + round(way.x()), offset[1] + round(way.y()))
        elif self._drawn:
            straight = self._tool is Tool.SPLIT and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._drawn = [self._drawn[0], point] if straight else [*self._drawn, point]
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.is_drawing():
            return
        if self._held is None:
            self._strokes.append(self._drawn)
            self._radii.append(self._radius / 2)
            self._drawn = []
        self._held = None
        self._propose()

    def leaveEvent(self, event: object) -> None:
        """Take the eraser away."""
        self._pointer = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._tool is Tool.ERASE and event.angleDelta().y():
            self.set_radius(self._radius + (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(Qt.Key(event.key()))
        if step is None or self._tool is not Tool.JOIN:
            super().keyPressEvent(event)
            return
        back = self._transform().inverted()[0]
        way = back.map(QPointF(*step)) - back.map(QPointF(0, 0))
        across = abs(way.x()) >= abs(way.y())
        self._offset = (
            self._offset[0] + (int(np.sign(way.x())) if across else 0),
            self._offset[1] + (0 if across else int(np.sign(way.y()))),
        )
        self._propose()

    # --- painting ------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(60 * GRID, 60 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(WHITE_PAPER.ground))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        transform = self._transform()
        painter.save()
        painter.setTransform(transform)
        if self._tool is Tool.ERASE and self._proposal is not None:
            self._paint_erased(painter)
        else:
            self._paint_images(painter)
        for image, corner, _ in self._tints:
            painter.drawImage(corner, image)
        painter.restore()
        self._paint_strokes(painter, transform)
        self._paint_numbers(painter, transform)

    def _paint_images(self, painter: QPainter) -> None:
        for image, corner in zip(self._images, (QPointF(0, 0), QPointF(*self._offset)), strict=False):
            painter.drawImage(corner, image)
        if self._tool is Tool.JOIN:
            pen = QPen(QColor(WHITE_PAPER.accent), 1.0, Qt.PenStyle.DashLine)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(QPointF(*self._offset), self._images[1].size().toSizeF()))

    def _paint_erased(self, painter: QPainter) -> None:
        """What is left at full strength, what goes as a shadow."""
        if self._proposal is None:
            return
        (left,) = self._proposal.pieces
        painter.setOpacity(0.2)
        painter.drawImage(QPointF(0, 0), self._images[0])
        painter.setOpacity(1.0)
        x, y = self._chromosomes[0].origin or (0, 0)
        origin = left.origin or (0, 0)
        painter.drawImage(QPointF(origin[0] - x, origin[1] - y), chromosome_image(left))

    def _paint_strokes(self, painter: QPainter, transform: QTransform) -> None:
        accent = QColor(WHITE_PAPER.accent)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._tool is Tool.ERASE:
            width = self._radius * float(np.hypot(transform.m11(), transform.m12()))
            shade = QColor(accent)
            shade.setAlphaF(0.25)
            painter.setPen(
                QPen(shade, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            )
            if self._drawn:
                painter.drawPolyline(transform.map(QPolygonF(self._drawn if len(self._drawn) > 1 else self._drawn * 2)))
            if self._pointer is not None:
                painter.setPen(QPen(accent, 1.2))
                painter.drawEllipse(transform.map(self._pointer), width / 2, width / 2)
            return
        painter.setPen(QPen(accent, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for stroke in [*self._strokes, self._drawn]:
            shown = transform.map(QPolygonF(stroke))
            if self._tool is Tool.LASSO:
                painter.drawPolygon(shown)
            else:
                painter.drawPolyline(shown)

    def _paint_numbers(self, painter: QPainter, transform: QTransform) -> None:
        """Number the pieces, each beside its middle."""
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        for number, (_, _, middle) in enumerate(self._tints, start=1):
            place = QRectF(0, 0, 22, 22)
            place.moveCenter(transform.map(middle))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(_TINTS[(number - 1) % len(_TINTS)]))
            painter.drawEllipse(place)
            painter.setPen(QColor("#ffffff"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(number))


def _tint(mask: NDArray[np.bool_], colour: str) -> QImage:
    """A mask as a transparent colour."""
    alpha = 0.2  # the bands stay to be seen
    tint = QColor(colour)
    premultiplied = (round(255 * alpha) << 24) + sum(
        round(part * alpha) << shift for part, shift in ((tint.red(), 16), (tint.green(), 8), (tint.blue(), 0))
    )
    argb = np.where(mask, np.uint32(premultiplied), np.uint32(0)).astype(np.uint32)
    height, width = argb.shape
    return QImage(argb.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
