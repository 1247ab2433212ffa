"""One piece of background work: the engine's `Reporter` on the thread's side, signals on the window's side."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import Cancelled, EngineError
from engine.progress import Reporter

logger = logging.getLogger(__name__)

Work = Callable[[Reporter], Any]
"""What runs in the thread. It touches no widget and no document: values in, values out."""


@dataclass(frozen=True, slots=True, eq=False)
class _Outcome:
    """How the work ended; crosses from the thread to the window."""

    value: Any = None
    error: Exception | None = None
    cancelled: bool = False


class Job(QObject):
    """Work in a thread, seen from the GUI thread, in which it lives.

    Exactly one of `succeeded`, `failed`, `cancelled` is sent, then `finished`. `cancel` answers at once: an inference
    step cannot be interrupted, so the window does not wait for it, and what the step returns later is dropped.
    """

    progressed = Signal(int, int, str)  # done, total, message
    succeeded = Signal(object)  # what the work returned
    failed = Signal(object)  # the Exception
    cancelled = Signal()
    finished = Signal()  # always, and last of the four
    ended = Signal()  # the thread has let go of the work; after a cancel possibly later than `finished`

    _reported = Signal(int, int, str)  # from the thread
    _returned = Signal(object)  # _Outcome, from the thread

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Work | None = work
        self._thread: Future[None] | None = None
        self._stop = threading.Event()
        self._go = threading.Event()  # cleared while it pauses
        self._go.set()
        self._settled = False  # read and written in the GUI thread only
        self._reported.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._returned.connect(self._settle, Qt.ConnectionType.QueuedConnection)

    def start(self, executor: Executor) -> None:
        """Queue the work. Call once."""
        self._thread = executor.submit(self._run)

    def wait_for_thread(self) -> None:
        """Return when the thread has left the job, which it does a moment after `ended`.

        Its last word is a signal of this object: deleted before that returns, the object takes the program with it.
        """
        if self._thread is not None:
            wait([self._thread])

    def cancel(self) -> None:
        """Ask the work to stop and tell the listeners now. After the end it does nothing."""
        self._stop.set()
        self._go.set()
        self._finish(_Outcome(cancelled=True))

    def pause(self) -> None:
        """Let the work wait at the next place where it could be cancelled; its thread waits with it."""
        self._go.clear()

    def go_on(self) -> None:
        """End a pause."""
        self._go.set()

    def is_paused(self) -> bool:
        """Whether the work is to wait."""
        return not self._go.is_set()

    def is_finished(self) -> bool:
        """Whether the outcome is known."""
        return self._settled

    def _pass_on(self, done: int, total: int, message: str) -> None:
        if not self._settled:
            self.progressed.emit(done, total, message)

    def _settle(self, outcome: _Outcome) -> None:
        self._work = None  # and what it refers to: let go here, for what is Qt's must not die in the other thread
        self._finish(outcome)
        self.ended.emit()

    def _finish(self, outcome: _Outcome) -> None:
        if self._settled:
            return
        self._settled = True
        if outcome.cancelled:
            self.cancelled.emit()
        elif outcome.error is not None:
            self.failed.emit(outcome.error)
        else:
            self.succeeded.emit(outcome.value)
        self.finished.emit()

    # -- the thread's side -------------------------------------------------------------------------------------------

    def report(self, done: int, total: int, message: str = "") -> None:
        """Reporter: pass progress on to the GUI thread."""
        self._reported.emit(done, total, message)

    def check_cancelled(self) -> None:
        """Reporter: raise `Cancelled` after `cancel`; wait while it pauses."""
        self._go.wait()
        if self._stop.is_set():
            raise Cancelled

    def _run(self) -> None:
        outcome = _Outcome(cancelled=True)
        try:
            self.check_cancelled()  # cancelled while it waited in the queue
            assert self._work is not None, "a job runs once"  # noqa: S101 - our own bug, not a check of input
            outcome = _Outcome(value=self._work(self))
        except Cancelled:
            pass
        except Exception as error:
            if not isinstance(error, EngineError):
                logger.exception("A job failed")
            outcome = _Outcome(error=error.with_traceback(None))  # its frames would keep tensors alive
        finally:
            self._returned.emit(outcome)
