"""Chromosomes that make room glide there: the eye follows what a jump would make it search for."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation
from PySide6.QtWidgets import QApplication, QStyle

from karyogui.editor.items import ChromosomeItem

GLIDE_MS = 110
"""Short enough that nobody waits for it."""


class Glide(QVariantAnimation):
    """Moves items from where they were seen to where they are placed. Their places are final at once."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, startValue=1.0, endValue=0.0)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._ways: dict[ChromosomeItem, QPointF] = {}  # from its place to where it began
        self.valueChanged.connect(self._move)

    def around(self, items: Iterable[ChromosomeItem], place: Callable[[], None]) -> None:
        """Let `place` give the items their new places, and have them glide there."""
        before = {item: _middle(item) + item.pos() for item in items}
        self.settle()
        place()
        ways = {item: start - _middle(item) for item, start in before.items()}
        self._ways = {item: way for item, way in ways.items() if not way.isNull()}
        # 0 where the system is set to show no animations.
        allowed = QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        if self._ways and allowed > 0:
            self.setDuration(GLIDE_MS)
            self._move(1.0)
            self.start()

    def settle(self) -> None:
        """Bring all to their places now."""
        self.stop()
        self._move(0.0)
        self._ways = {}

    def _move(self, share: float) -> None:
        for item, way in self._ways.items():
            item.setPos(way * share)


def _middle(item: ChromosomeItem) -> QPointF:
    return QPointF(item.placed.rect.centre_x, item.placed.rect.centre_y)
