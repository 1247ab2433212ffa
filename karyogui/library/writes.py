"""Changes on their way into the library: one after the other, none is dropped, not by a busy disk nor by quitting."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.progress import Reporter
from karyogui.jobs.desk import JobDesk
from karyogui.model.store.errors import StoreError, UnavailableError

if TYPE_CHECKING:
    from karyogui.model.store.library import Library

logger = logging.getLogger(__name__)

RETRY_MS = 2000
"""Between two tries while the library cannot be written to."""


class Shelf:
    """The open library as the threads see it; its one writer is the job that opens it."""

    def __init__(self) -> None:
        self.opened: Library | None = None
        self.why_not: StoreError | None = None

    def library(self) -> "Library":
        """Return the library.

        Raises
        ------
        UnavailableError
            None is open.
        """
        if self.opened is None:
            raise self.why_not or UnavailableError("No library is open.")
        return self.opened


@dataclass(eq=False)
class Write:
    """One change: one transaction."""

    tried: str  # in the user's words: `Save cell 3`
    work: "Callable[[Library], Any]"
    on_success: Callable[[Any], None] | None = None
    on_failure: Callable[[Exception], None] | None = None
    stored: bool = False  # set by the thread, once the transaction is through


class Writes(QObject):
    """The queue. While the library cannot be written to, it waits and tries again; what is refused is told and left."""

    changed = Signal()  # something came, was stored, or was refused
    stuck = Signal(object)  # UnavailableError: the library cannot be written to; said once until it can
    freed = Signal()  # it can be written to again
    failed = Signal(str, object)  # what was tried; the Exception: refused, and nobody else was told

    def __init__(self, shelf: Shelf, desk: JobDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf, self._desk = shelf, desk
        self._waiting: deque[Write] = deque()  # the first one may be under way
        self._under_way = False
        self._stuck = self._said = False
        self._closed = False
        self._timer = QTimer(self, singleShot=True, interval=RETRY_MS)
        self._timer.timeout.connect(self._next)

    def put(self, write: Write) -> None:
        """Store a change after all that came before."""
        self._waiting.append(write)
        self.changed.emit()
        self._next()

    def is_idle(self) -> bool:
        """Whether everything is stored."""
        return not self._waiting

    def is_stuck(self) -> bool:
        """Whether the library could not be written to when it was last tried."""
        return self._stuck

    def retry(self) -> None:
        """Try again now."""
        self._next()

    def say_again(self) -> None:
        """Say it again if the next try fails, too."""
        self._said = False

    def close(self) -> bool:
        """Store what is left; the threads have ended. Say whether all is stored."""
        self._closed = True
        self._timer.stop()
        while self._waiting:
            write = self._waiting.popleft()
            if write.stored:
                continue
            try:
                write.work(self._shelf.library())
            except UnavailableError:
                logger.exception("Not stored at the end: %s", write.tried)
                return False
            except Exception:
                logger.exception("Refused at the end: %s", write.tried)
        return True

    def _next(self) -> None:
        if self._under_way or self._closed or not self._waiting:
            return
        self._under_way = True
        self._timer.stop()
        write = self._waiting[0]

        def work(_reporter: Reporter) -> Any:
            result = write.work(self._shelf.library())
            write.stored = True
            return result

        self._desk.start(
            "quiet:library:write",
            work,
            lane="library",
            on_success=lambda result: self._on_stored(write, result),
            on_failure=lambda error: self._on_failed(write, error),
        )

    def _on_stored(self, write: Write, result: object) -> None:
        self._done()
        if self._stuck:
            self._stuck = self._said = False
            self.freed.emit()
        if write.on_success is not None:
            write.on_success(result)
        self.changed.emit()
        self._next()

    def _on_failed(self, write: Write, error: Exception) -> None:
        if isinstance(error, UnavailableError):
            self._under_way = False
            self._timer.start()
            self._stuck = True
            if not self._said:
                self._said = True
                self.stuck.emit(error)
            return
        self._done()
        if write.on_failure is not None:
            write.on_failure(error)
        else:
            self.failed.emit(write.tried, error)
        self.changed.emit()
        self._next()

    def _done(self) -> None:
        self._under_way = False
        self._waiting.popleft()
