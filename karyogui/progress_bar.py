"""A progress bar that waits for its turn to be painted."""

from PySide6.QtWidgets import QProgressBar


class ProgressBar(QProgressBar):
    """Shows numbers without painting at once.

    Qt's own repaints with each new value, and with itself all that waits to be painted in its window: after a
    classification the whole karyogram, in the middle of taking the result over, and once more after that.
    """

    def show_progress(self, done: int, total: int) -> None:
        """Show how far something is. `total` 0: nobody knows how long it will take."""
        total = max(total, 0)
        if (self.maximum(), self.value()) == (total, min(done, total)):
            return
        self.setUpdatesEnabled(False)
        self.setRange(0, total)
        self.setValue(min(done, total))
        self.setUpdatesEnabled(True)
