"""The compare panel: two homologs large, upright and at one scale, and between them where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from karyogui.document import KaryogramDocument
from karyogui.editor.commands import place_name
from karyogui.editor.describe import describe
from karyogui.editor.painting import WHITE_PAPER, PaintOptions, chromosome_image
from karyogui.model.cell import Chromosome
from karyogui.model.comparison import difference, pair_of
from karyogui.model.karyogram import Placement
from karyogui.model.layout import rotation_matrix
from karyogui.model.straight import Straights, shown_cell, shown_placements, straight_of
from karyogui.model.tone import AS_SCANNED, Tone
from karyogui.theme import GRID

_PAD, _GAP, _CAPTION = 2.0 * GRID, 3.0 * GRID, 2.5 * GRID
_LARGEST_ZOOM = 8.0
_LEFT_DARKER, _RIGHT_DARKER = (0.78, 0.35, 0.0), (0.0, 0.35, 0.75)  # orange and blue: told apart by every eye


@dataclass(frozen=True, eq=False)
class _Upright:
    """One chromosome turned as it is placed, cut to its extent, in its own pixels."""

    chromosome: Chromosome
    placement: Placement
    box: QRectF  # extent of the mask, origin at the centre of the image

    @property
    def above(self) -> float:
        """From the upper end to the centromere."""
        return self.placement.centromere * self.box.height()

    @property
    def below(self) -> float:
        return self.box.height() - self.above


class ComparePanel(QWidget):
    """Follows the selection of one karyogram at a time; paper-white in every theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: KaryogramDocument | None = None
        self._pair: tuple[_Upright, ...] = ()
        self._compared: tuple[_Upright, ...] = ()  # the pair as the difference sees it
        self._difference: NDArray[np.float32] | None = None
        self._tone = AS_SCANNED
        self.setMinimumWidth(30 * GRID)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Comparison of two homologs"))

    def show_pair(
        self,
        document: KaryogramDocument | None,
        selected: Sequence[int],
        current: int | None,
        straights: Straights | None = None,
    ) -> None:
        """Show the pair of what is chosen; nothing where nothing is.

        Bent arms do not meet as they lie; where both have a straightened look, the difference may be that of these.
        """
        self._document = document
        cell = document.cell() if document else None
        # A selection may still name chromosomes that have just been cut or joined.
        there = {p.chromosome_id for p in document.placements()} if document and cell else set()
        selected, current = [i for i in selected if i in there], current if current in there else None
        ids = pair_of(document.placements(), selected, current) if document and cell else ()
        self._pair = (
            tuple(_upright(cell.chromosome(i), document.placement(i)) for i in ids) if document and cell else ()
        )
        self._difference = None
        self._compared = ()
        if len(self._pair) == 2 and document is not None and cell is not None:
            placements = [document.placement(i) for i in ids]
            looks: list[tuple[_Upright, ...]] = [self._pair]
            if straights and all(straight_of(cell.chromosome(i), straights) for i in ids):
                shown = shown_cell(cell, straights)
                upright = shown_placements(cell, placements, straights)
                looks.append(tuple(_upright(shown.chromosome(p.chromosome_id), p) for p in upright))
            # As they lie or along their axes: whichever brings more of the same bands together.
            differences = [_difference(look) for look in looks]
            best = min(range(len(looks)), key=lambda index: float(np.abs(differences[index]).mean()))
            self._compared, self._difference = looks[best], differences[best]
        words = "; ".join(describe(document, i) for i in ids) if document else ""
        self.setAccessibleDescription(words)
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """Show the grey values as the karyogram shows them. The difference is of the data."""
        self._tone = tone
        self.update()

    def shown_ids(self) -> tuple[int, ...]:
        """Return the chromosomes that are compared."""
        return tuple(one.chromosome.id for one in self._pair)

    def zoom(self) -> float:
        """Return the size of an image pixel on the screen, the same for both."""
        figures = self._figures()
        if not figures:
            return 1.0
        above, below = max(one.above for one in figures), max(one.below for one in figures)
        room = self.width() - 2 * _PAD - _GAP * (len(figures) - 1)
        high = (self.height() - 2 * _PAD - 2 * _CAPTION) / (above + below)
        return max(0.1, min(high, room / sum(one.box.width() for one in figures), _LARGEST_ZOOM))

    def places(self) -> list[QRectF]:
        """Return where left, difference and right are drawn; one rectangle where one stands alone."""
        figures, zoom = self._figures(), self.zoom()
        if not figures:
            return []
        content = zoom * sum(one.box.width() for one in figures) + _GAP * (len(figures) - 1)
        above, below = max(one.above for one in figures), max(one.below for one in figures)
        line = _PAD + _CAPTION + (self.height() - 2 * _PAD - 2 * _CAPTION - zoom * (above + below)) / 2 + zoom * above
        x, found = (self.width() - content) / 2, []
        for one in figures:
            found.append(QRectF(x, line - zoom * one.above, zoom * one.box.width(), zoom * one.box.height()))
            x += zoom * one.box.width() + _GAP
        return found

    def _figures(self) -> list[_Upright]:
        """What stands side by side: left, difference, right."""
        if self._difference is None:
            return list(self._pair)
        return [self._pair[0], self._compared[0], self._pair[1]]

    def sizeHint(self) -> QSize:
        return QSize(44 * GRID, 60 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(WHITE_PAPER.ground))
        places = self.places()
        painter.setPen(QColor(WHITE_PAPER.quiet))
        if not places:
            text = self.tr("Choose a chromosome to compare it with its homolog.")
            area = QRectF(self.rect()).adjusted(_PAD, _PAD, -_PAD, -_PAD)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
            return
        sides = (places[0], places[-1])[: len(self._pair)]
        line = sides[0].top() + self.zoom() * self._pair[0].above
        painter.setPen(QPen(QColor(WHITE_PAPER.quiet), 1.0, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(_PAD, line), QPointF(self.width() - _PAD, line))
        for one, place in zip(self._pair, sides, strict=True):
            self._paint_one(painter, one, place)
        if self._difference is not None:
            painter.drawImage(places[1], _coloured(self._difference, self._mask()))
        self._paint_words(painter, places)

    def _paint_one(self, painter: QPainter, one: _Upright, place: QRectF) -> None:
        image = chromosome_image(one.chromosome, PaintOptions(tone=self._tone))
        painter.save()
        painter.setTransform(_to(place, one, image), combine=True)
        painter.drawImage(QPointF(-image.width() / 2, -image.height() / 2), image)
        painter.restore()

    def _paint_words(self, painter: QPainter, places: Sequence[QRectF]) -> None:
        painter.setPen(QColor(WHITE_PAPER.ink))
        sides = (places[0], places[-1])[: len(self._pair)]
        for one, place in zip(self._pair, sides, strict=True):
            text = place_name(one.placement.label)
            if one.placement.label is not None:
                text = f"{text} · {one.placement.order + 1}"
            self._caption(painter, place.center().x(), self.height() - _PAD - _CAPTION, text)
        painter.setPen(QColor(WHITE_PAPER.quiet))  # whatever the karyogram shows
        self._caption(painter, self.width() / 2, self.height() - 3 * GRID, self.tr("original pixels"))
        if self._difference is None:
            return
        middle = places[1].center().x()
        painter.setPen(QColor(WHITE_PAPER.ink))
        self._caption(painter, middle, self.height() - _PAD - _CAPTION, self.tr("difference"))
        for text, colour, side in (
            (self.tr("left darker"), _LEFT_DARKER, -1),
            (self.tr("right darker"), _RIGHT_DARKER, 1),
        ):
            painter.setPen(QColor.fromRgbF(*colour))
            self._caption(painter, self.width() / 2 + side * self.width() / 4, _PAD / 2, f"◼ {text}")

    def _caption(self, painter: QPainter, x: float, y: float, text: str) -> None:
        painter.drawText(QRectF(x - 100, y, 200, _CAPTION), Qt.AlignmentFlag.AlignCenter, text)

    def _mask(self) -> NDArray[np.float32]:
        return _pixels(self._compared[0], of_mask=True)


def _upright(chromosome: Chromosome, placement: Placement) -> _Upright:
    turned = chromosome.outline @ rotation_matrix(placement.rotation_deg, placement.mirrored).T
    (left, top), (right, bottom) = turned.min(axis=0).tolist(), turned.max(axis=0).tolist()
    return _Upright(chromosome, placement, QRectF(left, top, right - left, bottom - top))


def _difference(pair: tuple[_Upright, ...]) -> NDArray[np.float32]:
    left, right = pair
    return difference(_pixels(left), _pixels(right), (left.placement.centromere, right.placement.centromere))


def _to(place: QRectF, one: _Upright, image: QImage) -> QTransform:
    """From image pixels, origin at the centre of the image, to where its mask fills `place`."""
    zoom = place.width() / one.box.width()
    centre = place.center() - one.box.center() * zoom
    transform = QTransform.fromTranslate(centre.x(), centre.y())
    transform.rotate(-one.placement.rotation_deg)  # Qt turns clockwise where y runs down
    return transform.scale(-zoom if one.placement.mirrored else zoom, zoom)


def _pixels(one: _Upright, *, of_mask: bool = False) -> NDArray[np.float32]:
    """(H, W) the chromosome turned upright and cut to its extent, ground 0; or its mask, 0..1."""
    values = one.chromosome.mask.astype(np.float32) if of_mask else one.chromosome.pixels * one.chromosome.mask
    grey = np.ascontiguousarray(np.rint(255 * np.clip(values, 0.0, 1.0)).astype(np.uint8))
    height, width = grey.shape
    source = QImage(grey.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    target = QImage(max(1, round(one.box.width())), max(1, round(one.box.height())), QImage.Format.Format_Grayscale8)
    target.fill(0)
    painter = QPainter(target)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(_to(QRectF(target.rect()), one, source))
    painter.drawImage(QPointF(-width / 2, -height / 2), source)
    painter.end()
    lines = np.asarray(target.constBits(), np.uint8).reshape(target.height(), target.bytesPerLine())
    return lines[:, : target.width()].astype(np.float32) / np.float32(255)


def _coloured(values: NDArray[np.float32], mask: NDArray[np.float32]) -> QImage:
    """Return the difference as an image: near white where both are the same, orange or blue where they differ."""
    strength = np.clip(np.abs(values) * 2.0, 0.0, 1.0)[..., None]
    hue = np.where(values[..., None] > 0, np.array(_LEFT_DARKER), np.array(_RIGHT_DARKER))
    colour = 0.93 * (1 - strength) + hue * strength
    shown = mask[..., None] * colour + (1 - mask[..., None])
    rgb = np.ascontiguousarray(np.rint(255 * np.clip(shown, 0.0, 1.0)).astype(np.uint8))
    height, width = rgb.shape[:2]
    return QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
