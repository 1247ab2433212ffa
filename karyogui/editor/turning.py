"""Gestures on the handles of one chromosome: turning it freely, and saying where its centromere is."""

from collections.abc import Callable
from math import atan2, cos, degrees, radians, sin

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from karyogui.document import KaryogramDocument
from karyogui.editor import commands
from karyogui.editor.commands import EditPlacements, signed_degrees
from karyogui.editor.handles import CentromereHandle, TurnHandle
from karyogui.editor.items import ChromosomeItem
from karyogui.model.karyogram import normal_degrees
from karyogui.model.layout import turned

COARSE_STEP = 15.0
"""Degrees between the angles that Shift allows."""


class TurnGesture:
    """Turns a chromosome about its middle, by whole degrees; with Shift in coarse steps."""

    def __init__(self, document: KaryogramDocument, item: ChromosomeItem, handle: TurnHandle, start: QPointF) -> None:
        self._document, self._item, self._handle = document, item, handle
        self._before = item.placed
        rect = self._before.rect
        self._centre = QPointF(rect.centre_x, rect.centre_y)
        self._foot = QPointF(rect.centre_x, rect.y) - self._centre
        self._from = self._angle(start)
        self._degrees = 0.0
        item.set_raised(True)

    def move_to(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Turn towards the pointer."""
        step = COARSE_STEP if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
        self._degrees = normal_degrees(step * round((self._angle(point) - self._from) / step))
        rotation = normal_degrees(self._before.rotation_deg + self._degrees)
        self._item.show_placed(turned(self._before, self._item.chromosome, rotation))
        self._handle.show_turn(self._centre + _rotated(self._foot, self._degrees), self._degrees, self._angle_text())

    def words(self) -> str:
        """Say by how much."""
        return _tr("Turn by %s   ·   Shift: steps of %s") % (self._angle_text(), f"{COARSE_STEP:g}°")

    def command(self) -> EditPlacements:
        """Return the turn as one command."""
        return commands.rotate(self._document, [self._item.chromosome_id], self._degrees)

    def end(self) -> None:
        """Let the scene draw it where the document has it."""
        self._item.show_placed(self._before)
        self._item.set_raised(False)

    def _angle(self, point: QPointF) -> float:
        way = point - self._centre
        return degrees(atan2(-way.y(), way.x()))  # counter-clockwise, where y runs down

    def _angle_text(self) -> str:
        return signed_degrees(self._degrees) if self._degrees else "0°"


class CentromereGesture:
    """Moves the centromere of a chromosome up and down; the chromosome itself follows on release."""

    def __init__(
        self,
        document: KaryogramDocument,
        item: ChromosomeItem,
        handle: CentromereHandle,
        start: QPointF,
        pixels_per_point: float,
        fraction_behind: Callable[[float], float],
    ) -> None:
        """`fraction_behind` gives the centromere of the document for one as it is shown."""
        self._document, self._item, self._handle, self._behind = document, item, handle, fraction_behind
        self._hold = item.placed.centromere_y - start.y()
        self._across = item.placed.rect.width * pixels_per_point
        rect = item.placed.rect
        self._fraction = (item.placed.centromere_y - rect.y) / rect.height

    def move_to(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the pointer as far as the chromosome goes."""
        rect = self._item.placed.rect
        y = min(max(point.y() + self._hold, rect.y), rect.bottom)
        self._fraction = (y - rect.y) / rect.height
        self._handle.show_line(y, self._across)

    def words(self) -> str:
        """Say how the arms then share the length."""
        return _tr("Centromere at %.0f %% of the length") % (100 * self._fraction)

    def command(self) -> EditPlacements:
        """Return the move as one command."""
        return commands.set_centromere(self._document, self._item.chromosome_id, self._behind(self._fraction))

    def end(self) -> None:
        """Take the line away."""
        self._handle.show_line(self._item.placed.centromere_y, 0.0)


def _rotated(way: QPointF, turn: float) -> QPointF:
    """Turn a vector counter-clockwise as seen, y running down."""
    angle = radians(turn)
    return QPointF(
        way.x() * cos(angle) + way.y() * sin(angle),
        -way.x() * sin(angle) + way.y() * cos(angle),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Turning", text)
