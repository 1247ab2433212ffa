"""The keyboard's part of the editor: labels typed as digits, and the way of the arrow keys."""

from PySide6.QtCore import QObject, QTimer, Signal

from engine.types import CLASS_INDEX, CLASS_LABELS
from karyogui.model.layout import KaryogramLayout

PAUSE_MS = 700
"""How long `1` and `2` wait for a second digit."""


class LabelTyping(QObject):
    """Turns typed digits into a label: `7` at once, `1` `2` to 12, `1` and a pause (or Enter) to 1."""

    typed_changed = Signal(str)  # digits typed so far; empty when nothing waits any more
    label_typed = Signal(str)  # one of CLASS_LABELS; sent after `typed_changed("")`

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._typed = ""
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.commit)

    def typed(self) -> str:
        """Return the digits that wait."""
        return self._typed

    def type_digit(self, digit: str) -> None:
        """Take one digit, `0`..`9`. One that makes no label with the digits before starts anew."""
        typed = self._typed + digit
        if typed not in CLASS_INDEX:
            typed = digit if digit in CLASS_INDEX else ""
        self._set(typed)
        if not typed:
            return
        if any(label != typed and label.startswith(typed) for label in CLASS_LABELS):
            self._timer.start()
        else:
            self.commit()

    def commit(self) -> None:
        """Take what was typed as the label."""
        typed = self._typed
        self._set("")
        if typed:
            self.label_typed.emit(typed)

    def cancel(self) -> None:
        """Forget what was typed."""
        self._set("")

    def _set(self, typed: str) -> None:
        self._timer.stop()
        if typed != self._typed:
            self._typed = typed
            self.typed_changed.emit(typed)


def walk(layout: KaryogramLayout, current: int | None, columns: int, rows: int) -> int | None:
    """Return the chromosome one step from `current`; None if there are no chromosomes.

    Parameters
    ----------
    columns
        +1 and -1 go on and back in reading order, past the ends of rows.
    rows
        +1 and -1 go to the nearest chromosome in the next row down or up that has any.
    """
    order = layout.reading_order()
    if not order:
        return None
    if current not in order:
        return order[0]
    if columns:
        return order[min(max(order.index(current) + columns, 0), len(order) - 1)]
    here = layout.chromosomes[current].rect
    lines = sorted({placed.line for placed in layout.chromosomes.values()})
    line = lines.index(layout.chromosomes[current].line) + rows
    if not 0 <= line < len(lines):
        return current
    in_line = [placed for placed in layout.chromosomes.values() if placed.line == lines[line]]
    return min(in_line, key=lambda placed: abs(placed.rect.centre_x - here.centre_x)).chromosome_id
