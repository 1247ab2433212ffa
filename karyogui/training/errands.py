"""Background work of the training tab: what is under way in words, and what failed."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from karyogui.jobs.desk import JobDesk, Lane
from karyogui.jobs.job import Job

_KIND = "quiet:training:"


class Errands(QObject):
    """Starts jobs of the lanes `training` and `files` and tells of them."""

    busy_changed = Signal(str, int, int)  # what is being done in words, done, total; empty: nothing
    failed = Signal(str, object)  # what was tried; the Exception

    def __init__(self, desk: JobDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._words: dict[str, str] = {}
        desk.progressed.connect(self._on_progressed)

    def is_busy(self, kind: str = "") -> bool:
        """Whether something is under way, or this kind of work is."""
        return any(other.startswith(_KIND) and other.endswith(kind) for other in self._desk.kinds())

    def is_closed(self) -> bool:
        """Whether the window is being closed: nothing can be started any more."""
        return self._desk.is_closed()

    def cancel(self, kind: str) -> None:
        """Stop work of a kind."""
        self._desk.cancel(_KIND + kind)

    def start(
        self,
        kind: str,
        work: Callable[..., Any],
        words: str,
        on_success: Callable[[Any], None],
        *,
        on_end: Callable[[], None] | None = None,
        lane: Lane = "training",
    ) -> Job:
        """Run `work`; newer work of the same kind takes its place.

        Parameters
        ----------
        words : what is being done, for the user.
        on_end : called before all else, however it ended.
        """

        def ended() -> None:
            self._words.pop(_KIND + kind, None)
            self.busy_changed.emit("", 0, 0)
            if on_end is not None:
                on_end()

        def succeeded(value: Any) -> None:
            ended()
            on_success(value)

        def failed(error: Exception) -> None:
            ended()
            self.failed.emit(words, error)

        job = self._desk.start(_KIND + kind, work, lane=lane, on_success=succeeded, on_failure=failed, on_cancel=ended)
        self._words[_KIND + kind] = words
        return job

    def _on_progressed(self, kind: str, done: int, total: int, message: str) -> None:
        words = self._words.get(kind)
        if words is not None:
            self.busy_changed.emit(f"{words}: {message}" if message else words, done, total)
