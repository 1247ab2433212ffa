"""Who runs when: five threads, and the newest job of a kind wins."""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

from karyogui.jobs.job import Job, Work

Lane = Literal["engine", "files", "looks", "training", "library"]
"""`engine`: inference, one at a time. `files`: reading and writing, so that an opened cell need not wait for a
classification. `looks`: super-resolution, which changes only how a cell is shown. `training`: what takes minutes.
Nothing waits for these two; they have the priority of the others, for a thread that holds the interpreter and is not
given the processor would hold the window, too. `library`: the database, so that saving waits for nothing else and
everything asked of it happens in order."""


class JobDesk(QObject):
    """Starts jobs, knows which are under way, and ends them all when the window closes."""

    changed = Signal()  # a job started or ended
    progressed = Signal(str, int, int, str)  # kind, done, total, message

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Lane, ThreadPoolExecutor] = {
            "engine": ThreadPoolExecutor(1, thread_name_prefix="engine"),
            "files": ThreadPoolExecutor(1, thread_name_prefix="files"),
            "looks": ThreadPoolExecutor(1, thread_name_prefix="looks"),
            "training": ThreadPoolExecutor(1, thread_name_prefix="training"),
            "library": ThreadPoolExecutor(1, thread_name_prefix="library"),
        }
        self._current: dict[str, Job] = {}
        self._alive: list[Job] = []  # their threads have not let go yet
        self._closed = False

    def start(
        self,
        kind: str,
        work: Work,
        *,
        lane: Lane = "engine",
        on_success: Callable[[Any], None] | None = None,
        on_failure: Callable[[Exception], None] | None = None,
        on_cancel: Callable[[], None] | None = None,
    ) -> Job:
        """Run `work`; an unfinished job of the same `kind` is cancelled first, and its result never arrives.

        The callbacks run in the GUI thread, one of them, once.
        """
        if self._closed:
            raise RuntimeError("the job desk is closed")
        self.cancel(kind)
        # Owned by the application: a job must not die in the thread that ran it, nor be a child of this desk,
        # for the last reference to the desk may be held by a callback of the job (a double deletion in Qt).
        job = Job(work, QCoreApplication.instance())
        if on_success is not None:
            job.succeeded.connect(on_success)
        if on_failure is not None:
            job.failed.connect(on_failure)
        if on_cancel is not None:
            job.cancelled.connect(on_cancel)
        job.progressed.connect(lambda done, total, message: self.progressed.emit(kind, done, total, message))
        job.finished.connect(lambda: self._forget(kind, job))
        job.ended.connect(lambda: self._let_go(job))
        self._current[kind] = job
        self._alive.append(job)
        job.start(self._lanes[lane])
        self.changed.emit()
        return job

    def is_closed(self) -> bool:
        """Whether it was closed: nothing can be started any more."""
        return self._closed

    def cancel(self, kind: str) -> None:
        """Cancel the unfinished job of this kind, if there is one."""
        job = self._current.get(kind)
        if job is not None:
            job.cancel()

    def cancel_all(self) -> None:
        """Cancel everything under way."""
        for job in list(self._current.values()):
            job.cancel()

    def kinds(self) -> tuple[str, ...]:
        """The kinds of the unfinished jobs, oldest first."""
        return tuple(self._current)

    def executor(self, lane: Lane) -> Executor:
        """The thread of a lane, for work whose outcome nobody waits for."""
        return self._lanes[lane]

    def close(self) -> None:
        """Cancel, then wait: a thread that outlives the window would crash on the way out.

        Jobs still waiting in the queue are dropped; work handed to `executor` directly is finished first.
        """
        self._closed = True
        self.cancel_all()
        for executor in self._lanes.values():
            executor.shutdown(wait=True)
        for job in list(self._alive):
            # The threads' last words, delivered now: after this nobody turns the event loop.
            QCoreApplication.sendPostedEvents(job, QEvent.Type.MetaCall.value)

    def _forget(self, kind: str, job: Job) -> None:
        if self._current.get(kind) is job:
            del self._current[kind]
        self.changed.emit()

    def _let_go(self, job: Job) -> None:
        self._alive.remove(job)
        job.wait_for_thread()
        job.deleteLater()
